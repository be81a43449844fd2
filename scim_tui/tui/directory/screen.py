"""Directory: the users and groups as they are, found in a keystroke.

Nothing is changed here, so there is no D, X or =: what an administrator changes in a directory
that is provisioned, the next push of the IdP undoes. V is on Mapping, where both sides are at
hand. Listings read all pages by themselves: ] takes one up again that ended early, and reads on
where the detail lists members. What a person types after ' moves the cursor, and filters nothing.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual import on
from textual.widget import Widget

from scim_tui.tui.activity.screen import ActivityPage
from scim_tui.tui.directory import rows
from scim_tui.tui.directory.detail import DetailPane
from scim_tui.tui.directory.list import DirectoryList
from scim_tui.tui.directory.list_state import ListState
from scim_tui.tui.directory.subject import PROFILE, RAW, Subject
from scim_tui.tui.drawing.text import Line, line
from scim_tui.tui.shell.actions import Action, bindings
from scim_tui.tui.shell.screen_actions import DIRECTORY
from scim_tui.tui.widgets.filter_bar import FilterBar, SeekBar
from scim_tui.tui.widgets.lines import Lines
from scim_tui.tui.widgets.table import Table

if TYPE_CHECKING:
    from scim_tui.core.directory.api import FindingCount
    from scim_tui.model.directory import Kind


class DirectoryPage(DirectoryList):
    """The fourth screen."""

    NAME = "directory"
    ACTIONS = DIRECTORY
    BINDINGS = bindings(DIRECTORY)
    IN_DETAIL = ("next_row", "right", "raw", "copy", "refresh", "back")
    FILTER_HINT = "words in any order; !not; mail:corp; missing:email; changed:<7d; filter:SCIM"
    DEFAULT_CSS = """
    DirectoryPage #brief { height: 6; }
    DirectoryPage.-low #brief { height: 3; }
    DirectoryPage.-cards #brief { display: none; }
    DirectoryPage #detail { display: none; }
    DirectoryPage.-wide #brief { display: none; }
    DirectoryPage.-wide #rows { width: 12fr; }
    DirectoryPage.-wide #detail { display: block; width: 11fr; }
    DirectoryPage.-wide #detail { border-left: solid $quiet; }
    DirectoryPage.-wide #detail.-ascii { border-left: ascii $quiet; }
    DirectoryPage.-full #brief { display: none; }
    DirectoryPage.-full #detail { display: block; width: 1fr; border: none; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._pinned: Subject | None = None
        """What was asked to be shown, whether or not it is in the list."""

    def detail(self) -> Iterable[Widget]:
        """A few lines below the list, or a pane with tabs."""
        yield Lines(id="brief")
        yield DetailPane(id="detail")

    @property
    def pane(self) -> DetailPane:
        """The detail with its tabs."""
        return self.query_one("#detail", DetailPane)

    @property
    def pane_shown(self) -> bool:
        """Whether the detail with its tabs can be seen."""
        return self.full or self.has_class("-wide")

    @on(Table.Highlighted, "#rows")
    def follow(self) -> None:
        """Bring the detail in line with the cursor."""
        row, space = self.row, self.space
        if space is None:
            return
        self.query_one("#brief", Lines).show(
            rows.brief_lines(row, space.clock()) if row is not None else ()
        )
        if not self.pane_shown:
            return
        pinned = self._pinned
        if pinned is not None and (row is None or row.id != pinned.id):
            self.pane.about(pinned, ())
        elif row is not None:
            self.pane.about(Subject(self.lists.shown.kind, row.id, row), self._place())
        else:
            self.pane.about(None, ())

    def _place(self) -> Line:
        return line((f"{self.table.cursor + 1:,} of {len(self.table.source):,}  n/N ", "dim"))

    def focus_detail(self) -> None:
        """Give the keys to the pane."""
        self.pane.take_focus()

    def set_full(self, full: bool) -> None:
        """Give the screen to the detail, or back to the list."""
        if not full:
            self._pinned = None
        super().set_full(full)

    def show_object(self, kind: "Kind", id: str) -> None:
        """Open the detail of a user or group, wherever the list is."""
        self.turn_to(self.lists.of(kind))
        self.lists.shown.text, self.lists.shown.facet, self.lists.shown.wanted = "", "", id
        self._pinned = Subject(kind, id)
        self.app.go_to(self.NAME)
        self.call_after_refresh(self._present)

    def _present(self) -> None:
        self.set_full(True)
        if self.lists.shown.view is not None:
            self.search.start()

    @on(DetailPane.Chosen)
    def _chosen(self, event: DetailPane.Chosen) -> None:
        self.pane.turn(PROFILE)
        self.show_object(event.kind, event.id)

    @on(DetailPane.Failed)
    def _failed(self, event: DetailPane.Failed) -> None:
        self.say(f"! {event.error.message} r asks again.", "bad")

    def turn_to(self, state: ListState) -> None:
        """Show the other state, or stay."""
        if state is not self.lists.shown:
            self.lists.shown.cursor_id = (self.table.current or "") if self.is_mounted else ""
            self.lists.shown, state.wanted = state, state.cursor_id

    @property
    def filter_text(self) -> str:
        """What is filtered for."""
        return self.lists.shown.text

    def filter_by(self, text: str) -> None:
        """Show only what matches; it is found off the loop."""
        self.lists.shown.text = text
        self.search.query_changed()

    @property
    def term(self) -> str:
        """The ready-made filter."""
        return self.lists.shown.facet

    @property
    def lent(self) -> bool:
        """Whether another screen set the ready-made filter."""
        state = self.lists.shown
        return bool(state.facet) and state.lent

    def take_term(self, term: str) -> None:
        """Narrow the list by a ready-made filter, or by the typed text alone."""
        self.facets.take(self.lists.shown, term)

    def back_to_all(self) -> None:
        """Remove the ready-made filter."""
        if self.term:
            self.take_term("")

    def list_finding(self, finding: "FindingCount") -> None:
        """Show the rows of a finding, in the list of its kind."""
        self.turn_to(self.lists.of(finding.kind))
        self.facets.show_finding(finding)

    @on(FilterBar.Left)
    def _ask_server(self) -> None:
        self.server_filter.start()

    @on(SeekBar.Typed)
    def _seek_typed(self, event: SeekBar.Typed) -> None:
        self.seek.go_to(event.text)

    @on(SeekBar.Left)
    def _seek_left(self) -> None:
        self.table.focus()

    @on(SeekBar.Undone)
    def _seek_undone(self) -> None:
        self.seek.go_back()

    async def do_go_row(self) -> None:
        """Type how the row begins, in the column the list is sorted by."""
        self.seek.begin(self.table.current or "")
        if self.full:
            self.set_full(False)
        if not self.query(SeekBar):
            hint = "the beginning of what the list is sorted by; Enter stays, Esc goes back"
            await self.query_one("#filter").mount(SeekBar(hint), before=0)
        self._show_bar(SeekBar)
        self.query_one(SeekBar).enter("")

    async def do_filter(self) -> None:
        """Type a filter."""
        await super().do_filter()
        self._show_bar(FilterBar)

    def _show_bar(self, kind: type[FilterBar]) -> None:
        """Show one of the two bars; they share one line."""
        for bar in self.query(FilterBar):
            bar.display = type(bar) is kind

    def reason(self, action: Action) -> str | None:
        """What makes no sense here."""
        if self.space is None and action in DIRECTORY:
            return "The connection is not open yet."
        sideways = self.pane_shown or self.columns.all_shown
        if action.id in {"left", "right"} and not sideways:
            return "Open the detail (Enter), or show all columns (w)."
        return None

    def copyable(self) -> str:
        """The id; where the JSON is shown, the JSON."""
        subject = self.pane.subject if self.pane_shown else None
        if subject is not None and self.pane.tab == RAW:
            return subject.raw
        return subject.id if subject is not None else self.table.current or ""

    async def do_refresh(self) -> None:
        """List again, and ask again for the record."""
        await super().do_refresh()
        self.listing.start()
        if self.pane_shown:
            self.pane.ask_again()

    async def do_next_tab(self) -> None:
        """Users or groups; in the detail the next pane."""
        if self.full:
            self.pane.turn(self.pane.tab + 1)
            return
        self.turn_to(self.lists.other)
        self.redraw()
        self.search.start()

    async def do_previous_tab(self) -> None:
        """Users or groups; in the detail the pane before."""
        if self.full:
            self.pane.turn(self.pane.tab - 1)
        else:
            await self.do_next_tab()

    async def do_more(self) -> None:
        """Read on: members in the detail, else a listing that ended early."""
        if (self.pane_shown and self.pane.read_on()) or self.listing.resume():
            return
        self.say("Everything is listed.", "dim")

    async def do_first(self) -> None:
        """The first row."""
        self.table.go_to(0)

    async def do_events(self) -> None:
        """What the IdP asked about the one under the cursor."""
        activity = self.app.page("activity")
        if isinstance(activity, ActivityPage) and self.table.current:
            self.app.go_to(activity.NAME)
            activity.show_about(self.table.current)

    async def do_facets(self) -> None:
        """Choose a ready-made filter."""
        self.facets.choose()

    async def do_export(self) -> None:
        """Write the rows to a file."""
        self.export.choose()

    async def do_sort(self) -> None:
        """Choose a column and a direction."""
        self.columns.choose_sort()

    async def do_columns(self) -> None:
        """Choose the columns, their order and widths."""
        self.columns.choose_columns()

    async def do_all_columns(self) -> None:
        """All columns, scrolled sideways with h and l, or those that fit."""
        self.columns.toggle_all()

    async def do_mark(self) -> None:
        """Mark the row under the cursor, or remove its mark, and go on to the next."""
        if (current := self.table.current) is None:
            return
        self.marks.toggle(current)
        if not self.full:
            self.table.action_move(1)

    async def do_unmark(self) -> None:
        """Remove all marks."""
        self.marks.clear()

    async def do_mark_all(self) -> None:
        """Mark all rows that match the filter."""
        self.marks.mark_all()

    async def do_mark_others(self) -> None:
        """Of the rows that match the filter, mark those without a mark, and no others."""
        self.marks.invert()

    async def do_mark_range(self) -> None:
        """Mark from the newest mark to the cursor."""
        self.marks.mark_range(self.table.cursor)

    async def do_left(self) -> None:
        """The tab to the left, or the columns there."""
        self._go_aside(-1)

    async def do_right(self) -> None:
        """The tab to the right, or the columns there."""
        self._go_aside(1)

    def _go_aside(self, step: int) -> None:
        if self.columns.all_shown and not self.full:
            self.columns.scroll(step)
        else:
            self.pane.turn(self.pane.tab + step)

    async def do_raw(self) -> None:
        """The record as JSON, or back."""
        showing = self.pane_shown and self.pane.tab == RAW
        self.pane.turn(PROFILE if showing else RAW)
        if not self.pane_shown:
            await self.do_open()

    async def do_next_row(self) -> None:
        """The next row, also from the detail."""
        self._pinned = None
        await super().do_next_row()

    async def do_previous_row(self) -> None:
        """The previous row, also from the detail."""
        self._pinned = None
        await super().do_previous_row()
