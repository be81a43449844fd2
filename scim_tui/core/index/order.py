"""Row numbers in a sort order: read from the index, reversed, and merged with changed rows."""

# ruff: noqa: S608 - names of tables and columns are our own; values are parameters

import sqlite3
from array import array
from bisect import bisect_left
from itertools import compress

from scim_tui.core.index.query import fold
from scim_tui.core.index.rows import batches
from scim_tui.core.index.sql import SearchQuery
from scim_tui.core.index.text_index import unpacked
from scim_tui.model.directory import Kind

AT_ONCE = 2_000
_SLICE = 16_384
"""Numbers handled before another thread may run: about a millisecond of work."""
Key = tuple[int, str | int, int]


def numbers_of(found: sqlite3.Cursor) -> "array[int]":
    """The numbers of a result, fetched in small steps, since a fetch blocks other threads."""
    numbers = array("I")
    for some in batches(found, AT_ONCE):
        numbers.extend([n for (n,) in some])
    return numbers


def without(numbers: "array[int]", dirty: frozenset[int]) -> "array[int]":
    """The numbers of rows that did not change."""
    if not dirty:
        return numbers
    mask = bytearray(b"\1") * (max(dirty) + 1)
    for n in dirty:
        mask[n] = 0
    return chosen(numbers, mask, beyond=b"\1")


def chosen(
    numbers: "array[int]", mask: bytes | bytearray, *, beyond: bytes = b"\0"
) -> "array[int]":
    """The numbers whose byte in the mask is 1; `beyond` is the byte for numbers after its end."""
    kept = array("I")
    for start in range(0, len(numbers), _SLICE):
        some = numbers[start : start + _SLICE]
        try:
            kept.extend(array("I", compress(some, map(mask.__getitem__, some))))
        except IndexError:
            mask = mask.ljust(max(some) + 1, beyond)
            kept.extend(array("I", compress(some, map(mask.__getitem__, some))))
    return kept


def places(numbers: "array[int]", wanted: frozenset[int]) -> list[int]:
    """The positions of the wanted numbers, lowest first."""
    found: list[int] = []
    for start in range(0, len(numbers), _SLICE):
        some = numbers[start : start + _SLICE]
        found += compress(range(start, start + len(some)), map(wanted.__contains__, some))
    return found


def stored_order(db: sqlite3.Connection, kind: Kind, field: str) -> "array[int]":
    """The numbers in the order of a field."""
    found = db.execute(f"SELECT data FROM {kind}_order WHERE field=? ORDER BY chunk", (field,))
    order = array("I")
    for (data,) in found:
        order.extend(unpacked(data))
    return order


def present(db: sqlite3.Connection, q: SearchQuery) -> int:
    """How many rows have a value in the field of the order."""
    sql = f"SELECT data FROM {q.kind}_order WHERE field=?"
    return unpacked(db.execute(sql, (f"{q.field} present",)).fetchone()[0])[0]


def length(db: sqlite3.Connection, kind: Kind) -> int:
    """How many rows the text index has."""
    return int(db.execute(f"SELECT ifnull(max(r), 0) FROM {kind}_text").fetchone()[0])


def reversed_all(db: sqlite3.Connection, q: SearchQuery, numbers: "array[int]") -> "array[int]":
    """All numbers in reverse order; rows without a value stay last."""
    whole = present(db, q)
    return numbers[:whole][::-1] + numbers[whole:][::-1]


def reversed_some(db: sqlite3.Connection, q: SearchQuery, numbers: "array[int]") -> "array[int]":
    """As `reversed_all`, for the numbers of some rows."""
    absent = _absences(db, q, numbers)
    whole = len(numbers) - absent
    return numbers[:whole][::-1] + numbers[whole:][::-1]


def merged(
    db: sqlite3.Connection, q: SearchQuery, numbers: "array[int]", changed: "array[int]"
) -> "array[int]":
    """The numbers with the changed rows inserted in their places."""
    result, start = array("I"), 0
    for number in changed:
        at = position(db, q, numbers, number)
        result.extend(numbers[start:at])
        result.append(number)
        start = at
    result.extend(numbers[start:])
    return result


def position(db: sqlite3.Connection, q: SearchQuery, numbers: "array[int]", number: int) -> int:
    """The position at which a row belongs among these numbers, which are in order."""
    wanted = sort_key(db, q, number)
    low, high = 0, len(numbers)
    while low < high:
        middle = (low + high) // 2
        if _is_before(sort_key(db, q, numbers[middle]), wanted, down=q.down):
            low = middle + 1
        else:
            high = middle
    return low


def _absences(db: sqlite3.Connection, q: SearchQuery, numbers: "array[int]") -> int:
    """How many numbers at the end have no value."""
    return len(numbers) - bisect_left(
        range(len(numbers)), 1, key=lambda at: _is_absent(db, q, numbers[at])
    )


def _is_absent(db: sqlite3.Connection, q: SearchQuery, number: int) -> int:
    return sort_key(db, q, number)[0]


def sort_key(db: sqlite3.Connection, q: SearchQuery, number: int) -> Key:
    """The sort key of a row: whether its field is empty, the folded value, and its number."""
    found = db.execute(f"SELECT {q.field} FROM {q.kind} WHERE n=?", (number,)).fetchone()
    value = found[0] if found else ""
    if q.field == "active":
        return (value is None, value or 0, number)
    plain = q.field in {"created", "changed"}
    return (value == "", value if plain else fold(value), number)


def _is_before(one: Key, other: Key, *, down: bool) -> bool:
    if one[0] != other[0] or not down:
        return one < other
    return (one[1], one[2]) > (other[1], other[2])
