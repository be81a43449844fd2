"""The base of Directory and Activity: a list with its filter, and the detail of a row."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import ClassVar

from textual import events, on
from textual.containers import Container
from textual.widget import Widget

from scim_tui.core.workspace import Workspace
from scim_tui.tui.drawing.text import Line, line
from scim_tui.tui.shell import messages
from scim_tui.tui.shell.actions import find
from scim_tui.tui.shell.frame import bottom_lines
from scim_tui.tui.shell.page import Page
from scim_tui.tui.widgets.filter_bar import FilterBar
from scim_tui.tui.widgets.lines import Lines
from scim_tui.tui.widgets.row_lines import CARDS_BELOW
from scim_tui.tui.widgets.table import ListSource, Table

LOW = 20
"""Lines of the terminal below which the detail under the list is short."""


class BrowsePage(Page):
    """The list above or beside its detail, or the detail alone."""

    FILTER_HINT: ClassVar[str] = ""
    IN_DETAIL: ClassVar[tuple[str, ...]] = ("next_row", "back", "copy", "refresh")
    """Ids of the actions that the key line names while the detail is alone."""
    DEFAULT_CSS = """
    BrowsePage #title { height: 1; }
    BrowsePage #filter { height: 1; }
    BrowsePage #lists { height: 1fr; }
    BrowsePage #rows { height: 1fr; }
    BrowsePage.-wide #lists { layout: horizontal; }
    BrowsePage.-wide #rows { width: 1fr; }
    BrowsePage.-full #title { display: none; }
    BrowsePage.-full #filter { display: none; }
    BrowsePage.-full #rows { display: none; }
    """

    def body(self) -> Iterable[Widget]:
        """Title, filter line, list, detail."""
        yield Lines(id="title")
        with Container(id="filter"):
            yield from self.filter_line()
        with Container(id="lists"):
            table = Table((), id="rows")
            table.add_class("focus-first")
            yield table
            yield from self.detail()

    def on_resize(self, event: events.Resize) -> None:
        """Choose the heights. The handler of `Page` runs as well, as always in Textual."""
        self.set_class(event.size.height < LOW, "-low")
        self.set_class(event.size.width < CARDS_BELOW, "-cards")

    def filter_line(self) -> Iterable[Widget]:
        """The widgets in place of the filter line while no filter is typed."""
        return ()

    def detail(self) -> Iterable[Widget]:
        """The widgets that show the row under the cursor in detail."""
        return ()

    def __init__(self) -> None:
        super().__init__()
        self._drawn_workspace: Workspace | None = None

    @property
    def space(self) -> Workspace | None:
        """The open connection."""
        return self.session.workspace

    def draw(self) -> None:
        """Draw what is loaded, or that the connection is not open."""
        space = self.space
        if space is not self._drawn_workspace:
            self._drawn_workspace = space
            self.forget()
            self.table.show(ListSource())
        if space is None:
            self._draw_opening()
        else:
            self.draw_open(space)

    def draw_open(self, space: Workspace) -> None:
        """Draw what is loaded, and load more where needed."""

    def forget(self) -> None:
        """Drop what was loaded through a connection that is closed now."""

    def _draw_opening(self) -> None:
        trouble = self.session.trouble
        words = [line((f"  {messages.OPENING}", "dim"))]
        if trouble is not None:
            words = [line((f"  ! {trouble.message}", "bad")), line(f"    {trouble.hint}")]
        self.table.show_when_empty(words)

    @property
    def table(self) -> Table:
        """The list."""
        return self.query_one("#rows", Table)

    @property
    def full(self) -> bool:
        """Whether the detail covers the list."""
        return self.has_class("-full")

    @property
    def in_front(self) -> bool:
        """Whether this screen may load and draw: no dialog is in front, and a connection is open.

        An answer to an earlier request may still arrive when it is closed.
        """
        shown = self.drawable and self.is_active
        return shown and not self.session.frozen and self.space is not None

    def _bottom(self) -> Sequence[Line]:
        if not self.full:
            return super()._bottom()
        actions = [replace(find(self.all_actions, name), hint=True) for name in self.IN_DETAIL]
        return bottom_lines(self.session, actions, self.words, self.app.size.width)

    def set_full(self, full: bool) -> None:
        """Show the detail alone, or the list again."""
        self.set_class(full, "-full")
        self.call_after_refresh(self._focus_shown)

    def _focus_shown(self) -> None:
        if not self.full:
            self.table.focus()
        else:
            self.focus_detail()
        self.redraw()

    def focus_detail(self) -> None:
        """Focus the detail."""

    @property
    def filter_text(self) -> str:
        """What is filtered for."""
        return ""

    def filter_by(self, text: str) -> None:
        """Show only what matches."""

    async def do_open(self) -> None:
        """Show the row in detail, or go back to the list."""
        if self.full or self.table.current is not None:
            self.set_full(not self.full)

    @on(Table.Opened, "#rows")
    async def _opened(self) -> None:
        await self.do_open()

    async def do_filter(self) -> None:
        """Type a filter; its line is made when it is first needed."""
        if self.full:
            self.set_full(False)
        if not self.query("#bar"):
            bar = FilterBar(self.FILTER_HINT, id="bar")
            await self.query_one("#filter").mount(bar, before=0)
        term = self.term
        if self.from_other_screen:
            self.set_term("")
        self.query_one("#bar", FilterBar).enter(self.filter_text, term, applied=bool(self.term))

    @property
    def term(self) -> str:
        """A condition on the list besides the typed text, such as a finding; empty: none."""
        return ""

    @property
    def from_other_screen(self) -> bool:
        """Whether another screen set the term; then a typed search drops it."""
        return False

    def set_term(self, term: str) -> None:
        """Apply a term at the request of the user; empty: remove it."""

    @on(FilterBar.TermToggled)
    def _term_toggled(self, event: FilterBar.TermToggled) -> None:
        self.set_term(event.term if event.applied else "")

    @on(FilterBar.Typed)
    def _typed(self, event: FilterBar.Typed) -> None:
        self.filter_by(event.text)

    @on(FilterBar.Left)
    def _left_filter(self) -> None:
        self.table.focus()

    async def do_back(self) -> None:
        """From the detail to the list; from a filter to everything."""
        if self.full:
            self.set_full(False)
        elif self.filter_text:
            self.filter_by("")
        else:
            self.back_to_all()

    def back_to_all(self) -> None:
        """Remove every other condition on the list."""

    async def do_next_row(self) -> None:
        """The next row, also from the detail."""
        self.table.action_move(1)

    async def do_previous_row(self) -> None:
        """The previous row, also from the detail."""
        self.table.action_move(-1)

    async def do_quit(self) -> None:
        """Close the detail; from the list leave the program."""
        if self.full:
            self.set_full(False)
        else:
            await super().do_quit()
