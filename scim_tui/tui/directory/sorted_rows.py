"""Finds, in a sorted list, the first row that begins with what is typed."""

from bisect import bisect_left
from collections.abc import Callable, Sequence

from scim_tui.core.index.query import fold
from scim_tui.model.directory import Row

_LAST = "\U0010ffff"
_ACTIVE = {True: "yes", False: "no", None: ""}


def value_of(row: Row, field: str) -> str:
    """The value a row is sorted by, folded as it can be typed; rows without one come last."""
    value = getattr(row, field)
    return _ACTIVE[value] if field == "active" else fold(value)


def begins(row: Row, field: str, typed: str) -> bool:
    """Whether a row begins with what is typed."""
    return value_of(row, field).startswith(fold(typed))


def place_of(length: int, row: Callable[[int], Row | None], sort: str, typed: str) -> int:
    """The first row that begins with the text, or where it would stand; the rows are sorted.

    It is a binary search: of a million rows, twenty are read.
    """
    field, down, wanted = sort.removeprefix("-"), sort.startswith("-"), fold(typed)

    def is_there(index: int) -> bool:
        found = row(index)
        value = value_of(found, field) if found is not None else ""
        if not value:
            return True
        return value <= wanted + _LAST if down else value >= wanted

    return min(bisect_left(range(length), True, key=is_there), max(length - 1, 0))


def place_among(rows: Sequence["Row"], field: str, typed: str) -> int | None:
    """The first row that begins with the text, of rows in any order."""
    found = (place for place, row in enumerate(rows) if begins(row, field, typed))
    return next(found, None)
