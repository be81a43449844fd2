"""References to other resources, such as the members of a group, in every form that servers write.

RFC 7643 has objects with `value`, `$ref` and `type`. Servers also send texts, numbers, a `$ref` by
itself, absolute or relative and in any case, an object keyed by number, a `type` that says nothing
of the kind, and members that are neither users nor groups.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from scim_tui.scim.names import canonical
from scim_tui.scim.wire import text

_KINDS = {"user": "Users", "users": "Users", "group": "Groups", "groups": "Groups"}
_OTHERS = re.compile(
    r"(service[ _-]?(principal|account)|application|app|device|computer|contact|role|robot|bot)s?"
)
"""Other types of members; any other value of `type` does not name a kind."""
_COLLECTION = re.compile(r"(?!scim$)[a-z_-]+", re.IGNORECASE)
"""A word that can be the name of a collection, but not a version or a tenant."""
NO_ID = "without an id"


class Reference(NamedTuple):
    """One resource that another names."""

    id: str
    display: str = ""
    kind: str = ""
    """The name of its collection, such as Users, or a word of the server; empty: not said."""


class References(NamedTuple):
    """What an attribute names."""

    listed: list[Reference]
    """Of the kind that was asked for, each once."""
    left_out: Mapping[str, int]
    """How many there are of each other kind."""


def read_references(found: object, kind: str, place: str = "") -> References:
    """The references of this kind in a list attribute; one without a kind counts as this kind.

    `place` is the path of the collection, where the server has it under another name.
    """
    listed: dict[str, Reference] = {}
    left_out: Counter[str] = Counter()
    for item in _items(found):
        reference = _reference(item, place.rpartition("/")[2].lower(), kind)
        if not reference.id:
            left_out[NO_ID] += 1
        elif reference.kind not in {"", kind}:
            left_out[reference.kind] += 1
        else:
            listed.setdefault(reference.id, reference)
    return References(list(listed.values()), left_out)


def _items(found: object) -> Iterator[object]:
    if isinstance(found, list):
        yield from found
    elif isinstance(found, dict):
        numbered = bool(found) and all(key.isascii() and key.isdigit() for key in found)
        yield from found.values() if numbered else [found] if found else ()
    elif found is not None:
        yield found


def _reference(item: object, place: str, kind: str) -> Reference:
    if not isinstance(item, dict):
        path, resource_id = read_address(text(item))
        known = _kind_of(path, place, kind)
        return Reference(resource_id, "", known) if known else Reference(text(item))
    member = canonical(item)
    path, resource_id = read_address(text(member.get("$ref")))
    said = _type_of(text(member.get("type")))
    return Reference(
        text(member.get("value")) or resource_id,
        text(member.get("display")),
        _kind_of(path, place, kind) or said or (path if _COLLECTION.fullmatch(path) else ""),
    )


def _kind_of(path: str, place: str, kind: str) -> str:
    """The kind that a collection of this name holds; empty: that is not known."""
    return kind if place and path.lower() == place else _KINDS.get(path.lower(), "")


def _type_of(word: str) -> str:
    """The kind that a type names; empty: it says nothing of the kind, such as "direct"."""
    name = word.rpartition(":")[2].strip()
    return _KINDS.get(name.lower(), "") or (name if _OTHERS.fullmatch(name.lower()) else "")


def read_address(address: str) -> tuple[str, str]:
    """The name of the collection and the id at the end of an address; empty where it has none."""
    try:
        path = urlsplit(address).path
    except ValueError:
        return "", ""
    before, _, last = path.strip("/").rpartition("/")
    name = before.rpartition("/")[2]
    return (name, unquote(last)) if name else ("", "")


def say_left_out(left_out: Mapping[str, int]) -> str:
    """A sentence that says what is left out; empty for nothing."""
    if not left_out:
        return ""
    parts = [
        f"{count:,} {kind}" if kind == NO_ID else f"{count:,} of the kind {kind}"
        for kind, count in sorted(left_out.items())
    ]
    return f"Left out: {', '.join(parts)}."
