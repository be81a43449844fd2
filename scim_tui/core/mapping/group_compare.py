"""The groups of a run beside those of a directory: who is which, and whose membership changes."""

import asyncio
from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from scim_tui.core.base.timeslice import Slices, giving_way
from scim_tui.core.mapping.group_run import GroupRun
from scim_tui.core.mapping.matching import Counterpart
from scim_tui.core.mapping.memberships import Beside, Memberships, Names
from scim_tui.mapping.check.changes import Change, ChangeKind
from scim_tui.mapping.check.findings import Finding
from scim_tui.mapping.check.group_changes import compare_group
from scim_tui.mapping.check.group_findings import made_by_hand, name_taken
from scim_tui.model.directory import GroupRow
from scim_tui.model.unknown_values import UNKNOWN
from scim_tui.providers.port import Provider

_REFUSED = Change(ChangeKind.NOT_SENT, message="Refused, so nothing changes.")
Told = Callable[[int], None]


@dataclass(slots=True)
class _There:
    """The groups of the directory."""

    by_id: dict[str, GroupRow] = field(default_factory=dict)
    by_name: dict[str, GroupRow] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)

    async def fill(self, provider: Provider, slices: Slices) -> None:
        async for page in provider.groups():
            if slices.due:
                await slices.turn()
            for row in page.rows:
                self.by_name.setdefault(row.display_name.lower(), row)
                if row.external_id:
                    self.by_id.setdefault(row.external_id, row)

    def change(self, group: Mapping[str, object]) -> Change:
        """What a push of a group would do, apart from its members."""
        by_id = self.by_id.get(str(group.get("externalId") or ""))
        change = compare_group(
            group, by_id, self.by_name.get(str(group.get("displayName") or "").lower())
        )
        self.met.add(change.user_id)
        return change

    def left_over(self) -> tuple[GroupRow, ...]:
        """Those whom the IdP made and the file does not name."""
        return tuple(row for row in self.by_id.values() if row.id not in self.met)


class GroupCompare:
    """One directory beside the groups of one run."""

    def __init__(
        self, run: GroupRun, provider: Provider, users: Counterpart, ids: Mapping[int, str]
    ) -> None:
        self._run, self._provider, self._users = run, provider, users
        self._ids = ids
        """The user that each of the people in a group is already; empty: nobody yet."""
        self._there = _There()

    async def compare(self, told: Told) -> None:
        """Compare group by group, and keep what came out in the run."""
        run = self._run
        run.look_anew()
        found: dict[int, Beside] = {}
        slices = Slices()
        await self._there.fill(self._provider, slices)
        for index in range(len(run)):
            found[index] = await self._compare(index)
            if slices.due:
                told(index + 1)
                await slices.turn()
        run.beside = found
        await asyncio.to_thread(self._keep)

    async def _compare(self, index: int) -> Beside:
        group = self._run.payload(index).user
        change = self._there.change(group)
        if self._run.refused(index):
            return Beside(_REFUSED)
        if change.kind is ChangeKind.CONFLICT:
            return Beside(change, (name_taken(group.get("displayName")),))
        by_hand = (made_by_hand(group.get("displayName")),) if change.by_hand else ()
        members = self._run.memberships(index)
        if members.count == UNKNOWN:
            return Beside(change, by_hand)
        return await self._with_members(index, change, members, by_hand)

    async def _with_members(
        self, index: int, change: Change, members: Memberships, by_hand: tuple[Finding, ...]
    ) -> Beside:
        elsewhere = {
            member.shown: row.id
            for member in self._run.strangers(index)
            if (row := self._users.called(member.names))
        }
        beside = Beside(change, by_hand, tuple(elsewhere))
        if change.kind is ChangeKind.CREATE or not self._provider.capabilities.members:
            return beside
        now = {
            member.id: member.user_name or member.id
            async for page in self._provider.members(change.user_id)
            for member in page.rows
        }
        return await asyncio.to_thread(self._moved, beside, members, elsewhere, now)

    def _moved(
        self,
        beside: Beside,
        members: Memberships,
        elsewhere: Mapping[str, str],
        now: Mapping[str, str],
    ) -> Beside:
        """Whom a push would add and take out."""
        wanted = {self._ids.get(person, "") for person in members.people}
        new = array(
            "q", (person for person in members.people if self._ids.get(person, "") not in now)
        )
        also = [name for name, user_id in elsewhere.items() if user_id not in now]
        added = Names(members.label, new, also)
        wanted.update(elsewhere.values())
        # The IdP knows them from before; what it cannot send is their change, not their place.
        staying = {
            person: user_id
            for person in members.held_back
            if self._run.people.is_refused(person) and (user_id := self._ids.get(person, "")) in now
        }
        wanted.update(staying.values())
        removed = [name for user_id, name in now.items() if user_id not in wanted]
        change = beside.change
        if (added or removed) and change.kind is ChangeKind.UNCHANGED:
            change = replace(change, kind=ChangeKind.UPDATE)
        return replace(
            beside, change=change, staying=frozenset(staying), added=added, removed=removed
        )

    def _keep(self) -> None:
        """Take what came out into the outcome of every group."""
        run = self._run
        for index, beside in giving_way(run.beside.items()):
            _, findings = run.alone(index)
            run.results.again(index, beside.change.kind, (*findings, *beside.findings))
        if not run.column:
            run.left = self._there.left_over()
            for row in run.left:
                run.results.add_left_over(row.display_name or row.id, ChangeKind.NOT_SENT)
        run.summarise()
