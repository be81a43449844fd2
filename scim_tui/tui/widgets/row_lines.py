"""The layout of a table row: one line, or a card of two lines on a narrow terminal."""

from collections.abc import Sequence
from dataclasses import dataclass

from scim_tui.tui.drawing.text import Line, Span, cells_of, clean, padded
from scim_tui.tui.widgets.columns import Column, scrolled, widths

CARDS_BELOW = 80
"""Columns of the terminal below which dropped columns go on a second line."""
SIGNS = 2
"""Cells before a row: where the cursor is, and what is marked."""


@dataclass(frozen=True, slots=True)
class RowLayout:
    """The columns with their widths, and the lines of a row."""

    columns: tuple[Column, ...]
    widths: tuple[int, ...]
    """0: the column has no room."""
    deep: int = 1
    """Lines of a row."""

    @property
    def taken(self) -> int:
        """Cells of the first line of a row."""
        return SIGNS + sum(wide + 2 for wide in self.widths if wide)

    def head(self) -> Line:
        """The titles of the columns."""
        titles: Line = tuple(Span(column.title, "dim") for column in self.columns)
        return (Span(" " * SIGNS), *self.first(titles))

    def first(self, cells: Line) -> Line:
        """The cells in their columns; neighbours of the same role are one span."""
        joined: list[Span] = []
        for cell, column, wide in zip(cells, self.columns, self.widths, strict=False):
            if not wide:
                continue
            text = padded(cell.text, wide, right=column.right) + "  "
            if joined and joined[-1].role == cell.role:
                text = joined.pop().text + text
            joined.append(Span(text, cell.role))
        return tuple(joined)

    def second(self, cells: Line, room: int) -> Line:
        """The cells that have no column, each with its title, as many as fit uncut."""
        spans = [Span(" " * SIGNS)]
        left = room - SIGNS
        for cell, column, wide in zip(cells, self.columns, self.widths, strict=False):
            text, title = clean(cell.text), f"  {column.title.lower()} "
            taken = cells_of(title) + cells_of(text)
            if wide or not text or (taken > left and len(spans) > 1):
                continue
            spans += (Span(title, "dim"), Span(text, cell.role))
            left -= taken
        return tuple(spans)


def lay_out(
    columns: Sequence[Column], cells: int, *, sideways: int | None, cards: bool
) -> RowLayout:
    """Compute the widths; with `sideways`, that many columns are scrolled off."""
    room = cells - SIGNS
    if sideways is not None:
        return RowLayout(tuple(columns), scrolled(columns, room, sideways))
    shared = widths(columns, room)
    return RowLayout(tuple(columns), shared, 2 if cards and 0 in shared else 1)
