"""What the directory's list shows, or the marked rows of it, as a new file."""

import asyncio
import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual import work

from scim_tui.model.errors import ScimTuiError, UsageError
from scim_tui.model.typed_path import at_home
from scim_tui.tui.directory.export_dialog import ExportPrompt
from scim_tui.tui.directory.facets import DirectoryFacets
from scim_tui.tui.directory.list_state import ListState
from scim_tui.tui.drawing.progress import Progress

if TYPE_CHECKING:
    from scim_tui.core.directory.api import View


class DirectoryExport(DirectoryFacets):
    """Writes rows to files, off the loop, and can be stopped."""

    async def do_export(self) -> None:
        """Ask for a file and write it."""
        if self.lists.shown.server_rows is not None:
            self.say("Only what is listed here can be exported; Esc shows it.", "warn")
            return
        self._export(self.lists.shown)

    def stop(self) -> str:
        """Stop writing; else what the list does."""
        if self.workers.cancel_group(self, "export"):
            return "Stopped writing. There is no file."
        return super().stop()

    @work(group="dialog", description="export")
    async def _export(self, state: ListState) -> None:
        from scim_tui.core.directory.export import FIELDS

        what = f"the {len(state.marks):,} marked" if state.marks else "what is shown"
        name = state.name.lower()
        prompt = ExportPrompt(what, f"{name}.csv", state.names, FIELDS[state.kind], wrong_file)
        if path := await self.app.ask(prompt):
            self._write(state, path.strip(), prompt.fields)

    @work(group="export", exclusive=True, description="export")
    async def _write(self, state: ListState, path: str, fields: Sequence[str]) -> None:
        from scim_tui.core.directory.export import export

        if (view := await self._to_write(state)) is None:
            return
        tell = self._telling(len(view))
        try:
            count = await export(view, path, fields=fields, progress=tell)
        except ScimTuiError as error:
            self.say(f"{error.message} {error.hint}", "bad")
            return
        finally:
            self.view.show_progress("export", None)
        what = state.name.lower() if count != 1 else state.name.lower().removesuffix("s")
        self.say(f"{count:,} {what} written to {path}.", "good")

    def _telling(self, total: int) -> Callable[[int], None]:
        """Draws how far the file is, not more often than one can read."""
        from scim_tui.core.base.timeslice import Slices

        slices = Slices()

        def tell(looked_at: int) -> None:
            if slices.news:
                self.view.show_progress(
                    "export", Progress.at("writing", looked_at, total, slices.seconds)
                )

        return tell

    async def _to_write(self, state: ListState) -> "View | None":
        """Marks may be on rows that the filter hides; without marks it is what is found."""
        if state.marks and self.space is not None and state.view is not None:
            everybody = await self.space.directory.view(state.view.kind, "", state.view.sort)
            return await asyncio.to_thread(everybody.only, state.marks)
        return await self.search.all_rows(state)


def wrong_file(text: str) -> str:
    """Why nothing can be written there; empty: nothing is against it."""
    from scim_tui.core.directory.export import format_of

    path = at_home(text.strip())
    try:
        format_of(path)
    except UsageError as error:
        return f"{error.message} {error.hint}"
    if os.path.exists(path):
        return f"{path} exists and is left as it is. Name a new file."
    return "" if os.path.isdir(path.parent) else f"The folder {path.parent} does not exist."
