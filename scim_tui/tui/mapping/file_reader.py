"""Reads the files of a mapping preview, only those that are new or have changed."""

from collections.abc import Callable

from scim_tui.core.mapping.api import MappingPreview, WorkProgress
from scim_tui.tui.mapping import messages
from scim_tui.tui.mapping.files import DIRECTORY, LIVE, Files

OnProgress = Callable[[WorkProgress], object]


async def read_files(
    preview: MappingPreview, old: Files, files: Files, on_progress: OnProgress
) -> None:
    """Read the files that differ from `old`, or that changed on disk.

    The name of each file that was read is put into `old`, so that `old` is right after an error.
    """
    changed = await files.changed()
    anew = files.encoding != old.encoding
    again = preview.rules is None or preview.people is None
    if again or files.mapping != old.mapping or files.mapping in changed:
        if files.mapping.startswith(LIVE):
            on_progress(WorkProgress(messages.ASKING_ENTRA))
        await preview.load_mapping(files.mapping)
        old.mapping = files.mapping
    same = not anew and (files.people, files.scope) == (old.people, old.scope)
    if files.people and (again or not same or {files.people, files.scope} & set(changed)):
        await _read_people(preview, files, on_progress)
        old.people, old.scope, old.encoding = files.people, files.scope, files.encoding
    if again or anew or files.groups != old.groups or files.groups in changed:
        await preview.load_groups(files.groups or None, on_progress, encoding=files.encoding)


async def _read_people(preview: MappingPreview, files: Files, on_progress: OnProgress) -> None:
    if files.people == DIRECTORY:
        await preview.load_directory(on_progress)
        return
    await preview.load_people(
        files.people, scope=files.scope or None, encoding=files.encoding, progress=on_progress
    )
