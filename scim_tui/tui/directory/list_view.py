"""Draws the list that is shown: its title, the progress of what runs, and its rows."""

from collections.abc import Sequence

from scim_tui.core.directory.api import LoadState
from scim_tui.core.workspace import Workspace
from scim_tui.model.unknown_values import UNKNOWN, Absent, Count
from scim_tui.tui.directory import rows
from scim_tui.tui.directory.host import ListHost
from scim_tui.tui.directory.job import loop_seconds
from scim_tui.tui.directory.list_state import Lists, ListState
from scim_tui.tui.directory.progress import kept_words, listing_line
from scim_tui.tui.drawing.progress import Progress, progress_line
from scim_tui.tui.drawing.text import Line
from scim_tui.tui.widgets.lines import Lines
from scim_tui.tui.widgets.table import ListSource


class ListView:
    """Fills the title, the progress line and the table of the screen."""

    def __init__(self, host: ListHost, lists: Lists) -> None:
        self._host, self._lists = host, lists
        self._running: dict[str, Progress] = {}
        """What runs besides the listing, by name."""

    def draw_rows(self) -> None:
        """Draw title, rows and detail; without a connection what was drawn stays."""
        if (space := self._host.space) is None:
            return
        state, table, now = self._lists.shown, self._host.table, space.clock()
        self.draw_title()
        load = space.directory.state(state.kind)
        table.show_when_empty(rows.empty_lines(state, load, table.size.width))
        if state.source is not None:
            state.source = state.source.with_cells(
                lambda row: state.cells(rows.row_cells(row, now))
            )
        at_top = table.cursor == 0 and not state.listed_once
        table.mark(state.marks)
        table.show(state.source or ListSource(), columns=state.columns)
        if at_top:
            table.go_to(0)
        if state.wanted and (place := table.source.find(state.wanted)) is not None:
            state.wanted = ""
            table.go_to(place)
        self._host.follow()

    def draw_marks(self) -> None:
        """Draw the marks, and their number in the title."""
        self._host.table.mark(self._lists.shown.marks)
        self.draw_title()

    def show_progress(self, name: str, progress: Progress | None) -> None:
        """Show how far something is that runs besides the listing; None: it ended."""
        self._running.pop(name, None)
        if progress is not None:
            self._running[name] = progress
        if self._host.in_front:
            self._draw_progress()

    def draw_title(self) -> None:
        """Draw which list is shown, how many rows it has, and the progress line."""
        if (space := self._host.space) is None:
            return
        state = self._lists.shown
        # Rows that were listed in this session need no age.
        kept: Line = ()
        if state.total and not state.listed_once:
            kept = kept_words(space.directory.state(state.kind), space.clock())
        title = rows.title_line(state, self._counts(space))
        self._host.query_one("#title", Lines).show(((*title, *kept),))
        self._draw_progress()

    def _draw_progress(self) -> None:
        cells, space = self._host.app.size.width, self._host.space
        if self._running:
            shown = progress_line(list(self._running.values())[-1], cells)
        elif space is not None:
            state = self._lists.shown
            load = space.directory.state(state.kind)
            shown = listing_line(state, load, loop_seconds(), cells)
        else:
            return
        self._host.query_one("#progress", Lines).show((shown,))

    def _counts(self, space: Workspace) -> Sequence[Count]:
        """How many users and groups there are, as listed or else as the server reports."""
        snapshot = self._host.session.snapshot
        summary = snapshot.summary if snapshot is not None else UNKNOWN
        users, groups = (
            (UNKNOWN, UNKNOWN) if isinstance(summary, Absent) else (summary.users, summary.groups)
        )

        def load(state: ListState) -> LoadState:
            return space.directory.state(state.kind)

        both = ((self._lists.users, users), (self._lists.groups, groups))
        return [rows.known_count(state, load(state), reported) for state, reported in both]
