"""The rows of a directory, kept for filtering and sorting without asking the server again.

What a pass writes, and rows by number; `index_find` searches, `index_text` makes it fast. Every
row carries the number of the newest pass that had begun when it was seen, whoever's pass that was:
so a pass that ends removes only what nobody has seen since it began, also beside another process.
"""

# ruff: noqa: S608 - names of tables and columns are our own; values are parameters

import json
import sqlite3
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from scim_tui.core.base.clock import utc_now
from scim_tui.core.index.connection import Damaged, Opened
from scim_tui.core.index.file import FIELDS
from scim_tui.core.index.history import changes, forget_old, history, note_changes, note_gone
from scim_tui.core.index.order import numbers_of
from scim_tui.core.index.results import Change, Seen
from scim_tui.core.index.rows import (
    by_id,
    highest,
    is_same,
    keep_setting,
    kept,
    rows_of,
    see,
    setting_of,
    upsert,
)
from scim_tui.core.index.search import find, first
from scim_tui.core.index.sql import Question
from scim_tui.core.index.text_index import Builder, builds, is_fresh
from scim_tui.model.directory import Kind, Row
from scim_tui.model.errors import UsageError

__all__ = ["FIELDS", "Index"]


class Index(Opened):
    """Rows by kind, with the pass that saw them last. Once closed it is empty."""

    def __init__(self, file: Path | None = None, now: Callable[[], datetime] = utc_now) -> None:
        super().__init__(file)
        self.now = now
        self._building = Builder()

    def put(self, kind: Kind, rows: Iterable[Row], sweep: int = 0) -> int:
        """Add or replace rows; how many of them were new. `sweep` is the least number they get."""
        with self.writing() as db:
            return 0 if db is None else self.put_in(db, kind, list(rows), sweep)

    def put_in(self, db: sqlite3.Connection, kind: Kind, rows: Sequence[Row], sweep: int) -> int:
        """As `put`, in a transaction of the caller."""
        newest = db.execute("SELECT max(id) FROM passes").fetchone()[0] or 0
        compared = bool(setting_of(db, f"as_of:{kind}"))
        put = self._compare if compared else self._add
        try:
            new = put(db, kind, rows, max(newest, sweep))
        except UnicodeEncodeError:
            new = put(db, kind, list(map(kept, rows)), max(newest, sweep))
        add_count(db, kind, new)
        return new

    def _add(self, db: sqlite3.Connection, kind: Kind, rows: Sequence[Row], sweep: int) -> int:
        """Before a first pass ended there is nothing to compare with."""
        most = highest(db, kind)
        upsert(db, kind, rows, sweep)
        self._mark(db, kind, rows)
        return highest(db, kind) - most

    def _compare(self, db: sqlite3.Connection, kind: Kind, rows: Sequence[Row], sweep: int) -> int:
        before = by_id(db, kind, [row.id for row in rows])
        wanted = {row.id: row for row in rows}.values()
        changed = [row for row in wanted if not is_same(before.get(row.id), row)]
        differ = {row.id for row in changed}
        see(db, kind, [n for each, (n, *_) in before.items() if each not in differ], sweep)
        upsert(db, kind, changed, sweep)
        self._mark(db, kind, changed)
        note_changes(db, kind, before, changed, self.now())
        return sum(1 for row in changed if row.id not in before or before[row.id][2])

    def _mark(self, db: sqlite3.Connection, kind: Kind, rows: Sequence[Row]) -> None:
        """Remember what the text index does not hold as it is now."""
        if rows and builds(db, kind):
            stamp = _next_stamp(db, kind)
            sql = f"INSERT OR REPLACE INTO {kind}_dirty SELECT n, ? FROM {kind} WHERE id=?"
            db.executemany(sql, [(stamp, row.id) for row in rows])

    def finish(self, kind: Kind, sweep: int) -> int:
        """End a full pass: what nobody saw since it began is gone; how many that were.

        Rows of views made before stay readable until the pass after this one.
        """
        with self.writing() as db:
            if db is None:
                return 0
            # A number may be given again: nobody inherits a membership.
            side = "u" if kind is Kind.USERS else "g"
            db.execute(f"DELETE FROM members WHERE {side} IN (SELECT n FROM {kind} WHERE gone)")
            db.execute(f"DELETE FROM {kind} WHERE gone")
            going = numbers_of(
                db.execute(f"SELECT n FROM {kind} WHERE sweep < ? AND NOT gone", (sweep,))
            )
            if going:
                self._leave(db, kind, json.dumps(going.tolist()))
            forget_old(db, kind, self.now())
            add_count(db, kind, -len(going))
            keep_setting(db, f"as_of:{kind}", self.now().isoformat())
            ended = int(setting_of(db, f"listings:{kind}") or 0)
            keep_setting(db, f"listings:{kind}", str(ended + 1))
            if not ended:
                keep_setting(db, f"first:{kind}", self.now().isoformat())
            return len(going)

    def _leave(self, db: sqlite3.Connection, kind: Kind, numbers: str) -> None:
        among = "n IN (SELECT value FROM json_each(?))"
        note_gone(db, kind, numbers, self.now())
        if builds(db, kind):
            sql = f"INSERT OR REPLACE INTO {kind}_dirty SELECT n, ? FROM {kind} WHERE {among}"
            db.execute(sql, (_next_stamp(db, kind), numbers))
        db.execute(f"UPDATE {kind} SET gone=1 WHERE {among}", (numbers,))

    def count(self, kind: Kind) -> int:
        """How many rows there are, remembered."""
        return int(self.setting(f"count:{kind}") or 0)

    def seen(self, kind: Kind, sweep: int) -> int:
        """How many rows were seen since this pass began, also where another pass let them go."""
        with self.reading() as db:
            sql = f"SELECT count(*) FROM {kind} WHERE sweep >= ?"
            return 0 if db is None else int(db.execute(sql, (sweep,)).fetchone()[0])

    def setting(self, key: str) -> str:
        """A remembered text; empty: there is none."""
        with suppress(Damaged), self.reading() as db:
            return "" if db is None else setting_of(db, key)
        return ""

    def remember(self, key: str, value: str) -> None:
        """Keep a text."""
        with self.writing() as db:
            if db is not None:
                keep_setting(db, key, value)

    def find(self, kind: Kind, text: str, sort: str) -> "array[int]":
        """Numbers of the rows that match, in order; a "-" before the sort field turns it round.

        Raises `UsageError` when there is no such field.
        """
        question = Question.read(kind, text, sort, self.now())
        with self._still("finder") as db:
            if db is None:
                return array("I")
            self._check(question, db)
            return find(db, question)

    def first(self, kind: Kind, text: str, sort: str, count: int) -> tuple["array[int]", bool]:
        """The first numbers that `find` gives, and whether they are all. Raises `UsageError`."""
        question = Question.read(kind, text, sort, self.now())
        with self._still("first") as db:
            if db is None:
                return array("I"), True
            self._check(question, db)
            found, whole = first(db, question, count)
            # They are painted next, by a thread that must not wait for the disk.
            rows_of(db, kind, found)
            return found, whole

    @contextmanager
    def _still(self, which: str) -> Iterator[sqlite3.Connection | None]:
        """As `reading`, of one moment: nothing is put in another's place meanwhile."""
        with self.reading(which) as db:
            if db is None:
                yield None
                return
            db.execute("BEGIN")
            try:
                yield db
            finally:
                db.execute("ROLLBACK")

    def _check(self, question: Question, db: sqlite3.Connection) -> None:
        if question.needs_members and not setting_of(db, "as_of:members"):
            raise UsageError(
                "Who is in which group is not known yet.", "List the memberships first."
            )

    def number(self, kind: Kind, resource_id: str) -> int | None:
        """The number of the row with this id, or None."""
        with suppress(Damaged), self.reading() as db:
            if db is not None:
                sql = f"SELECT n FROM {kind} WHERE id = ? AND NOT gone"
                found = db.execute(sql, (resource_id,)).fetchone()
                return None if found is None else int(found[0])
        return None

    def numbers(self, kind: Kind, ids: Sequence[str]) -> list[int]:
        """The numbers of the rows with these ids, in no order."""
        with suppress(Damaged), self.reading() as db:
            found = {} if db is None else by_id(db, kind, ids)
            return [number for number, *_ in found.values()]
        return []

    def rows(self, kind: Kind, numbers: Sequence[int]) -> list[Row]:
        """The rows with these numbers, in this order."""
        with suppress(Damaged), self.reading() as db:
            return [] if db is None else rows_of(db, kind, numbers)
        return []

    def history(self, kind: Kind, resource_id: str) -> list[Seen]:
        """What differed between passes for one resource, newest first."""
        with self.reading() as db:
            return [] if db is None else history(db, kind, resource_id)

    def changes(self, kind: Kind, since: datetime, until: datetime) -> list[Change]:
        """What passes between two moments saw, oldest first."""
        with self.reading("counter") as db:
            return [] if db is None else changes(db, kind, since, until)

    def build(self, kind: Kind) -> None:
        """Make the text index of the rows as they are now; searches go on meanwhile."""
        with self.reading("builder") as db:
            if db is None:
                return
            try:
                self._building.build(db, self.writing, kind)
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            except sqlite3.OperationalError:
                if not self._building.stop:
                    raise

    def fresh(self, kind: Kind) -> bool:
        """Whether the text index is there, and few rows changed since it was made."""
        with self.reading() as db:
            return db is None or is_fresh(db, kind, int(setting_of(db, f"count:{kind}") or 0))

    def clear(self) -> None:
        """Forget all rows and what was seen to change."""
        with self.writing() as db:
            if db is None:
                return
            for table in ("meta", "passes", "walked", "seen", "members", "strays"):
                db.execute(f"DELETE FROM {table}")
            for kind in Kind:
                db.execute(f"DELETE FROM {kind}")
                db.execute(f"DELETE FROM {kind}_dirty")
                db.execute(f"DELETE FROM {kind}_text")
                db.execute(f"DELETE FROM {kind}_order")
                db.execute(f"INSERT INTO {kind}_grams ({kind}_grams) VALUES ('delete-all')")
        with self.reading("builder") as db:
            if db is not None:
                db.execute("VACUUM")
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Let go of the file."""
        self._building.stop = True
        super().close()


def add_count(db: sqlite3.Connection, kind: Kind, more: int) -> None:
    """Keep the number of rows, so that nobody has to count them."""
    keep_setting(db, f"count:{kind}", str(int(setting_of(db, f"count:{kind}") or 0) + more))


def _next_stamp(db: sqlite3.Connection, kind: Kind) -> int:
    return int(db.execute(f"SELECT ifnull(max(stamp), 0) + 1 FROM {kind}_dirty").fetchone()[0])
