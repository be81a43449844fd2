"""Moves the cursor to the row that begins with what is typed; nothing is filtered."""

from scim_tui.model.directory import Row
from scim_tui.tui.directory import messages
from scim_tui.tui.directory.host import ListHost
from scim_tui.tui.directory.job import Job
from scim_tui.tui.directory.list_state import Lists, ListState
from scim_tui.tui.directory.search import Search
from scim_tui.tui.directory.sorted_rows import begins, place_among, place_of


class Seek:
    """Goes to a row by the beginning of the field that the list is sorted by."""

    def __init__(self, host: ListHost, lists: Lists, search: Search) -> None:
        self._host, self._lists, self._search = host, lists, search
        self._job = Job(host, "seek", "go to row")
        self._came_from = ""

    def begin(self, cursor_id: str) -> None:
        """Remember the row that Escape goes back to."""
        self._came_from = cursor_id

    def go_to(self, typed: str) -> None:
        """Go to the first row that begins with the text."""
        if typed:
            self._job.start(self._go, self._lists.shown, typed)

    def go_back(self) -> None:
        """Go back to the row where the cursor was."""
        place = self._host.table.source.find(self._came_from)
        if place is not None:
            self._host.table.go_to(place)

    async def _go(self, state: ListState, typed: str) -> None:
        found, field = await self._row(state, typed), state.query[1].removeprefix("-")
        if found is None or state is not self._lists.shown or not self._host.in_front:
            return
        if (place := self._host.table.source.find(found.id)) is None:
            state.wanted = found.id
        else:
            self._host.table.go_to(place)
        if not begins(found, field, typed):
            title = dict(state.fields)[field].title.lower()
            words = messages.no_such_row(title)
            self._host.say(words, "dim", passing=True)

    async def _row(self, state: ListState, typed: str) -> Row | None:
        """The row to go to, looked for among all that match."""
        sort = state.query[1]
        if state.server_rows is not None:
            place = place_among(state.server_rows, sort.removeprefix("-"), typed)
            return None if place is None else state.server_rows[place]
        if (view := await self._search.all_rows(state)) is None or not len(view):
            return None

        def row(index: int) -> Row | None:
            return next(iter(view.rows(index, 1)), None)

        return row(place_of(len(view), row, sort, typed))
