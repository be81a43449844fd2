"""The directory's list as it is drawn: title, progress, rows with their marks."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from textual.widget import Widget

from scim_tui.model.unknown_values import UNKNOWN, Absent, Count
from scim_tui.tui.directory import rows
from scim_tui.tui.directory.fields import GROUPS, USERS
from scim_tui.tui.directory.list_state import ListState
from scim_tui.tui.directory.progress import kept_words, listing_line
from scim_tui.tui.drawing.progress import Progress, progress_line
from scim_tui.tui.shell.browse import BrowsePage
from scim_tui.tui.widgets.lines import Lines
from scim_tui.tui.widgets.table import ListSource

if TYPE_CHECKING:
    from scim_tui.core.directory.api import LoadState
    from scim_tui.model.directory import Row


class DirectoryList(BrowsePage):
    """Draws the users and the groups that were found."""

    def __init__(self) -> None:
        super().__init__()
        self.lists = {"Users": ListState("Users", USERS), "Groups": ListState("Groups", GROUPS)}
        self.shown = self.lists["Users"]
        self._works: dict[str, Progress] = {}

    @property
    def row(self) -> "Row | None":
        """The row under the cursor."""
        source = self.shown.source
        return source.item(self.table.cursor) if source is not None else None

    def follow(self) -> None:
        """Bring the detail in line with the cursor."""

    def turn_to(self, state: ListState) -> None:
        """Show this state."""
        self.shown = state

    def forget(self) -> None:
        """Begin anew; the rows went with the connection."""
        for state in self.lists.values():
            state.forget()

    def recall_layout(self) -> None:
        """Take up how the lists were laid out the last time."""

    def _load_state(self, state: ListState) -> "LoadState":
        assert self.space is not None  # without a connection nothing is drawn
        return self.space.directory.state(state.kind)

    def show_rows(self) -> None:
        """Draw title, list and detail; without a connection what was drawn stays."""
        if self.space is None:
            return
        state, table, now = self.shown, self.table, self.space.clock()
        self._draw_title()
        table.wait_with(rows.empty_lines(state, self._load_state(state), table.size.width))
        if state.source is not None:
            state.source = state.source.with_cells(
                lambda row: state.cells(rows.row_cells(row, now))
            )
        at_top = table.cursor == 0 and not state.settled
        table.mark(state.marks)
        table.show(state.source or ListSource(), columns=state.columns)
        if at_top:
            table.go_to(0)
        if state.wanted and (place := table.source.find(state.wanted)) is not None:
            state.wanted = ""
            table.go_to(place)
        self.follow()

    def between(self) -> Iterable[Widget]:
        """How long passes get on."""
        yield Lines(id="progress")

    def working(self, name: str, progress: Progress | None) -> None:
        """Show how something gets on that was asked for besides the listing; None: it ended."""
        self._works.pop(name, None)
        if progress is not None:
            self._works[name] = progress
        if self.in_front:
            self._draw_progress()

    def _draw_progress(self) -> None:
        cells, state = self.app.size.width, self.shown
        shown = (
            progress_line(list(self._works.values())[-1], cells)
            if self._works
            else listing_line(state, self._load_state(state), self._now(), cells)
        )
        self.query_one("#progress", Lines).show((shown,))

    def _draw_title(self) -> None:
        if self.space is None:
            return
        state = self.shown
        load = self._load_state(state)
        title = rows.title_line(state, self._counts())
        kept = kept_words(load, self.space.clock()) if state.total else ()
        # What is news for this session needs no age.
        self.query_one("#title", Lines).show(((*title, *(() if state.settled else kept)),))
        self._draw_progress()

    def _counts(self) -> Sequence[Count]:
        snapshot = self.session.snapshot
        told = snapshot.summary if snapshot is not None else UNKNOWN
        users, groups = (
            (UNKNOWN, UNKNOWN) if isinstance(told, Absent) else (told.users, told.groups)
        )
        both = ((self.lists["Users"], users), (self.lists["Groups"], groups))
        return [rows.known_count(state, self._load_state(state), told) for state, told in both]

    def _now(self) -> float:
        return asyncio.get_running_loop().time()
