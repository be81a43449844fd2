"""The rows of a directory on disk, so that they can be filtered and sorted without the server.

The module `update` has what a pass writes, `search` how rows are found, `text_index` what makes
that fast.
"""

# ruff: noqa: S608 - names of tables and columns are our own; values are parameters

import sqlite3
from array import array
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from scim_tui.core.index.connection import DamagedIndex, IndexConnections
from scim_tui.core.index.history import changes, history
from scim_tui.core.index.results import FieldChange, RowChange
from scim_tui.core.index.rows import by_id, keep_setting, rows_of, setting_of
from scim_tui.core.index.search import find, first
from scim_tui.core.index.sql import SearchQuery
from scim_tui.core.index.text_index import Builder, is_fresh
from scim_tui.core.index.update import clear_all, finish_pass, put_rows
from scim_tui.model.clock import utc_now
from scim_tui.model.directory import Kind, Row
from scim_tui.model.errors import UsageError


class Index:
    """The rows by kind. After `close` it has no rows."""

    def __init__(self, file: Path | None = None, now: Callable[[], datetime] = utc_now) -> None:
        self.connections = IndexConnections(file)
        self.now = now
        self._building = Builder()

    def put(self, kind: Kind, rows: Iterable[Row], sweep: int = 0) -> int:
        """Add or replace rows; returns how many are new. `sweep` is the number of the pass."""
        with self.connections.writing() as db:
            return 0 if db is None else put_rows(db, kind, list(rows), sweep, self.now())

    def finish(self, kind: Kind, sweep: int) -> int:
        """End a full pass: remove the rows it did not see; return how many."""
        with self.connections.writing() as db:
            return 0 if db is None else finish_pass(db, kind, sweep, self.now())

    def count(self, kind: Kind) -> int:
        """How many rows there are; read from the settings, not counted."""
        return int(self.setting(f"count:{kind}") or 0)

    def seen(self, kind: Kind, sweep: int) -> int:
        """How many rows were seen since this pass began, including those removed since."""
        with self.connections.reading() as db:
            sql = f"SELECT count(*) FROM {kind} WHERE sweep >= ?"
            return 0 if db is None else int(db.execute(sql, (sweep,)).fetchone()[0])

    def setting(self, key: str) -> str:
        """A text that `remember` stored; empty: there is none."""
        with suppress(DamagedIndex), self.connections.reading() as db:
            return "" if db is None else setting_of(db, key)
        return ""

    def remember(self, key: str, value: str) -> None:
        """Store a text under a key."""
        with self.connections.writing() as db:
            if db is not None:
                keep_setting(db, key, value)

    def find(self, kind: Kind, text: str, sort: str) -> "array[int]":
        """Numbers of the matching rows, in order; "-" before the sort field reverses the order.

        Raises `UsageError` when there is no such field.
        """
        question = SearchQuery.read(kind, text, sort, self.now())
        with self.connections.one_state("finder") as db:
            if db is None:
                return array("I")
            _require_members(question, db)
            return find(db, question)

    def first(self, kind: Kind, text: str, sort: str, count: int) -> tuple["array[int]", bool]:
        """The first numbers that `find` gives, and whether they are all. Raises `UsageError`."""
        question = SearchQuery.read(kind, text, sort, self.now())
        with self.connections.one_state("first") as db:
            if db is None:
                return array("I"), True
            _require_members(question, db)
            found, whole = first(db, question, count)
            # Read now: they are painted next, on the event loop, which must not wait for the disk.
            rows_of(db, kind, found)
            return found, whole

    def number(self, kind: Kind, resource_id: str) -> int | None:
        """The number of the row with this id, or None."""
        with suppress(DamagedIndex), self.connections.reading() as db:
            if db is not None:
                sql = f"SELECT n FROM {kind} WHERE id = ? AND NOT gone"
                found = db.execute(sql, (resource_id,)).fetchone()
                return None if found is None else int(found[0])
        return None

    def numbers(self, kind: Kind, ids: Sequence[str]) -> list[int]:
        """The numbers of the rows with these ids, in no order."""
        with suppress(DamagedIndex), self.connections.reading() as db:
            found = {} if db is None else by_id(db, kind, ids)
            return [number for number, *_ in found.values()]
        return []

    def rows(self, kind: Kind, numbers: Sequence[int]) -> list[Row]:
        """The rows with these numbers, in this order."""
        with suppress(DamagedIndex), self.connections.reading() as db:
            return [] if db is None else rows_of(db, kind, numbers)
        return []

    def history(self, kind: Kind, resource_id: str) -> list[FieldChange]:
        """What differed between passes for one resource, newest first."""
        with self.connections.reading() as db:
            return [] if db is None else history(db, kind, resource_id)

    def changes(self, kind: Kind, since: datetime, until: datetime) -> list[RowChange]:
        """What differed between the passes of that time, oldest first."""
        with self.connections.reading("counter") as db:
            return [] if db is None else changes(db, kind, since, until)

    def build(self, kind: Kind) -> None:
        """Build the text index of the present rows; searches can run meanwhile."""
        with self.connections.reading("builder") as db:
            if db is None:
                return
            try:
                self._building.build(db, self.connections.writing, kind)
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            except sqlite3.OperationalError:
                if not self._building.stop:
                    raise

    def fresh(self, kind: Kind) -> bool:
        """Whether there is a text index, and few rows changed since it was built."""
        with self.connections.reading() as db:
            return db is None or is_fresh(db, kind, int(setting_of(db, f"count:{kind}") or 0))

    def clear(self) -> None:
        """Delete all rows and the recorded changes."""
        with self.connections.writing() as db:
            if db is None:
                return
            clear_all(db)
        with self.connections.reading("builder") as db:
            if db is not None:
                db.execute("VACUUM")
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Stop a build that runs, and close the file."""
        self._building.stop = True
        self.connections.close()


def _require_members(question: SearchQuery, db: sqlite3.Connection) -> None:
    """Raise `UsageError` for a search by what was not listed yet: memberships, access."""
    if question.needs_access and not setting_of(db, "as_of:access"):
        raise UsageError("Who has access to what is not known yet.", "Run: scim-tui access crawl")
    if question.needs_members and not setting_of(db, "as_of:members"):
        raise UsageError("Who is in which group is not known yet.", "List the memberships first.")
