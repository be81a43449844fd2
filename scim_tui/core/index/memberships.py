"""Memberships as pairs of row numbers; unknown until one pass over all groups has ended.

Number 0 stands for a member that is not among the rows, so that its group does not count as empty.
"""

import sqlite3
from collections.abc import Iterable

from scim_tui.core.index.api import Index
from scim_tui.core.index.passes import MEMBERS

AS_OF = f"as_of:{MEMBERS}"


def put_members(db: sqlite3.Connection, pairs: Iterable[tuple[str, str]], sweep: int) -> None:
    """Store pairs of group id and user id."""
    db.executemany(
        "INSERT OR REPLACE INTO members VALUES"
        " (ifnull((SELECT n FROM Groups WHERE id=?), 0),"
        " ifnull((SELECT n FROM Users WHERE id=?), 0), ?)",
        [(group, user, sweep) for group, user in pairs],
    )


def put_walked(db: sqlite3.Connection, ids: Iterable[str], sweep: int) -> None:
    """Record the ids of the groups or users whose memberships a pass has read."""
    rows = ((sweep, each) for each in ids)
    db.executemany("INSERT OR IGNORE INTO walked VALUES (?, ?)", rows)


def count_walked(index: Index, sweep: int) -> int:
    """Of how many groups or users the pass has read the memberships, each counted once."""
    with index.connections.reading() as db:
        sql = "SELECT count(*) FROM walked WHERE pass=?"
        return 0 if db is None else int(db.execute(sql, (sweep,)).fetchone()[0])


def groups_after(index: Index, group_id: str, count: int) -> list[str]:
    """The next ids of groups, in the order of ids."""
    with index.connections.reading() as db:
        if db is None:
            return []
        sql = "SELECT id FROM Groups WHERE id > ? AND NOT gone ORDER BY id LIMIT ?"
        return [each for (each,) in db.execute(sql, (group_id, count))]


def finish_members(index: Index, sweep: int) -> None:
    """End a full pass: delete the memberships it did not see."""
    with index.connections.writing() as db:
        if db is not None:
            db.execute("DELETE FROM members WHERE sweep < ?", (sweep,))
    index.remember(AS_OF, index.now().isoformat())
