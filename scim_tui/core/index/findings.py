"""Counts of what is wrong in the whole directory, made by SQL.

A finding that violates a rule of the directory has its title in `model.constraints`. The others are
allowed, but may be mistakes.
"""

# ruff: noqa: S608 - names of tables and columns are our own; values are parameters

import sqlite3
from typing import NamedTuple

from scim_tui.core.index.api import Index
from scim_tui.core.index.bitmasks import both, is_flag, mask_of
from scim_tui.core.index.duplicates import twins_asked
from scim_tui.core.index.memberships import AS_OF
from scim_tui.core.index.outsiders import known_strays, strays_as_of
from scim_tui.core.index.results import Counted, FindingCount, Findings, uncounted
from scim_tui.core.index.sql import SearchQuery, key_of, twice
from scim_tui.core.index.text_index import dirty, is_usable
from scim_tui.model.clock import utc_now
from scim_tui.model.constraints import CONSTRAINTS
from scim_tui.model.directory import Kind
from scim_tui.model.unknown_values import UNKNOWN, Count
from scim_tui.providers.port import Provider


class FindingRule(NamedTuple):
    """How to count one finding."""

    code: str
    kind: Kind
    query: str
    """The search that lists them."""
    where: str = ""
    """The SQL condition on the rows that count."""
    twice: str = ""
    """The field in which they have the same value as another row."""
    members: bool = False
    """Whether it can only be counted after memberships were listed."""
    origin: str = ""
    """The origin that the product must report for them."""
    unknown: str = ""
    """The SQL condition on rows that may count: with such rows a count of 0 is unknown."""


_OWN = {
    "emails.missing": "No mail address",
    "users.inactive": "Inactive users",
    "users.same_name": "Same name, no externalId",
    "groups.empty": "Groups without members",
    "users.no_group": "Users in no group",
    "users.by_hand": "Users made by hand",
    "users.other_source": "Users of another source",
    "groups.by_hand": "Groups made by hand",
    "groups.other_source": "Groups of another source",
}
FINDING_RULES = (
    FindingRule("emails.missing", Kind.USERS, "missing:email", "u.email = ''"),
    FindingRule("displayName.required", Kind.USERS, "missing:display_name", "u.display_name = ''"),
    FindingRule("name.givenName.required", Kind.USERS, "missing:given_name", "u.given_name = ''"),
    FindingRule(
        "name.familyName.required", Kind.USERS, "missing:family_name", "u.family_name = ''"
    ),
    FindingRule("emails.unique", Kind.USERS, "duplicate:email", twice="email"),
    FindingRule("externalId.unique", Kind.USERS, "duplicate:external_id", twice="external_id"),
    # Two people with one name are common. If one of them has no externalId, no IdP created it, and
    # it may be a duplicate of the other.
    FindingRule(
        "users.same_name",
        Kind.USERS,
        "duplicate:name missing:external_id",
        "u.external_id = ''",
        "display_name",
    ),
    FindingRule(
        "users.inactive", Kind.USERS, "active:no", "u.active = 0", unknown="u.active IS NULL"
    ),
    FindingRule("group.displayName.unique", Kind.GROUPS, "duplicate:name", twice="display_name"),
    FindingRule(
        "groups.empty",
        Kind.GROUPS,
        "empty:members",
        "NOT EXISTS (SELECT 1 FROM members m WHERE m.g = u.n)",
        members=True,
    ),
    FindingRule(
        "users.no_group",
        Kind.USERS,
        "missing:group",
        "NOT EXISTS (SELECT 1 FROM members m WHERE m.u = u.n)",
        members=True,
    ),
    FindingRule("users.by_hand", Kind.USERS, "origin:hand", origin="hand"),
    FindingRule("users.other_source", Kind.USERS, "origin:other", origin="other"),
    FindingRule("groups.by_hand", Kind.GROUPS, "origin:hand", origin="hand"),
    FindingRule("groups.other_source", Kind.GROUPS, "origin:other", origin="other"),
)


def title_of(code: str) -> str:
    """The title of a finding."""
    return _OWN[code] if code in _OWN else CONSTRAINTS[code].message


class FindingsOf:
    """The findings of the directory of a provider, counted once after each pass."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._counted: tuple[tuple[str, ...], Findings] = ((), {})

    def forget(self) -> None:
        """Drop the counts, because the rows were replaced."""
        self._counted = ((), {})

    def count(self, index: Index, report: Counted, partly: bool = False) -> Findings:
        """The findings by code; `report` takes the number counted so far, and of how many.

        `partly`: also count where a listing never ended.
        """
        keys = (*(f"as_of:{kind}" for kind in Kind), *map(strays_as_of, Kind), AS_OF)
        marks = tuple(index.setting(key) for key in keys)
        if self._counted[0] != marks:
            listed = frozenset(kind for kind, mark in zip(Kind, marks, strict=False) if mark)
            strays = known_strays(index, self._provider)
            rows = frozenset(kind for kind in Kind if partly and index.count(kind))
            with index.connections.reading("counter") as db:
                if db is None:
                    return {}
                found = count_findings(db, listed, bool(marks[-1]), strays, report, rows)
            if rows - listed:
                return found
            self._counted = (marks, found)
        return self._counted[1]


def count_findings(
    db: sqlite3.Connection,
    listed: frozenset[Kind],
    members: bool,
    strays: frozenset[Kind] | None = None,
    report: Counted = uncounted,
    partly: frozenset[Kind] = frozenset(),
) -> dict[str, FindingCount]:
    """Every finding with its count, which is unknown if what it needs was not listed yet.

    Kinds in `partly` were not listed to the end, so a count of 0 means unknown. `strays` are the
    kinds whose origins were listed; None: the product does not report origins, so those findings
    are left out. `report` is called with the number of findings counted, and of how many.
    """
    found = {}
    for done, rule in enumerate(FINDING_RULES):
        report(done, len(FINDING_RULES))
        if rule.origin and strays is None:
            continue
        known = rule.kind in listed | partly and (members or not rule.members)
        known = known and (not rule.origin or rule.kind in (strays or ()))
        count: Count = _count(db, rule) if known else UNKNOWN
        unsaid = bool(rule.unknown) and _is_any(db, rule.kind, rule.unknown)
        if count == 0 and (rule.kind not in listed or unsaid):
            count = UNKNOWN
        title = title_of(rule.code)
        found[rule.code] = FindingCount(rule.code, rule.kind, title, count, rule.query, known)
    return found


def _is_any(db: sqlite3.Connection, kind: Kind, where: str) -> bool:
    sql = f"SELECT EXISTS (SELECT 1 FROM {kind} u WHERE NOT u.gone AND {where})"
    return bool(db.execute(sql).fetchone()[0])


def _count(db: sqlite3.Connection, rule: FindingRule) -> int:
    if is_usable(db, rule.kind):
        changed = dirty(db, rule.kind)
        question = SearchQuery.read(rule.kind, rule.query, "", utc_now())
        twins = twins_asked(db, question, changed)
        flags = tuple(term for term in question.terms if is_flag(rule.kind, term))
        if twins is not None and not flags:
            return twins.count(1)
        if not changed and flags:
            mask = mask_of(db, rule.kind, flags)
            return (mask if twins is None else both(mask, twins)).count(1)
    where = " AND ".join(filter(None, (rule.where, rule.twice and twice(rule.kind, rule.twice))))
    sql = f"SELECT count(*) FROM {rule.kind} u WHERE NOT u.gone AND {where}"
    if rule.origin:
        # Among all that the product reports, since its provisioning may not list all of them.
        sql = f"SELECT count(*) FROM strays WHERE kind='{rule.kind}' AND origin='{rule.origin}'"
    if rule.twice and not rule.where:
        sql = (
            f"SELECT ifnull(sum(same), 0) FROM (SELECT count(*) AS same FROM {rule.kind} u"
            f" WHERE NOT u.gone AND u.{rule.twice} <> ''"
            f" GROUP BY {key_of(rule.twice)} HAVING count(*) > 1)"
        )
    return int(db.execute(sql).fetchone()[0])
