"""What is wrong in the whole directory, counted where the rows are.

Titles are those of `model.constraints` where the directory has a rule; the rest is worth a look
although it is allowed.
"""

# ruff: noqa: S608 - names of tables and columns are our own; values are parameters

import sqlite3
from typing import NamedTuple

from scim_tui.core.index.api import Index
from scim_tui.core.index.bitmasks import both, is_fact, mask_of
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
    """One thing to count."""

    code: str
    kind: Kind
    query: str
    """The search that lists them."""
    where: str = ""
    """What the rows fulfil."""
    twice: str = ""
    """The field of which they have the same value as another row."""
    members: bool = False
    """Whether who is in which group must be known."""
    origin: str = ""
    """Where they must come from, as the product tells beside its provisioning."""
    unknown: str = ""
    """What the rows fulfil of which the server does not say it: none found is then no answer."""


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
    # Two people of one name are common. One of them without the id that an IdP gives was made
    # beside it, and may be the other one again.
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
    """The words for a code."""
    return _OWN[code] if code in _OWN else CONSTRAINTS[code].message


class FindingsOf:
    """What is wrong in the directory of a provider, counted once a pass."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._counted: tuple[tuple[str, ...], Findings] = ((), {})

    def forget(self) -> None:
        """The rows are others: count anew."""
        self._counted = ((), {})

    def count(self, index: Index, told: Counted, partly: bool = False) -> Findings:
        """By code; `told` takes how many are counted, and of how many.

        `partly`: also of rows of which others are missing.
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
                found = count_findings(db, listed, bool(marks[-1]), strays, told, rows)
            if rows - listed:
                return found
            self._counted = (marks, found)
        return self._counted[1]


def count_findings(
    db: sqlite3.Connection,
    listed: frozenset[Kind],
    members: bool,
    strays: frozenset[Kind] | None = None,
    told: Counted = uncounted,
    partly: frozenset[Kind] = frozenset(),
) -> dict[str, FindingCount]:
    """Every finding with its number; unknown where what it needs was not listed yet.

    Of the kinds in `partly` rows are missing: what is found counts, that nothing is does not.
    `strays` are the kinds of which it is known whom the tenant did not make; None: the product
    never tells, so it is no finding here. `told` takes how many are counted, and of how many.
    """
    found = {}
    for done, look in enumerate(FINDING_RULES):
        told(done, len(FINDING_RULES))
        if look.origin and strays is None:
            continue
        known = look.kind in listed | partly and (members or not look.members)
        known = known and (not look.origin or look.kind in (strays or ()))
        count: Count = _count(db, look) if known else UNKNOWN
        unsaid = bool(look.unknown) and _is_any(db, look.kind, look.unknown)
        if count == 0 and (look.kind not in listed or unsaid):
            count = UNKNOWN
        title = title_of(look.code)
        found[look.code] = FindingCount(look.code, look.kind, title, count, look.query, known)
    return found


def _is_any(db: sqlite3.Connection, kind: Kind, where: str) -> bool:
    sql = f"SELECT EXISTS (SELECT 1 FROM {kind} u WHERE NOT u.gone AND {where})"
    return bool(db.execute(sql).fetchone()[0])


def _count(db: sqlite3.Connection, look: FindingRule) -> int:
    if is_usable(db, look.kind):
        changed = dirty(db, look.kind)
        question = SearchQuery.read(look.kind, look.query, "", utc_now())
        twins = twins_asked(db, question, changed)
        facts = tuple(term for term in question.terms if is_fact(look.kind, term))
        if twins is not None and not facts:
            return twins.count(1)
        if not changed and facts:
            mask = mask_of(db, look.kind, facts)
            return (mask if twins is None else both(mask, twins)).count(1)
    where = " AND ".join(filter(None, (look.where, look.twice and twice(look.kind, look.twice))))
    sql = f"SELECT count(*) FROM {look.kind} u WHERE NOT u.gone AND {where}"
    if look.origin:
        # Of all whom the product tells: its provisioning may not list everybody.
        sql = f"SELECT count(*) FROM strays WHERE kind='{look.kind}' AND origin='{look.origin}'"
    if look.twice and not look.where:
        sql = (
            f"SELECT ifnull(sum(same), 0) FROM (SELECT count(*) AS same FROM {look.kind} u"
            f" WHERE NOT u.gone AND u.{look.twice} <> ''"
            f" GROUP BY {key_of(look.twice)} HAVING count(*) > 1)"
        )
    return int(db.execute(sql).fetchone()[0])
