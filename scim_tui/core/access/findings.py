"""What is dangerous or untidy about access, counted over all assignments, with the rows."""

# ruff: noqa: S608 - names of tables and columns are our own; values are parameters

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from scim_tui.core.access.queries import assignments
from scim_tui.core.access.rows import AssignmentRow, Standing
from scim_tui.core.base.timeslice import giving_way
from scim_tui.core.index.access_terms import HAS_ACCESS
from scim_tui.core.index.memberships import AS_OF as MEMBERS_AS_OF
from scim_tui.core.index.rows import setting_of
from scim_tui.model.access import PrincipalKind
from scim_tui.model.directory import Kind
from scim_tui.model.unknown_values import UNKNOWN, Count


class FindingRow(NamedTuple):
    """One case of a finding."""

    name: str
    """Of the user, group, set or account; empty: not known."""
    id: str
    detail: str = ""
    """What makes it a case: where, or how many."""


@dataclass(frozen=True, slots=True)
class AccessFinding:
    """One kind of case, with all of them."""

    code: str
    title: str
    fix: str
    """What to do about it."""
    count: Count
    """Unknown: what it needs was not listed."""
    rows: tuple[FindingRow, ...] = ()
    problem: bool = True
    """Whether it should be put right; else it is only worth a look."""


def access_findings(db: sqlite3.Connection) -> list[AccessFinding]:
    """All findings, those included that have no case."""
    rows = list(assignments(db))
    listed = all(setting_of(db, f"as_of:{kind}") for kind in Kind)
    members = bool(setting_of(db, MEMBERS_AS_OF))
    return [
        _disabled(db, known=listed and members),
        _deleted(rows, known=listed),
        _empty_groups(rows, known=members),
        _unused_sets(db, rows, known=members),
        _direct(rows),
        _administrators(db, rows, known=members),
    ]


def _disabled(db: sqlite3.Connection, *, known: bool) -> AccessFinding:
    sql = (
        "SELECT u.user_name, u.id FROM Users u WHERE u.active IS 0 AND NOT u.gone"
        f" AND {HAS_ACCESS[Kind.USERS]} ORDER BY u.user_name"
    )
    found = [FindingRow(name, each) for name, each in db.execute(sql)] if known else []
    return _finding(
        "access.disabled",
        "disabled people who still hold access",
        "Remove their memberships and assignments: scim-tui users leavers",
        found,
        known=known,
    )


def _deleted(rows: Sequence[AssignmentRow], *, known: bool) -> AccessFinding:
    found = [
        FindingRow("", row.principal_id, f"{row.kind}, {_where(row)}")
        for row in rows
        if row.standing is Standing.DELETED
    ]
    unsure = any(row.standing is Standing.UNKNOWN for row in rows)
    return _finding(
        "access.deleted",
        "assignments of deleted users and groups",
        "Delete the assignment: aws sso-admin delete-account-assignment",
        found,
        known=known and (bool(found) or not unsure),
    )


def _empty_groups(rows: Sequence[AssignmentRow], *, known: bool) -> AccessFinding:
    found = {
        row.principal_id: FindingRow(row.principal_name, row.principal_id, _where(row))
        for row in rows
        if row.kind is PrincipalKind.GROUP and row.people == 0 and row.standing is Standing.LISTED
    }
    return _finding(
        "access.empty_groups",
        "groups with access and no members",
        "Delete the assignment, or find out why the IdP pushes no members.",
        list(found.values()),
        known=known,
    )


def _unused_sets(
    db: sqlite3.Connection, rows: Sequence[AssignmentRow], *, known: bool
) -> AccessFinding:
    held = {row.set_id for row in rows if row.people != 0}
    listed = db.execute("SELECT name, id FROM access_sets ORDER BY name").fetchall()
    found = [FindingRow(name, each) for name, each in listed if each not in held]
    return _finding(
        "access.unused_sets",
        "permission sets that no person holds",
        "Delete the permission set if it is not kept for an emergency.",
        found,
        known=known,
    )


def _direct(rows: Sequence[AssignmentRow]) -> AccessFinding:
    found = [
        FindingRow(row.principal_name, row.principal_id, _where(row))
        for row in rows
        if row.kind is PrincipalKind.USER and row.standing is not Standing.DELETED
    ]
    return _finding(
        "access.direct",
        "assignments of one person, beside groups",
        "Put the person into a group that has the set: an assignment to a person is lost when the"
        " user is made anew.",
        found,
    )


def _administrators(
    db: sqlite3.Connection, rows: Sequence[AssignmentRow], *, known: bool
) -> AccessFinding:
    """People with a set that allows everything, by account."""
    by_account: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        if row.admin:
            by_account.setdefault((row.account_name, row.account_id), set()).add(row.principal_id)
    counts = _counter(db)
    found = []
    for (name, account), principals in giving_way(by_account.items()):
        people = counts(frozenset(principals))
        found.append(
            FindingRow(name, account, f"{people:,} {'person' if people == 1 else 'people'}")
        )
    every = counts(frozenset().union(*by_account.values())) if by_account else 0
    return AccessFinding(
        "access.admins",
        "people who may do everything in an account",
        "Check that each of these accounts needs them.",
        every if known else UNKNOWN,
        tuple(found) if known else (),
        problem=False,
    )


def _counter(db: sqlite3.Connection) -> Callable[[frozenset[str]], int]:
    """Counts the people behind principals, for each set of them once."""
    known: dict[frozenset[str], int] = {}

    def count(principals: frozenset[str]) -> int:
        if principals not in known:
            people = set[int]()
            for each in principals:
                people.update(n for (n,) in db.execute(_PEOPLE, (each, each)))
            known[principals] = len(people)
        return known[principals]

    return count


_PEOPLE = (
    "SELECT n FROM Users WHERE id = ? AND NOT gone UNION ALL SELECT m.u FROM Groups g"
    " JOIN members m ON m.g = g.n WHERE g.id = ? AND NOT g.gone"
)


def _finding(
    code: str, title: str, fix: str, found: Sequence[FindingRow], *, known: bool = True
) -> AccessFinding:
    return AccessFinding(code, title, fix, len(found) if known else UNKNOWN, tuple(found))


def _where(row: AssignmentRow) -> str:
    return f"{row.set_name or row.set_id} in {row.account_name or row.account_id}"
