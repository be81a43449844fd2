"""Choose the columns of a list, their order and their widths."""

from collections.abc import Iterable

from textual.binding import Binding
from textual.widget import Widget

from scim_tui.tui.directory import messages
from scim_tui.tui.directory.layout import WIDEST
from scim_tui.tui.drawing.text import Line, Span, line
from scim_tui.tui.modals.dialog import Dialog
from scim_tui.tui.widgets.lines import Lines
from scim_tui.tui.widgets.table import Column, ListSource, Table

Row = tuple[str, Column, bool, int]
"""Field, column, whether it is shown, and the cells that were added to its width."""
_STEP = 4


class ColumnsDialog(Dialog[list[tuple[str, int]]]):
    """Returns the fields to show, in their order, each with the cells added to its width."""

    KEYS = (
        ("Space", "show"),
        ("J K", "move"),
        ("+ -", "width"),
        ("Enter", "done"),
        ("Esc", "cancel"),
    )
    BINDINGS = [
        Binding("space", "show", show=False),
        Binding("J", "shift(1)", show=False),
        Binding("K", "shift(-1)", show=False),
        Binding("plus,right", "widen(1)", show=False),
        Binding("minus,left", "widen(-1)", show=False),
    ]
    DEFAULT_CSS = """
    ColumnsDialog .box { width: 100%; height: 1fr; }
    ColumnsDialog .box .title { height: 2; }
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        super().__init__()
        self._rows = list(rows)

    def body(self) -> Iterable[Widget]:
        """Title and table."""
        title = Lines((line((messages.COLUMNS, "title")), ()))
        title.add_class("title")
        yield title
        yield Table((Column("COLUMN", 20), Column("SHOWN", 6), Column("WIDTH", 6, right=True)))

    def on_mount(self) -> None:
        """Begin on the first column."""
        self._draw()
        self.query_one(Table).focus()

    def _draw(self) -> None:
        self.query_one(Table).show(ListSource([(row[0], _cells(row)) for row in self._rows]))

    def action_show(self) -> None:
        """Show the column, or hide it; the last one stays."""
        at = self.query_one(Table).cursor
        name, column, shown, more = self._rows[at]
        if not shown or sum(row[2] for row in self._rows) > 1:
            self._rows[at] = (name, column, not shown, more)
            self._draw()

    def action_shift(self, places: int) -> None:
        """Move the column to the left or to the right."""
        at = self.query_one(Table).cursor
        there = at + places
        if 0 <= there < len(self._rows):
            self._rows[at], self._rows[there] = self._rows[there], self._rows[at]
            self._draw()

    def action_widen(self, steps: int) -> None:
        """Make the column wider or narrower."""
        at = self.query_one(Table).cursor
        name, column, shown, more = self._rows[at]
        more = max(min(more + steps * _STEP, WIDEST), 3 - column.least)
        self._rows[at] = (name, column, shown, more)
        self._draw()

    def on_table_opened(self) -> None:
        """Close with the columns as they are now."""
        self.dismiss([(name, more) for name, _, shown, more in self._rows if shown])


def _cells(row: Row) -> Line:
    _, column, shown, more = row
    return (
        Span(column.title),
        Span("yes" if shown else "no", "" if shown else "dim"),
        Span(str(column.least + more)),
    )
