"""The rows of a directory, kept for filtering and sorting without asking the server again.

SQLite in a private file that has no name any more once it is open, so that nothing is left of it
however the process ends. Three connections: what is painted never waits for a search or a load.
"""

# ruff: noqa: S608 - names of tables and columns are our own; values are parameters

import re
import sqlite3
import tempfile
import threading
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path

from scim_tui.core.search import NO, YES, Term, fold, parse
from scim_tui.model.directory import GroupRow, Kind, Row, UserRow
from scim_tui.model.errors import UsageError

FIELDS: dict[Kind, tuple[str, ...]] = {Kind.USERS: UserRow._fields, Kind.GROUPS: GroupRow._fields}
_FIRST_SORT = {Kind.USERS: "user_name", Kind.GROUPS: "display_name"}
_NOT_SEARCHED = {"active", "created", "changed"}
_ACTIVE_WORD = "CASE active WHEN 1 THEN 'yes' WHEN 0 THEN 'no' ELSE '' END"
_HALVES = re.compile("[\ud800-\udfff]")
_MANY = 500
"""Ids in one lookup; SQLite takes at least 999 parameters."""


class Index:
    """Rows by kind, with the pass that saw them last. Once closed it is empty."""

    def __init__(self) -> None:
        with tempfile.TemporaryDirectory(prefix="scim-tui-") as folder:
            path = Path(folder) / "index"
            self._writer = _connect(path)
            for kind in Kind:
                self._writer.executescript(_schema(kind))
            self._finder, self._painter = _connect(path), _connect(path)
        self._locks = {id(each): threading.Lock() for each in self._all()}
        self._closed = False

    def put(self, kind: Kind, rows: Iterable[Row], sweep: int) -> None:
        """Add or replace rows, seen in pass number `sweep`."""
        with self._locks[id(self._writer)]:
            if self._closed:
                return
            with self._writer:
                self._writer.executemany(_upsert(kind), [_values(kind, row, sweep) for row in rows])

    def finish(self, kind: Kind, sweep: int) -> None:
        """End a full pass: what it did not see is gone.

        Rows of views made before stay readable until the pass after this one.
        """
        with self._locks[id(self._writer)]:
            if self._closed:
                return
            with self._writer:
                self._writer.execute(f"DELETE FROM {kind} WHERE gone")
                self._writer.execute(f"UPDATE {kind} SET gone = 1 WHERE sweep < ?", (sweep,))

    def count(self, kind: Kind) -> int:
        """How many rows there are."""
        with self._locks[id(self._painter)]:
            if self._closed:
                return 0
            found = self._painter.execute(f"SELECT count(*) FROM {kind} WHERE NOT gone")
            return int(found.fetchone()[0])

    def find(self, kind: Kind, text: str, sort: str) -> "array[int]":
        """Numbers of the rows that match, in order; a "-" before the sort field turns it round.

        Raises `UsageError` when there is no such field.
        """
        where, values = _conditions(parse(text, FIELDS[kind]))
        order = _order(kind, sort)
        sql = f"SELECT n FROM {kind} WHERE NOT gone{where} ORDER BY {order}"
        with self._locks[id(self._finder)]:
            if self._closed:
                return array("q")
            return array("q", (row[0] for row in self._finder.execute(sql, values)))

    def number(self, kind: Kind, resource_id: str) -> int | None:
        """The number of the row with this id, or None."""
        with self._locks[id(self._painter)]:
            if self._closed:
                return None
            sql = f"SELECT n FROM {kind} WHERE id = ? AND NOT gone"
            found = self._painter.execute(sql, (resource_id,)).fetchone()
        return None if found is None else int(found[0])

    def rows(self, kind: Kind, numbers: Sequence[int]) -> list[Row]:
        """The rows with these numbers, in this order."""
        found: dict[int, Row] = {}
        with self._locks[id(self._painter)]:
            for start in range(0, 0 if self._closed else len(numbers), _MANY):
                some = list(numbers[start : start + _MANY])
                marks = ",".join("?" * len(some))
                sql = f"SELECT n,{','.join(FIELDS[kind])} FROM {kind} WHERE n IN ({marks})"
                for n, *values in self._painter.execute(sql, some):
                    found[n] = _row(kind, values)
        return [found[n] for n in numbers if n in found]

    def close(self) -> None:
        """Let go of the file."""
        self._closed = True
        for each in self._all():
            with self._locks[id(each)]:
                each.close()

    def _all(self) -> tuple[sqlite3.Connection, ...]:
        return self._writer, self._finder, self._painter


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, check_same_thread=False, timeout=30)
    connection.create_function("fold", 1, fold, deterministic=True)
    connection.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA temp_store=MEMORY;"
    )
    # WAL and its index are opened by the first read; the names are gone after that.
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return connection


def _schema(kind: Kind) -> str:
    columns = ", ".join(f"{field} TEXT" if field != "active" else "active INTEGER"
                        for field in FIELDS[kind][1:])  # fmt: skip
    return (
        f"CREATE TABLE {kind} (n INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, {columns},"
        " haystack TEXT NOT NULL, sweep INTEGER NOT NULL, gone INTEGER NOT NULL DEFAULT 0);"
    )


def _upsert(kind: Kind) -> str:
    names = (*FIELDS[kind], "haystack", "sweep")
    changes = ",".join(f"{name}=excluded.{name}" for name in names[1:])
    return (
        f"INSERT INTO {kind} ({','.join(names)}) VALUES ({','.join('?' * len(names))})"
        f" ON CONFLICT (id) DO UPDATE SET {changes}, gone=0"
    )


def _values(kind: Kind, row: Row, sweep: int) -> tuple[object, ...]:
    kept = [_storable(value) if isinstance(value, str) else value for value in row]
    words = (
        str(value)
        for field, value in zip(FIELDS[kind], kept, strict=True)
        if field not in _NOT_SEARCHED
    )
    return (*kept, fold("\n".join(words)), sweep)


def _storable(text: str) -> str:
    """JSON can name half of a character (RFC 8259 8.2), which is no text anywhere else."""
    return text if text.isascii() else _HALVES.sub("\N{REPLACEMENT CHARACTER}", text)


def _row(kind: Kind, values: list[object]) -> Row:
    if kind is Kind.GROUPS:
        return GroupRow._make(values)
    active = UserRow._fields.index("active")
    values[active] = None if values[active] is None else bool(values[active])
    return UserRow._make(values)


def _conditions(terms: tuple[Term, ...]) -> tuple[str, list[object]]:
    sql, values = "", []
    for term in terms:
        condition, value = _condition(term)
        sql += f" AND NOT ({condition})" if term.negated else f" AND {condition}"
        values.append(value)
    return sql, values


def _condition(term: Term) -> tuple[str, object]:
    if term.field == "active" and term.text in YES | NO:
        return "active IS ?", int(term.text in YES)
    if term.field == "active":
        return f"instr({_ACTIVE_WORD}, ?) > 0", term.text
    if term.field:
        return f"instr(fold({term.field}), ?) > 0", term.text
    return "instr(haystack, ?) > 0", term.text


def _order(kind: Kind, sort: str) -> str:
    field = sort.removeprefix("-") or _FIRST_SORT[kind]
    if field not in FIELDS[kind]:
        raise UsageError(
            f"There is no column {field!r} to sort by.", f"Use one of {', '.join(FIELDS[kind])}."
        )
    way = " DESC" if sort.startswith("-") else ""
    plain = field in {"active", "created", "changed"}
    key = field if plain else f"fold({field})"
    # An absent value is last, whichever way the others go.
    last = f"{field} IS NULL" if field == "active" else f"{field} = ''"
    return f"{last}, {key}{way}, n"
