"""The workers of the Mapping screen: they read files, check people and compare them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from textual.worker import Worker

from scim_tui.core.mapping.api import MappingPreview, Totals, WorkProgress
from scim_tui.model.errors import ScimTuiError
from scim_tui.tui.mapping.file_reader import read_files
from scim_tui.tui.mapping.files import Files
from scim_tui.tui.mapping.state import MappingState
from scim_tui.tui.mapping.totals import changes_since
from scim_tui.tui.shell.browse import BrowsePage
from scim_tui.tui.shell.changes import show_error

GROUP = "preview"
"""The group of Textual workers: starting one cancels the one before."""
CHOOSING = "choose"
PAINT_SECONDS = 0.4
"""Shortest pause between two paints while a worker runs."""


class WorkView(Protocol):
    """What the workers ask of the screen that shows their results."""

    @property
    def first_rows(self) -> range:
        """The rows from the cursor to the last that fits on the screen."""
        ...

    def draw_state(self) -> None:
        """Draw the totals, the progress and the key line."""

    def draw_rows(self, *, anew: bool) -> None:
        """Draw the list; with `anew` also rows that look the same to the table."""

    def draw_no_rows(self) -> None:
        """Empty the list."""


class PreviewWork:
    """Runs one worker at a time, which changes the state and asks the screen to draw it."""

    def __init__(self, page: BrowsePage, state: MappingState, view: WorkView) -> None:
        self._page, self._state, self._view = page, state, view
        self._painted = 0.0
        self._rows_outdated = False
        """Whether the rows on the screen are results of the run before."""

    @property
    def busy(self) -> bool:
        """Whether work is running."""
        return any(each.group == GROUP and each.is_running for each in self._page.workers)

    def load(self, files: Files, *, then: str = "", compare: bool = False, note: str = "") -> None:
        """Read files, all or none of them, and check all people again.

        `then` begins the message at the end, `note` is shown as soon as the files are read.
        """
        self._start(lambda: self._load(files, then, compare, note))

    def compare(self) -> None:
        """Compare all people with the directory as it is now."""
        if (preview := self._state.preview) is not None:
            self._start(lambda: self._compare(preview))

    def stop(self) -> None:
        """Stop what is running; results so far stay."""
        self._page.workers.cancel_group(self._page, GROUP)

    def choose(self) -> "Worker[None]":
        """List the people that match the facet."""
        return self._page.run_worker(
            self._choose(), group=CHOOSING, exclusive=True, description="filter"
        )

    def _start(self, work: Callable[[], Awaitable[None]]) -> None:
        self._page.table.show_when_empty(())
        self._page.run_worker(
            self._run_and_report_errors(work), group=GROUP, exclusive=True, description="preview"
        )

    async def _run_and_report_errors(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except ScimTuiError as error:
            show_error(self._page, error)
        finally:
            self._state.busy = None
            self.choose()
            self._page.redraw()

    async def _load(self, files: Files, then: str, compare: bool, note: str) -> None:
        state, preview = self._state, self._state.preview
        assert preview is not None  # the caller has one
        before, trouble, people = state.totals, None, preview.people
        other_people = files.people != state.files.people
        try:
            await read_files(preview, state.files, files, self._report)
            state.files = files
            if note:
                self._page.say(note, "warn")
            await files.remember_stamps()
        except ScimTuiError as error:
            trouble = error
        if preview.people is not None and (trouble is None or preview.totals is None):
            before = before if preview.people is people else None
            if other_people:
                state.rows = None
                self._view.draw_no_rows()
            await self._check(preview)
            if compare and before is not None and before.compared:
                await self._compare(preview, again=False)
        if trouble is not None:
            raise trouble
        if before is not None and state.totals is not None:
            self._page.say(f"{then}{changes_since(before, state.totals)}.", "good")

    async def _check(self, preview: MappingPreview) -> None:
        self._state.totals, self._rows_outdated = None, True
        self._state.totals = await preview.run(self._report_totals)

    async def _compare(self, preview: MappingPreview, *, again: bool = True) -> None:
        self._state.totals = await preview.compare(self._report, again=again)

    def _report_totals(self, totals: Totals) -> None:
        state = self._state
        state.totals = totals
        progress = WorkProgress("checking", totals.people, totals.of, totals.seconds)
        if not self._report(progress) or state.of_groups or state.facet.words:
            return
        # Until the row of the cursor is checked, the old rows stay, with the cursor on its row.
        visible = self._view.first_rows
        if totals.people > visible.start:
            shown = len(state.rows) if state.rows is not None else 0
            self._list(range(totals.people), anew=self._rows_outdated or shown < visible.stop)
            self._rows_outdated = False

    def _report(self, progress: WorkProgress) -> bool:
        """Draw the progress, at most every `PAINT_SECONDS`; returns whether it was drawn."""
        now = asyncio.get_running_loop().time()
        began = self._state.busy is None or self._state.busy.what != progress.what
        self._state.busy = progress
        if not self._page.in_front or (now - self._painted < PAINT_SECONDS and not began):
            return False
        self._painted = now
        self._view.draw_state()
        return True

    async def _choose(self) -> None:
        """Select the people to list: in a thread, or here while a run changes the results."""
        state = self._state
        facet, selection = state.facet, state.selection
        if selection is None:
            self._view.draw_state()
            return
        wanted = {"code": facet.code, "change": facet.change, "text": facet.text}
        if state.busy is None:
            chosen = await asyncio.to_thread(
                lambda: selection.select(**wanted, failures=facet.failures)
            )
        else:
            chosen = selection.select(**wanted, failures=facet.failures)
        if facet == state.facet and selection == state.selection:
            self._list(chosen, anew=True)

    def _list(self, chosen: Sequence[int], *, anew: bool) -> None:
        if self._state.list_rows(chosen) is not None:
            self._view.draw_rows(anew=anew)
