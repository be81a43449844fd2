"""A SCIM filter that is typed after "filter:" and sent to the server with Enter."""

from scim_tui.core.index.query import raw_filter
from scim_tui.model.directory import Row
from scim_tui.model.errors import ScimTuiError
from scim_tui.tui.directory import messages, rows
from scim_tui.tui.directory.host import ListHost
from scim_tui.tui.directory.job import Job
from scim_tui.tui.directory.list_state import Lists, ListState
from scim_tui.tui.directory.list_view import ListView
from scim_tui.tui.widgets.sources import lazy_source

MOST_ROWS = 5_000
"""Rows that are read of what the server returns for a filter."""


class ServerFilter:
    """Shows what the server returns for a filter, in place of the local index.

    It runs in the same worker group as a search, so that the later one cancels the other.
    """

    def __init__(self, host: ListHost, lists: Lists, view: ListView) -> None:
        self._host, self._lists, self._view = host, lists, view
        self._job = Job(host, "view", "filter")

    def start(self) -> None:
        """Send the typed filter, if it is one for the server."""
        state = self._lists.shown
        if wanted := raw_filter(state.text):
            self._job.start(self._ask, state, wanted)

    async def _ask(self, state: ListState, wanted: str) -> None:
        space, found = self._host.space, list[Row]()
        if space is None:
            return
        self._host.say(messages.ASKING_SERVER, "dim", passing=True)
        try:
            async for page in space.directory.pages(state.kind, wanted):
                found += page.rows
                if len(found) >= MOST_ROWS:
                    break
        except ScimTuiError as error:
            self._host.say(error.sentence, "bad")
            return
        now = space.clock()
        state.server_rows = found[:MOST_ROWS]
        state.source = lazy_source(
            state.server_rows,
            key=lambda row: row.id,
            cells=lambda row: state.cells(rows.row_cells(row, now)),
        )
        if state is self._lists.shown and self._host.in_front:
            self._view.draw_rows()
            self._host.table.go_to(0)

    @property
    def busy(self) -> bool:
        """Whether the server is being asked."""
        return self._job.busy

    def stop(self) -> str:
        """Stop asking the server."""
        self._job.stop()
        return messages.ROWS_UNCHANGED
