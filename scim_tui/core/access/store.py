"""What a crawl writes into the index: permission sets, accounts, assignments, and its own progress.

Every assignment carries the number of the newest crawl that saw it. A crawl that ends removes what
no crawl has seen since it began, so the rows of the crawl before are readable until then.
"""

# ruff: noqa: S608 - names of tables and columns are our own; values are parameters

import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from scim_tui.core.base.timeslice import giving_way
from scim_tui.core.index.api import Index
from scim_tui.core.index.passes import Pass, note
from scim_tui.core.index.rows import keep_setting, setting_of
from scim_tui.model.access import Assignment, AwsAccount, PermissionSet

ACCESS = "access"
"""The pass over assignments, beside those named by a kind."""
AS_OF = f"as_of:{ACCESS}"
NAMES = "access:names"
"""The key of why accounts have no names; empty: they have."""
_BATCH = 500


class Work(NamedTuple):
    """One step of a crawl."""

    set_id: str
    account_id: str
    """Empty: the permission set itself and its accounts."""


def put_work(index: Index, sweep: Pass, sets: Iterable[str]) -> None:
    """Note the permission sets that a crawl has to go through; from then on it can resume."""
    with index.connections.writing() as db:
        if db is not None:
            rows = [(sweep.id, each) for each in sets]
            db.executemany("INSERT OR IGNORE INTO access_work VALUES (?, ?, '', 0)", rows)
            note(db, sweep)


def next_work(index: Index, sweep: int, count: int, *, sets: bool) -> list[Work]:
    """The next steps that are not done."""
    what = "account = ''" if sets else "account <> ''"
    sql = f"SELECT pset, account FROM access_work WHERE pass = ? AND NOT done AND {what} LIMIT ?"
    with index.connections.reading() as db:
        return [] if db is None else [Work(*row) for row in db.execute(sql, (sweep, count))]


def work_counts(index: Index, sweep: int) -> tuple[int, int]:
    """How many steps are done, and how many are known."""
    sql = "SELECT ifnull(sum(done), 0), count(*) FROM access_work WHERE pass = ?"
    with index.connections.reading() as db:
        return (0, 0) if db is None else tuple(map(int, db.execute(sql, (sweep,)).fetchone()))  # type: ignore[return-value]


def put_sets(
    index: Index, sweep: Pass, found: Sequence[tuple[PermissionSet, Sequence[str]]]
) -> None:
    """Keep permission sets, and the accounts of each as further steps."""
    with index.connections.writing() as db:
        if db is None:
            return
        for each, accounts in giving_way(found):
            db.execute(
                "INSERT INTO access_sets VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
                " name=excluded.name, description=excluded.description, session=excluded.session,"
                " admin=excluded.admin, sweep=max(sweep, excluded.sweep)",
                (*each, sweep.id),
            )
            rows = [(sweep.id, each.id, account) for account in accounts]
            db.executemany("INSERT OR IGNORE INTO access_work VALUES (?, ?, ?, 0)", rows)
            known = [(account,) for account in accounts]
            db.executemany("INSERT OR IGNORE INTO access_accounts VALUES (?, '', '', '')", known)
        _done(db, sweep, [Work(each.id, "") for each, _ in found])


def put_assignments(
    index: Index, sweep: Pass, work: Sequence[Work], found: Sequence[Assignment]
) -> None:
    """Keep the assignments of these steps, which are done with that."""
    with index.connections.writing() as db:
        if db is None:
            return
        since = index.now().isoformat() if setting_of(db, AS_OF) else ""
        rows = [
            (each.principal_id, each.account_id, each.set_id, each.kind.value, since, sweep.id)
            for each in found
        ]
        for start in giving_way(range(0, len(rows), _BATCH)):
            db.executemany(
                "INSERT INTO access_assigned VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT"
                " (principal, account, pset) DO UPDATE SET sweep=max(sweep, excluded.sweep)",
                rows[start : start + _BATCH],
            )
        _done(db, sweep, work)


def put_accounts(index: Index, accounts: Iterable[AwsAccount]) -> None:
    """Keep the names of accounts."""
    rows = [tuple(each) for each in accounts]
    with index.connections.writing() as db:
        if db is not None:
            db.executemany("INSERT OR REPLACE INTO access_accounts VALUES (?, ?, ?, ?)", rows)


def strangers(index: Index) -> list[tuple[str, str]]:
    """The principals of assignments that are not among the listed users and groups: kind, id."""
    with index.connections.reading("counter") as db:
        if db is None:
            return []
        return db.execute(
            "SELECT DISTINCT a.kind, a.principal FROM access_assigned a WHERE NOT EXISTS"
            " (SELECT 1 FROM Users u WHERE u.id = a.principal AND NOT u.gone) AND NOT EXISTS"
            " (SELECT 1 FROM Groups g WHERE g.id = a.principal AND NOT g.gone)"
        ).fetchall()


def put_strangers(index: Index, found: Iterable[tuple[str, str | None]]) -> None:
    """Replace what is known of principals that are not listed; no name: it does not exist."""
    rows = list(found)
    with index.connections.writing() as db:
        if db is not None:
            db.execute("DELETE FROM access_strangers")
            db.executemany("INSERT OR REPLACE INTO access_strangers VALUES (?, ?)", rows)


def finish(index: Index, sweep: int) -> None:
    """End a crawl: assignments and sets that no crawl saw since it began are gone."""
    with index.connections.writing() as db:
        if db is None:
            return
        for table in ("access_assigned", "access_sets"):
            db.execute(f"DELETE FROM {table} WHERE sweep < ?", (sweep,))
        db.execute("DELETE FROM access_work WHERE pass <= ?", (sweep,))
        keep_setting(db, AS_OF, index.now().isoformat())


def forget_work(index: Index, sweep: int) -> None:
    """Delete the steps of a crawl that has to start again."""
    with index.connections.writing() as db:
        if db is not None:
            db.execute("DELETE FROM access_work WHERE pass = ?", (sweep,))


def _done(db: sqlite3.Connection, sweep: Pass, work: Sequence[Work]) -> None:
    rows = [(sweep.id, each.set_id, each.account_id) for each in work]
    db.executemany("UPDATE access_work SET done=1 WHERE pass=? AND pset=? AND account=?", rows)
    done = "SELECT sum(done) FROM access_work WHERE pass=?"
    count = int(db.execute(done, (sweep.id,)).fetchone()[0] or 0)
    note(db, Pass(sweep.id, sweep.cursor, loaded=count))
