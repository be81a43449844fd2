"""Searches and sorts of the directory, off the loop: the first rows at once, then all of them."""

import asyncio
from typing import TYPE_CHECKING

from textual import on, work
from textual.message import Message
from textual.worker import Worker

from scim_tui.model.errors import ScimTuiError, UsageError
from scim_tui.tui.directory import rows
from scim_tui.tui.directory.job import loop_seconds
from scim_tui.tui.directory.list import DirectoryList
from scim_tui.tui.directory.list_state import ListState
from scim_tui.tui.terminal.gc_freeze import spare_the_collector
from scim_tui.tui.widgets.sources import Stretches

if TYPE_CHECKING:
    from scim_tui.core.directory.api import Directory, View


class DirectorySearch(DirectoryList):
    """Finds the rows of the newest query; one search runs at a time."""

    class Found(Message):
        """The rows that match a query."""

        def __init__(
            self, state: ListState, query: tuple[str, str], view: "View", total: int
        ) -> None:
            super().__init__()
            self.state, self.query, self.view, self.total = state, query, view, total

    def __init__(self) -> None:
        super().__init__()
        self._searching: Worker[None] | None = None
        self._asked: tuple[ListState, tuple[str, str]] | None = None
        self._changed = False
        self.search_took = 0.0
        """Seconds of the newest search."""

    def query_changed(self) -> None:
        """Draw what is asked for at once, and find the rows for it."""
        if self.space is not None:
            self.view.draw_title()
            self.look_up()

    def look_up(self) -> None:
        """Find the rows of the newest query; one search runs at a time.

        Another query ends the one before; the same one, over more rows, waits for it.
        """
        from scim_tui.core.index.query import raw_filter

        state, asked = self.lists.shown, (self.lists.shown, self.lists.shown.query)
        if raw_filter(state.text) is not None:
            state.query_error = ""
            self.say("Enter sends this filter to the server.", "dim")
            return
        state.server_rows = None
        self._changed = True
        if self._searching is None or self._searching.is_finished or asked != self._asked:
            self._asked = asked
            self._searching = self._search()

    @work(group="view", exclusive=True, description="filter")
    async def _search(self) -> None:
        try:
            while self._changed and self.space is not None:
                self._changed = False
                await self._find(self.lists.shown, self.lists.shown.query, self.space.directory)
        except UsageError as error:
            self.lists.shown.query_error = f"{error.message} {error.hint}"
            self.say(self.lists.shown.query_error, "warn")
            self.view.draw_title()
        except ScimTuiError as error:
            self.say(f"{error.message} {error.hint}", "bad")

    async def _find(self, state: ListState, query: tuple[str, str], directory: "Directory") -> None:
        """The first rows at once where the query is news, then all of them."""
        began, kind = loop_seconds(), state.kind
        if state.view is None or (state.view.text, state.view.sort) != query:
            view = await directory.first_rows(kind, *query)
            spare_the_collector()
            total = await asyncio.to_thread(directory.count, kind)
            self.post_message(self.Found(state, query, view, total))
            if view.complete:
                return
        view = await directory.view(kind, *query)
        total = await asyncio.to_thread(directory.count, kind) if query[0] else len(view)
        self.search_took = loop_seconds() - began
        self.post_message(self.Found(state, query, view, total))

    @on(Found)
    def _found(self, event: Found) -> None:
        state, view = event.state, event.view
        if event.query != state.query or self.space is None:
            return
        now, before = self.space.clock(), state.view
        if state.query_error:
            state.query_error = ""
            self.hush()
        state.view, state.total = view, event.total
        state.source = Stretches(
            len(view),
            view.rows,
            key=lambda row: row.id,
            cells=lambda row: state.cells(rows.row_cells(row, now)),
            find=view.position,
        )
        if state is self.lists.shown and self.in_front:
            current = self.table.current
            self.view.draw_rows()
            if before is not None and before.text != view.text and self.table.current != current:
                self.table.go_to(0)
        state.listed_once = state.ended > 0

    def stop(self) -> str:
        """Stop a search or a sort; what was shown before stays."""
        state = self.lists.shown
        before = (state.view.text, state.view.sort) if state.view is not None else ("", "")
        if before == state.query or not self.workers.cancel_group(self, "view"):
            return super().stop()
        state.sort = before[1]
        self.redraw()
        return "Stopped; the rows are as they were."
