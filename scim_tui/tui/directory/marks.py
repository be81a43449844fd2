"""Marked rows of the directory's list, kept by id."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import replace

from scim_tui.core.base.timeslice import Slices
from scim_tui.core.directory.api import View
from scim_tui.tui.directory import messages
from scim_tui.tui.directory.host import ListHost
from scim_tui.tui.directory.job import Job
from scim_tui.tui.directory.list_state import Lists, ListState
from scim_tui.tui.directory.list_view import ListView
from scim_tui.tui.directory.search import Search
from scim_tui.tui.drawing.progress import Progress

BATCH = 2_000
"""Ids that are read at once."""
Join = Callable[[frozenset[str], Collection[str]], frozenset[str]]
"""Makes the new marks out of the old ones and the ids that were read."""


class Marks:
    """Marks one row, a range, all rows that were found, or all others."""

    def __init__(self, host: ListHost, lists: Lists, view: ListView, search: Search) -> None:
        self._host, self._lists, self._view, self._search = host, lists, view, search
        self._job = Job(host, "marks", "mark")

    def toggle(self, id: str) -> None:
        """Mark a row, or remove its mark."""
        state = self._lists.shown
        state.marks ^= {id}
        state.anchor = id
        self._view.draw_marks()

    def clear(self) -> None:
        """Remove all marks."""
        self._lists.shown.marks = frozenset()
        self._view.draw_marks()

    def mark_all(self) -> None:
        """Mark all rows that match the filter."""
        self._start(lambda marks, found: marks.union(found))

    def invert(self) -> None:
        """Of the rows that match the filter, mark those without a mark, and no others."""
        self._start(lambda marks, found: frozenset(found) - marks)

    def mark_range(self) -> None:
        """Mark the rows from the newest mark to the cursor."""
        state, table = self._lists.shown, self._host.table
        start = table.source.find(state.anchor) if state.anchor else None
        if state.view is None or start is None:
            self._host.say(messages.NO_RANGE_START, "warn")
            return
        first, last = sorted((start, table.cursor))
        part = replace(state.view, numbers=state.view.numbers[first : last + 1])
        self._start(lambda marks, found: marks.union(found), part)

    def _start(self, join: Join, part: View | None = None) -> None:
        self._job.start(self._mark, self._lists.shown, join, part)

    async def _mark(self, state: ListState, join: Join, part: View | None) -> None:
        if (view := part or await self._search.all_rows(state)) is None:
            return
        try:
            state.marks = join(state.marks, await self._ids(view))
        finally:
            self._view.show_progress("marks", None)
        if state is self._lists.shown and self._host.in_front:
            self._view.draw_marks()

    async def _ids(self, view: View) -> list[str]:
        """The ids of up to a million rows; in batches, so that the screen can read in between."""
        ids: list[str] = []
        slices = Slices()
        for first in range(0, len(view), BATCH):
            ids += await asyncio.to_thread(view.ids, first, BATCH)
            if slices.news:
                progress = Progress.at("reading", len(ids), len(view), slices.seconds)
                self._view.show_progress("marks", progress)
        return ids

    @property
    def busy(self) -> bool:
        """Whether ids are being read."""
        return self._job.busy

    def stop(self) -> str:
        """Stop marking."""
        self._job.stop()
        return messages.MARKING_STOPPED
