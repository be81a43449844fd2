"""What is typed into a filter line, made into terms: words in any order, !not, field:value."""

import unicodedata
from typing import NamedTuple

_ALIASES = {
    "mail": "email", "name": "display_name", "display": "display_name", "user": "user_name",
    "username": "user_name", "displayname": "display_name", "given": "given_name",
    "family": "family_name", "external": "external_id", "externalid": "external_id",
}  # fmt: skip
YES = frozenset({"yes", "true", "on", "1"})
NO = frozenset({"no", "false", "off", "0"})


class Term(NamedTuple):
    """One condition; `field` is empty for any field."""

    field: str
    text: str
    negated: bool = False


def fold(text: str) -> str:
    """The text without case and accents, so that "Zoe" finds "Zoë"."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def parse(text: str, fields: tuple[str, ...]) -> tuple[Term, ...]:
    """The terms of a filter line; what names no field is searched for as it stands."""
    return tuple(_term(word, fields) for word in fold(text).split() if word != "!")


def _term(word: str, fields: tuple[str, ...]) -> Term:
    negated, word = word.startswith("!"), word.removeprefix("!")
    name, colon, value = word.partition(":")
    field = _ALIASES.get(name, name)
    if colon and value and field in fields:
        return Term(field, value, negated)
    return Term("", word, negated)
