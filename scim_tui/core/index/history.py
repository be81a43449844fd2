"""The changes that passes found: rows added, removed, disabled, changed. Kept for 400 days."""

# ruff: noqa: S608 - names of tables and columns are our own; values are parameters

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from scim_tui.core.index.file import FIELDS
from scim_tui.core.index.results import FieldChange, Happened, RowChange
from scim_tui.model.directory import Kind, Row

KEPT = timedelta(days=400)
_NAME = {Kind.USERS: "user_name", Kind.GROUPS: "display_name"}
_SILENT = frozenset({"id", "changed"})
"""Not recorded: `meta.lastModified` changes with every write."""
_INSERT = "INSERT INTO seen VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
Before = Mapping[str, tuple[int, Row, bool]]


def note_changes(
    db: sqlite3.Connection, kind: Kind, before: Before, rows: Sequence[Row], now: datetime
) -> None:
    """Record how these rows differ from those of the previous pass."""
    at, noted = stamp(now), []
    for row in rows:
        name = str(getattr(row, _NAME[kind]))
        old = before.get(row.id)
        if old is None or old[2]:
            noted.append((kind, row.id, name, Happened.CAME, "", "", "", at))
            continue
        for field, was, is_now in zip(FIELDS[kind], old[1], row, strict=True):
            if was != is_now and field not in _SILENT:
                off = field == "active" and bool(was) and is_now is False
                what = Happened.DISABLED if off else Happened.CHANGED
                noted.append((kind, row.id, name, what, field, _word(was), _word(is_now), at))
    db.executemany(_INSERT, noted)


def note_gone(db: sqlite3.Connection, kind: Kind, numbers: str, now: datetime) -> None:
    """Record rows that are about to be removed; the numbers are a JSON list."""
    db.execute(
        f"INSERT INTO seen SELECT ?, id, {_NAME[kind]}, ?, '', '', '', ? FROM {kind}"
        " WHERE n IN (SELECT value FROM json_each(?))",
        (kind, Happened.WENT, stamp(now), numbers),
    )


def forget_old(db: sqlite3.Connection, kind: Kind, now: datetime) -> None:
    """Delete entries older than `KEPT`."""
    db.execute("DELETE FROM seen WHERE kind = ? AND at < ?", (kind, stamp(now - KEPT)))


def history(db: sqlite3.Connection, kind: Kind, resource_id: str) -> list[FieldChange]:
    """What differed between passes for one resource, newest first."""
    sql = (
        "SELECT at, field, was, now, what FROM seen WHERE kind = ? AND id = ?"
        " ORDER BY at DESC, rowid DESC"
    )
    return [
        FieldChange(datetime.fromisoformat(at), field, was, now, Happened(what))
        for at, field, was, now, what in db.execute(sql, (kind, resource_id))
    ]


def changes(
    db: sqlite3.Connection, kind: Kind, since: datetime, until: datetime
) -> list[RowChange]:
    """What differed between the passes of that time, oldest first."""
    sql = (
        "SELECT id, name, what, at, field, was, now FROM seen"
        " WHERE kind = ? AND at >= ? AND at <= ? ORDER BY at, rowid"
    )
    found = db.execute(sql, (kind, stamp(since), stamp(until)))
    return [
        RowChange(kind, each, name, Happened(what), datetime.fromisoformat(at), field, was, now)
        for each, name, what, at, field, was, now in found
    ]


def stamp(at: datetime) -> str:
    """The time as a text of fixed length, so that texts sort as times do."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


def _word(value: object) -> str:
    if value is None:
        return "unknown"
    return value if isinstance(value, str) else "yes" if value else "no"
