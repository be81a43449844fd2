"""Marks in the directory's list: kept by id, so that they outlive sorts, filters and listings."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import work

from scim_tui.tui.directory.list import DirectoryList
from scim_tui.tui.directory.list_state import ListState
from scim_tui.tui.drawing.progress import Progress

if TYPE_CHECKING:
    from scim_tui.core.directory.api import View

STRETCH = 2_000
"""Rows that are read at once."""


class DirectoryMarks(DirectoryList):
    """Marks one row, a range, all that were found, or all others."""

    def _draw_marks(self) -> None:
        self.table.mark(self.lists.shown.marks)
        self.view.draw_title()

    async def do_mark(self) -> None:
        """Mark the row under the cursor, or take its mark away, and go on to the next."""
        if (key := self.table.current) is None:
            return
        self.lists.shown.marks ^= {key}
        self.lists.shown.anchor = key
        self.view.draw_marks()
        if not self.full:
            self.table.action_move(1)

    async def do_unmark(self) -> None:
        """Take all marks away."""
        self.lists.shown.marks = frozenset()
        self.view.draw_marks()

    async def do_mark_all(self) -> None:
        """Mark all that were found."""
        self._mark_found(self.lists.shown, lambda marks, found: marks.union(found))

    async def do_mark_others(self) -> None:
        """Mark those found that had no mark, and only them."""
        self._mark_found(self.lists.shown, lambda marks, found: frozenset(found) - marks)

    async def do_mark_range(self) -> None:
        """Mark from the newest mark to the cursor."""
        view, table = self.lists.shown.view, self.table
        start = table.source.find(self.lists.shown.anchor) if self.lists.shown.anchor else None
        if view is None or start is None:
            self.say("Mark the first row of the range with Space.", "warn")
            return
        first, last = sorted((start, table.cursor))
        part = replace(view, numbers=view.numbers[first : last + 1])
        self._mark_found(self.lists.shown, lambda marks, found: marks.union(found), part)

    @work(group="marks", exclusive=True, description="mark")
    async def _mark_found(
        self,
        state: ListState,
        join: Callable[[frozenset[str], Collection[str]], frozenset[str]],
        part: "View | None" = None,
    ) -> None:
        """What was found may be a million: the ids are read off the loop."""
        if (view := part or await self.search.all_rows(state)) is None:
            return
        try:
            state.marks = join(state.marks, await self._ids(view))
        finally:
            self.view.show_progress("marks", None)
        if state is self.lists.shown and self.in_front:
            self.view.draw_marks()

    async def _ids(self, view: "View") -> list[str]:
        """In stretches, since the rows on the screen are read the same way in between."""
        from scim_tui.core.base.timeslice import Slices

        ids: list[str] = []
        slices = Slices()
        for first in range(0, len(view), STRETCH):
            ids += await asyncio.to_thread(view.ids, first, STRETCH)
            if slices.news:
                self.view.show_progress(
                    "marks", Progress.at("reading", len(ids), len(view), slices.seconds)
                )
        return ids

    def stop(self) -> str:
        """Stop marking; else what the list does."""
        if self.workers.cancel_group(self, "marks"):
            return "Stopped marking; the marks are as they were."
        return super().stop()
