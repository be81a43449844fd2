"""The numbers of a preview, of people or of groups, and the progress of long work."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from scim_tui.mapping.read.groups import GroupChange
from scim_tui.model.unknown_values import UNKNOWN, Absent, Count


class WorkProgress(NamedTuple):
    """The progress of one long piece of work."""

    what: str
    done: int = 0
    of: int = 0
    """0: not known."""
    seconds: float = 0.0
    share: float | None = None
    """The part that is done, from 0 to 1; None: it follows from the count, or is not known."""


OnProgress = Callable[[WorkProgress], object]


@dataclass(frozen=True, slots=True)
class Totals:
    """The numbers of a preview."""

    people: int
    """How many are checked so far."""
    accepted: int
    refused: int
    warned: int
    """Accepted, with a warning."""
    codes: tuple[tuple[str, int], ...]
    """How many people have a finding of each code, most frequent first."""
    seconds: float
    of: int
    """How many there are in the file."""
    unassigned: Count = UNKNOWN
    """How many are not assigned to the app of the IdP; unknown without a scope."""
    assignment_unknown: int = 0
    """For how many it is unknown whether they are assigned."""
    changes: tuple[tuple[str, int], ...] = ()
    """How many people each kind of change concerns; empty: not compared with a directory."""
    listed: Count = UNKNOWN
    """Users that the directory has; unknown: not compared."""
    groups: tuple[GroupChange, ...] = ()
    """What would happen to each group, by name."""
    reads: Count = UNKNOWN
    writes: Count = UNKNOWN
    """Requests that a push of everything would take."""
    push_seconds: float | Absent = UNKNOWN
    """Seconds that those requests take at the rate that the directory allows."""
    before: "Totals | None" = None
    """The totals of the run before this one, of the same people."""

    def as_object(self) -> dict[str, object]:
        """The numbers as JSON; null is unknown."""
        return {
            "people": self.people,
            "accepted": self.accepted,
            "refused": self.refused,
            "warned": self.warned,
            "unassigned": _known(self.unassigned),
            "assignment_unknown": self.assignment_unknown,
            "codes": dict(self.codes),
            "changes": dict(self.changes) if self.compared else None,
            "reads": _known(self.reads),
            "writes": _known(self.writes),
            "push_seconds": _known(self.push_seconds),
        }

    @property
    def complete(self) -> bool:
        """Whether all people are checked."""
        return self.people == self.of

    @property
    def compared(self) -> bool:
        """Whether the numbers of changes are known."""
        return bool(self.changes)

    def news(self) -> tuple[tuple[str, int], ...]:
        """What changed since the previous run: accepted, refused, and the count of each code."""
        if self.before is None:
            return ()
        now, then = self._counts(), self.before._counts()
        moved = {name: now[name] - then[name] for name in [*now, *(then.keys() - now.keys())]}
        return tuple((name, by) for name, by in moved.items() if by)

    def _counts(self) -> Counter[str]:
        mine = {"accepted": self.accepted, "refused": self.refused, "warned": self.warned}
        return Counter({**mine, **dict(self.codes), **dict(self.changes)})


def _known(value: float | Absent) -> float | None:
    return None if isinstance(value, Absent) else value
