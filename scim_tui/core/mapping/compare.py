"""The comparison of the people of a preview with the users of a directory."""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from scim_tui.core.mapping.matching import DirectoryMatcher, PushCost
from scim_tui.core.mapping.totals import Totals
from scim_tui.mapping.check.changes import ChangeKind, PlannedChange, deactivation
from scim_tui.mapping.check.findings import Finding, by_hand, conflicting
from scim_tui.mapping.read.groups import GroupChange
from scim_tui.model.directory import UserRow

_GONE = "The IdP made this user, and no person in the file matches it any more."
_UNASSIGNED = "Not assigned any more."
_REFUSED = PlannedChange(ChangeKind.NOT_SENT, message="Refused, so nothing changes.")
_AWAY = PlannedChange(ChangeKind.NOT_SENT, message="Not assigned, and not in the directory.")


@dataclass(slots=True)
class DirectoryComparison:
    """One set of people compared with one directory."""

    directory: DirectoryMatcher
    limits: Mapping[str, float]
    """Requests a second that the directory allows."""
    cost: PushCost = field(default_factory=PushCost)
    left: "array[int]" = field(default_factory=lambda: array("q"))
    """Numbers of the users of the IdP that no person matches."""
    groups: tuple[GroupChange, ...] = ()

    def change(
        self, user: Mapping[str, Any], *, refused: bool, assigned: bool | None
    ) -> tuple[PlannedChange, tuple[Finding, ...]]:
        """What a push of one person would do, with the findings that follow from it."""
        if assigned is False:
            row = self.directory.claim(user)
            return (deactivation(row, _UNASSIGNED) if row else _AWAY), ()
        if refused:
            row = self.directory.claim(user)
            return (replace(_REFUSED, user_id=row.id) if row else _REFUSED), ()
        change = self.directory.compare(user)
        if change.kind is ChangeKind.CONFLICT:
            return change, (conflicting(change.message, user.get("userName")),)
        if change.by_hand:
            return change, (by_hand(change.matched_by, user.get("userName")),)
        return change, ()

    def add_left_over(self, number: int, row: UserRow) -> ChangeKind:
        """Add a user that no person matches; what a push would do to them."""
        self.left.append(number)
        kind = deactivation(row, _GONE).kind
        self.cost.add(kind)
        return kind

    def left_over(self, place: int) -> PlannedChange:
        """What a push would do to a user of the directory that no person matches."""
        return deactivation(self.directory.row(self.left[place]), _GONE)

    def counted(self, totals: Totals, changes: tuple[tuple[str, int], ...]) -> Totals:
        """The totals with the numbers of the comparison."""
        reads = self.cost.reads + len(self.groups)
        writes = self.cost.writes + sum(one.requests for one in self.groups)
        return replace(
            totals,
            changes=changes,
            listed=len(self.directory),
            groups=self.groups,
            reads=reads,
            writes=writes,
            push_seconds=PushCost(reads, writes).seconds(self.limits),
        )
