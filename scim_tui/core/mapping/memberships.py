"""The members that a group would have, and those that a push would add or remove."""

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import overload

from scim_tui.mapping.check.changes import ChangeKind, PlannedChange
from scim_tui.mapping.check.findings import Finding
from scim_tui.model.constraints import MAX_MEMBERS
from scim_tui.model.unknown_values import Count


def _no_name(_: int) -> str:
    return ""


class LazyNames(Sequence[str]):
    """Names that are looked up one by one when they are read, as there may be very many."""

    def __init__(
        self, label: Callable[[int], str], people: Sequence[int], more: Sequence[str] = ()
    ) -> None:
        self._label, self._people, self._more = label, people, more

    def __len__(self) -> int:
        return len(self._people) + len(self._more)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return [self[n] for n in range(*place.indices(len(self)))]
        known = len(self._people)
        return self._label(self._people[place]) if place < known else self._more[place - known]


@dataclass(frozen=True, slots=True)
class GroupMembers:
    """The members of one group; every name is text from outside."""

    source: str
    """Which file, column or rule says who is in the group, in words."""
    count: Count
    """How many members it would have; unknown: the file names none."""
    people: "array[int]" = field(default_factory=lambda: array("q"))
    """Indexes of the people who would be members."""
    label: Callable[[int], str] = _no_name
    """The name of a person by index."""
    named: int = 0
    """How many members the file names, known or not."""
    unknown: list[str] = field(default_factory=list)
    """Members who are neither among the people nor in the directory."""
    held_back: "array[int]" = field(default_factory=lambda: array("q"))
    """Indexes of people who are not sent and are not in the group yet."""
    groups: list[str] = field(default_factory=list)
    """Members that are groups."""
    elsewhere: tuple[str, ...] = ()
    """Members who are not among the people, but in the directory."""
    added: Sequence[str] | None = None
    """Names that a push would add; None: not compared."""
    removed: Sequence[str] | None = None
    """Names that a push would remove; None: not compared."""

    @property
    def names(self) -> LazyNames:
        """Names of the people who would be members."""
        return LazyNames(self.label, self.people)

    @property
    def not_sent(self) -> LazyNames:
        """Names of the people who are not sent."""
        return LazyNames(self.label, self.held_back)

    @property
    def requests(self) -> Iterator[tuple[str, list[str]]]:
        """The PATCH requests: add or remove, with at most a hundred names each."""
        adding = self.names if self.added is None else self.added
        for op, names in (("add", adding), ("remove", self.removed or ())):
            for first in range(0, len(names), MAX_MEMBERS):
                yield op, list(names[first : first + MAX_MEMBERS])


@dataclass(frozen=True, slots=True)
class GroupComparison:
    """The comparison of one group with the directory."""

    change: PlannedChange
    findings: tuple[Finding, ...] = ()
    elsewhere: tuple[str, ...] = ()
    """Members who are not among the people, but in the directory."""
    staying: frozenset[int] = frozenset()
    """Indexes of people who are refused now, and in the group already."""
    added: Sequence[str] | None = None
    removed: Sequence[str] | None = None
    """None: the directory does not list the members of a group."""
    removed_ids: tuple[str, ...] = ()
    """Ids of the users whose names are in `removed`."""

    def apply_to(self, found: GroupMembers) -> GroupMembers:
        """`found`, the members by the file, combined with those in the directory."""
        unknown = [name for name in found.unknown if name not in self.elsewhere]
        held_back = array("q", [one for one in found.held_back if one not in self.staying])
        found = replace(
            found,
            unknown=unknown,
            elsewhere=self.elsewhere,
            held_back=held_back,
            count=len(found.people) + len(self.elsewhere) + len(self.staying),
        )
        if self.change.kind is ChangeKind.CREATE:
            added = LazyNames(found.label, found.people, self.elsewhere)
            return replace(found, added=added, removed=())
        return replace(found, added=self.added, removed=self.removed)
