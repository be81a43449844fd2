"""The comparison of a preview with a directory: everybody, and those left over."""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from scim_tui.core.mapping.matching import Cost, Counterpart
from scim_tui.core.mapping.totals import Totals
from scim_tui.mapping.check.changes import Change, ChangeKind, deactivation
from scim_tui.mapping.check.findings import Finding, by_hand, conflicting
from scim_tui.mapping.read.groups import GroupChange
from scim_tui.model.directory import UserRow

_GONE = "The IdP made this user, and nobody of the people is this user any more."
_UNASSIGNED = "Not assigned any more."
_REFUSED = Change(ChangeKind.NOT_SENT, message="Refused, so nothing changes.")
_AWAY = Change(ChangeKind.NOT_SENT, message="Not assigned, and not in the directory.")


@dataclass(slots=True)
class Comparing:
    """One directory beside one set of people."""

    directory: Counterpart
    limits: Mapping[str, float]
    """Requests a second that the directory allows."""
    cost: Cost = field(default_factory=Cost)
    left: "array[int]" = field(default_factory=lambda: array("q"))
    """Numbers of the users whom nobody of the people is."""
    groups: tuple[GroupChange, ...] = ()

    def change(
        self, user: Mapping[str, Any], *, refused: bool, assigned: bool | None
    ) -> tuple[Change, tuple[Finding, ...]]:
        """What a push of somebody would do, and what there is to say about it."""
        if assigned is False:
            row = self.directory.met(user)
            return (deactivation(row, _UNASSIGNED) if row else _AWAY), ()
        if refused:
            row = self.directory.met(user)
            return (replace(_REFUSED, user_id=row.id) if row else _REFUSED), ()
        change = self.directory.compare(user)
        if change.kind is ChangeKind.CONFLICT:
            return change, (conflicting(change.message, user.get("userName")),)
        if change.by_hand:
            return change, (by_hand(change.matched_by, user.get("userName")),)
        return change, ()

    def add_left_over(self, number: int, row: UserRow) -> ChangeKind:
        """Take in somebody whom nobody of the people is; what would happen to them."""
        self.left.append(number)
        kind = deactivation(row, _GONE).kind
        self.cost.add(kind)
        return kind

    def left_over(self, place: int) -> Change:
        """What would happen to one of those left over."""
        return deactivation(self.directory.row(self.left[place]), _GONE)

    def counted(self, totals: Totals, changes: tuple[tuple[str, int], ...]) -> Totals:
        """The totals with what the comparison tells."""
        reads = self.cost.reads + len(self.groups)
        writes = self.cost.writes + sum(one.requests for one in self.groups)
        return replace(
            totals,
            changes=changes,
            listed=len(self.directory),
            groups=self.groups,
            reads=reads,
            writes=writes,
            push_seconds=Cost(reads, writes).seconds(self.limits),
        )
