"""How the directory's list is laid out: sort, columns, all columns sideways; it is remembered."""

import asyncio

from textual import work

from scim_tui.model.errors import ScimTuiError
from scim_tui.tui.directory import layout as layouts
from scim_tui.tui.directory.columns_dialog import ColumnsDialog
from scim_tui.tui.directory.list_state import ListState
from scim_tui.tui.directory.marks import DirectoryMarks
from scim_tui.tui.directory.sort_dialog import SortChoice
from scim_tui.tui.drawing.text import Span
from scim_tui.tui.widgets.table import Column

_SORTS = (Column("SORT BY", 20), Column("ORDER", 12))


class DirectoryColumns(DirectoryMarks):
    """Sorts by any column, and shows the columns that a person chose."""

    def __init__(self) -> None:
        super().__init__()
        self._recalled = False

    def recall_layout(self) -> None:
        """Take up how this profile's lists were laid out the last time."""
        if self._recalled or self.space is None:
            return
        self._recalled = True
        kept = layouts.recall(
            self.space.profile, {state.name: state.fields for state in self.lists}
        )
        for name, (layout, sort) in kept.items():
            state = self.lists.of(name)
            state.layout, state.sort = layout, sort

    def forget(self) -> None:
        """Begin anew; another profile has other columns."""
        super().forget()
        self._recalled = False

    async def _remember(self) -> None:
        if self.space is None:
            return
        kept = {state.name: (state.layout, state.sort) for state in self.lists}
        try:
            await asyncio.to_thread(layouts.remember, self.space.profile, kept)
        except (OSError, ScimTuiError) as error:
            self.say(f"The columns are not remembered: {error}", "warn")

    async def do_sort(self) -> None:
        """Choose a column and a direction."""
        self._choose_sort(self.lists.shown)

    @work(group="dialog", description="sort")
    async def _choose_sort(self, state: ListState) -> None:
        rows = [
            (f"{sign}{name}", (Span(column.title), Span(way)))
            for name, column in state.fields
            for sign, way in (("", "up"), ("-", "down"))
        ]
        picked = await self.app.ask(SortChoice("Sort by", _SORTS, rows, state.query[1]))
        if picked:
            state.sort = picked
            self.search.query_changed()
            self.say(state.sort_words(), "dim")
            await self._remember()

    async def do_columns(self) -> None:
        """Choose the columns, their order and widths."""
        self._choose_columns(self.lists.shown)

    @work(group="dialog", description="columns")
    async def _choose_columns(self, state: ListState) -> None:
        known, kept = dict(state.fields), dict(state.layout)
        hidden = [name for name in known if name not in kept]
        rows = [(name, known[name], True, more) for name, more in state.layout]
        rows += [(name, known[name], not state.layout, 0) for name in hidden]
        picked = await self.app.ask(ColumnsDialog(rows))
        if picked:
            state.layout = tuple(picked)
            self.view.draw_rows()
            await self._remember()

    async def do_all_columns(self) -> None:
        """All columns, scrolled sideways with h and l, or those that fit."""
        table = self.table
        table.go_sideways(None if table.sideways is not None else 0)
        for state in self.lists:
            state.all_columns = table.sideways is not None
        self.view.draw_rows()
        words = "h and l scroll the columns." if table.sideways is not None else "What fits."
        self.say(words, "dim")
