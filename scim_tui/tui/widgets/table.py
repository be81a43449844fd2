"""A table of any length that draws only its visible rows."""

from collections.abc import Collection, Sequence
from time import monotonic

from textual import events
from textual.binding import Binding
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from scim_tui.tui.drawing.text import GLYPHS, Line, Span, measured_strip, to_strip
from scim_tui.tui.widgets.columns import Column, widths
from scim_tui.tui.widgets.lines import SpanWidget
from scim_tui.tui.widgets.row_lines import CARDS_BELOW, RowLayout, lay_out
from scim_tui.tui.widgets.sources import ListSource, Source

__all__ = ["Column", "ListSource", "Source", "Table", "widths"]


GG_SECONDS = 1.5
"""Time for the second g of gg."""
MOST_DRAWN = 400
"""Drawn rows that are cached."""


class Table(SpanWidget, can_focus=True):
    """A header, rows, and a cursor that stays on its row when others are added."""

    DEFAULT_CSS = "Table { height: 1fr; }"
    BINDINGS = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("ctrl+u", "half(-1)", show=False),
        Binding("ctrl+d", "half(1)", show=False),
        Binding("home", "go(0)", show=False),
        Binding("g", "g", show=False),
        Binding("end,G", "go(-1)", show=False),
        Binding("enter,d", "open", show=False),
    ]

    class Highlighted(Message):
        """The cursor is on another row."""

        def __init__(self, table: "Table", index: int) -> None:
            super().__init__()
            self.table = table
            self.index = index

        @property
        def control(self) -> "Table":
            """The table, for `@on` selectors."""
            return self.table

    class Opened(Highlighted):
        """Enter was pressed on a row."""

    class NearEnd(Highlighted):
        """The cursor is on the last row: more could be loaded."""

    def __init__(self, columns: Sequence[Column], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._columns = tuple(columns)
        self._source: Source = ListSource()
        self._top = 0
        self._laid_out: RowLayout | None = None
        self._waiting: tuple[Line, ...] = ()
        self._marks: Collection[str] = ()
        self._drawn: dict[int, Strip] = {}
        """Rows without the cursor as they were drawn last; scrolling draws them again."""
        self._g_at = -GG_SECONDS
        self.sideways: int | None = None
        """Columns that are scrolled off behind the first; None: only those that fit are drawn."""
        self.cursor = 0
        """Index of the row the cursor is on."""

    @property
    def source(self) -> Source:
        """The rows that are drawn."""
        return self._source

    @property
    def current(self) -> str | None:
        """The key of the row under the cursor."""
        return self._source.key(self.cursor) if self.cursor < len(self._source) else None

    @property
    def waiting(self) -> Line:
        """Drawn instead of rows while there are none."""
        return self._waiting[0] if self._waiting else ()

    @waiting.setter
    def waiting(self, words: Line) -> None:
        self.show_when_empty((words,))

    def show_when_empty(self, lines: Sequence[Line]) -> None:
        """Draw these lines while there are no rows: why there are none, and the next step."""
        if tuple(lines) == self._waiting:
            return
        before = self._lines_now()
        self._waiting = tuple(lines)
        self._repaint(before)

    def mark(self, keys: Collection[str]) -> None:
        """Draw a sign before the rows with these keys."""
        if keys is self._marks:
            return
        before = self._lines_now()
        self._marks = keys
        self._repaint(before)

    def show(self, source: Source, *, columns: Sequence[Column] | None = None) -> None:
        """Draw these rows; the cursor stays on its row if it is still there."""
        key, before = self.current, self._lines_now()
        if columns is not None:
            self._columns = tuple(columns)
        self._source = source
        place = source.find(key) if key is not None else None
        offset = self.cursor - self._top
        self.cursor = self._clamped(place if place is not None else self.cursor)
        self._top = self._shown_top(self.cursor - offset)
        self._laid_out = None
        self._repaint(before)
        if self.current != key or not before:
            self.post_message(self.Highlighted(self, self.cursor))

    def _clamped(self, index: int) -> int:
        return max(0, min(index, len(self._source) - 1))

    @property
    def _layout_of_rows(self) -> RowLayout:
        if self._laid_out is None:
            cards = self.app.size.width < CARDS_BELOW
            self._laid_out = lay_out(
                self._columns, self.size.width, sideways=self.sideways, cards=cards
            )
        return self._laid_out

    @property
    def _height(self) -> int:
        """Rows that fit."""
        return max((self.size.height - 1) // self._layout_of_rows.deep, 1)

    def _shown_top(self, top: int) -> int:
        """The first row to draw, near `top`: the cursor is visible, and no line stays empty."""
        top = max(min(top, self.cursor), self.cursor - self._height + 1)
        return max(0, min(top, len(self._source) - self._height))

    def _lines_now(self) -> list[Line]:
        return [self._cells(y) for y in range(self.size.height)]

    def _repaint(self, before: list[Line]) -> None:
        self._drawn.clear()
        after = self._lines_now()
        changed = [
            Region(0, y, self.size.width, 1)
            for y in range(self.size.height)
            if y >= len(before) or before[y] != after[y]
        ]
        if changed:
            self.refresh(*changed)

    def go_sideways(self, first: int | None) -> None:
        """Draw all columns, these many scrolled off; None: only those that fit."""
        before, last = self._lines_now(), max(len(self._columns) - 2, 0)
        self.sideways = None if first is None else max(0, min(first, last))
        self._laid_out = None
        self._repaint(before)

    def _cells(self, y: int) -> Line:
        layout = self._layout_of_rows
        if y == 0:
            return layout.head()
        index, part = self._row_at(y)
        if index >= len(self._source):
            return self._wait_line(y - 2) if not len(self._source) else ()
        rows = self._source.rows(index, 1)
        cells = rows[0] if rows else self._gone
        if part:
            return layout.second(cells, self.size.width)
        return (Span(self._signs(index), "accent"), *layout.first(cells))

    @property
    def _gone(self) -> Line:
        return (Span(GLYPHS.more, "dim"), *[Span("")] * len(self._columns))

    def _row_at(self, y: int) -> tuple[int, int]:
        """Which row is drawn there, and which line of it."""
        down, part = divmod(y - 1, self._layout_of_rows.deep)
        return self._top + down, part

    def _signs(self, index: int) -> str:
        """Where the cursor is, and what is marked, in two cells."""
        marked = bool(self._marks) and self._source.key(index) in self._marks
        return (GLYPHS.point if index == self.cursor else " ") + ("*" if marked else " ")

    def _wait_line(self, index: int) -> Line:
        return self._waiting[index] if 0 <= index < len(self._waiting) else ()

    def render_line(self, y: int) -> Strip:
        """Draw the header or one line of a row."""
        index, part = self._row_at(y)
        taken, cells = self._layout_of_rows.taken, self.size.width
        if y > 0 and index == self.cursor and index < len(self._source):
            style = self.style_of("cursor" if self.has_focus else "mark")
            return to_strip(self._cells(y), cells, lambda _: style)
        if y == 0 or part or index >= len(self._source) or taken > cells:
            return to_strip(self._cells(y), cells, self.style_of)
        if index not in self._drawn:
            if len(self._drawn) > MOST_DRAWN:
                self._drawn.clear()
            self._drawn[index] = measured_strip(self._cells(y), taken, cells, self.style_of)
        return self._drawn[index]

    def restyled(self) -> None:
        """Rows have to be drawn anew."""
        self._drawn.clear()

    def on_resize(self, event: events.Resize) -> None:
        """Lay the columns out anew and keep the cursor in sight."""
        self._laid_out = None
        self._top = self._shown_top(self._top)
        self.refresh()

    def on_focus(self) -> None:
        """The cursor row looks different with the focus."""
        self._paint_row(self.cursor)

    def on_blur(self) -> None:
        """The cursor row looks different without the focus."""
        self._paint_row(self.cursor)

    def _paint_row(self, index: int) -> None:
        if self._top <= index < self._top + self._height:
            deep = self._layout_of_rows.deep
            self.refresh(Region(0, (index - self._top) * deep + 1, self.size.width, deep))

    def _paint_rows(self) -> None:
        """All rows, but neither the header nor the styles anew."""
        self.refresh(Region(0, 1, self.size.width, max(self.size.height - 1, 1)))

    def go_to(self, index: int) -> None:
        """Put the cursor on a row, scrolling as little as possible."""
        index = self._clamped(index)
        old, self.cursor = self.cursor, index
        top = self._shown_top(self._top)
        if top != self._top:
            self._top = top
            self._paint_rows()
        elif index != old:
            self._paint_row(old)
            self._paint_row(index)
        if index != old:
            self.post_message(self.Highlighted(self, index))

    def action_move(self, count: int) -> None:
        """Move the cursor by rows."""
        if count > 0 and self.cursor >= len(self._source) - 1:
            self.post_message(self.NearEnd(self, self.cursor))
        self.go_to(self.cursor + count)

    def action_page(self, count: int) -> None:
        """Move by a screenful."""
        self._jump(count * max(self._height - 1, 1))

    def action_half(self, count: int) -> None:
        """Move by half a screenful."""
        self._jump(count * max(self._height // 2, 1))

    def _jump(self, rows: int) -> None:
        self._top = max(0, min(self._top + rows, len(self._source) - self._height))
        old, self.cursor = self.cursor, self._clamped(self.cursor + rows)
        self._top = self._shown_top(self._top)
        self._paint_rows()
        if self.cursor != old:
            self.post_message(self.Highlighted(self, self.cursor))
        if self.cursor == len(self._source) - 1:
            self.post_message(self.NearEnd(self, self.cursor))

    def action_go(self, index: int) -> None:
        """Move to a row; -1 is the last one."""
        self.go_to(len(self._source) - 1 if index < 0 else index)
        if index < 0:
            self.post_message(self.NearEnd(self, self.cursor))

    def action_g(self) -> None:
        """The first row, at the second g."""
        now = monotonic()
        if now - self._g_at < GG_SECONDS:
            self.go_to(0)
        self._g_at = now

    def action_open(self) -> None:
        """Open the row under the cursor."""
        if self.current is not None:
            self.post_message(self.Opened(self, self.cursor))
