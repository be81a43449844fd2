"""The run of rules over people: the outcome of everybody, one person in full, and the totals."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from scim_tui.core.base.timeslice import Slices
from scim_tui.core.mapping.compare import Comparing
from scim_tui.core.mapping.group_compare import GroupCompare
from scim_tui.core.mapping.group_run import GroupRun
from scim_tui.core.mapping.groups_file import GroupsFile
from scim_tui.core.mapping.matching import Counterpart
from scim_tui.core.mapping.people import Listing, PeopleFile, as_source
from scim_tui.core.mapping.results import Result, Results, is_refused, label_of
from scim_tui.core.mapping.totals import Told, Totals
from scim_tui.mapping.authoring.columns import bound
from scim_tui.mapping.check.batch import Batch, Keys, keys_of
from scim_tui.mapping.check.engine import Payload, apply
from scim_tui.mapping.check.findings import ACTIVE_MISSING, Finding, unassigned
from scim_tui.mapping.read.assignment import Assigned
from scim_tui.mapping.read.people import Person
from scim_tui.mapping.read.remarks import refuse_unclear
from scim_tui.mapping.rules.rules import RuleSet
from scim_tui.model.directory import UserRow
from scim_tui.model.errors import UsageError
from scim_tui.providers.port import Provider

_ASSIGNED = {Assigned.YES: True, Assigned.NO: False, Assigned.UNKNOWN: None}
_STRETCH = 200
"""People read from their file at once."""
_CHECK_CLOCK = 16
"""People between two looks at the clock."""

Progress = Callable[[Totals], None]


class Run:
    """People and rules together, until another run takes its place."""

    def __init__(
        self, people: PeopleFile, rules: RuleSet, groups: GroupsFile | None, before: Totals | None
    ) -> None:
        self.people, self.rules = people, bound(rules, people.columns)
        self.groups = GroupRun(rules, groups, people.columns)
        self.results = Results()
        self.comparing: Comparing | None = None
        """None: not compared with a directory."""
        self.no_status = rules.finds_no_status(people.columns)
        """Whether no column says who is active, which is said once and not for each person."""
        self._over = self._meets = False
        self._before = before
        self._batch = Batch(0, self._user)

    def end(self) -> None:
        """Another run takes the place of this one."""
        self._over = self.groups.over = True

    def still(self) -> None:
        """Raise `UsageError` when another run took the place of this one."""
        if self._over:
            raise UsageError("The preview was started again with other files.")

    async def check(self, slices: Slices, told: Progress) -> None:
        """Check everybody. Cancelling keeps what was checked.

        Raises `UsageError` when a rule uses a column whose values the files do not tell.
        """
        for rule in self.rules.rules:
            purpose = f"rule {rule.target.text} (line {rule.line})"
            refuse_unclear(self.people.remarks.unclear, rule.fields, purpose)
        self.groups.refuse_unclear(self.people)
        self._batch = await asyncio.to_thread(Batch, len(self.people), self._user)
        await asyncio.to_thread(self.groups.collect)
        self._meets = self.groups.has_to_meet
        self.still()
        for person in self._everybody():
            self._check(person)
            if person.index % _CHECK_CLOCK == 0 and slices.due:
                await self._turn(slices, told)
        self.results.keep()
        await asyncio.to_thread(self.groups.check, self.results)
        self.still()

    async def compare(self, provider: Provider, counterpart: Counterpart, told: Told) -> None:
        """Compare everybody, and the groups, with the directory."""
        self.comparing = None
        self.results.restore()
        counterpart.begin()
        comparing = Comparing(counterpart, provider.capabilities.limits)
        ids = await self._compare_people(comparing, told)
        await self._leave_over(comparing, Slices())
        self.results.settle()
        await self._compare_groups(GroupCompare(self.groups, provider, counterpart, ids), told)
        comparing.groups = self.groups.summary
        self.comparing = comparing

    async def _compare_groups(self, groups: GroupCompare, told: Told) -> None:
        listing = Listing("comparing groups", len(self.groups))

        def tell(done: int) -> None:
            self.still()
            told(listing.doing(done))

        await groups.compare(tell)
        self.still()

    async def _compare_people(self, comparing: Comparing, told: Told) -> dict[int, str]:
        """Compare person by person; the ids of those in groups whom the directory has."""
        slices, listing = Slices(), Listing("comparing people", len(self.people))
        grouped = await asyncio.to_thread(self.groups.everybody)
        ids: dict[int, str] = {}
        for person in self._everybody():
            change, findings = comparing.change(
                apply(self.rules, person.source).user,
                refused=self.results.is_refused(person.index),
                assigned=_ASSIGNED[person.assigned],
            )
            comparing.cost.add(change.kind)
            self.results.compared(person.index, change.kind, findings)
            if person.index in grouped:
                ids[person.index] = change.user_id
            if person.index % _CHECK_CLOCK == 0 and slices.due:
                if slices.news:
                    told(listing.doing(person.index))
                await slices.turn()
                self.still()
        return ids

    async def _leave_over(self, comparing: Comparing, slices: Slices) -> None:
        async for number, row in comparing.directory.left_over(slices):
            self.still()
            kind = comparing.add_left_over(number, row)
            self.results.add_left_over(row.user_name, kind)

    async def _turn(self, slices: Slices, told: Progress) -> None:
        if slices.news:
            told(self.totals(slices.seconds))
        await slices.turn()
        self.still()

    def pushed(self, index: int, row: UserRow) -> None:
        """Somebody was sent: what would happen to them now, with the user as read back."""
        if (comparing := self.comparing) is None:
            return
        before = self.results.kind(index)
        comparing.directory.learn(row)
        result = self.result(index)
        kind = result.change.kind if result.change else None
        self.results.again(index, kind, result.findings)
        comparing.cost.add(before, -1)
        comparing.cost.add(kind)

    def totals(self, seconds: float) -> Totals:
        """The numbers so far."""
        totals = self.results.totals(of=len(self.people), seconds=seconds)
        if totals.complete:
            totals = replace(totals, before=self._before, groups=self.groups.summary)
        if self.comparing is None:
            return totals
        return self.comparing.counted(totals, self.results.counted())

    def result(self, index: int) -> Result:
        """Everything about one person, or one user who is left over, after the last person."""
        count = len(self.people)
        left = len(self.comparing.left) if self.comparing is not None else 0
        if not 0 <= index < count + left:
            raise UsageError(f"There is no person {index + 1}.")
        if self.comparing is not None and index >= count:
            return self._left_over(self.comparing, index)
        return self._result(self.people.person(index), checked=index < len(self.results))

    def what_if(self, values: Mapping[str, object]) -> Result:
        """What would come of one person more."""
        person = Person(len(self.people), 0, dict(values))
        return self._result(person, checked=bool(self.results))

    def find(self, name: str) -> list[int]:
        """Indexes of everybody whose userName, address or externalId this is."""
        wanted = name.lower()
        return [
            person.index
            for person in self._everybody()
            if wanted in keys_of(apply(self.rules, person.source).user)
        ]

    def _everybody(self) -> Iterator[Person]:
        count = len(self.people)
        for first in range(0, count, _STRETCH):
            yield from self.people.stretch(first, min(first + _STRETCH, count))

    def _user(self, index: int) -> Mapping[str, object]:
        return apply(self.rules, self.people.person(index).source).user

    def _check(self, person: Person) -> None:
        payload = apply(self.rules, person.source)
        assigned = _ASSIGNED[person.assigned]
        keys = keys_of(payload.user)
        findings = self._alone(payload, person, keys, checked=True)
        refused = self.results.add(label_of(payload, person), findings, assigned)
        if self._meets:
            self.groups.meet(person, keys)
        if refused or assigned is False:
            return
        self._batch.take(keys, person.index)

    def _alone(
        self, payload: Payload, person: Person, keys: Keys, *, checked: bool
    ) -> tuple[Finding, ...]:
        """What there is to say without a directory."""
        if person.assigned is Assigned.NO:
            return (unassigned(label_of(payload, person)),)
        found = payload.findings
        if self.no_status:
            found = tuple(one for one in found if one.code != ACTIVE_MISSING)
        return found + self._batch.collisions(keys, person.index) if checked else found

    def _result(self, person: Person, *, checked: bool) -> Result:
        payload = apply(self.rules, person.source)
        assigned, change = _ASSIGNED[person.assigned], None
        findings = self._alone(payload, person, keys_of(payload.user), checked=checked)
        if self.comparing is not None:
            change, more = self.comparing.change(
                payload.user, refused=is_refused(findings), assigned=assigned
            )
            findings += more
        return Result(person, payload, findings, change, assigned, label_of(payload, person))

    def _left_over(self, comparing: Comparing, index: int) -> Result:
        place = index - len(self.people)
        row = comparing.directory.row(comparing.left[place])
        return Result(
            Person(index, 0, as_source(row)),
            Payload({}, ()),
            (),
            comparing.left_over(place),
            None,
            row.user_name or row.id,
        )
