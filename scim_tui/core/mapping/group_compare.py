"""The comparison of the groups of a run with those of a directory, and of their members."""

import asyncio
from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from scim_tui.core.base.timeslice import Slices, giving_way
from scim_tui.core.mapping.group_run import GroupRun
from scim_tui.core.mapping.matching import DirectoryMatcher
from scim_tui.core.mapping.memberships import GroupComparison, GroupMembers, LazyNames
from scim_tui.core.mapping.results import Results
from scim_tui.mapping.check.changes import ChangeKind, PlannedChange
from scim_tui.mapping.check.findings import Finding
from scim_tui.mapping.check.group_changes import compare_group
from scim_tui.mapping.check.group_findings import made_by_hand, name_taken
from scim_tui.mapping.read.groups import GroupChange
from scim_tui.model.directory import GroupRow
from scim_tui.model.unknown_values import UNKNOWN
from scim_tui.providers.port import Provider

_REFUSED = PlannedChange(ChangeKind.NOT_SENT, message="Refused, so nothing changes.")
OnCount = Callable[[int], None]


@dataclass(slots=True)
class _DirectoryGroups:
    """The groups of the directory."""

    by_id: dict[str, GroupRow] = field(default_factory=dict)
    by_name: dict[str, GroupRow] = field(default_factory=dict)
    matched: set[str] = field(default_factory=set)

    async def fill(self, provider: Provider, slices: Slices) -> None:
        async for page in provider.groups():
            if slices.due:
                await slices.turn()
            for row in page.rows:
                self.by_name.setdefault(row.display_name.lower(), row)
                if row.external_id:
                    self.by_id.setdefault(row.external_id, row)

    def change(self, group: Mapping[str, object]) -> PlannedChange:
        """What a push of a group would do, apart from its members."""
        by_id = self.by_id.get(str(group.get("externalId") or ""))
        change = compare_group(
            group, by_id, self.by_name.get(str(group.get("displayName") or "").lower())
        )
        self.matched.add(change.user_id)
        return change

    def left_over(self) -> tuple[GroupRow, ...]:
        """Groups that the IdP made and the file does not have."""
        return tuple(row for row in self.by_id.values() if row.id not in self.matched)


class GroupComparer:
    """Compares the groups of one run with one directory."""

    def __init__(
        self, run: GroupRun, provider: Provider, users: DirectoryMatcher, ids: Mapping[int, str]
    ) -> None:
        self._run, self._provider, self._users = run, provider, users
        self._ids = ids
        """Id of the user that each person in a group matches; empty: there is none yet."""
        self._listed = _DirectoryGroups()

    async def compare(self, on_count: OnCount) -> None:
        """Compare group by group, and put the results into the run; all of them or none."""
        before = self._run.compared()
        self._run.reset_comparison()
        try:
            await self._compare_all(on_count)
        except BaseException:
            self._run.take(before)
            raise

    async def _compare_all(self, on_count: OnCount) -> None:
        run = self._run
        found: dict[int, GroupComparison] = {}
        slices = Slices()
        await self._listed.fill(self._provider, slices)
        for index in range(len(run)):
            found[index] = await self._compare(index)
            if slices.due:
                on_count(index + 1)
                await slices.turn()
        run.comparisons = found
        if not run.column:
            run.left = self._listed.left_over()
        # The thread goes on when this is cancelled: it changes nothing but these results.
        run.summary = await asyncio.to_thread(self._keep, run.results)

    async def _compare(self, index: int) -> GroupComparison:
        group = self._run.payload(index).user
        change = self._listed.change(group)
        if self._run.results.is_refused(index):
            return GroupComparison(_REFUSED)
        if change.kind is ChangeKind.CONFLICT:
            return GroupComparison(change, (name_taken(group.get("displayName")),))
        by_hand = (made_by_hand(group.get("displayName")),) if change.by_hand else ()
        members = self._run.memberships(index)
        if members.count == UNKNOWN:
            return GroupComparison(change, by_hand)
        return await self._with_members(index, change, members, by_hand)

    async def _with_members(
        self, index: int, change: PlannedChange, members: GroupMembers, by_hand: tuple[Finding, ...]
    ) -> GroupComparison:
        elsewhere = {
            member.shown: row.id
            for member in self._run.unknown_members(index)
            if (row := self._users.named(member.names))
        }
        comparison = GroupComparison(change, by_hand, tuple(elsewhere))
        if change.kind is ChangeKind.CREATE or not self._provider.capabilities.members:
            return comparison
        now = {
            member.id: member.user_name or member.id
            async for page in self._provider.members(change.user_id)
            for member in page.rows
        }
        return await asyncio.to_thread(self._with_moves, comparison, members, elsewhere, now)

    def _with_moves(
        self,
        comparison: GroupComparison,
        members: GroupMembers,
        elsewhere: Mapping[str, str],
        now: Mapping[str, str],
    ) -> GroupComparison:
        """The comparison with the names that a push would add and remove."""
        wanted = {self._ids.get(person, "") for person in members.people}
        new = array(
            "q", (person for person in members.people if self._ids.get(person, "") not in now)
        )
        also = [name for name, user_id in elsewhere.items() if user_id not in now]
        added = LazyNames(members.label, new, also)
        wanted.update(elsewhere.values())
        # The IdP sent them before: their change is refused, and their membership stays.
        staying = {
            person: user_id
            for person in members.held_back
            if self._run.people.is_refused(person) and (user_id := self._ids.get(person, "")) in now
        }
        wanted.update(staying.values())
        gone = {user_id: name for user_id, name in now.items() if user_id not in wanted}
        removed = list(gone.values())
        change = comparison.change
        if (added or removed) and change.kind is ChangeKind.UNCHANGED:
            change = replace(change, kind=ChangeKind.UPDATE)
        return replace(
            comparison,
            change=change,
            staying=frozenset(staying),
            added=added,
            removed=removed,
            removed_ids=tuple(gone),
        )

    def _keep(self, results: Results) -> tuple[GroupChange, ...]:
        """Put the comparisons into the results of the groups; returns the summary of each."""
        run = self._run
        for index, comparison in giving_way(run.comparisons.items()):
            _, findings = run.check_one(index)
            results.replace(index, comparison.change.kind, (*findings, *comparison.findings))
        for row in run.left:
            results.add_left_over(row.display_name or row.id, ChangeKind.NOT_SENT)
        return run.summarised()
