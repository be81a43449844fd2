"""Reading the files of a mapping preview: only those that are others than before."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from scim_tui.tui.mapping.files import DIRECTORY, LIVE, Files

if TYPE_CHECKING:
    from scim_tui.core.mapping.api import Doing, MappingPreview

    Tell = Callable[[Doing], object]


async def read(preview: "MappingPreview", old: Files, files: Files, tell: "Tell") -> None:
    """Read what is another file, or another than when it was read; all that can be read."""
    from scim_tui.core.mapping.api import Doing

    changed = await files.changed()
    again = preview.rules is None or preview.people is None
    if again or files.mapping != old.mapping or files.mapping in changed:
        if files.mapping.startswith(LIVE):
            tell(Doing("asking Entra ID"))
        await preview.load_mapping(files.mapping)
        old.mapping = files.mapping
    same = (files.people, files.scope) == (old.people, old.scope)
    if files.people and (again or not same or {files.people, files.scope} & set(changed)):
        await _people(preview, files, tell)
        old.people, old.scope = files.people, files.scope
    if again or files.groups != old.groups or files.groups in changed:
        await preview.load_groups(files.groups or None, tell)


async def _people(preview: "MappingPreview", files: Files, tell: "Tell") -> None:
    if files.people == DIRECTORY:
        await preview.load_directory(tell)
        return
    await preview.load_people(files.people, scope=files.scope or None, progress=tell)
