"""Writes the rows that the directory's list shows, or the marked ones, to a new file."""

import asyncio
import os
from collections.abc import Callable, Sequence

from scim_tui.core.base.timeslice import Slices
from scim_tui.core.directory.api import View
from scim_tui.core.directory.export import FIELDS, export, format_of
from scim_tui.model.errors import ScimTuiError, UsageError
from scim_tui.model.typed_path import at_home
from scim_tui.tui.directory import messages
from scim_tui.tui.directory.export_dialog import ExportPrompt
from scim_tui.tui.directory.host import ListHost
from scim_tui.tui.directory.job import Job, run_dialog
from scim_tui.tui.directory.list_state import Lists, ListState
from scim_tui.tui.directory.list_view import ListView
from scim_tui.tui.directory.search import Search
from scim_tui.tui.drawing.progress import Progress


class Export:
    """Asks for a file and writes it, off the event loop."""

    def __init__(self, host: ListHost, lists: Lists, view: ListView, search: Search) -> None:
        self._host, self._lists, self._view, self._search = host, lists, view, search
        self._job = Job(host, "export", "export")

    def choose(self) -> None:
        """Ask for a file, and write it."""
        state = self._lists.shown
        if state.server_rows is not None:
            self._host.say(messages.LISTED_ONLY, "warn")
            return
        run_dialog(self._host, "export", self._choose, state)

    async def _choose(self, state: ListState) -> None:
        what = messages.marked_rows(len(state.marks)) if state.marks else messages.SHOWN_ROWS
        name = f"{state.name.lower()}.csv"
        prompt = ExportPrompt(what, name, state.names, FIELDS[state.kind], wrong_file)
        if path := await self._host.app.ask(prompt):
            self.write(state, path.strip(), prompt.fields)

    def write(self, state: ListState, path: str, fields: Sequence[str]) -> None:
        """Write these fields of the rows to a new file."""
        self._job.start(self._write, state, path, fields)

    async def _write(self, state: ListState, path: str, fields: Sequence[str]) -> None:
        if (view := await self._rows(state)) is None:
            return
        try:
            count = await export(view, path, fields=fields, progress=self._reporter(len(view)))
        except ScimTuiError as error:
            self._host.say(error.sentence, "bad")
            return
        finally:
            self._view.show_progress("export", None)
        what = state.name.lower() if count != 1 else state.name.lower().removesuffix("s")
        self._host.say(messages.written(count, what, path), "good")

    def _reporter(self, total: int) -> Callable[[int], None]:
        """Draws how many rows are written, not more often than a person can read."""
        slices = Slices()

        def report(written: int) -> None:
            if slices.news:
                progress = Progress.at("writing", written, total, slices.seconds)
                self._view.show_progress("export", progress)

        return report

    async def _rows(self, state: ListState) -> View | None:
        """The marked rows, also those that the filter hides; without marks, all that match."""
        space = self._host.space
        if state.marks and space is not None and state.view is not None:
            unfiltered = await space.directory.view(state.view.kind, "", state.view.sort)
            return await asyncio.to_thread(unfiltered.only, state.marks)
        return await self._search.all_rows(state)

    @property
    def busy(self) -> bool:
        """Whether a file is being written."""
        return self._job.busy

    def stop(self) -> str:
        """Stop writing."""
        self._job.stop()
        return messages.EXPORT_STOPPED


def wrong_file(text: str) -> str:
    """Why no file can be written there; empty: it can, as far as can be seen."""
    path = at_home(text.strip())
    try:
        format_of(path)
    except UsageError as error:
        return error.sentence
    if os.path.exists(path):
        return messages.exists(path)
    return "" if os.path.isdir(path.parent) else messages.no_folder(path.parent)
