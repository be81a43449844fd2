"""Who would be in a group, who would be added, and who would go."""

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from scim_tui.mapping.changes import Change, ChangeKind
from scim_tui.mapping.findings import Finding
from scim_tui.model.absent import Count
from scim_tui.model.constraints import MAX_MEMBERS


def _nobody(_: int) -> str:
    return ""


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
    not_sent: list[str] = field(default_factory=list)
    """Who is one of the people and is not sent."""
    groups: list[str] = field(default_factory=list)
    """Groups in the group."""
    elsewhere: tuple[str, ...] = ()
    """Who is nobody of the people, but in the directory."""
    added: Sequence[str] | None = None
    """Whom a push would add; None: not compared."""
    removed: Sequence[str] | None = None
    """Whom a push would take out; None: not compared."""

    def names(self, most: int | None = None) -> Iterator[str]:
        """Who of the people would be in it, by name."""
        yield from map(self.label, self.people[:most])

    @property
    def requests(self) -> Iterator[tuple[str, list[str]]]:
        """The requests for members: what each does, and to whom; a hundred in each."""
        adding = list(self.names()) if self.added is None else list(self.added)
        for op, names in (("add", adding), ("remove", list(self.removed or ()))):
            for first in range(0, len(names), MAX_MEMBERS):
                yield op, names[first : first + MAX_MEMBERS]


@dataclass(frozen=True, slots=True)
class Beside:
    """One group beside the directory."""

    change: Change
    findings: tuple[Finding, ...] = ()
    elsewhere: tuple[str, ...] = ()
    """Members who are nobody of the people, but in the directory."""
    added: Sequence[str] | None = None
    removed: Sequence[str] | None = None
    """None: the directory does not tell who is in a group."""

    def told(self, found: Memberships) -> Memberships:
        """The members with what the directory tells."""
        strangers = [name for name in found.strangers if name not in self.elsewhere]
        found = replace(
            found, strangers=strangers, elsewhere=self.elsewhere,
            count=len(found.people) + len(self.elsewhere),
        )  # fmt: skip
        if self.change.kind is ChangeKind.CREATE:
            return replace(found, added=[*found.names(), *self.elsewhere], removed=())
        return replace(found, added=self.added, removed=self.removed)
