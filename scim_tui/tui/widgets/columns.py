"""The widths of the columns of a table."""

from collections.abc import Sequence
from typing import NamedTuple


class Column(NamedTuple):
    """How one column is laid out."""

    title: str
    least: int
    """Cells it needs at least."""
    grow: int = 0
    """Its share of the cells that are left."""
    right: bool = False
    rank: int = 0
    """Columns with a higher rank go first when the terminal is narrow."""


def widths(columns: Sequence[Column], cells: int) -> tuple[int, ...]:
    """Divide `cells` among the columns; the highest ranks are dropped until the rest fits."""
    shown = list(range(len(columns)))
    while len(shown) > 1 and sum(columns[i].least + 2 for i in shown) > cells:
        shown.remove(max(shown, key=lambda i: (columns[i].rank, i)))
    left = max(cells - sum(columns[i].least + 2 for i in shown), 0)
    shares = sum(columns[i].grow for i in shown)
    return tuple(
        columns[i].least + (left * columns[i].grow // shares if shares else 0) if i in shown else 0
        for i in range(len(columns))
    )


def scrolled(columns: Sequence[Column], cells: int, skip: int) -> tuple[int, ...]:
    """Full widths for the first column and those after the skipped ones, as many as fit."""
    found, left = [], cells
    for number, column in enumerate(columns):
        wide = min(column.least + 8 * column.grow, max(left - 2, 0))
        wide = 0 if 0 < number <= skip or left < 5 else wide
        left -= wide + 2 if wide else 0
        found.append(wide)
    return tuple(found)
