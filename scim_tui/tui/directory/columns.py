"""The sort order and the columns of the directory's list, remembered for each profile."""

import asyncio

from scim_tui.config.profiles import Profile
from scim_tui.model.errors import ScimTuiError
from scim_tui.tui.directory import layout as layouts
from scim_tui.tui.directory import messages
from scim_tui.tui.directory.columns_dialog import ColumnsDialog
from scim_tui.tui.directory.host import ListHost
from scim_tui.tui.directory.job import run_dialog
from scim_tui.tui.directory.list_state import Lists, ListState
from scim_tui.tui.directory.list_view import ListView
from scim_tui.tui.directory.search import Search
from scim_tui.tui.directory.sort_dialog import SortChoice
from scim_tui.tui.drawing.text import Span
from scim_tui.tui.widgets.table import Column

_SORT_COLUMNS = (Column("SORT BY", 20), Column("ORDER", 12))


class ColumnsChoice:
    """Sorts by any column, and shows the chosen columns or all of them."""

    def __init__(self, host: ListHost, lists: Lists, view: ListView, search: Search) -> None:
        self._host, self._lists, self._view, self._search = host, lists, view, search
        self._recalled = False
        self._scrolled: int | None = None
        """Columns that are scrolled off to the left; None: only those that fit are shown."""

    def recall(self, profile: Profile) -> None:
        """Restore the columns and sort orders of this profile, once for each connection."""
        if self._recalled:
            return
        self._recalled = True
        kept = layouts.recall(profile, {state.name: state.fields for state in self._lists})
        for name, (layout, sort) in kept.items():
            state = self._lists.of(name)
            state.layout, state.sort = layout, sort

    def forget(self) -> None:
        """Restore them again for the next connection, which may be of another profile."""
        self._recalled = False

    async def _remember(self) -> None:
        if (space := self._host.space) is None:
            return
        kept = {state.name: (state.layout, state.sort) for state in self._lists}
        try:
            await asyncio.to_thread(layouts.remember, space.profile, kept)
        except (OSError, ScimTuiError) as error:
            self._host.say(messages.columns_not_kept(error), "warn")

    def choose_sort(self) -> None:
        """Ask for a column and a direction to sort by."""
        run_dialog(self._host, "sort", self._choose_sort, self._lists.shown)

    async def _choose_sort(self, state: ListState) -> None:
        rows = [
            (f"{sign}{name}", (Span(column.title), Span(direction)))
            for name, column in state.fields
            for sign, direction in (("", "up"), ("-", "down"))
        ]
        picked = await self._host.app.ask(
            SortChoice(messages.SORT_BY, _SORT_COLUMNS, rows, state.query[1])
        )
        if picked:
            state.sort = picked
            self._search.query_changed()
            self._host.say(state.sort_words(), "dim")
            await self._remember()

    def choose_columns(self) -> None:
        """Ask for the columns, their order and widths."""
        run_dialog(self._host, "columns", self._choose_columns, self._lists.shown)

    async def _choose_columns(self, state: ListState) -> None:
        known, widths = dict(state.fields), dict(state.layout)
        hidden = [name for name in known if name not in widths]
        rows = [(name, known[name], True, more) for name, more in state.layout]
        rows += [(name, known[name], not state.layout, 0) for name in hidden]
        picked = await self._host.app.ask(ColumnsDialog(rows))
        if picked:
            state.layout = tuple(picked)
            self._view.draw_rows()
            await self._remember()

    @property
    def all_shown(self) -> bool:
        """Whether all columns are shown, and scroll sideways."""
        return self._scrolled is not None

    def toggle_all(self) -> None:
        """Show all columns, or those that fit."""
        self._scroll_to(None if self.all_shown else 0)
        for state in self._lists:
            state.all_columns = self.all_shown
        self._view.draw_rows()
        self._host.say(
            messages.SCROLL_COLUMNS if self.all_shown else messages.COLUMNS_THAT_FIT, "dim"
        )

    def scroll(self, step: int) -> None:
        """Scroll all columns sideways."""
        if self._scrolled is not None:
            last = max(len(self._lists.shown.columns) - 2, 0)
            self._scroll_to(max(0, min(self._scrolled + step, last)))

    def _scroll_to(self, first: int | None) -> None:
        self._scrolled = first
        self._host.table.go_sideways(first)
