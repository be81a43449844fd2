"""What a pass writes: the rows it sees, and at its end the removal of those it did not see.

Every row has the number of the newest pass that had begun when it was seen, even if another process
runs that pass. So a pass that ends removes only rows that no pass has seen since it began.
"""

# ruff: noqa: S608 - names of tables and columns are our own; values are parameters

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from scim_tui.core.index.file import ACCESS_TABLES
from scim_tui.core.index.history import forget_old, note_changes, note_gone
from scim_tui.core.index.order import numbers_of
from scim_tui.core.index.rows import (
    by_id,
    highest,
    is_same,
    keep_setting,
    kept,
    see,
    setting_of,
    upsert,
)
from scim_tui.core.index.text_index import builds
from scim_tui.model.directory import Kind, Row


def put_rows(
    db: sqlite3.Connection, kind: Kind, rows: Sequence[Row], sweep: int, now: datetime
) -> int:
    """Add or replace rows; return how many are new. `sweep` is the number of this pass."""
    newest = db.execute("SELECT max(id) FROM passes").fetchone()[0] or 0
    sweep = max(newest, sweep)
    try:
        new = _put(db, kind, rows, sweep, now)
    except UnicodeEncodeError:
        new = _put(db, kind, list(map(kept, rows)), sweep, now)
    add_count(db, kind, new)
    return new


def _put(db: sqlite3.Connection, kind: Kind, rows: Sequence[Row], sweep: int, now: datetime) -> int:
    if setting_of(db, f"as_of:{kind}"):
        return _compare(db, kind, rows, sweep, now)
    # Before a first pass has ended there is nothing to compare with.
    most = highest(db, kind)
    upsert(db, kind, rows, sweep)
    _mark(db, kind, rows)
    return highest(db, kind) - most


def _compare(
    db: sqlite3.Connection, kind: Kind, rows: Sequence[Row], sweep: int, now: datetime
) -> int:
    """Write only the rows that differ, and record the differences."""
    before = by_id(db, kind, [row.id for row in rows])
    wanted = {row.id: row for row in rows}.values()
    changed = [row for row in wanted if not is_same(before.get(row.id), row)]
    differ = {row.id for row in changed}
    see(db, kind, [n for each, (n, *_) in before.items() if each not in differ], sweep)
    upsert(db, kind, changed, sweep)
    _mark(db, kind, changed)
    note_changes(db, kind, before, changed, now)
    return sum(1 for row in changed if row.id not in before or before[row.id][2])


def _mark(db: sqlite3.Connection, kind: Kind, rows: Sequence[Row]) -> None:
    """List rows in `_dirty`, as the text index has their old values."""
    if rows and builds(db, kind):
        stamp = _next_stamp(db, kind)
        sql = f"INSERT OR REPLACE INTO {kind}_dirty SELECT n, ? FROM {kind} WHERE id=?"
        db.executemany(sql, [(stamp, row.id) for row in rows])


def finish_pass(db: sqlite3.Connection, kind: Kind, sweep: int, now: datetime) -> int:
    """End a full pass: mark the rows as gone that no pass has seen since it began; return how many.

    They can be read until the next pass ends, for views that were made before.
    """
    # A row number may be used again: the new row must not inherit its memberships.
    side = "u" if kind is Kind.USERS else "g"
    db.execute(f"DELETE FROM members WHERE {side} IN (SELECT n FROM {kind} WHERE gone)")
    db.execute(f"DELETE FROM {kind} WHERE gone")
    unseen = f"SELECT n FROM {kind} WHERE sweep < ? AND NOT gone"
    going = numbers_of(db.execute(unseen, (sweep,)))
    if going:
        _remove(db, kind, json.dumps(going.tolist()), now)
    forget_old(db, kind, now)
    add_count(db, kind, -len(going))
    keep_setting(db, f"as_of:{kind}", now.isoformat())
    ended = int(setting_of(db, f"listings:{kind}") or 0)
    keep_setting(db, f"listings:{kind}", str(ended + 1))
    if not ended:
        keep_setting(db, f"first:{kind}", now.isoformat())
    return len(going)


def _remove(db: sqlite3.Connection, kind: Kind, numbers: str, now: datetime) -> None:
    """Mark rows as gone; the numbers are a JSON list."""
    among = "n IN (SELECT value FROM json_each(?))"
    note_gone(db, kind, numbers, now)
    if builds(db, kind):
        sql = f"INSERT OR REPLACE INTO {kind}_dirty SELECT n, ? FROM {kind} WHERE {among}"
        db.execute(sql, (_next_stamp(db, kind), numbers))
    db.execute(f"UPDATE {kind} SET gone=1 WHERE {among}", (numbers,))


def add_count(db: sqlite3.Connection, kind: Kind, more: int) -> None:
    """Update the stored number of rows, which would take long to count."""
    keep_setting(db, f"count:{kind}", str(int(setting_of(db, f"count:{kind}") or 0) + more))


def clear_all(db: sqlite3.Connection) -> None:
    """Delete all rows, passes and recorded changes."""
    for table in ("meta", "passes", "walked", "seen", "members", "strays", *ACCESS_TABLES):
        db.execute(f"DELETE FROM {table}")
    for kind in Kind:
        db.execute(f"DELETE FROM {kind}")
        db.execute(f"DELETE FROM {kind}_dirty")
        db.execute(f"DELETE FROM {kind}_text")
        db.execute(f"DELETE FROM {kind}_order")
        db.execute(f"INSERT INTO {kind}_grams ({kind}_grams) VALUES ('delete-all')")


def _next_stamp(db: sqlite3.Connection, kind: Kind) -> int:
    return int(db.execute(f"SELECT ifnull(max(stamp), 0) + 1 FROM {kind}_dirty").fetchone()[0])
