"""Turns the terms of a filter line into SQL over the rows `u` and their searchable text."""

# ruff: noqa: S608 - names of tables and columns are our own; values are parameters

from dataclasses import dataclass, replace
from datetime import datetime

from scim_tui.core.index.access_terms import ACCESS_FIELDS, Condition, access_condition
from scim_tui.core.index.file import FIELDS
from scim_tui.core.index.query import NO, UNSAID, YES, Term, edge, parse
from scim_tui.model.directory import Kind
from scim_tui.model.errors import UsageError

FIRST_SORT = {Kind.USERS: "user_name", Kind.GROUPS: "display_name"}
_NOT_SEARCHED = {"active", "created", "changed"}
_PLAIN = frozenset({"active", "created", "changed"})
_ACTIVE_WORD = "CASE u.active WHEN 1 THEN 'yes' WHEN 0 THEN 'no' ELSE 'unknown' END"
_NAMED = {"name": "display_name"}
_MEMBERS = (Term("missing", "group"), Term("empty", "members"))
_MOST_TERMS = 100
"""Of one search; SQLite takes a thousand."""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """The terms to search for, and the order of the result."""

    kind: Kind
    terms: tuple[Term, ...]
    field: str
    down: bool
    now: datetime

    @classmethod
    def read(cls, kind: Kind, text: str, sort: str, now: datetime) -> "SearchQuery":
        """The query of a filter line. Raises `UsageError`."""
        field = sort.removeprefix("-") or FIRST_SORT[kind]
        if field not in FIELDS[kind]:
            raise UsageError(
                f"There is no column {field!r} to sort by.",
                f"Use one of {', '.join(FIELDS[kind])}.",
            )
        # A lone surrogate, as a broken terminal or argument gives it, is in no row.
        terms = parse(text.encode("utf-8", "replace").decode(), FIELDS[kind])
        if len(terms) > _MOST_TERMS:
            raise UsageError(
                f"{len(terms):,} words are too many to search for.", f"Use {_MOST_TERMS} at most."
            )
        made = cls(kind, terms, field, sort.startswith("-"), now)
        conditions(made, "")
        return made

    def without_terms_on(self, field: str) -> "SearchQuery":
        """The query without its terms on one field."""
        return replace(self, terms=tuple(term for term in self.terms if term.field != field))

    @property
    def usual(self) -> bool:
        """Whether the order is that of the text index."""
        return self.field == FIRST_SORT[self.kind]

    @property
    def needs_rows(self) -> bool:
        """Whether it needs more than the searchable text."""
        return any(term.field for term in self.terms)

    @property
    def needs_members(self) -> bool:
        """Whether it asks for memberships."""
        return any(
            term.field == "group"
            or (term.field in ACCESS_FIELDS and self.kind is Kind.USERS)
            or term in {t._replace(negated=term.negated) for t in _MEMBERS}
            for term in self.terms
        )

    @property
    def needs_access(self) -> bool:
        """Whether it asks who has access."""
        return any(term.field in ACCESS_FIELDS for term in self.terms)

    def order(self) -> str:
        """The SQL after ORDER BY; rows without a value are last in both directions."""
        return order_of(self.field, " DESC" if self.down else "")


def order_of(field: str, way: str = "") -> str:
    """The order by one field."""
    return f"{absent_of(field)}, {key_of(field)}{way}, u.n{way}"


def absent_of(field: str) -> str:
    """The SQL condition that a field is empty."""
    return f"u.{field} IS NULL" if field == "active" else f"u.{field} = ''"


def key_of(field: str) -> str:
    """The SQL expression that a field is compared by."""
    return f"u.{field}" if field in _PLAIN else f"fold(u.{field})"


def haystack_of(kind: Kind) -> str:
    """The SQL expression for the searchable text of a row."""
    searched = (f"u.{field}" for field in FIELDS[kind] if field not in _NOT_SEARCHED)
    return f"fold({' || char(10) || '.join(searched)})"


def conditions(question: SearchQuery, haystack: str) -> Condition:
    """All terms as SQL, each after an AND."""
    sql, values = "", []
    for term in question.terms:
        condition, more = _condition(question, term, haystack)
        sql += f" AND NOT ifnull({condition}, 0)" if term.negated else f" AND {condition}"
        values += more
    return sql, values


def _condition(question: SearchQuery, term: Term, haystack: str) -> Condition:
    match term.field:
        case "":
            return f"instr({haystack}, ?) > 0", [term.text]
        case "active":
            return _active(term.text)
        case (
            "missing" | "duplicate" | "empty" | "group" | "account" | "set" | "has" | "no" | "admin"
        ):
            return _special(question.kind, term)
        case "changed" | "created":
            return _date(question, term)
        case "origin":
            return _from(question.kind), [term.text]
    return f"instr(fold(u.{term.field}), ?) > 0", [term.text]


def _active(value: str) -> Condition:
    if value in YES | NO:
        return "u.active IS ?", [int(value in YES)]
    if value in UNSAID:
        return "u.active IS NULL", []
    return f"instr({_ACTIVE_WORD}, ?) = 1", [value]


def _date(question: SearchQuery, term: Term) -> Condition:
    found = edge(term.text, question.now)
    if found is None:
        return f"instr(fold(u.{term.field}), ?) > 0", [term.text]
    sign = ">" if found.after else "<"
    return f"julianday(u.{term.field}) {sign} julianday(?)", [found.at.isoformat()]


def _from(kind: Kind) -> str:
    return f"u.id IN (SELECT id FROM strays WHERE kind = '{kind.value}' AND origin = ?)"


def _special(kind: Kind, term: Term) -> Condition:
    if term.field in ACCESS_FIELDS:
        return access_condition(kind, term)
    field = _NAMED.get(term.text, term.text)
    if term.field == "group":
        return (
            "u.n IN (SELECT m.u FROM members m JOIN Groups g ON g.n = m.g WHERE NOT g.gone"
            " AND (fold(g.id) = ? OR instr(fold(g.display_name), ?) > 0))",
            [term.text, term.text],
        )
    if field == "group":
        _only(kind, Kind.USERS, term)
        return "NOT EXISTS (SELECT 1 FROM members m WHERE m.u = u.n)", []
    if field == "members":
        _only(kind, Kind.GROUPS, term)
        return "NOT EXISTS (SELECT 1 FROM members m WHERE m.g = u.n)", []
    if field not in FIELDS[kind]:
        _only(kind, Kind.USERS, term)
    return (f"u.{field} = ''", []) if term.field == "missing" else (twice(kind, field), [])


def twice(kind: Kind, field: str) -> str:
    """The SQL condition that another row has the same value, ignoring case."""
    return (
        f"u.n IN (SELECT n FROM (SELECT u.n, count(*) OVER (PARTITION BY {key_of(field)}) AS same"
        f" FROM {kind} u WHERE u.{field} <> '' AND NOT u.gone) WHERE same > 1)"
    )


def _only(kind: Kind, wanted: Kind, term: Term) -> None:
    if kind is not wanted:
        raise UsageError(
            f"{term.field}:{term.text} is for {wanted.lower()}.",
            f"Look among the {wanted.lower()}.",
        )
