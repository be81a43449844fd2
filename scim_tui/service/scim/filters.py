"""The filters that IAM Identity Center answers, and no other (SCIM developer guide, listusers,
listgroups): `attribute eq "value"`, in few combinations joined by `and`.
"""

import json
import re

from scim_tui.model.directory import Kind
from scim_tui.service.refusals import refuse
from scim_tui.service.store.pages import EVERYTHING, Lookup

_TERM = r'\s*([A-Za-z][\w.]*)\s+eq\s+("(?:[^"\\\x00-\x1f]|\\.)*")\s*'
_FIRST = re.compile(_TERM, re.IGNORECASE)
_AND = re.compile(r"and(?=\s)" + _TERM, re.IGNORECASE)

_ANSWERED: dict[Kind, dict[tuple[str, ...], str]] = {
    Kind.USERS: {
        ("username",): "userName",
        ("externalid",): "externalId",
        ("groups.value",): "groups.value",
        ("id",): "id",
        ("id", "manager"): "id and manager",
    },
    Kind.GROUPS: {
        ("displayname",): "displayName",
        ("externalid",): "externalId",
        ("members.value",): "members.value",
        ("id", "member"): "id and members",
        ("id", "members"): "id and members",
    },
}


def parse_filter(kind: Kind, text: str | None) -> Lookup:
    """Parse a filter; None: all resources. Raises `Refusal` for an unsupported one."""
    if text is None or not text.strip():
        return EVERYTHING
    terms = sorted(_terms(text))
    name = _ANSWERED[kind].get(tuple(attribute for attribute, _ in terms))
    # AWS was seen to refuse `members eq ""`; that it refuses the others alike is inferred.
    if name is None or not all(value for _, value in terms):
        raise refuse("filter.invalid")
    return Lookup(name, tuple(value for _, value in terms))


def _terms(text: str) -> list[tuple[str, str]]:
    found = []
    match = _FIRST.match(text)
    while match is not None:
        found.append((match[1].lower(), read_text(match[2])))
        if match.end() == len(text):
            return found
        match = _AND.match(text, match.end())
    raise refuse("filter.invalid")


def read_text(quoted: str) -> str:
    """The text in a quoted JSON string. Raises `Refusal` for invalid JSON and lone surrogates."""
    try:
        text: str = json.loads(quoted)
        text.encode()
    except ValueError:
        raise refuse("filter.invalid") from None
    return text
