"""The Directory screen: the users and groups of the server, found with few keys.

It changes nothing, so the keys D, X and = are absent: the next push of the IdP would undo what an
administrator changes in a provisioned directory. Comparing both sides (V) is on the Mapping screen.

The screen owns its parts, which are plain objects, and connects them with keys and widgets: it
passes down what they need, handles their messages, and on Ctrl-C stops the first busy part.
"""

from collections.abc import Callable, Iterable

from textual import on
from textual.widget import Widget

from scim_tui.core.directory.api import FindingCount
from scim_tui.core.workspace import Workspace
from scim_tui.model.directory import Kind
from scim_tui.tui.directory import messages, rows
from scim_tui.tui.directory.columns import ColumnsChoice
from scim_tui.tui.directory.detail import DetailPane
from scim_tui.tui.directory.export import Export
from scim_tui.tui.directory.facets import Facets
from scim_tui.tui.directory.inspector import Inspector
from scim_tui.tui.directory.job import Stoppable
from scim_tui.tui.directory.list_state import Lists, ListState
from scim_tui.tui.directory.list_view import ListView
from scim_tui.tui.directory.listing import LiveListing
from scim_tui.tui.directory.marks import Marks
from scim_tui.tui.directory.search import Search
from scim_tui.tui.directory.seek import Seek
from scim_tui.tui.directory.server_filter import ServerFilter
from scim_tui.tui.directory.subject import PROFILE, RAW, Subject
from scim_tui.tui.drawing.text import line
from scim_tui.tui.session.host import OpenRequests
from scim_tui.tui.shell.actions import Action, bindings
from scim_tui.tui.shell.browse import BrowsePage
from scim_tui.tui.shell.screen_actions import DIRECTORY
from scim_tui.tui.widgets.filter_bar import FilterBar, SeekBar
from scim_tui.tui.widgets.lines import Lines
from scim_tui.tui.widgets.table import Table


class DirectoryPage(BrowsePage):
    """The fourth screen."""

    NAME = "directory"
    ACTIONS = DIRECTORY
    BINDINGS = bindings(DIRECTORY)
    IN_DETAIL = ("next_row", "right", "raw", "copy", "refresh", "back")
    FILTER_HINT = messages.FILTER_HINT
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
        self.lists = lists = Lists()
        self.view = view = ListView(self, lists)
        self.search = search = Search(self, lists, view)
        self.server_filter = ServerFilter(self, lists, view)
        self.listing = LiveListing(self, lists, view, search)
        self.marks = Marks(self, lists, view, search)
        self.columns = ColumnsChoice(self, lists, view, search)
        self.facets = Facets(self, lists, view, search)
        self.export = Export(self, lists, view, search)
        self.seek = Seek(self, lists, search)
        self.inspector = Inspector(self)
        self._stoppable: tuple[Stoppable, ...] = (
            self.export,
            self.facets,
            self.marks,
            self.server_filter,
            self.search,
            self.listing,
        )
        self.part_actions: dict[str, Callable[[], None]] = {
            "sort": self.columns.choose_sort,
            "columns": self.columns.choose_columns,
            "all_columns": self.columns.toggle_all,
            "facets": self.facets.choose,
            "mark_all": self.marks.mark_all,
            "mark_others": self.marks.invert,
            "mark_range": self.marks.mark_range,
            "unmark": self.marks.clear,
            "export": self.export.choose,
        }
        """What carries out an action, by its id; the others are methods of the screen."""

    def clear_message(self) -> None:
        """Remove the message above the key line."""
        self._words = None
        self._draw_bottom()

    @on(Table.Highlighted, "#rows")
    def follow(self) -> None:
        """Show in the detail the row that the cursor is on."""
        state, space, cursor = self.lists.shown, self.space, self.table.cursor
        if space is None:
            return
        row = state.source.item(cursor) if state.source is not None else None
        brief = rows.brief_lines(row, space.clock()) if row is not None else ()
        self.query_one("#brief", Lines).show(brief)
        if not self.pane_shown:
            return
        if row is None:
            self.inspector.follow(None, ())
            return
        place = line((f"{cursor + 1:,} of {len(self.table.source):,}  n/N ", "dim"))
        self.inspector.follow(Subject(state.kind, row.id, row), place)

    def draw_detail(self) -> None:
        """Draw what the inspector knows."""
        if self.drawable:
            seen, space = self.inspector, self.space
            now = space.clock() if space is not None else None
            self.pane.show(seen.subject, seen.tab, seen.place, now)

    def filter_line(self) -> Iterable[Widget]:
        """The progress of what runs, in place of the filter."""
        yield Lines(id="progress")

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
        """Whether there is room for the detail with its tabs."""
        return self.full or self.has_class("-wide")

    def draw_open(self, space: Workspace) -> None:
        """Draw what is known, and list again where that is due."""
        self.columns.recall(space.profile)
        self.view.draw_rows()
        if self.lists.shown.view is None:
            self.search.start()
        self.listing.plan()

    def forget(self) -> None:
        """Drop the rows of the connection that is closed."""
        for state in self.lists:
            state.forget()
        self.columns.forget()

    def focus_detail(self) -> None:
        """Focus the pane."""
        self.pane.take_focus()

    def set_full(self, full: bool) -> None:
        """Show the detail alone, or the list again."""
        if not full:
            self.inspector.unpin()
        super().set_full(full)

    def show_list(self, state: ListState) -> None:
        """Show this list, with the cursor on the same row as before."""
        before = self.lists.shown
        if state is not before:
            before.cursor_id = (self.table.current or "") if self.is_mounted else ""
            self.lists.shown, state.wanted = state, state.cursor_id

    def show_object(self, kind: Kind, id: str) -> None:
        """Show the detail of a user or group, whether or not it is in the list."""
        self.show_list(self.lists.of(kind))
        state = self.lists.shown
        state.text, state.facet, state.wanted = "", "", id
        self.inspector.pin(kind, id)
        self.app.go_to(self.NAME)
        self.call_after_refresh(self._show_full)

    def _show_full(self) -> None:
        self.set_full(True)
        if self.lists.shown.view is not None:
            self.search.start()

    def list_finding(self, finding: FindingCount) -> None:
        """Show the rows of a finding, in the list of its kind."""
        self.show_list(self.lists.of(finding.kind))
        self.facets.show_finding(finding)

    def copyable(self) -> str:
        """The id; where the JSON is shown, the JSON."""
        subject = self.inspector.subject if self.pane_shown else None
        if subject is None:
            return self.table.current or ""
        return subject.raw if self.inspector.tab == RAW else subject.id

    def reason(self, action: Action) -> str | None:
        """Why an action makes no sense now."""
        if self.space is None and action in DIRECTORY:
            return messages.NOT_OPEN
        sideways = self.pane_shown or self.columns.all_shown
        if action.id in {"left", "right"} and not sideways:
            return messages.NO_SIDEWAYS
        return None

    def stop(self) -> str:
        """Stop the first part that is busy."""
        busy = next((part for part in self._stoppable if part.busy), None)
        return busy.stop() if busy is not None else super().stop()

    @on(Search.Found)
    def _found(self, event: Search.Found) -> None:
        self.search.take(event)

    @on(LiveListing.Ended)
    def _listed(self, event: LiveListing.Ended) -> None:
        self.listing.take(event)

    @on(Inspector.Answered)
    def _answered(self, event: Inspector.Answered) -> None:
        self.inspector.take(event)

    @on(Inspector.RelatedRead)
    def _related_read(self, event: Inspector.RelatedRead) -> None:
        self.inspector.take_related(event)

    @on(DetailPane.NearEnd)
    def _near_end(self) -> None:
        self.inspector.read_on()

    @on(DetailPane.Chosen)
    def _chosen(self, event: DetailPane.Chosen) -> None:
        self.inspector.show_tab(PROFILE)
        self.show_object(event.kind, event.id)

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

    @property
    def filter_text(self) -> str:
        """The filter as it is typed."""
        return self.lists.shown.text

    def filter_by(self, text: str) -> None:
        """Show only the rows that match."""
        self.lists.shown.text = text
        self.search.query_changed()

    @property
    def term(self) -> str:
        """The ready-made filter."""
        return self.lists.shown.facet

    @property
    def from_other_screen(self) -> bool:
        """Whether another screen set the ready-made filter."""
        return bool(self.term) and self.lists.shown.from_other_screen

    def set_term(self, term: str) -> None:
        """Narrow the list by a ready-made filter, or by the typed text alone."""
        self.facets.take(self.lists.shown, term)

    def back_to_all(self) -> None:
        """Remove the ready-made filter."""
        if self.term:
            self.set_term("")

    def _show_bar(self, kind: type[FilterBar]) -> None:
        """Show one of the two bars; they share one line."""
        for bar in self.query(FilterBar):
            bar.display = type(bar) is kind

    async def perform(self, action: Action) -> None:
        """Run an action that is on, of a part or of the screen."""
        if (run := self.part_actions.get(action.id)) is not None:
            run()
        else:
            await super().perform(action)

    async def do_filter(self) -> None:
        """Type a filter."""
        await super().do_filter()
        self._show_bar(FilterBar)

    async def do_next_tab(self) -> None:
        """Users or groups; in the detail the next pane."""
        if self.full:
            self.inspector.show_tab(self.inspector.tab + 1)
            return
        self.show_list(self.lists.other)
        self.redraw()
        self.search.start()

    async def do_previous_tab(self) -> None:
        """Users or groups; in the detail the pane before."""
        if self.full:
            self.inspector.show_tab(self.inspector.tab - 1)
        else:
            await self.do_next_tab()

    async def do_left(self) -> None:
        """The tab to the left, or the columns there."""
        self._go_sideways(-1)

    async def do_right(self) -> None:
        """The tab to the right, or the columns there."""
        self._go_sideways(1)

    def _go_sideways(self, step: int) -> None:
        if self.columns.all_shown and not self.full:
            self.columns.scroll(step)
        else:
            self.inspector.show_tab(self.inspector.tab + step)

    async def do_go_row(self) -> None:
        """Type how the row begins, in the column the list is sorted by."""
        self.seek.begin(self.table.current or "")
        if self.full:
            self.set_full(False)
        if not self.query(SeekBar):
            await self.query_one("#filter").mount(SeekBar(messages.SEEK_HINT), before=0)
        self._show_bar(SeekBar)
        self.query_one(SeekBar).enter("")

    async def do_more(self) -> None:
        """Read on: members in the detail, else a listing that ended early."""
        if not (self.pane_shown and self.inspector.read_on()) and not self.listing.resume():
            self.say(messages.ALL_LISTED, "dim")

    async def do_first(self) -> None:
        """The first row."""
        self.table.go_to(0)

    async def do_raw(self) -> None:
        """The record as JSON, or back."""
        showing = self.pane_shown and self.inspector.tab == RAW
        self.inspector.show_tab(PROFILE if showing else RAW)
        if not self.pane_shown:
            await self.do_open()

    async def do_mark(self) -> None:
        """Mark the row under the cursor, or remove its mark, and go on to the next."""
        if (current := self.table.current) is None:
            return
        self.marks.toggle(current)
        if not self.full:
            self.table.action_move(1)

    async def do_events(self) -> None:
        """The requests of the IdP about the row under the cursor."""
        if self.table.current:
            self.post_message(OpenRequests(self.table.current))

    async def do_refresh(self) -> None:
        """List again, and ask again for the record."""
        await super().do_refresh()
        self.listing.start()
        if self.pane_shown:
            self.inspector.ask_again()

    async def do_next_row(self) -> None:
        """The next row, also from the detail."""
        self.inspector.unpin()
        await super().do_next_row()

    async def do_previous_row(self) -> None:
        """The previous row, also from the detail."""
        self.inspector.unpin()
        await super().do_previous_row()
