"""A SCIM filter as the server understands it, typed after "filter:" and sent with Enter."""

from typing import TYPE_CHECKING

from textual import on, work

from scim_tui.model.errors import ScimTuiError
from scim_tui.tui.directory import rows
from scim_tui.tui.directory.columns import DirectoryColumns
from scim_tui.tui.directory.list import kind_of
from scim_tui.tui.directory.list_state import Half
from scim_tui.tui.widgets.filter_bar import FilterBar
from scim_tui.tui.widgets.sources import lazy_source

if TYPE_CHECKING:
    from scim_tui.model.directory import Row

MOST_ASKED = 5_000
"""Rows that are taken of what a server finds for a filter."""


class DirectoryAsking(DirectoryColumns):
    """Shows what the server finds, apart from what is at hand."""

    @on(FilterBar.Left)
    def _ask(self) -> None:
        from scim_tui.core.index.query import raw_filter

        if wanted := raw_filter(self.half.text):
            self._ask_server(self.half, wanted)

    @work(group="view", exclusive=True, description="filter")
    async def _ask_server(self, half: Half, wanted: str) -> None:
        space, found = self.space, list["Row"]()
        if space is None:
            return
        self.say("Asking the server.", "dim", passing=True)
        try:
            async for page in space.directory.pages(kind_of(half), wanted):
                found += page.rows
                if len(found) >= MOST_ASKED:
                    break
        except ScimTuiError as error:
            self.say(error.sentence, "bad")
            return
        now = space.clock()
        half.asked = found[:MOST_ASKED]
        half.source = lazy_source(
            half.asked,
            key=lambda row: row.id,
            cells=lambda row: half.cells(rows.row_cells(row, now)),
        )
        if half is self.half and self.in_front:
            self.show_rows()
            self.table.go_to(0)
