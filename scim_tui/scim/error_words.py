"""The message in an error body: in the form of SCIM, OAuth, problem details, or a web framework."""

import json
from collections.abc import Iterator, Mapping

MOST_DETAIL = 500
"""Characters of a server's own words that are kept."""
_WORDS = (
    "detail",
    "errors",
    "errormessage",
    "message",
    "msg",
    "response",
    "error",
    "error_description",
    "description",
    "reason",
    "title",
)
"""Keys of the message: the first one with a text; `error` only if it is more than a code."""
_MORE = ("details", "errors")
"""Keys with details that are added to the message."""
_ERROR = "urn:ietf:params:scim:api:messages:2.0:error"
_DEEPEST = 8
_MOST = 5
"""Items of a list that are quoted."""


def one_line(words: str) -> str:
    """On one line, cut, and with a full stop."""
    line = " ".join(words[: 8 * MOST_DETAIL].split())[:MOST_DETAIL]
    return line if not line or line.endswith((".", "!", "?")) else f"{line}."


def words_in(found: object, depth: int = 0) -> str:
    """The first error message in a body, with its details; empty: there is none."""
    if depth > _DEEPEST:
        return ""
    if isinstance(found, str):
        return _unwrapped(found, depth)
    if isinstance(found, list):
        return _joined(words_in(each, depth + 1) for each in found[:_MOST])
    return _said_by(found, depth) if isinstance(found, dict) else ""


def is_error(found: Mapping[str, object]) -> bool:
    """Whether this is a SCIM error (RFC 7644 3.12), also under a status of success."""
    named = {key.lower(): value for key, value in found.items()}
    schemas = named.get("schemas", named.get("schema"))
    listed = schemas if isinstance(schemas, list) else [schemas]
    return any(isinstance(each, str) and each.lower() == _ERROR for each in listed)


def _unwrapped(text: str, depth: int) -> str:
    """The text, or the words of the JSON that it holds."""
    if text.lstrip()[:1] in {"{", "[", '"'}:
        try:
            return words_in(json.loads(text), depth + 1) or text
        except (ValueError, RecursionError):
            return text
    return text


def _said_by(found: Mapping[str, object], depth: int) -> str:
    named = {key.lower(): value for key, value in found.items()}
    code = named.get("error")
    if isinstance(code, str):
        # Words beside a code say more than the code.
        named.pop("error")
    for name in _WORDS:
        if words := words_in(named.get(name), depth + 1):
            return _with_more(words, name, named, depth)
    if isinstance(code, str) and code.strip():
        return _unwrapped(code, depth)
    return _by_field(found, depth) if depth else ""


def _with_more(words: str, name: str, named: Mapping[str, object], depth: int) -> str:
    place = named.get("loc")
    if name == "msg" and isinstance(place, list) and place:
        words = f"{words} ({'.'.join(map(str, place))})"
    more = [words_in(named.get(each), depth + 1) for each in _MORE if each != name]
    return _joined([words, *(each for each in more if each not in words)])


def _by_field(found: Mapping[str, object], depth: int) -> str:
    """Errors by field, as in {"userName": ["is taken"]}."""
    said = ((name, words_in(value, depth + 1)) for name, value in list(found.items())[:_MOST])
    return _joined(f"{name}: {words}" for name, words in said if words)


def _joined(parts: "Iterator[str] | list[str]") -> str:
    return "; ".join(part.strip() for part in parts if part.strip())
