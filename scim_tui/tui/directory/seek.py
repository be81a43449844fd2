"""Go to a row by typing how it begins."""

from typing import TYPE_CHECKING

from textual import on, work

from scim_tui.tui.directory.export import DirectoryExport
from scim_tui.tui.directory.list_state import ListState
from scim_tui.tui.widgets.filter_bar import FilterBar, SeekBar

if TYPE_CHECKING:
    from scim_tui.model.directory import Row


class DirectorySeek(DirectoryExport):
    """Moves the cursor while one types; nothing is filtered."""

    def __init__(self) -> None:
        super().__init__()
        self._came_from = ""

    async def do_go_row(self) -> None:
        """Type how the row begins, in the column the list is sorted by."""
        self._came_from = self.table.current or ""
        if self.full:
            self.set_full(False)
        if not self.query(SeekBar):
            hint = "the beginning of what the list is sorted by; Enter stays, Esc goes back"
            await self.query_one("#filter").mount(SeekBar(hint), before=0)
        self._only(SeekBar)
        self.query_one(SeekBar).enter("")

    async def do_filter(self) -> None:
        """Type a filter."""
        await super().do_filter()
        self._only(FilterBar)

    def _only(self, kind: type[FilterBar]) -> None:
        """There is one line for both."""
        for bar in self.query(FilterBar):
            bar.display = type(bar) is kind

    @on(SeekBar.Typed)
    def _seek_on(self, event: SeekBar.Typed) -> None:
        if event.text:
            self._seek(self.lists.shown, event.text)

    @on(SeekBar.Left)
    def _sought(self) -> None:
        self.table.focus()

    @on(SeekBar.Undone)
    def _seek_back(self) -> None:
        place = self.table.source.find(self._came_from)
        if place is not None:
            self.table.go_to(place)

    @work(group="seek", exclusive=True, description="go to row")
    async def _seek(self, state: ListState, typed: str) -> None:
        from scim_tui.tui.directory.seek_words import begins

        found, field = await self._sought_row(state, typed), state.query[1].removeprefix("-")
        if found is None or state is not self.lists.shown or not self.in_front:
            return
        if (place := self.table.source.find(found.id)) is None:
            state.wanted = found.id
        else:
            self.table.go_to(place)
        if not begins(found, field, typed):
            title = dict(state.fields)[field].title.lower()
            self.say(f"No {title} begins with that; it would be here.", "dim", passing=True)

    async def _sought_row(self, state: ListState, typed: str) -> "Row | None":
        """Of a view also where only its first rows are shown yet."""
        from scim_tui.tui.directory.seek_words import place_among, place_of

        sort = state.query[1]
        if state.server_rows is not None:
            place = place_among(state.server_rows, sort.removeprefix("-"), typed)
            return None if place is None else state.server_rows[place]
        if (view := await self.search.all_rows(state)) is None or not len(view):
            return None

        def row(index: int) -> "Row | None":
            return next(iter(view.rows(index, 1)), None)

        return row(place_of(len(view), row, sort, typed))
