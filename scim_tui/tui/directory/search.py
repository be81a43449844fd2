"""Filters and sorts the local index, off the event loop: the first rows at once, then all."""

import asyncio

from textual.message import Message

from scim_tui.core.directory.api import Directory, View
from scim_tui.core.index.query import raw_filter
from scim_tui.model.errors import ScimTuiError, UsageError
from scim_tui.tui.directory import messages, rows
from scim_tui.tui.directory.host import ListHost
from scim_tui.tui.directory.job import Job, loop_seconds
from scim_tui.tui.directory.list_state import Lists, ListState
from scim_tui.tui.directory.list_view import ListView
from scim_tui.tui.terminal.gc_freeze import freeze_objects
from scim_tui.tui.widgets.sources import LazySource


class Search:
    """Finds the rows of the newest query; one search runs at a time."""

    class Found(Message):
        """The rows that match a query."""

        def __init__(
            self, state: ListState, query: tuple[str, str], view: View, total: int
        ) -> None:
            super().__init__()
            self.state, self.query, self.view, self.total = state, query, view, total

    def __init__(self, host: ListHost, lists: Lists, view: ListView) -> None:
        self._host, self._lists, self._view = host, lists, view
        self._job = Job(host, "view", "filter")
        self._running_for: tuple[ListState, tuple[str, str]] | None = None
        self._again = False
        self.seconds = 0.0
        """How long the newest search took."""

    def query_changed(self) -> None:
        """Draw the new query in the title at once, and find its rows."""
        if self._host.space is not None:
            self._view.draw_title()
            self.start()

    def start(self) -> None:
        """Find the rows of the list that is shown.

        A search for another query is cancelled. If one for the same query runs already, it is
        repeated when it is done, since more rows may have been listed meanwhile.
        """
        state = self._lists.shown
        if raw_filter(state.text) is not None:
            state.query_error = ""
            self._host.say(messages.SEND_FILTER, "dim")
            return
        state.server_rows = None
        self._again = True
        wanted = (state, state.query)
        if not self._job.busy or wanted != self._running_for:
            self._running_for = wanted
            self._job.start(self._run)

    async def _run(self) -> None:
        state = self._lists.shown
        try:
            while self._again and (space := self._host.space) is not None:
                self._again = False
                state = self._lists.shown
                await self._find(state, state.query, space.directory)
        except UsageError as error:
            state.query_error = error.sentence
            self._host.say(state.query_error, "warn")
            self._view.draw_title()
        except ScimTuiError as error:
            self._host.say(error.sentence, "bad")

    async def _find(self, state: ListState, query: tuple[str, str], directory: Directory) -> None:
        """A new query is answered with its first rows before all of them are found."""
        began, kind = loop_seconds(), state.kind
        if state.view is None or (state.view.text, state.view.sort) != query:
            view = await directory.first_rows(kind, *query)
            freeze_objects()
            total = await asyncio.to_thread(directory.count, kind)
            self._host.post_message(self.Found(state, query, view, total))
            if view.complete:
                return
        view = await directory.view(kind, *query)
        total = await asyncio.to_thread(directory.count, kind) if query[0] else len(view)
        self.seconds = loop_seconds() - began
        self._host.post_message(self.Found(state, query, view, total))

    def take(self, found: Found) -> None:
        """Show the rows that were found, unless the query has changed meanwhile."""
        state, view, space = found.state, found.view, self._host.space
        if found.query != state.query or space is None:
            return
        now, before = space.clock(), state.view
        if state.query_error:
            state.query_error = ""
            self._host.clear_message()
        state.view, state.total = view, found.total
        state.source = LazySource(
            len(view),
            view.rows,
            key=lambda row: row.id,
            cells=lambda row: state.cells(rows.row_cells(row, now)),
            find=view.position,
        )
        if state is self._lists.shown and self._host.in_front:
            table = self._host.table
            current = table.current
            self._view.draw_rows()
            if before is not None and before.text != view.text and table.current != current:
                table.go_to(0)
        state.listed_once = state.ended > 0

    async def all_rows(self, state: ListState) -> View | None:
        """All rows that match, also while only the first of them are shown."""
        view, space = state.view, self._host.space
        if view is None or view.complete or space is None:
            return view
        return await space.directory.view(view.kind, view.text, view.sort)

    @property
    def _shown_query(self) -> tuple[str, str]:
        view = self._lists.shown.view
        return (view.text, view.sort) if view is not None else ("", "")

    @property
    def busy(self) -> bool:
        """Whether the rows of a new query are being found."""
        return self._job.busy and self._shown_query != self._lists.shown.query

    def stop(self) -> str:
        """Stop a search or a sort; what was shown before stays."""
        self._job.stop()
        self._lists.shown.sort = self._shown_query[1]
        self._host.redraw()
        return messages.ROWS_UNCHANGED
