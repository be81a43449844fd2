"""One set of rules applied to one set of people: results, single persons in full, totals."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from scim_tui.core.base.timeslice import Slices
from scim_tui.core.mapping.compare import DirectoryComparison
from scim_tui.core.mapping.group_compare import GroupComparer
from scim_tui.core.mapping.group_run import GroupRun
from scim_tui.core.mapping.groups_file import GroupsFile
from scim_tui.core.mapping.matching import DirectoryMatcher
from scim_tui.core.mapping.people import PeopleFile, ProgressCounter, as_source
from scim_tui.core.mapping.results import Result, Results, is_refused, label_of
from scim_tui.core.mapping.selection import ResultSelection
from scim_tui.core.mapping.totals import OnProgress, Totals
from scim_tui.mapping.authoring.columns import bound
from scim_tui.mapping.check.batch import Keys, UniqueValues, keys_of
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
_PEOPLE_A_READ = 200
"""People read from their file together."""
_PEOPLE_A_TURN = 16
"""People between two checks of the clock."""

OnTotals = Callable[[Totals], None]


class Run:
    """One set of people and rules; ended when other files are loaded."""

    def __init__(
        self, people: PeopleFile, rules: RuleSet, groups: GroupsFile | None, before: Totals | None
    ) -> None:
        self.people, self.rules = people, bound(rules, people.columns)
        self.groups = GroupRun(rules, groups, people.columns)
        self.results = Results()
        self.comparing: DirectoryComparison | None = None
        """None: not compared with a directory."""
        self.no_status = rules.finds_no_status(people.columns)
        """Whether no column says who is active: one note instead of a finding for each person."""
        self._ended = self._links_groups = False
        self._before = before
        self._unique = UniqueValues(0, self._user)

    def __len__(self) -> int:
        """How many people there are in the file."""
        return len(self.people)

    @property
    def selection(self) -> ResultSelection:
        """The results, for lists and filters."""
        return ResultSelection(self)

    def end(self) -> None:
        """Stop the work on this run: another one replaces it."""
        self._ended = self.groups.stopped = True

    def require_current(self) -> None:
        """Raise `UsageError` when another run replaced this one."""
        if self._ended:
            raise UsageError("The preview was started again with other files.")

    async def check(self, slices: Slices, on_totals: OnTotals) -> None:
        """Check all people and groups. Cancelling keeps what was checked.

        Raises `UsageError` when a rule needs a column that cannot be read.
        """
        for rule in self.rules.rules:
            purpose = f"rule {rule.target.text} (line {rule.line})"
            refuse_unclear(self.people.remarks.unclear, rule.fields, purpose)
        self.groups.refuse_unclear(self.people)
        self._unique = await asyncio.to_thread(UniqueValues, len(self.people), self._user)
        await asyncio.to_thread(self.groups.collect)
        self._links_groups = self.groups.needs_people
        self.require_current()
        for person in self._all_people():
            self._check(person)
            if person.index % _PEOPLE_A_TURN == 0 and slices.due:
                await self._turn(slices, on_totals)
        self.results.keep()
        await asyncio.to_thread(self.groups.check, self.results)
        self.require_current()

    async def compare(
        self, provider: Provider, users: DirectoryMatcher, on_progress: OnProgress
    ) -> None:
        """Compare all people and groups with the directory.

        A comparison that fails or is cancelled leaves what was known before it.
        """
        before, self.comparing = (self.results, self.comparing), None
        self.results = self.groups.people = self.results.again()
        try:
            await self._compare(provider, users, on_progress)
        except BaseException:
            self.results, self.comparing = before
            self.groups.people = self.results
            raise

    async def _compare(
        self, provider: Provider, users: DirectoryMatcher, on_progress: OnProgress
    ) -> None:
        users.begin()
        comparing = DirectoryComparison(users, provider.capabilities.limits)
        ids = await self._compare_people(comparing, on_progress)
        await self._leave_over(comparing, Slices())
        self.results.settle()
        await self._compare_groups(GroupComparer(self.groups, provider, users, ids), on_progress)
        comparing.groups = self.groups.summary
        self.comparing = comparing

    async def _compare_groups(self, groups: GroupComparer, on_progress: OnProgress) -> None:
        counter = ProgressCounter("comparing groups", len(self.groups))

        def count(done: int) -> None:
            self.require_current()
            on_progress(counter.progress(done))

        await groups.compare(count)
        self.require_current()

    async def _compare_people(
        self, comparing: DirectoryComparison, on_progress: OnProgress
    ) -> dict[int, str]:
        """Compare each person; returns the ids of the users that people in groups match."""
        slices, counter = Slices(), ProgressCounter("comparing people", len(self.people))
        grouped = await asyncio.to_thread(self.groups.people_in_groups)
        ids: dict[int, str] = {}
        for person in self._all_people():
            change, findings = comparing.change(
                apply(self.rules, person.source).user,
                refused=self.results.is_refused(person.index),
                assigned=_ASSIGNED[person.assigned],
            )
            comparing.cost.add(change.kind)
            self.results.compared(person.index, change.kind, findings)
            if person.index in grouped:
                ids[person.index] = change.user_id
            if person.index % _PEOPLE_A_TURN == 0 and slices.due:
                if slices.news:
                    on_progress(counter.progress(person.index))
                await slices.turn()
                self.require_current()
        return ids

    async def _leave_over(self, comparing: DirectoryComparison, slices: Slices) -> None:
        async for number, row in comparing.directory.left_over(slices):
            self.require_current()
            kind = comparing.add_left_over(number, row)
            self.results.add_left_over(row.user_name, kind)

    async def _turn(self, slices: Slices, on_totals: OnTotals) -> None:
        if slices.news:
            on_totals(self.totals(slices.seconds))
        await slices.turn()
        self.require_current()

    def pushed(self, index: int, row: UserRow) -> None:
        """Compare one person again, with the user as it was read back after a push."""
        if (comparing := self.comparing) is None:
            return
        before = self.results.kind(index)
        comparing.directory.update(row)
        result = self.result(index)
        kind = result.change.kind if result.change else None
        self.results.replace(index, kind, result.findings)
        comparing.cost.add(before, -1)
        comparing.cost.add(kind)

    def totals(self, seconds: float) -> Totals:
        """The totals so far."""
        totals = self.results.totals(of=len(self.people), seconds=seconds)
        if totals.complete:
            totals = replace(totals, before=self._before, groups=self.groups.summary)
        if self.comparing is None:
            return totals
        return self.comparing.counted(totals, self.results.counted())

    def result(self, index: int) -> Result:
        """Everything about one person; after the last come users that no person matches."""
        count = len(self.people)
        left = len(self.comparing.left) if self.comparing is not None else 0
        if not 0 <= index < count + left:
            raise UsageError(f"There is no person {index + 1}.")
        if self.comparing is not None and index >= count:
            return self._left_over(self.comparing, index)
        return self._result(self.people.person(index), checked=index < len(self.results))

    def what_if(self, values: Mapping[str, object]) -> Result:
        """The result that one more person would have."""
        person = Person(len(self.people), 0, dict(values))
        return self._result(person, checked=bool(self.results))

    def find(self, name: str) -> list[int]:
        """Indexes of all people with this userName, address or externalId."""
        wanted = name.lower()
        return [
            person.index
            for person in self._all_people()
            if wanted in keys_of(apply(self.rules, person.source).user)
        ]

    def _all_people(self) -> Iterator[Person]:
        count = len(self.people)
        for first in range(0, count, _PEOPLE_A_READ):
            yield from self.people.stretch(first, min(first + _PEOPLE_A_READ, count))

    def _user(self, index: int) -> Mapping[str, object]:
        return apply(self.rules, self.people.person(index).source).user

    def _check(self, person: Person) -> None:
        payload = apply(self.rules, person.source)
        assigned = _ASSIGNED[person.assigned]
        keys = keys_of(payload.user)
        findings = self._findings(payload, person, keys, checked=True)
        refused = self.results.add(label_of(payload, person), findings, assigned)
        if self._links_groups:
            self.groups.link(person, keys)
        if refused or assigned is False:
            return
        self._unique.take(keys, person.index)

    def _findings(
        self, payload: Payload, person: Person, keys: Keys, *, checked: bool
    ) -> tuple[Finding, ...]:
        """The findings without a directory."""
        if person.assigned is Assigned.NO:
            return (unassigned(label_of(payload, person)),)
        found = payload.findings
        if self.no_status:
            found = tuple(one for one in found if one.code != ACTIVE_MISSING)
        return found + self._unique.collisions(keys, person.index) if checked else found

    def _result(self, person: Person, *, checked: bool) -> Result:
        payload = apply(self.rules, person.source)
        assigned, change = _ASSIGNED[person.assigned], None
        findings = self._findings(payload, person, keys_of(payload.user), checked=checked)
        if self.comparing is not None:
            change, more = self.comparing.change(
                payload.user, refused=is_refused(findings), assigned=assigned
            )
            findings += more
        return Result(person, payload, findings, change, assigned, label_of(payload, person))

    def _left_over(self, comparing: DirectoryComparison, index: int) -> Result:
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
