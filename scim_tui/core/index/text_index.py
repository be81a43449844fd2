"""The text index, which makes searching and sorting fast; it is built after a pass.

Table `_text` has the searchable text of each row, numbered in the default order; `_grams` has its
trigrams under the same numbers. So the first matching rows are found without sorting. `_order` has
the row numbers in the order of every field, four bytes each, and the flags of `bitmasks`. Rows that
change later are listed in `_dirty`, and are compared one by one until the next build.
"""

# ruff: noqa: S608 - names of tables and columns are our own; values are parameters

import os
import secrets
import sqlite3
import sys
import time
from array import array
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from scim_tui.core.index.bitmasks import Flags
from scim_tui.core.index.file import FIELDS, text_tables
from scim_tui.core.index.rows import batches
from scim_tui.core.index.sql import FIRST_SORT, absent_of, haystack_of, key_of, order_of
from scim_tui.model.directory import Kind

CHUNK = 65_536
"""Row numbers in one record of an order."""
MOST_DIRTY = 1_000
"""Changed rows that a search compares one by one; if there are more, it compares all rows."""
_BATCH = 1_000
_LEASE = 60.0
"""Seconds after the last progress of a process that builds, until another may build."""
_PAD = "\n\n"
"""Appended to a text, so that its last two letters also begin a trigram."""
Writing = Callable[[], AbstractContextManager[sqlite3.Connection | None]]


def builds(db: sqlite3.Connection, kind: Kind) -> bool:
    """Whether there is a text index, or one is being built."""
    sql = "SELECT 1 FROM meta WHERE key IN (?, ?) LIMIT 1"
    return db.execute(sql, (f"text:{kind}", f"building:{kind}")).fetchone() is not None


def is_usable(db: sqlite3.Connection, kind: Kind) -> bool:
    """Whether there is a text index, and few rows changed since it was built."""
    if not db.execute("SELECT 1 FROM meta WHERE key=?", (f"text:{kind}",)).fetchone():
        return False
    return dirty_count(db, kind) <= MOST_DIRTY


def dirty_count(db: sqlite3.Connection, kind: Kind) -> int:
    """How many rows changed since the text index was built, counted up to one above the limit."""
    sql = f"SELECT count(*) FROM (SELECT 1 FROM {kind}_dirty LIMIT {MOST_DIRTY + 1})"
    return int(db.execute(sql).fetchone()[0])


def dirty(db: sqlite3.Connection, kind: Kind) -> frozenset[int]:
    """The numbers of those rows."""
    return frozenset(n for (n,) in db.execute(f"SELECT n FROM {kind}_dirty"))


def is_fresh(db: sqlite3.Connection, kind: Kind, rows: int) -> bool:
    """Whether so few rows changed that another build would hardly make searches faster."""
    if rows <= MOST_DIRTY or dirty_count(db, kind) <= min(MOST_DIRTY // 4, rows // 100):
        return rows <= MOST_DIRTY or is_usable(db, kind)
    return False


class Builder:
    """Builds text indexes for this process; ends soon after `stop` is set."""

    def __init__(self) -> None:
        self.stop = False
        self._me = f"{os.getpid()}.{secrets.token_hex(4)}"

    def build(self, reader: sqlite3.Connection, writing: Writing, kind: Kind) -> None:
        """Build a new text index, and replace the old one with it."""
        if not self._take(writing, kind):
            return
        # Rows that change from here on get a higher stamp, so writers need not wait.
        top = reader.execute(f"SELECT ifnull(max(stamp), 0) FROM {kind}_dirty").fetchone()[0]
        held = self._texts(reader, writing, kind)
        flags = Flags(kind, len(held) - 1)
        flags.read(reader)
        for field in FIELDS[kind]:
            self._order(reader, writing, kind, field, held, flags)
        for name, data in flags.packed().items():
            _write(writing, kind, name, 0, data)
        if not self.stop:
            _publish(writing, kind, top)

    def _take(self, writing: Writing, kind: Kind) -> bool:
        with writing() as db:
            if db is None:
                return False
            key = f"building:{kind}"
            found = db.execute("SELECT value FROM meta WHERE key=?", (key,)).fetchone()
            owner, _, beat = (found[0] if found else " 0").partition(" ")
            if owner not in {"", self._me} and time.time() - float(beat) < _LEASE:
                return False
            self._beat(db, kind)
            for ending in ("text", "grams", "order"):
                db.execute(f"DROP TABLE IF EXISTS {kind}_{ending}_new")
            for statement in text_tables(kind, "_new"):
                db.execute(statement)
        return True

    def _beat(self, db: sqlite3.Connection, kind: Kind) -> None:
        db.execute(
            "INSERT OR REPLACE INTO meta VALUES (?, ?)",
            (f"building:{kind}", f"{self._me} {time.time()}"),
        )

    def _texts(self, reader: sqlite3.Connection, writing: Writing, kind: Kind) -> bytearray:
        """Write the texts; returns for each row number 1 where there is a text, else 0."""
        most = reader.execute(f"SELECT ifnull(max(n), 0) FROM {kind}").fetchone()[0]
        held, place = bytearray(most + 1), 0
        numbers = array("I", (n for n, *_ in self._ordered(reader, kind, FIRST_SORT[kind], "0")))
        for start in range(0, len(numbers), _BATCH):
            if self.stop:
                break
            batch = numbers[start : start + _BATCH].tolist()
            texts = _haystacks(reader, kind, batch)
            there = [n for n in batch if n in texts and n <= most]
            rows = [(place + at, n, texts[n]) for at, n in enumerate(there, 1)]
            place += len(rows)
            for n in there:
                held[n] = 1
            with writing() as db:
                if db is not None:
                    db.executemany(f"INSERT INTO {kind}_text_new VALUES (?, ?, ?)", rows)
                    grams = [(at, text + _PAD) for at, _, text in rows]
                    sql = f"INSERT INTO {kind}_grams_new (rowid, haystack) VALUES (?, ?)"
                    db.executemany(sql, grams)
                    self._beat(db, kind)
        return held

    def _order(
        self,
        reader: sqlite3.Connection,
        writing: Writing,
        kind: Kind,
        field: str,
        held: bytearray,
        flags: Flags,
    ) -> None:
        """Write the row numbers in the order of a field, and note neighbours with one value."""
        twins = flags.twins(field)
        numbers, present, last = array("I"), 0, None
        for n, absent, value in self._ordered(reader, kind, field, key_of(field) if twins else "0"):
            if n >= len(held) or not held[n]:
                continue
            if twins and value == last and not absent:
                twins(numbers[-1], n)
            numbers.append(n)
            present, last = present + (not absent), value
        _write(writing, kind, f"{field} present", 0, packed(array("I", [present])))
        for start in range(0, len(numbers), CHUNK):
            some = packed(numbers[start : start + CHUNK])
            _write(writing, kind, field, start // CHUNK, some)

    def _ordered(
        self, reader: sqlite3.Connection, kind: Kind, field: str, value: str
    ) -> Iterator[tuple[int, int, str | int]]:
        """Number, whether the field is empty, and a value, of every row in the order of a field."""
        absent = absent_of(field)
        found = reader.execute(
            f"SELECT u.n, {absent}, {value} FROM {kind} u WHERE NOT u.gone"
            f" ORDER BY {order_of(field)}"
        )
        for some in batches(found, _BATCH):
            if self.stop:
                break
            yield from some
        found.close()


def _haystacks(reader: sqlite3.Connection, kind: Kind, numbers: list[int]) -> dict[int, str]:
    marks = ",".join("?" * len(numbers))
    sql = f"SELECT u.n, {haystack_of(kind)} FROM {kind} u WHERE u.n IN ({marks})"
    return dict(reader.execute(sql, numbers).fetchall())


def _write(writing: Writing, kind: Kind, field: str, chunk: int, data: bytes) -> None:
    with writing() as db:
        if db is not None:
            sql = f"INSERT INTO {kind}_order_new VALUES (?, ?, ?)"
            db.execute(sql, (field, chunk, data))


def packed(numbers: "array[int]") -> bytes:
    """The numbers as four bytes each, little-endian."""
    if sys.byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    return numbers.tobytes()


def unpacked(data: bytes) -> "array[int]":
    """The numbers that `packed` wrote."""
    numbers = array("I", data)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def _publish(writing: Writing, kind: Kind, top: int) -> None:
    with writing() as db:
        if db is None:
            return
        for name in ("text", "grams", "order"):
            db.execute(f"DROP TABLE {kind}_{name}")
            db.execute(f"ALTER TABLE {kind}_{name}_new RENAME TO {kind}_{name}")
        db.execute(f"DELETE FROM {kind}_dirty WHERE stamp <= ?", (top,))
        db.execute("INSERT OR REPLACE INTO meta VALUES (?, '1')", (f"text:{kind}",))
        db.execute("DELETE FROM meta WHERE key=?", (f"building:{kind}",))
