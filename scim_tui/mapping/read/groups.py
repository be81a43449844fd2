"""Groups in exported files, and what a push of one would change."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scim_tui.mapping.check.changes import ChangeKind
from scim_tui.mapping.read.assignment import at, key_paths
from scim_tui.mapping.read.members import GROUP_OF_ROW, ONE_A_ROW, common_name, names_in
from scim_tui.mapping.read.people import Person
from scim_tui.model.constraints import MAX_MEMBERS
from scim_tui.model.unknown_values import UNKNOWN, Absent, Count

_IDS = ("groupId", "Group ID")
COLUMNS = ("groups", "group", "memberOf", "member_of")
"""Columns of people with the names of their groups, in any case."""


@dataclass(frozen=True, slots=True)
class GroupChange:
    """What a push would do to one group, in numbers."""

    name: str
    """From outside, never to be shown raw."""
    kind: ChangeKind | Absent
    """Unknown: not compared with a directory."""
    members: Count
    """How many of the people would be in it; unknown: the file does not say."""
    added: Count = UNKNOWN
    removed: Count = UNKNOWN
    problem: str = ""
    """Why the directory would refuse it, or empty."""
    renamed: bool = False
    """Whether an attribute of it would change too."""

    @property
    def requests(self) -> int:
        """Writes it takes: one to create or rename it, one for each hundred members."""
        if self.problem or self.kind in (ChangeKind.NOT_SENT, ChangeKind.CONFLICT):
            return 0
        made = 1 if self.kind is ChangeKind.CREATE or self.renamed else 0
        added = self.members if isinstance(self.added, Absent) else self.added
        return made + requests_for(added) + requests_for(self.removed)

    def as_object(self) -> dict[str, object]:
        """As JSON; null is unknown."""
        return {
            "name": self.name,
            "change": None if isinstance(self.kind, Absent) else str(self.kind),
            "members": _known(self.members),
            "added": _known(self.added),
            "removed": _known(self.removed),
            "problem": self.problem,
            "requests": self.requests,
        }


def requests_for(members: Count) -> int:
    """Requests for so many changes of members; 0 where the number is not known."""
    return 0 if isinstance(members, Absent) else -(-members // MAX_MEMBERS)


def _known(value: Count) -> int | None:
    return None if isinstance(value, Absent) else value


def groups_of(source: Mapping[str, Any]) -> Iterator[str]:
    """The names of the groups of a person, each once."""
    seen: set[str] = set()
    for way in key_paths(tuple(source), COLUMNS):
        for name in _names(at(source, way)):
            if name and name not in seen:
                seen.add(name)
                yield name


def _names(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield from map(common_name, names_in(value))
    elif isinstance(value, list):
        for each in value:
            if isinstance(each, Mapping):
                found = next(
                    (
                        each[key]
                        for key in ("displayName", "display", "name", "value")
                        if isinstance(each.get(key), str)
                    ),
                    "",
                )
                yield found
            elif isinstance(each, str):
                yield common_name(each.strip())


def of_name(name: str) -> dict[str, Any]:
    """A group of which only the name is known, under the keys that rules use."""
    return {"displayName": name, "name": name, "profile": {"name": name}}


def merged(rows: Iterator[Person], columns: tuple[str, ...]) -> Iterator[Person]:
    """The groups of a CSV: a row each, or, with one membership a row, the rows put together."""
    of_group = [column for (column,) in key_paths(columns, GROUP_OF_ROW)]
    group = next(iter(of_group), "")
    member = next((column for (column,) in key_paths(columns, ONE_A_ROW) if column != group), "")
    if not group or not member:
        yield from rows
        return
    ids = [column for (column,) in key_paths(columns, _IDS)]
    found: dict[str, tuple[Person, list[str]]] = {}
    for row in rows:
        members = found.setdefault(str(row.source.get(group, "")), (row, []))[1]
        if one := str(row.source.get(member) or ""):
            members.append(one)
    for number, (name, (first, names)) in enumerate(found.items()):
        source = {column: first.source.get(column, "") for column in of_group}
        own = next((source[column] for column in ids if source.get(column)), None)
        yield Person(number, first.line, {**of_name(name), **source, "id": own, "members": names})
