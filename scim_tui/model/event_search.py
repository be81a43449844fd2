"""What is typed to search for requests, made into terms; and the search itself over one event.

Words in any order, each anywhere in an event; "two words" for a phrase, -not or !not, and
field:value with the fields of `FIELDS`. Letters match in any case.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from scim_tui.model.activity import Event
from scim_tui.model.constraints import CONSTRAINTS
from scim_tui.model.errors import UsageError
from scim_tui.model.nearest import nearest
from scim_tui.model.time_span import read_span
from scim_tui.model.unknown_values import Absent

FIELDS = ("outcome", "op", "who", "rule", "token", "client", "status", "since", "until")
OUTCOMES = ("refused", "accepted")
MOST_TERMS = 20
MOST_LENGTH = 500
_LONGEST = 20 * 365 * 86_400.0
_TIMES = ("since", "until")
_ALIASES = {
    "operation": "op",
    "target": "who",
    "user": "who",
    "why": "rule",
    "result": "outcome",
    "person": "who",
}
_WORD = re.compile(r'[-!]?(?:[^\s":]+:)?"[^"]*"?|\S+')


class EventTerm(NamedTuple):
    """One condition; `field` is empty for a word anywhere."""

    field: str
    text: str
    """Without case."""
    negated: bool = False


class EventSearch(NamedTuple):
    """Events for which all terms are true."""

    terms: tuple[EventTerm, ...] = ()
    since: datetime | None = None
    until: datetime | None = None

    def matches(self, event: Event) -> bool:
        """Whether this event is found."""
        if (self.since and event.at < self.since) or (self.until and event.at > self.until):
            return False
        return all(_is_true(term, event) is not term.negated for term in self.terms)


def parse(text: str, now: datetime) -> EventSearch:
    """The search that a line means. Raises `UsageError`, naming the nearest field."""
    if len(text) > MOST_LENGTH:
        raise UsageError("The search is too long.", f"Use {MOST_LENGTH} letters at most.")
    terms = list(dict.fromkeys(filter(None, map(_term, _WORD.findall(text.casefold())))))
    if len(terms) > MOST_TERMS:
        raise UsageError(f"{len(terms)} terms are too many.", f"Use {MOST_TERMS} at most.")
    times = {term.field: _moment(term, now) for term in terms if term.field in _TIMES}
    rest = tuple(term for term in terms if term.field not in _TIMES)
    return EventSearch(rest, times.get("since"), times.get("until"))


def rule_words(code: str, message: str) -> str:
    """The text that a word is looked for in, of a refusal: code, message, and the known rule."""
    known = CONSTRAINTS.get(code)
    return f"{code}\n{message}\n{known.message if known else ''}".casefold()


def _term(word: str) -> EventTerm | None:
    negated = word.startswith(("-", "!")) and len(word) > 1
    plain = word[1:] if negated else word
    name, colon, value = plain.partition(":")
    field, value = _ALIASES.get(name, name), value.strip('"')
    if colon and value and field in FIELDS:
        if field == "outcome" and value not in OUTCOMES:
            raise UsageError(f"outcome: knows no {value!r}.", "Use outcome:refused or accepted.")
        if field in _TIMES and negated:
            raise UsageError(f"{field}: cannot be negated.", "Use since: and until: instead.")
        return EventTerm(field, value, negated)
    if colon and not value and field in FIELDS:
        return None  # It is being typed.
    if colon and name.isalpha() and (near := nearest(name, (*FIELDS, *_ALIASES))):
        raise UsageError(f"There is no field {name!r} to search by.", f"Did you mean {near}:?")
    text = plain.strip('"')
    return EventTerm("", text, negated) if text and text not in "-!" else None


def _moment(term: EventTerm, now: datetime) -> datetime:
    span = read_span(term.text)
    if span is not None:
        return now - timedelta(seconds=min(span, _LONGEST))
    try:
        found = datetime.fromisoformat(term.text.upper())
    except ValueError:
        raise UsageError(
            f"{term.field}:{term.text} is no time.",
            f"Write {term.field}:2h, {term.field}:7d or {term.field}:2026-11-01.",
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=now.tzinfo)


def _is_true(term: EventTerm, event: Event) -> bool:
    return _TESTS[term.field](term.text, event)


def _is_anywhere(word: str, event: Event) -> bool:
    parts = (event.target, event.operation, event.client, event.token_id)
    if any(word in _text(part) for part in parts):
        return True
    if event.refused and word in rule_words(event.constraint, event.message):
        return True
    return word in (str(event.status), event.request_id.casefold(), _text(event.resource_id))


def _text(value: str | Absent) -> str:
    return "" if isinstance(value, Absent) else value.casefold()


_TESTS: dict[str, Callable[[str, Event], bool]] = {
    "": _is_anywhere,
    "outcome": lambda text, event: event.refused is (text == "refused"),
    "status": lambda text, event: str(event.status) == text,
    "rule": lambda text, event: event.refused and text in event.constraint.casefold(),
    "who": lambda text, event: text in _text(event.target) or text == _text(event.resource_id),
    "op": lambda text, event: text in event.operation.casefold(),
    "token": lambda text, event: text in _text(event.token_id),
    "client": lambda text, event: text in _text(event.client),
}
