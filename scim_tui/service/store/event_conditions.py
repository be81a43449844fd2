"""The terms of a search for events as SQL over the table `events`.

A part of a text is looked for among the distinct values of its column, which an index gives
without reading the events; then the events are found by whole values.
"""

import json
import re
from typing import NamedTuple

from scim_tui.model.event_search import EventTerm, rule_words
from scim_tui.service.store.store import Connection

MOST_CHOICES = 64
"""Up to so many values are looked up one by one in an index."""
MOST_NAMES = 5_000
"""With more names than that events are searched by the part, which is found soon."""
_MOST_DISTINCT = 2_000
_ID = re.compile(r"[\w-]{16,}", re.ASCII)
_COLUMNS = {"op": "operation", "token": "token_id", "client": "client"}
_DISTINCT = (
    "WITH RECURSIVE v(x) AS (SELECT min({0}) FROM events UNION ALL"
    " SELECT (SELECT min({0}) FROM events WHERE {0} > v.x) FROM v WHERE v.x IS NOT NULL)"
    " SELECT x FROM v WHERE x IS NOT NULL LIMIT ?"
)
_RULES = (
    "WITH RECURSIVE v(x, y) AS (SELECT * FROM (SELECT violated, message FROM events"
    " WHERE status >= 400 ORDER BY violated, message LIMIT 1) UNION ALL"
    " SELECT n.violated, n.message FROM v JOIN events n ON n.id = (SELECT id FROM events"
    " WHERE status >= 400 AND (violated, message) > (v.x, v.y)"
    " ORDER BY violated, message LIMIT 1)) SELECT x, y FROM v LIMIT ?"
)
_NAMES = "SELECT name FROM event_names WHERE instr(folded, ?) LIMIT ?"


class Choice(NamedTuple):
    """One value that an index finds."""

    sql: str
    values: tuple[object, ...] = ()


REFUSED = Choice("status >= 400")


class Condition(NamedTuple):
    """One term."""

    sql: str
    values: tuple[object, ...]
    choices: tuple[Choice, ...] | None
    """All ways to be true, each found by an index; None: there are too many, or no index."""


def condition(connection: Connection, term: EventTerm) -> Condition:
    """The condition of one term."""
    found = _any_of(_choices(connection, term))
    if term.negated:
        return Condition(f"NOT ifnull(({found.sql}), 0)", found.values, None)
    return found


def _any_of(choices: list[Choice]) -> Condition:
    values = tuple(value for choice in choices for value in choice.values)
    sql = " OR ".join(choice.sql for choice in choices) or "0"
    indexed = len(choices) <= MOST_CHOICES and not any(each.sql in _SLOW for each in choices)
    return Condition(f"({sql})", values, tuple(choices) if indexed else None)


def _choices(connection: Connection, term: EventTerm) -> list[Choice]:
    match term.field:
        case "outcome":
            return [REFUSED if term.text == "refused" else Choice("status < 400")]
        case "status":
            return [_status(term.text)] if term.text.isdecimal() else []
        case "rule":
            found = _rules(connection)
            return [_rule(*each) for each in found if term.text in each[0].casefold()]
        case "who":
            return [*_names(connection, term.text), *_ids(term.text)]
        case "op" | "token" | "client":
            return _parts(connection, _COLUMNS[term.field], term.text)
    return _anywhere(connection, term.text)


def _anywhere(connection: Connection, word: str) -> list[Choice]:
    found = _names(connection, word)
    for column in _COLUMNS.values():
        found += _parts(connection, column, word)
    found += [
        _rule(code, message)
        for code, message in _rules(connection)
        if word in rule_words(code, message)
    ]
    if word.isdecimal() and len(word) == 3:
        found.append(_status(word))
    return [*found, *_ids(word), *_request(word)]


def _names(connection: Connection, part: str) -> list[Choice]:
    names = [name for (name,) in connection.execute(_NAMES, (part, MOST_NAMES + 1))]
    if len(names) <= MOST_CHOICES:
        return [Choice("target = ?", (name,)) for name in names]
    if len(names) <= MOST_NAMES:
        return [Choice(_MANY, (json.dumps(names),))]
    return [Choice(_PART, (part,))]


def _parts(connection: Connection, column: str, part: str) -> list[Choice]:
    found = connection.execute(_DISTINCT.format(column), (_MOST_DISTINCT,)).fetchall()
    values = [value for (value,) in found if part in value.casefold()]
    if len(found) == _MOST_DISTINCT or len(values) > MOST_CHOICES:
        return [Choice(f"instr(lower({column}), ?)", (part,))]
    return [Choice(f"{column} = ?", (value,)) for value in values]


def _rules(connection: Connection) -> list[tuple[str, str]]:
    return connection.execute(_RULES, (_MOST_DISTINCT,)).fetchall()


def _rule(code: str, message: str) -> Choice:
    return Choice("(status >= 400 AND violated = ? AND message = ?)", (code, message))


def _status(text: str) -> Choice:
    number = int(text[:4])
    return Choice("(status >= 400 AND status = ?)" if number >= 400 else "status = ?", (number,))


def _ids(word: str) -> list[Choice]:
    return [Choice(_RESOURCE, (word,))] if _is_id(word) else []


def _request(word: str) -> list[Choice]:
    return [Choice(_REQUEST, (word,))] if _is_id(word) else []


def _is_id(word: str) -> bool:
    """A short word, one without a digit, or with a dot or @ is no id."""
    return bool(_ID.fullmatch(word)) and any(sign.isdigit() for sign in word)


_MANY = "target IN (SELECT value FROM json_each(?))"
_PART = "instr(lower(target), ?)"
_REQUEST = "request_id = ?"
_RESOURCE = "resource_id = ?"
_SLOW = frozenset(
    {_MANY, _PART, _REQUEST, _RESOURCE, "status < 400", "status = ?"}
    | {f"instr(lower({column}), ?)" for column in _COLUMNS.values()}
)
"""What no index finds."""
