"""The mapping preview: what would arrive if these rules ran on these people.

Nothing is sent but what `push` is told to. People wait in a file without a name and results are a
few bytes each, so that memory does not grow with the people; the payload of a person is made
again when it is looked at. Long work runs in short slices, so that a screen stays alive.
"""

import asyncio
import bisect
import contextlib
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from scim_tui.core.clock import Clock, utc_now
from scim_tui.core.directory import View
from scim_tui.core.mapping_comparing import Comparing, compare_groups, uncompared_groups
from scim_tui.core.mapping_directory import Cost, Counterpart, at_hand, live
from scim_tui.core.mapping_files import read_rules, write_report
from scim_tui.core.mapping_people import (
    PeopleFile,
    Reading,
    as_source,
    from_directory,
    from_file,
)
from scim_tui.core.mapping_push import OnDemand, Push, Pushed
from scim_tui.core.mapping_results import Result, Results, Totals, is_refused, label_of
from scim_tui.core.mutation import Guard
from scim_tui.core.slices import TELL, Slices
from scim_tui.mapping.assignment import Assigned
from scim_tui.mapping.batch import Batch, Keys, keys_of
from scim_tui.mapping.changes import Change, ChangeKind
from scim_tui.mapping.engine import Payload, apply
from scim_tui.mapping.findings import Finding, Severity, unassigned
from scim_tui.mapping.groups import COLUMNS, groups_of
from scim_tui.mapping.people import Person
from scim_tui.mapping.presets import DEFAULT, PREFIX, preset_names
from scim_tui.mapping.report import Entry, Head
from scim_tui.mapping.rules import Rule, RuleSet
from scim_tui.model.errors import ScimTuiError, UsageError
from scim_tui.providers.port import Provider

__all__ = [
    "Change", "ChangeKind", "Finding", "MappingPreview", "Payload", "Person", "Push", "Pushed",
    "Result", "Rule", "Severity", "Totals", "preset_names",
]  # fmt: skip

_ASSIGNED = {Assigned.YES: True, Assigned.NO: False, Assigned.UNKNOWN: None}
_STRETCH = 200
"""People read from their file at once."""
_CHECK_CLOCK = 16
"""People between two looks at the clock."""

Progress = Callable[[Totals], None]


def _ignore(_: object) -> None:
    """Listen to no progress."""


class MappingPreview:
    """People and rules that are loaded, and what came out of them.

    Loading either forgets the results. Raises `UsageError` with file and line for files that
    cannot be read, and when something is asked for before it is loaded.
    """

    def __init__(
        self,
        directory: Provider | None = None,
        *,
        guard: Guard | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self._provider, self._guard, self._clock = directory, guard, clock
        self.people: PeopleFile | None = None
        self.rules: RuleSet | None = None
        self.totals: Totals | None = None
        """None: not run since something was loaded."""
        self._before: Totals | None = None
        self._counterpart: Counterpart | None = None
        self._comparing: Comparing | None = None
        self._results = Results()
        self._forget()

    async def load_people(
        self,
        path: Path | str,
        *,
        scope: Path | str | None = None,
        progress: Callable[[int], None] = _ignore,
    ) -> PeopleFile:
        """Read a file of people, and who of them is assigned: a second file, or a column.

        `progress` is told how many are read. Cancelling stops the reading.
        """
        reading = Reading()
        work = asyncio.create_task(asyncio.to_thread(from_file, Path(path), scope, reading))
        try:
            while not (await asyncio.wait({work}, timeout=TELL))[0]:
                progress(reading.read)
        except asyncio.CancelledError:
            reading.stopped.set()
            with contextlib.suppress(ScimTuiError):
                await work
            raise
        return self._take(work.result())

    async def load_directory(self, progress: Callable[[int], None] = _ignore) -> PeopleFile:
        """Take everybody in the directory as the people, as far as a list tells of them."""
        people = await from_directory(self._connected(), progress)
        return self._take(people)

    async def load_mapping(self, source: Path | str = PREFIX + DEFAULT) -> RuleSet:
        """Read a file of rules, or take a preset: "preset:NAME"."""
        rules = await asyncio.to_thread(read_rules, str(source))
        self._before = self.totals or self._before
        self.rules = rules
        self._forget()
        return rules

    async def run(self, progress: Progress | None = None) -> Totals:
        """Check everybody, and tell the progress now and then.

        Cancelling keeps what was checked. Raises `UsageError` when other files are loaded
        meanwhile.
        """
        people, _ = self._loaded()
        self._forget()
        run, slices = self._run, Slices()
        self._batch = await asyncio.to_thread(Batch, len(people), self._user)
        self._still(run)
        for first in range(0, len(people), _STRETCH):
            for person in people.stretch(first, min(first + _STRETCH, len(people))):
                self._check(person)
                if person.index % _CHECK_CLOCK == 0 and slices.due:
                    if progress and slices.news:
                        progress(self._count(slices.seconds))
                    await slices.turn()
                    self._still(run)
        self._results.keep()
        self.totals = self._count(slices.seconds)
        if progress:
            progress(self.totals)
        return self.totals

    async def compare(
        self, progress: Progress | None = None, *, view: View | None = None, again: bool = True
    ) -> Totals:
        """Compare everybody with the directory, or with a listing of it that is at hand.

        With `again` false, the users listed for the comparison before are used once more.
        """
        provider = self._connected()
        if self.totals is None:
            raise UsageError("There is nothing to compare yet.", "Run the preview first.")
        run, slices = self._run, Slices()
        told = progress or _ignore
        counterpart = self._counterpart
        if counterpart is None or again:
            counterpart = Counterpart()
            rows = live(provider) if view is None else at_hand(view)
            await counterpart.fill(
                rows, lambda n: told(replace(self._count(slices.seconds), listed=n))
            )
            self._still(run)
            self._counterpart = counterpart
        self._comparing = None
        self._results.restore()
        counterpart.begin()
        comparing = Comparing(counterpart)
        ids = await self._compare_all(comparing, run, slices, told)
        comparing.groups = await compare_groups(provider, self._groups, ids)
        self._still(run)
        self._comparing = comparing
        self.totals = self._count(self.totals.seconds)
        return self.totals

    async def _compare_all(
        self, comparing: Comparing, run: object, slices: Slices, told: Progress
    ) -> dict[int, str]:
        """Compare person by person; the ids of those in groups whom the directory has."""
        people, rules = self._loaded()
        grouped = {index for members in self._groups.values() for index in members}
        ids: dict[int, str] = {}
        for first in range(0, len(people), _STRETCH):
            for person in people.stretch(first, min(first + _STRETCH, len(people))):
                user = apply(rules, person.source).user
                change, findings = comparing.change(
                    user, refused=self._results.is_refused(person.index),
                    assigned=_ASSIGNED[person.assigned],
                )  # fmt: skip
                comparing.cost.add(change.kind)
                self._results.compared(person.index, change.kind, findings)
                if person.index in grouped:
                    ids[person.index] = change.user_id
                if person.index % _CHECK_CLOCK == 0 and slices.due:
                    if slices.news:
                        told(self._count(slices.seconds))
                    await slices.turn()
                    self._still(run)
        async for number, row in comparing.directory.left_over(slices):
            self._still(run)
            kind = comparing.add_left_over(number, row)
            self._results.add_left_over(row.user_name, kind)
        self._results.settle()
        return ids

    def result(self, index: int) -> Result:
        """Everything about one person. Before the run, without duplicates.

        Those whom the directory has and the people have not come after the last person.
        """
        people, _ = self._loaded()
        left = self._comparing.left if self._comparing is not None else ()
        if not 0 <= index < len(people) + len(left):
            raise UsageError(f"There is no person {index + 1}.")
        if index >= len(people):
            return self._left_over(index - len(people))
        return self._result(people.person(index), checked=index < len(self._results))

    def what_if(self, values: Mapping[str, object]) -> Result:
        """What would come of one person more, as typed in; nobody else is changed by it."""
        people = self.people
        index = len(people) if people else 0
        person = Person(index, 0, dict(values))
        return self._result(person, checked=bool(self._results))

    @property
    def checked(self) -> int:
        """How many there are results of, with those who are in the directory only."""
        return len(self._results)

    def label(self, index: int) -> str:
        """Who somebody checked is, without making the payload again."""
        label: str = self._results.labels[index]
        return label

    def codes(self, index: int) -> tuple[str, ...]:
        """Codes of the findings of somebody checked, without making the payload again."""
        return self._results.codes_of(index)

    def refused(self, index: int) -> bool:
        """Whether somebody checked would be refused."""
        return self._results.is_refused(index)

    def change_kind(self, index: int) -> ChangeKind | None:
        """What a push of somebody would do; None: not compared."""
        return self._results.kind(index)

    def findings(self, index: int) -> tuple[Finding, ...]:
        """The findings of somebody checked."""
        return self.result(index).findings if self._results.codes_of(index) else ()

    def failures(self) -> "array[int]":
        """Indexes of everybody who would be refused, ascending."""
        return self._results.refused

    def next_failure(self, index: int) -> int | None:
        """The first failure after an index; None: there is none."""
        refused = self._results.refused
        place = bisect.bisect_right(refused, index)
        return refused[place] if place < len(refused) else None

    def previous_failure(self, index: int) -> int | None:
        """The last failure before an index; None: there is none."""
        refused = self._results.refused
        place = bisect.bisect_left(refused, index)
        return refused[place - 1] if place else None

    def select(
        self, *, code: str = "", change: str = "", text: str = "", failures: bool = False
    ) -> "array[int]":
        """Indexes of everybody with a finding of this code, this change and this text in the name.

        Raises `UsageError` for a change that there is not.
        """
        if change and change not in set(ChangeKind):
            raise UsageError(f"There is no change {change!r}.", f"One of {', '.join(ChangeKind)}.")
        return self._results.select(code=code, change=change, text=text, failures=failures)

    def find(self, name: str) -> list[int]:
        """Indexes of everybody whose userName, address or externalId this is."""
        people, rules = self._loaded()
        wanted = name.lower()
        return [
            index
            for first in range(0, len(people), _STRETCH)
            for index, person in enumerate(
                people.stretch(first, min(first + _STRETCH, len(people))), first
            )
            if wanted in keys_of(apply(rules, person.source).user)
        ]

    def unused_columns(self) -> list[str]:
        """Columns of the file that no rule looks at."""
        people, rules = self._loaded()
        return [column for column in people.columns if column not in rules.fields]

    def unfed_rules(self) -> list[Rule]:
        """Rules whose columns are all missing in the file: never a value for anybody."""
        people, rules = self._loaded()
        columns = frozenset(people.columns)
        return [
            rule
            for rule in rules.rules
            if rule.source and rule.source.fields and not rule.source.fields & columns
        ]

    def entries(self, indexes: Sequence[int]) -> Iterator[Entry]:
        """People with their findings and changes, to print or to write."""
        for index in indexes:
            yield self._entry(index)

    def _entry(self, index: int) -> Entry:
        result = self.result(index)
        return Entry(index, result.person.line, result.label, result.findings, result.change)

    async def report(self, path: Path | str) -> None:
        """Write everybody with findings or changes to a file that ends in .html, .csv or .json."""
        totals = self.totals
        if totals is None:
            raise UsageError("There is nothing to report yet.", "Run the preview first.")
        head = self._head(totals)
        shown = self._results.worth_reporting()
        await asyncio.to_thread(write_report, Path(path), head, self.entries(shown))

    def _head(self, totals: Totals) -> Head:
        people, rules = self._loaded()
        return Head(
            people.name, rules.name, self._clock(), totals.as_object(),
            self._provider.title if self._provider and totals.compared else "",
        )  # fmt: skip

    async def change(self, index: int) -> Change:
        """What a push of this person would do to the directory as it is now."""
        user = self.result(index).payload.user
        return await self._on_demand().change(user, self._known(user))

    async def request(self, index: int) -> Push:
        """Exactly what provision on demand would send. Raises `UsageError` when it would not."""
        result = self.result(index)
        return await self._on_demand().request(result, self._known(result.payload.user))

    def why_not_push(self) -> str | None:
        """The reason why nothing can be sent here, or None."""
        if self._provider is None:
            return "No directory is connected."
        return self._on_demand().why_not()

    async def push(self, index: int, request: Push | None = None) -> Pushed:
        """Send the one request that was shown, and read back what came of it.

        Raises `ReadOnly` and `Unsupported` before anything is sent.
        """
        sending = self._on_demand()
        sending.require()
        return await sending.push(self.result(index), request or await self.request(index))

    def _on_demand(self) -> OnDemand:
        return OnDemand(self._connected(), self._guard)

    def _known(self, user: Mapping[str, object]) -> str:
        """The user that the comparison found for somebody, or empty."""
        comparing = self._comparing
        return comparing.directory.compare(user).user_id if comparing is not None else ""

    def _connected(self) -> Provider:
        if self._provider is None:
            raise UsageError("No directory is connected.", "Choose a profile.")
        return self._provider

    def _loaded(self) -> tuple[PeopleFile, RuleSet]:
        if self.people is None:
            raise UsageError("No people are loaded.", "Load a CSV or JSON file first.")
        if self.rules is None:
            raise UsageError("No mapping is loaded.", "Load a TOML file or a preset first.")
        return self.people, self.rules

    def _still(self, run: object) -> None:
        if self._run is not run:
            raise UsageError("The preview was started again with other files.")

    def _take(self, people: PeopleFile) -> PeopleFile:
        self.people, self._before = people, None
        self._forget()
        return people

    def _forget(self) -> None:
        self._before = self.totals or self._before
        self.totals = None
        self._run = object()
        self._comparing = None
        self._results = Results()
        self._groups: dict[str, array[int]] = {}
        self._batch = Batch(0, self._user)
        self._grouped = bool(self.people and set(self.people.columns) & set(COLUMNS))

    def _user(self, index: int) -> Mapping[str, object]:
        people, rules = self._loaded()
        return apply(rules, people.person(index).source).user

    def _check(self, person: Person) -> None:
        payload = apply(self._loaded()[1], person.source)
        assigned = _ASSIGNED[person.assigned]
        keys = keys_of(payload.user)
        findings = self._alone(payload, person, keys, checked=True)
        refused = self._results.add(label_of(payload, person), findings, assigned)
        if refused or assigned is False:
            return
        self._batch.take(keys, person.index)
        if self._grouped:
            for name in groups_of(person.source):
                self._groups.setdefault(name, array("q")).append(person.index)

    def _alone(
        self, payload: Payload, person: Person, keys: Keys, *, checked: bool
    ) -> tuple[Finding, ...]:
        """What there is to say without a directory."""
        if person.assigned is Assigned.NO:
            return (unassigned(label_of(payload, person)),)
        found = payload.findings
        return found + self._batch.collisions(keys, person.index) if checked else found

    def _result(self, person: Person, *, checked: bool) -> Result:
        payload = apply(self._loaded()[1], person.source)
        assigned, change = _ASSIGNED[person.assigned], None
        findings = self._alone(payload, person, keys_of(payload.user), checked=checked)
        if self._comparing is not None:
            change, more = self._comparing.change(
                payload.user, refused=is_refused(findings), assigned=assigned
            )
            findings += more
        return Result(person, payload, findings, change, assigned, label_of(payload, person))

    def _left_over(self, place: int) -> Result:
        assert self._comparing is not None  # the caller looked
        row = self._comparing.directory.row(self._comparing.left[place])
        index = (self.people.count if self.people else 0) + place
        change = self._comparing.left_over(place)
        return Result(Person(index, 0, as_source(row)), Payload({}, ()), (), change, None,
                      row.user_name or row.id)  # fmt: skip

    def _count(self, seconds: float) -> Totals:
        totals = self._results.totals(of=len(self.people) if self.people else 0, seconds=seconds)
        if totals.complete:
            totals = replace(totals, before=self._before, groups=uncompared_groups(self._groups))
        comparing = self._comparing
        if comparing is None:
            return totals
        cost, groups = comparing.cost, comparing.groups
        writes = Cost(cost.reads + len(groups), cost.writes + sum(one.requests for one in groups))
        return replace(
            totals, changes=self._results.counted(), listed=len(comparing.directory),
            groups=groups, reads=writes.reads, writes=writes.writes,
            push_seconds=writes.seconds(self._connected().capabilities.limits),
        )  # fmt: skip
