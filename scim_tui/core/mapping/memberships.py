"""Who would be in a group, who would be added, and who would go."""

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import overload

from scim_tui.mapping.check.changes import Change, ChangeKind
from scim_tui.mapping.check.findings import Finding
from scim_tui.model.constraints import MAX_MEMBERS
from scim_tui.model.unknown_values import Count


def _nobody(_: int) -> str:
    return ""


class Names(Sequence[str]):
    """Names that are looked up when they are looked at, as there may be very many."""

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
class Memberships:
    """The members of one group; every name is from outside, never to be shown raw."""

    source: str
    """Where they are told, in words."""
    count: Count
    """How many would be in it; unknown: nothing tells."""
    people: "array[int]" = field(default_factory=lambda: array("q"))
    """Who of the people would be in it."""
    label: Callable[[int], str] = _nobody
    """What one of the people is called."""
    named: int = 0
    """How many the group names, known or not."""
    strangers: list[str] = field(default_factory=list)
    """Who is nobody of the people, and not in the directory either."""
    held_back: "array[int]" = field(default_factory=lambda: array("q"))
    """Who is one of the people and is not sent, nor in the group already."""
    groups: list[str] = field(default_factory=list)
    """Groups in the group."""
    elsewhere: tuple[str, ...] = ()
    """Who is nobody of the people, but in the directory."""
    added: Sequence[str] | None = None
    """Whom a push would add; None: not compared."""
    removed: Sequence[str] | None = None
    """Whom a push would take out; None: not compared."""

    @property
    def names(self) -> Names:
        """Who of the people would be in it, by name."""
        return Names(self.label, self.people)

    @property
    def not_sent(self) -> Names:
        """Who is one of the people and is not sent, by name."""
        return Names(self.label, self.held_back)

    @property
    def requests(self) -> Iterator[tuple[str, list[str]]]:
        """The requests for members: what each does, and to whom; a hundred in each."""
        adding = self.names if self.added is None else self.added
        for op, names in (("add", adding), ("remove", self.removed or ())):
            for first in range(0, len(names), MAX_MEMBERS):
                yield op, list(names[first : first + MAX_MEMBERS])


@dataclass(frozen=True, slots=True)
class Beside:
    """One group beside the directory."""

    change: Change
    findings: tuple[Finding, ...] = ()
    elsewhere: tuple[str, ...] = ()
    """Members who are nobody of the people, but in the directory."""
    staying: frozenset[int] = frozenset()
    """Who of the people is refused as they are now, and in the group already."""
    added: Sequence[str] | None = None
    removed: Sequence[str] | None = None
    """None: the directory does not tell who is in a group."""

    def told(self, found: Memberships) -> Memberships:
        """The members with what the directory tells."""
        strangers = [name for name in found.strangers if name not in self.elsewhere]
        held_back = array("q", [one for one in found.held_back if one not in self.staying])
        found = replace(
            found,
            strangers=strangers,
            elsewhere=self.elsewhere,
            held_back=held_back,
            count=len(found.people) + len(self.elsewhere) + len(self.staying),
        )
        if self.change.kind is ChangeKind.CREATE:
            added = Names(found.label, found.people, self.elsewhere)
            return replace(found, added=added, removed=())
        return replace(found, added=self.added, removed=self.removed)
