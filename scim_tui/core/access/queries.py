"""Reads from the index who has access: of one person, group, account or permission set."""

# ruff: noqa: S608 - names of tables and columns are our own; values are parameters

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from scim_tui.core.access.rows import AssignmentRow, Holding, Standing
from scim_tui.core.access.store import AS_OF
from scim_tui.core.index.memberships import AS_OF as MEMBERS_AS_OF
from scim_tui.core.index.rows import batches, setting_of
from scim_tui.model.access import PrincipalKind
from scim_tui.model.directory import Kind
from scim_tui.model.unknown_values import UNKNOWN, Count, Moment

_AT_ONCE = 200
_NAMES = " LEFT JOIN access_sets s ON s.id = a.pset LEFT JOIN access_accounts c ON c.id = a.account"
_WHAT = "a.account, ifnull(c.name, ''), a.pset, ifnull(s.name, ''), s.admin"
_DIRECT = (
    f"SELECT u.id, u.user_name, u.active, {_WHAT}, '', '', a.since FROM access_assigned a"
    f" JOIN Users u ON u.id = a.principal AND NOT u.gone{_NAMES}"
)
_OF_ITS_OWN = (
    f"SELECT u.id, u.user_name, u.active, {_WHAT}, '', '', a.since FROM Users u"
    f" CROSS JOIN access_assigned a ON a.principal = u.id{_NAMES}"
)
_THROUGH = (
    f"SELECT u.id, u.user_name, u.active, {_WHAT}, g.id, g.display_name, a.since FROM"
    " access_assigned a JOIN Groups g ON g.id = a.principal AND NOT g.gone"
    f" JOIN members m ON m.g = g.n JOIN Users u ON u.n = m.u AND NOT u.gone{_NAMES}"
)
_OF_ONE = (
    f"SELECT u.id, u.user_name, u.active, {_WHAT}, g.id, g.display_name, a.since FROM Users u"
    " CROSS JOIN members m ON m.u = u.n CROSS JOIN Groups g ON g.n = m.g AND NOT g.gone"
    f" CROSS JOIN access_assigned a ON a.principal = g.id{_NAMES}"
)


def holdings_of(db: sqlite3.Connection, user_id: str) -> list[Holding]:
    """Every way in which one person has access; of one who is gone, every way that they had."""
    found = [
        *db.execute(f"{_OF_ITS_OWN} WHERE u.id = ?", (user_id,)),
        *db.execute(f"{_OF_ONE} WHERE u.id = ?", (user_id,)),
    ]
    return sorted(map(_holding, found), key=_place)


def holdings(
    db: sqlite3.Connection, *, account: str = "", pset: str = "", group: str = ""
) -> Iterator[Holding]:
    """Every way in which anyone has access; in one account, with one set, or through one group."""
    terms = {"a.account = ?": account, "a.pset = ?": pset, "a.principal = ?": group}
    chosen = {sql: value for sql, value in terms.items() if value}
    where = f" WHERE {' AND '.join(chosen)}" if chosen else ""
    sql = f"{_DIRECT}{where} UNION ALL {_THROUGH}{where}"
    for some in batches(db.execute(sql, (*chosen.values(), *chosen.values())), _AT_ONCE):
        yield from map(_holding, some)


def assignments(
    db: sqlite3.Connection, *, account: str = "", pset: str = "", principal: str = ""
) -> Iterator[AssignmentRow]:
    """The assignments with their names, by account and set."""
    terms = {"a.account = ?": account, "a.pset = ?": pset, "a.principal = ?": principal}
    chosen = {sql: value for sql, value in terms.items() if value}
    where = f" WHERE {' AND '.join(chosen)}" if chosen else ""
    members = bool(setting_of(db, MEMBERS_AS_OF))
    sql = (
        f"SELECT {_WHAT}, a.kind, a.principal, u.n, u.user_name, u.active, g.n, g.display_name,"
        " t.principal, t.name, a.since FROM access_assigned a"
        " LEFT JOIN Users u ON u.id = a.principal AND NOT u.gone"
        " LEFT JOIN Groups g ON g.id = a.principal AND NOT g.gone"
        f" LEFT JOIN access_strangers t ON t.principal = a.principal{_NAMES}{where}"
        " ORDER BY ifnull(nullif(c.name, ''), a.account), a.account, ifnull(s.name, ''), a.pset,"
        " a.kind, ifnull(u.user_name, ifnull(g.display_name, ifnull(t.name, a.principal)))"
    )
    sizes: dict[int, Count] = {}
    for some in batches(db.execute(sql, tuple(chosen.values())), _AT_ONCE):
        for row in some:
            yield _assignment(db, row, members, sizes)


def moment_of(text: str) -> Moment:
    """An instant as it is kept; unknown where none is."""
    return datetime.fromisoformat(text) if text else UNKNOWN


def is_crawled(db: sqlite3.Connection) -> bool:
    """Whether one crawl has ended."""
    return bool(setting_of(db, AS_OF))


def ids_named(db: sqlite3.Connection, table: str, name: str) -> list[tuple[str, str]]:
    """The ids, with names, of what has this id, else of what has this name, ignoring case."""
    column = {Kind.USERS: "user_name", Kind.GROUPS: "display_name"}.get(table, "name")  # type: ignore[call-overload]
    living = " AND NOT gone" if table in {kind.value for kind in Kind} else ""
    for condition in ("id = ?", f"{column} = ? COLLATE NOCASE"):
        sql = f"SELECT id, {column} FROM {table} WHERE {condition}{living} LIMIT 6"
        if found := db.execute(sql, (name,)).fetchall():
            return [(str(each), str(called)) for each, called in found]
    return []


def _holding(row: tuple[Any, ...]) -> Holding:
    user, name, active, account, account_name, pset, set_name, admin, group, called, since = row
    return Holding(
        user,
        name,
        None if active is None else bool(active),
        account,
        account_name,
        pset,
        set_name,
        None if admin is None else bool(admin),
        group,
        called,
        moment_of(since),
    )


def _place(holding: Holding) -> tuple[str, ...]:
    return (
        holding.account_name or holding.account_id,
        holding.account_id,
        holding.set_name,
        holding.group_name,
    )


def _assignment(
    db: sqlite3.Connection, row: tuple[Any, ...], members: bool, sizes: dict[int, Count]
) -> AssignmentRow:
    *what, kind, principal, user, user_name, active, group, group_name, asked, name, since = row
    account, account_name, pset, set_name, admin = what
    standing = Standing.UNKNOWN
    if user is not None or group is not None:
        standing = Standing.LISTED
    elif asked is not None:
        standing = Standing.DELETED if name is None else Standing.ELSEWHERE
    people: Count = UNKNOWN
    if kind == PrincipalKind.USER:
        people = 0 if standing is Standing.DELETED else 1
    elif group is not None and members:
        people = _size(db, group, sizes)
    elif standing is Standing.DELETED:
        people = 0
    return AssignmentRow(
        account,
        account_name,
        pset,
        set_name,
        None if admin is None else bool(admin),
        PrincipalKind(kind),
        principal,
        user_name or group_name or name or "",
        standing,
        None if active is None else bool(active),
        people,
        moment_of(since),
    )


def _size(db: sqlite3.Connection, group: int, sizes: dict[int, Count]) -> Count:
    """How many members a group has; unknown where some are not among the listed users."""
    if group not in sizes:
        sql = "SELECT count(*), ifnull(min(u), 1) FROM members WHERE g = ?"
        count, least = db.execute(sql, (group,)).fetchone()
        sizes[group] = int(count) if least else UNKNOWN
    return sizes[group]
