"""The members of a group in a file: lists of Graph, Okta and SCIM, cells, LDAP names.

A member is identified by any of its names: one file has ids, another addresses, a third
distinguished names.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scim_tui.mapping.read.assignment import at, key_paths, names_of

KEYS = ("members", "member", "uniqueMember", "memberUid", "users", "_embedded.users")
"""Where a group names its members, in any case."""
ONE_A_ROW = (
    "Member Email",
    "Member ID",
    "memberEmail",
    "memberId",
    "member",
    "user",
    "login",
    "userName",
)
"""Columns of a CSV that has one membership a row, in any case."""
GROUP_OF_ROW = (
    "group",
    "groupName",
    "Group Name",
    "group_name",
    "Group Email",
    "groupEmail",
    "groupId",
    "Group ID",
)
"""Columns that name the group of such a row, in any case."""
_RANGE = re.compile(r"member;range=(\d+)-(\d+|\*)", re.IGNORECASE)
_NAME = re.compile(r"\s*(?:cn|uid|ou|dc)\s*=", re.IGNORECASE)
_BREAKS = re.compile(r"[;|\n]")


@dataclass(frozen=True, slots=True)
class Member:
    """One member, as the file names it."""

    names: tuple[str, ...]
    """Ids, addresses and the like, lower-cased: any of them may be known."""
    shown: str
    """From outside, never to be shown raw."""
    group: bool = False
    """Whether the member is a group itself."""


def members_in(group: Mapping[str, Any]) -> list[Member] | None:
    """The members of a group; None: the file does not say."""
    found: list[Member] | None = None
    for way in key_paths(tuple(group), KEYS):
        value = at(group, way)
        if isinstance(value, str | list | Mapping):  # a number is a count of them
            found = [*(found or ()), *members_of(value)]
    for key, value in group.items():
        if _RANGE.fullmatch(key):
            found = [*(found or ()), *members_of(value)]
    return found


def is_cut(group: Mapping[str, Any]) -> bool:
    """Whether Active Directory exported only the first members ("member;range=0-1499")."""
    ranges = [match for key in group if (match := _RANGE.fullmatch(key))]
    return bool(ranges) and all(match[2] != "*" for match in ranges)


def members_of(value: object) -> Iterator[Member]:
    """The members that a text, a list or an object of members names."""
    if isinstance(value, str):
        for name in names_in(value):
            yield Member((name.lower(),), name)
    elif isinstance(value, list):
        for each in value:
            if isinstance(each, Mapping):
                yield _member(each)
            elif isinstance(each, str) and (name := each.strip()):
                yield Member((name.lower(),), name)
    elif isinstance(value, Mapping):
        yield _member(value)


def names_in(text: str) -> list[str]:
    """The names in a cell, which may be distinguished names with commas inside."""
    whole = _NAME.match(text) or _BREAKS.search(text)
    parts = _BREAKS.split(text) if whole else text.split(",")
    return [part for one in parts if (part := one.strip())]


def common_name(name: str) -> str:
    """The first part of a distinguished name, as a group of LDAP is called; else the name."""
    if not _NAME.match(name):
        return name
    first = re.split(r"(?<!\\),", name, maxsplit=1)[0].partition("=")[2]
    return re.sub(r"\\(.)", r"\1", first).strip()


def _member(entry: Mapping[str, Any]) -> Member:
    names = tuple(dict.fromkeys(names_of(entry)))
    value = entry.get("value")
    if isinstance(value, str) and value:
        names = (*names, value.strip().lower())
    label = next((entry[key] for key in _LABELS if isinstance(entry.get(key), str)), "")
    address = next((name for name in names if "@" in name), "")
    shown = label or address or (names[0] if names else "(no name)")
    return Member(names, shown, _is_group(entry))


_LABELS = (
    "userPrincipalName",
    "login",
    "userName",
    "email",
    "mail",
    "display",
    "displayName",
    "name",
)


def _is_group(entry: Mapping[str, Any]) -> bool:
    kind = str(entry.get("@odata.type") or entry.get("type") or entry.get("principalType") or "")
    return kind.lower().endswith("group") or "/Groups/" in str(entry.get("$ref", ""))
