"""The detail of one user or group as a pane with four tabs."""

from datetime import datetime

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from scim_tui.model.directory import Kind
from scim_tui.scim.references import say_left_out
from scim_tui.tui.directory.detail_lines import detail_lines
from scim_tui.tui.directory.fields import GROUPS, USERS
from scim_tui.tui.directory.related import empty_words
from scim_tui.tui.directory.rows import row_cells
from scim_tui.tui.directory.subject import PROFILE, RELATED, Subject, tab_line
from scim_tui.tui.drawing.text import GLYPHS, Line, Span, fit, line, reveal, width
from scim_tui.tui.faults.guarded import Guarded
from scim_tui.tui.widgets.lines import Lines
from scim_tui.tui.widgets.sources import lazy_source
from scim_tui.tui.widgets.table import ListSource, Source, Table


class DetailPane(Guarded, Vertical):
    """Draws a subject as far as it is known: its name, the tabs, and lines or a table."""

    DEFAULT_CSS = """
    DetailPane #head { height: 3; }
    DetailPane #text { height: 1fr; }
    DetailPane #related { height: 1fr; display: none; }
    DetailPane.-related #related { display: block; }
    DetailPane.-related #text { display: none; }
    """

    class Chosen(Message):
        """A member or a group of the subject was opened."""

        def __init__(self, kind: Kind, id: str) -> None:
            super().__init__()
            self.kind, self.id = kind, id

    class NearEnd(Message):
        """The cursor is near the end of the members or groups that were read."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, classes="-ascii" if GLYPHS.ascii else None)
        self._subject: Subject | None = None
        self._tab = PROFILE
        self._place: Line = ()
        self._now: datetime | None = None
        self._drawn: Subject | None = None

    def compose(self) -> ComposeResult:
        """Name and tabs, then lines or a table."""
        yield Lines(id="head")
        yield Lines(id="text", can_focus=True)
        yield Table((), id="related")

    def show(self, subject: Subject | None, tab: int, place: Line, now: datetime | None) -> None:
        """Show a tab of a subject; `place` is where it stands in the list."""
        turned = tab != self._tab
        self._subject, self._tab, self._place, self._now = subject, tab, place, now
        if turned:
            in_pane = self.has_focus_within
            self.set_class(tab == RELATED, "-related")
            if in_pane:
                self.take_focus()
        self._draw()

    def on_resize(self) -> None:
        """Lay the lines out for the new width; `show` may have come before the layout."""
        self._draw()

    def take_focus(self) -> None:
        """Focus what scrolls."""
        self.query_one("#related" if self._tab == RELATED else "#text").focus()

    def _draw(self) -> None:
        if not self.display or not self.size.width:
            return
        subject, text = self._subject, self.query_one("#text", Lines)
        same = subject is not None and self._drawn is not None and subject.id == self._drawn.id
        self._drawn = subject
        self.query_one("#head", Lines).show(self._head())
        if subject is None or self._now is None:
            text.show(())
            self.query_one("#related", Table).show(ListSource())
        elif self._tab == RELATED:
            self._draw_related(subject, self._now, same=same)
        else:
            lines = detail_lines(subject, self._tab, self._now, self.size.width)
            text.show(lines, keep_place=same)

    def _head(self) -> list[Line]:
        subject, cells = self._subject, self.size.width
        if subject is None:
            return []
        room = max(cells - width(self._place) - 2, 8)
        name = Span(fit(f" {reveal(subject.name)}", room), "title")
        return [(name, *self._place), tab_line(subject, self._tab), self._left_out(subject)]

    def _left_out(self, subject: Subject) -> Line:
        """How many members are not listed because they are no users."""
        if self._tab != RELATED or subject.related is None or not subject.related.left_out:
            return ()
        return line((f"  {say_left_out(subject.related.left_out)}", "warn"))

    def _draw_related(self, subject: Subject, now: datetime, *, same: bool) -> None:
        table = self.query_one("#related", Table)
        columns = [column for _, column in (USERS if subject.is_group else GROUPS)]
        words = empty_words(subject.related, self.size.width, of_group=subject.is_group)
        table.show_when_empty(words)
        table.show(_related_rows(subject, now), columns=columns)
        if not same:
            table.go_to(0)

    @on(Table.NearEnd, "#related")
    def _near_end(self, event: Table.NearEnd) -> None:
        event.stop()
        self.post_message(self.NearEnd())

    @on(Table.Opened, "#related")
    def _choose(self, event: Table.Opened) -> None:
        event.stop()
        if self._subject is not None and event.table.current:
            other = Kind.USERS if self._subject.is_group else Kind.GROUPS
            self.post_message(self.Chosen(other, event.table.current))


def _related_rows(subject: Subject, now: datetime) -> Source:
    if subject.related is None:
        return ListSource()
    rows = subject.related.rows
    return lazy_source(rows, key=lambda row: row.id, cells=lambda row: row_cells(row, now))
