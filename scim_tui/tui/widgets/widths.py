"""How the cells of a line are shared out among columns."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scim_tui.tui.widgets.table import Column


def widths(columns: Sequence["Column"], cells: int) -> tuple[int, ...]:
    """Share `cells` out; columns of the highest rank are dropped until the rest fits."""
    shown = list(range(len(columns)))
    while len(shown) > 1 and sum(columns[i].least + 2 for i in shown) > cells:
        shown.remove(max(shown, key=lambda i: (columns[i].rank, i)))
    left = max(cells - sum(columns[i].least + 2 for i in shown), 0)
    shares = sum(columns[i].grow for i in shown)
    return tuple(
        columns[i].least + (left * columns[i].grow // shares if shares else 0) if i in shown else 0
        for i in range(len(columns))
    )
