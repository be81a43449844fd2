"""Reads and writes rows and settings in the tables of an index."""

# ruff: noqa: S608 - names of tables and columns are our own; values are parameters

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import chain
from typing import Any

from scim_tui.core.base.timeslice import giving_way
from scim_tui.core.index.file import FIELDS
from scim_tui.model.directory import GroupRow, Kind, Row, UserRow

_HALVES = re.compile("[\ud800-\udfff]")
MANY = 500
"""How many numbers or ids one statement takes at most."""
TOGETHER = 400
"""How many rows one statement writes; SQLite takes at most 32,766 parameters."""


def batches(found: sqlite3.Cursor, size: int) -> Iterator[list[Any]]:
    """The result of a query in lists of `size`; the event loop runs in between."""
    return giving_way(iter(partial(found.fetchmany, size), []))


def setting_of(db: sqlite3.Connection, key: str) -> str:
    """The setting with this key; empty: there is none."""
    found = db.execute("SELECT value FROM meta WHERE key=?", (key,)).fetchone()
    return "" if found is None else str(found[0])


def keep_setting(db: sqlite3.Connection, key: str, value: str) -> None:
    """Write a setting."""
    db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


Known = tuple[int, Row, bool]
"""The number of a row, the row, and whether it was removed."""


def by_id(db: sqlite3.Connection, kind: Kind, ids: Sequence[str]) -> dict[str, Known]:
    """The rows with these ids, as far as they exist."""
    found: dict[str, Known] = {}
    for start in giving_way(range(0, len(ids), MANY)):
        some = ids[start : start + MANY]
        names, marks = ",".join(FIELDS[kind]), ",".join("?" * len(some))
        sql = f"SELECT n,gone,{names} FROM {kind} WHERE id IN ({marks})"
        for n, gone, *values in db.execute(sql, some):
            row = row_of(kind, values)
            found[row.id] = (n, row, bool(gone))
    return found


def highest(db: sqlite3.Connection, kind: Kind) -> int:
    """The highest number that a row has."""
    return int(db.execute(f"SELECT ifnull(max(n), 0) FROM {kind}").fetchone()[0])


def is_same(before: Known | None, row: Row) -> bool:
    """Whether nothing changed since the pass before."""
    return before is not None and not before[2] and before[1] == row


def upsert(db: sqlite3.Connection, kind: Kind, rows: Sequence[Row], sweep: int) -> None:
    """Add or replace rows, many with one statement, since other threads run between statements.

    Rows are written in the order of their ids, so that neighbours are in the same pages of the
    file.
    """
    rows = sorted(rows, key=lambda row: row.id)
    for start in giving_way(range(0, len(rows), TOGETHER)):
        some = rows[start : start + TOGETHER]
        db.execute(_upsert(kind, sweep, len(some)), list(chain.from_iterable(some)))


@lru_cache(maxsize=16)
def _upsert(kind: Kind, sweep: int, count: int) -> str:
    names = (*FIELDS[kind], "sweep")
    changes = ",".join(f"{name}=excluded.{name}" for name in names[1:])
    values = f"({'?,' * len(FIELDS[kind])}{sweep})"
    return (
        f"INSERT INTO {kind} ({','.join(names)}) VALUES {','.join([values] * count)}"
        f" ON CONFLICT (id) DO UPDATE SET {changes}, gone=0"
    )


def see(db: sqlite3.Connection, kind: Kind, numbers: Sequence[int], sweep: int) -> None:
    """Record that a pass saw these rows unchanged."""
    for start in giving_way(range(0, len(numbers), MANY)):
        some = numbers[start : start + MANY]
        sql = f"UPDATE {kind} SET sweep=? WHERE n IN ({','.join('?' * len(some))})"
        db.execute(sql, (sweep, *some))


def kept(row: Row) -> Row:
    """The row without lone surrogates: JSON allows them (RFC 8259 section 8.2), UTF-8 does not."""
    if all(type(value) is not str or value.isascii() for value in row):
        return row
    return _made(row, (_whole(value) if isinstance(value, str) else value for value in row))


def _whole(text: str) -> str:
    return _HALVES.sub("\N{REPLACEMENT CHARACTER}", text)


def _made(like: Row, values: Iterable[object]) -> Row:
    return UserRow._make(values) if isinstance(like, UserRow) else GroupRow._make(values)


def row_of(kind: Kind, values: list[object]) -> Row:
    """The row with these values."""
    if kind is Kind.GROUPS:
        return GroupRow._make(values)
    active = UserRow._fields.index("active")
    values[active] = None if values[active] is None else bool(values[active])
    return UserRow._make(values)


def rows_of(db: sqlite3.Connection, kind: Kind, numbers: Sequence[int]) -> list[Row]:
    """The rows with these numbers, in this order."""
    found: dict[int, Row] = {}
    for start in giving_way(range(0, len(numbers), MANY)):
        some = list(numbers[start : start + MANY])
        marks = ",".join("?" * len(some))
        sql = f"SELECT n,{','.join(FIELDS[kind])} FROM {kind} WHERE n IN ({marks})"
        found |= {n: row_of(kind, values) for n, *values in db.execute(sql, some)}
    return [found[n] for n in numbers if n in found]
