"""The directory's list as it is drawn: title, progress, rows with their marks."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from textual.widget import Widget

from scim_tui.model.unknown_values import UNKNOWN, Absent, Count
from scim_tui.tui.directory import rows
from scim_tui.tui.directory.list_state import Half
from scim_tui.tui.directory.progress import kept_words, listing_line
from scim_tui.tui.drawing.progress import Progress, progress_line
from scim_tui.tui.shell.browse import BrowsePage
from scim_tui.tui.widgets.lines import Lines
from scim_tui.tui.widgets.table import ListSource

if TYPE_CHECKING:
    from scim_tui.core.directory.api import LoadState
    from scim_tui.model.directory import Kind, Row


def kind_of(half: Half) -> "Kind":
    """The kind of a half; the model is loaded only when there is something to ask."""
    from scim_tui.model.directory import Kind

    return Kind(half.name)


class DirectoryList(BrowsePage):
    """Draws the users and the groups that were found."""

    def __init__(self) -> None:
        super().__init__()
        self.halves = {"Users": Half("Users", rows.USERS), "Groups": Half("Groups", rows.GROUPS)}
        self.half = self.halves["Users"]
        self._works: dict[str, Progress] = {}

    @property
    def row(self) -> "Row | None":
        """The row under the cursor."""
        source = self.half.source
        return source.item(self.table.cursor) if source is not None else None

    def follow(self) -> None:
        """Bring the detail in line with the cursor."""

    def turn_to(self, half: Half) -> None:
        """Show this half."""
        self.half = half

    def forget(self) -> None:
        """Begin anew; the rows went with the connection."""
        for half in self.halves.values():
            half.forget()

    def recall_layout(self) -> None:
        """Take up how the lists were laid out the last time."""

    def _state(self, half: Half) -> "LoadState":
        assert self.space is not None  # without a connection nothing is drawn
        return self.space.directory.state(kind_of(half))

    def show_rows(self) -> None:
        """Draw title, list and detail; without a connection what was drawn stays."""
        if self.space is None:
            return
        half, table, now = self.half, self.table, self.space.clock()
        self._draw_title()
        table.wait_with(rows.empty_lines(half, self._state(half), table.size.width))
        if half.source is not None:
            half.source = half.source.with_cells(lambda row: half.cells(rows.row_cells(row, now)))
        at_top = table.cursor == 0 and not half.settled
        table.mark(half.marks)
        table.show(half.source or ListSource(), columns=half.columns)
        if at_top:
            table.go_to(0)
        if half.wanted and (place := table.source.find(half.wanted)) is not None:
            half.wanted = ""
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
        cells, half = self.app.size.width, self.half
        shown = (
            progress_line(list(self._works.values())[-1], cells)
            if self._works
            else listing_line(half, self._state(half), self._now(), cells)
        )
        self.query_one("#progress", Lines).show((shown,))

    def _draw_title(self) -> None:
        if self.space is None:
            return
        half = self.half
        state = self._state(half)
        title = rows.title_line(half, self._counts())
        kept = kept_words(state, self.space.clock()) if half.total else ()
        # What is news for this session needs no age.
        self.query_one("#title", Lines).show(((*title, *(() if half.settled else kept)),))
        self._draw_progress()

    def _counts(self) -> Sequence[Count]:
        snapshot = self.session.snapshot
        told = snapshot.summary if snapshot is not None else UNKNOWN
        users, groups = (
            (UNKNOWN, UNKNOWN) if isinstance(told, Absent) else (told.users, told.groups)
        )
        both = ((self.halves["Users"], users), (self.halves["Groups"], groups))
        return [rows.known_count(half, self._state(half), told) for half, told in both]

    def _now(self) -> float:
        return asyncio.get_running_loop().time()
