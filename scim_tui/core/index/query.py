"""Parses a filter line into terms.

Words in any order, each anywhere in a resource; "two words" for a phrase, -not or !not, and
field:value. Besides the fields of a row: `group:`, `missing:`, `duplicate:`, `empty:members`,
`origin:hand` (not created by an IdP, where the product says so), `account:` and `set:` (who has
access there, where it was crawled), `has:access`, `no:access`, `admin:yes` (who may do everything
in some account), and ages and days for `changed:` and `created:`. A line that begins with `filter:`
is for the server.
"""

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from scim_tui.model.errors import UsageError
from scim_tui.model.nearest import nearest

_ALIASES = {
    "mail": "email",
    "name": "display_name",
    "display": "display_name",
    "user": "user_name",
    "username": "user_name",
    "displayname": "display_name",
    "given": "given_name",
    "family": "family_name",
    "external": "external_id",
    "externalid": "external_id",
    "emails": "email",
    "displayName": "display_name",
    "modified": "changed",
}
YES = frozenset({"yes", "true", "on", "1"})
NO = frozenset({"no", "false", "off", "0"})
UNSAID = frozenset({"unknown", "?"})
MISSING = ("email", "external_id", "display_name", "given_name", "family_name", "group")
DUPLICATE = ("email", "external_id", "name")
EMPTY = ("members",)
ORIGIN = ("hand", "other")
ADMIN = ("yes", "unknown")
_CHOICES = {
    "missing": MISSING,
    "duplicate": DUPLICATE,
    "empty": EMPTY,
    "origin": ORIGIN,
    "has": ("access",),
    "no": ("access",),
    "admin": ADMIN,
}
_ACCESS = frozenset({"account", "set"})
_DATES = frozenset({"changed", "created"})
RAW = "filter:"
_WORD = re.compile(r'[-!]?(?:[^\s":]+:)?"[^"]*"?|\S+')
_AGE = re.compile(r"([<>])\s*(\d{1,6})([mhdw])")
_DAY = re.compile(r"([<>])\s*(\d{4}-\d{2}-\d{2})")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class Term(NamedTuple):
    """One condition; `field` is empty for any field."""

    field: str
    text: str
    negated: bool = False


class Edge(NamedTuple):
    """A time that a date has to be after, or before."""

    after: bool
    at: datetime


def fold(text: str) -> str:
    """The text without case and accents, so that "Zoe" finds "Zoë"."""
    if "\0" in text:
        # SQLite's trigrams end there.
        text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    if text.isascii():
        return text.lower()
    return "\n".join(
        [line.lower() if line.isascii() else _plain(line) for line in text.split("\n")]
    )


@lru_cache(maxsize=16_384)
def _plain(line: str) -> str:
    """One line that is not ASCII; cached, since the same few names occur again and again."""
    apart = unicodedata.normalize("NFKD", line.casefold())
    return "".join([sign for sign in apart if not unicodedata.combining(sign)])


def raw_filter(text: str) -> str | None:
    """The SCIM filter in a line that begins with `filter:`; None: the line is for the index."""
    return text.strip()[len(RAW) :].strip() if text.strip().lower().startswith(RAW) else None


def parse(text: str, fields: tuple[str, ...]) -> tuple[Term, ...]:
    """The terms of a filter line; "a:b" without a field "a" is searched for as a text.

    Raises `UsageError` for a value that its field cannot have.
    """
    found = (_term(word, fields) for word in _WORD.findall(fold(text)) if word not in {"!", "-"})
    return tuple(dict.fromkeys(term for term in found if term.text))


def edge(value: str, now: datetime) -> Edge | None:
    """The time that "<7d", ">30d" or ">2026-11-01" means; None: it is neither age nor day."""
    if found := _AGE.fullmatch(value):
        try:
            return Edge(found[1] == "<", now - timedelta(**{_UNITS[found[3]]: int(found[2])}))
        except OverflowError:
            return None
    if found := _DAY.fullmatch(value):
        try:
            return Edge(found[1] == ">", datetime.fromisoformat(found[2]).replace(tzinfo=UTC))
        except ValueError:
            return None
    return None


def _term(word: str, fields: tuple[str, ...]) -> Term:
    negated = word.startswith(("!", "-"))
    word = word[1:] if negated else word
    name, colon, value = word.partition(":")
    field, bare = _ALIASES.get(name, name), value.strip('"')
    if colon and bare and field in _CHOICES:
        return Term(field, _choice(field, _ALIASES.get(bare, bare)), negated)
    if colon and bare and field in _ACCESS:
        return Term(field, bare, negated)
    if colon and bare and (field in fields or (field == "group" and "user_name" in fields)):
        if field in _DATES and bare[0] in "<>":
            return Term(field, _dated(field, bare), negated)
        return Term(field, bare, negated)
    return Term("", word.strip('"') if word.startswith('"') else word, negated)


def _choice(field: str, value: str) -> str:
    known = _CHOICES[field]
    value = "name" if field == "duplicate" and value == "display_name" else value
    if value in known:
        return value
    near = nearest(value, known)
    raise UsageError(
        f"{field}: knows no {value!r}.",
        f"Did you mean {field}:{near}?" if near else f"Use one of {', '.join(known)}.",
    )


def _dated(field: str, value: str) -> str:
    if edge(value, datetime(2000, 1, 1, tzinfo=UTC)) is None:
        raise UsageError(
            f"{field}:{value} is no age and no day.",
            f"Write {field}:<7d, {field}:>30d (m, h, d, w) or {field}:>2026-11-01.",
        )
    return value
