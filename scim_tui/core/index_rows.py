"""Rows to and from the tables of an index, and what is remembered beside them."""

# ruff: noqa: S608 - names of tables and columns are our own; values are parameters

import re
import sqlite3
from collections.abc import Iterable

from scim_tui.core.index_file import FIELDS
from scim_tui.model.directory import GroupRow, Kind, Row, UserRow

_HALVES = re.compile("[\ud800-\udfff]")
MANY = 500
"""Ids in one lookup; SQLite takes at least 999 parameters."""


def setting_of(db: sqlite3.Connection, key: str) -> str:
    """A remembered text; empty: there is none."""
    found = db.execute("SELECT value FROM meta WHERE key=?", (key,)).fetchone()
    return "" if found is None else str(found[0])


def keep_setting(db: sqlite3.Connection, key: str, value: str) -> None:
    """Keep a text."""
    db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


def by_id(db: sqlite3.Connection, kind: Kind, ids: list[str]) -> list[tuple[int, Row, bool]]:
    """Those of these ids that are there: number, row, and whether it is gone."""
    found = []
    for start in range(0, len(ids), MANY):
        some = ids[start : start + MANY]
        names, marks = ",".join(FIELDS[kind]), ",".join("?" * len(some))
        sql = f"SELECT n,gone,{names} FROM {kind} WHERE id IN ({marks})"
        found += [(n, row_of(kind, values), bool(gone))
                  for n, gone, *values in db.execute(sql, some)]  # fmt: skip
    return found


def is_same(before: tuple[int, Row, bool] | None, row: Row) -> bool:
    """Whether nothing changed since the pass before."""
    return before is not None and not before[2] and before[1] == row


def upsert(kind: Kind) -> str:
    """What adds or replaces a row."""
    names = (*FIELDS[kind], "sweep")
    changes = ",".join(f"{name}=excluded.{name}" for name in names[1:])
    return (
        f"INSERT INTO {kind} ({','.join(names)}) VALUES ({','.join('?' * len(names))})"
        f" ON CONFLICT (id) DO UPDATE SET {changes}, gone=0"
    )


def kept(row: Row) -> Row:
    """JSON can name half of a character (RFC 8259 8.2), which is no text anywhere else."""
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
