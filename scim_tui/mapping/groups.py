"""Groups and memberships that the people bring along, and what they would change."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scim_tui.mapping.changes import ChangeKind
from scim_tui.model.absent import UNKNOWN, Absent, Count
from scim_tui.model.constraints import MAX_MEMBERS, group_violations

COLUMNS = ("groups", "Groups", "group", "memberOf", "member_of")
"""Where a person of an export names their groups."""


@dataclass(frozen=True, slots=True)
class GroupChange:
    """What a push would do to one group."""

    name: str
    """From outside, never to be shown raw."""
    kind: ChangeKind | Absent
    """Unknown: not compared with a directory."""
    members: int
    """How many of the people would be in it."""
    added: Count = UNKNOWN
    removed: Count = UNKNOWN
    problem: str = ""
    """Why the directory would refuse it, or empty."""

    @property
    def requests(self) -> int:
        """Writes it takes: one to make it, one for each hundred members."""
        made = 1 if self.kind is ChangeKind.CREATE else 0
        added = self.members if isinstance(self.added, Absent) else self.added
        removed = 0 if isinstance(self.removed, Absent) else self.removed
        changed = -(-added // MAX_MEMBERS) + -(-removed // MAX_MEMBERS)
        return 0 if self.problem else made + changed

    def as_object(self) -> dict[str, object]:
        """As JSON; null is unknown."""
        return {
            "name": self.name,
            "change": None if isinstance(self.kind, Absent) else str(self.kind),
            "members": self.members,
            "added": None if isinstance(self.added, Absent) else self.added,
            "removed": None if isinstance(self.removed, Absent) else self.removed,
            "problem": self.problem,
            "requests": self.requests,
        }


def groups_of(source: Mapping[str, Any]) -> Iterator[str]:
    """The names of the groups of a person, each once."""
    seen: set[str] = set()
    for column in COLUMNS:
        for name in _names(source.get(column)):
            if name and name not in seen:
                seen.add(name)
                yield name


def _names(value: object) -> Iterator[str]:
    if isinstance(value, str):
        separator = next((each for each in (";", "|", ",") if each in value), ";")
        yield from (part.strip() for part in value.split(separator))
    elif isinstance(value, list):
        for each in value:
            if isinstance(each, Mapping):
                found = next((each[key] for key in ("displayName", "display", "name", "value")
                              if isinstance(each.get(key), str)), "")  # fmt: skip
                yield found
            elif isinstance(each, str):
                yield each.strip()


def problem_of(name: str) -> str:
    """Why the directory would refuse a group of this name, or empty."""
    found = next(group_violations({"displayName": name}), None)
    return f"{found.code}: {found.message}" if found else ""
