"""A SCIM filter as the server understands it, typed after "filter:" and sent with Enter."""

from typing import TYPE_CHECKING

from textual import on, work

from scim_tui.model.errors import ScimTuiError
from scim_tui.tui.directory import rows
from scim_tui.tui.directory.list import DirectoryList
from scim_tui.tui.directory.list_state import ListState
from scim_tui.tui.widgets.filter_bar import FilterBar
from scim_tui.tui.widgets.sources import over

if TYPE_CHECKING:
    from scim_tui.model.directory import Row

MOST_ASKED = 5_000
"""Rows that are taken of what a server finds for a filter."""


class DirectoryAsking(DirectoryList):
    """Shows what the server finds, apart from what is at hand."""

    @on(FilterBar.Left)
    def _ask(self) -> None:
        from scim_tui.core.index.query import raw_filter

        if wanted := raw_filter(self.lists.shown.text):
            self._ask_server(self.lists.shown, wanted)

    @work(group="view", exclusive=True, description="filter")
    async def _ask_server(self, state: ListState, wanted: str) -> None:
        space, found = self.space, list["Row"]()
        if space is None:
            return
        self.say("Asking the server.", "dim", passing=True)
        try:
            async for page in space.directory.pages(state.kind, wanted):
                found += page.rows
                if len(found) >= MOST_ASKED:
                    break
        except ScimTuiError as error:
            self.say(f"{error.message} {error.hint}", "bad")
            return
        now = space.clock()
        state.server_rows = found[:MOST_ASKED]
        state.source = over(
            state.server_rows,
            key=lambda row: row.id,
            cells=lambda row: state.cells(rows.row_cells(row, now)),
        )
        if state is self.lists.shown and self.in_front:
            self.view.draw_rows()
            self.table.go_to(0)
