"""The comparison of a preview with a directory: everybody, those left over, and the groups."""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from scim_tui.core.mapping_directory import Cost, Counterpart
from scim_tui.core.mapping_results import Totals
from scim_tui.mapping.changes import Change, ChangeKind, deactivation
from scim_tui.mapping.findings import Finding, by_hand, conflicting
from scim_tui.mapping.groups import GroupChange, problem_of
from scim_tui.model.absent import UNKNOWN
from scim_tui.model.directory import GroupRow, UserRow
from scim_tui.providers.port import Provider

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
            self.directory.met(user)
            return _REFUSED, ()
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
            totals, changes=changes, listed=len(self.directory), groups=self.groups,
            reads=reads, writes=writes, push_seconds=Cost(reads, writes).seconds(self.limits),
        )  # fmt: skip


async def compare_groups(
    provider: Provider, members: Mapping[str, "array[int]"], ids: Mapping[int, str]
) -> tuple[GroupChange, ...]:
    """What a push would do to each group; `ids` has the users that people are already.

    The groups of the directory that the people do not name stay as they are.
    """
    there: dict[str, GroupRow] = {}
    async for page in provider.groups():
        there |= {row.display_name.lower(): row for row in page.rows}
    return tuple([
        await _group(provider, name, members[name], there.get(name.lower()), ids)
        for name in sorted(members)
    ])  # fmt: skip


async def _group(
    provider: Provider, name: str, people: "array[int]", row: GroupRow | None,
    ids: Mapping[int, str],
) -> GroupChange:  # fmt: skip
    problem = problem_of(name)
    if row is None:
        kind = ChangeKind.NOT_SENT if problem else ChangeKind.CREATE
        return GroupChange(name, kind, len(people), len(people), 0, problem)
    if not provider.capabilities.members:
        return GroupChange(name, UNKNOWN, len(people))
    now = {member.id async for page in provider.members(row.id) for member in page.rows}
    wanted = [ids.get(index, "") for index in people]
    added = sum(1 for user_id in wanted if user_id not in now)
    removed = len(now - set(wanted))
    kind = ChangeKind.UPDATE if added or removed else ChangeKind.UNCHANGED
    return GroupChange(name, kind, len(people), added, removed, problem)


def uncompared_groups(members: Mapping[str, "array[int]"]) -> tuple[GroupChange, ...]:
    """The groups that the people name, when no directory is there to compare with."""
    return tuple(
        GroupChange(name, UNKNOWN, len(members[name]), problem=problem_of(name))
        for name in sorted(members)
    )
