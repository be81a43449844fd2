"""Searches and sorts of the directory, off the loop: the first rows at once, then all of them."""

import asyncio
from typing import TYPE_CHECKING

from textual import on, work
from textual.message import Message
from textual.worker import Worker

from scim_tui.model.errors import ScimTuiError, UsageError
from scim_tui.tui.directory import rows
from scim_tui.tui.directory.list import DirectoryList, kind_of
from scim_tui.tui.directory.list_state import Half
from scim_tui.tui.terminal.gc_freeze import freeze_objects
from scim_tui.tui.widgets.sources import LazySource

if TYPE_CHECKING:
    from scim_tui.core.directory.api import Directory, View


class DirectorySearch(DirectoryList):
    """Finds the rows of the newest query; one search runs at a time."""

    class Found(Message):
        """The rows that match a query."""

        def __init__(self, half: Half, query: tuple[str, str], view: "View", total: int) -> None:
            super().__init__()
            self.half, self.query, self.view, self.total = half, query, view, total

    def __init__(self) -> None:
        super().__init__()
        self._searching: Worker[None] | None = None
        self._asked: tuple[Half, tuple[str, str]] | None = None
        self._changed = False
        self.search_took = 0.0
        """Seconds of the newest search."""

    def query_changed(self) -> None:
        """Draw what is asked for at once, and find the rows for it."""
        if self.space is not None:
            self._draw_title()
            self.look_up()

    def look_up(self) -> None:
        """Find the rows of the newest query; one search runs at a time.

        Another query ends the one before; the same one, over more rows, waits for it.
        """
        from scim_tui.core.index.query import raw_filter

        half, asked = self.half, (self.half, self.half.query)
        if raw_filter(half.text) is not None:
            half.wrong = ""
            self.say("Enter sends this filter to the server.", "dim")
            return
        half.asked = None
        self._changed = True
        if self._searching is None or self._searching.is_finished or asked != self._asked:
            self._asked = asked
            self._searching = self._search()

    @work(group="view", exclusive=True, description="filter")
    async def _search(self) -> None:
        try:
            while self._changed and self.space is not None:
                self._changed = False
                await self._find(self.half, self.half.query, self.space.directory)
        except UsageError as error:
            self.half.wrong = f"{error.message} {error.hint}"
            self.say(self.half.wrong, "warn")
            self._draw_title()
        except ScimTuiError as error:
            self.say(f"{error.message} {error.hint}", "bad")

    async def _find(self, half: Half, query: tuple[str, str], directory: "Directory") -> None:
        """The first rows at once where the query is news, then all of them."""
        began, kind = self._now(), kind_of(half)
        if half.view is None or (half.view.text, half.view.sort) != query:
            view = await directory.first_rows(kind, *query)
            freeze_objects()
            total = await asyncio.to_thread(directory.count, kind)
            self.post_message(self.Found(half, query, view, total))
            if view.complete:
                return
        view = await directory.view(kind, *query)
        total = await asyncio.to_thread(directory.count, kind) if query[0] else len(view)
        self.search_took = self._now() - began
        self.post_message(self.Found(half, query, view, total))

    @on(Found)
    def _found(self, event: Found) -> None:
        half, view = event.half, event.view
        if event.query != half.query or self.space is None:
            return
        now, before = self.space.clock(), half.view
        if half.wrong:
            half.wrong = self._hush()
        half.view, half.total = view, event.total
        half.source = LazySource(
            len(view),
            view.rows,
            key=lambda row: row.id,
            cells=lambda row: half.cells(rows.row_cells(row, now)),
            find=view.position,
        )
        if half is self.half and self.in_front:
            current = self.table.current
            self.show_rows()
            if before is not None and before.text != view.text and self.table.current != current:
                self.table.go_to(0)
        half.settled = half.ended > 0

    def _hush(self) -> str:
        """Take back what was said of a text that is another one now."""
        self._words = None
        self._draw_bottom()
        return ""

    def stop(self) -> str:
        """Stop a search or a sort; what was shown before stays."""
        half = self.half
        before = (half.view.text, half.view.sort) if half.view is not None else ("", "")
        if before == half.query or not self.workers.cancel_group(self, "view"):
            return super().stop()
        half.sort = before[1]
        self.redraw()
        return "Stopped; the rows are as they were."
