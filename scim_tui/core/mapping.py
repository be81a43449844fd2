"""The mapping preview: what would arrive if these rules ran on these people.

Nothing is sent but what `push` is told to. People wait in a file without a name and results are a
few bytes each, so that memory does not grow with the people; the payload of a person is made
again when it is looked at. Long work runs in short slices, so that a screen stays alive.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from pathlib import Path

from scim_tui.core.clock import Clock, utc_now
from scim_tui.core.directory import View
from scim_tui.core.mapping_directory import Counterpart, at_hand, live
from scim_tui.core.mapping_files import read_rules, write_report
from scim_tui.core.mapping_group_run import OURS, GroupRun
from scim_tui.core.mapping_groups import GroupsFile, groups_from_file
from scim_tui.core.mapping_people import (
    Listing,
    PeopleFile,
    Reading,
    from_directory,
    from_file,
    how_many,
    in_a_thread,
)
from scim_tui.core.mapping_push import OnDemand, Push, Pushed
from scim_tui.core.mapping_results import Result, Results
from scim_tui.core.mapping_run import Progress, Run
from scim_tui.core.mapping_totals import Doing, Told, Totals
from scim_tui.core.mapping_walk import Walk
from scim_tui.core.mutation import Guard
from scim_tui.core.slices import Slices
from scim_tui.mapping.changes import Change, ChangeKind
from scim_tui.mapping.engine import Payload
from scim_tui.mapping.findings import Finding, Severity
from scim_tui.mapping.load import ENTRA, read_mapping
from scim_tui.mapping.people import Person
from scim_tui.mapping.presets import DEFAULT, PREFIX, preset_names
from scim_tui.mapping.report import Entry, Head
from scim_tui.mapping.rules import Rule, RuleSet
from scim_tui.model.directory import Record
from scim_tui.model.errors import UsageError
from scim_tui.providers.port import Provider
from scim_tui.scim.wire import user_row

__all__ = [
    "Change", "ChangeKind", "Doing", "Finding", "GroupRun", "MappingPreview", "Payload", "Person",
    "Push", "Pushed", "Result", "Rule", "Severity", "Totals", "Walk", "preset_names",
]  # fmt: skip

Live = Callable[[str], Awaitable[str]]
"""Asks Entra ID for the schema of an app."""


def _ignore(_: object) -> None:
    """Listen to no progress."""


class MappingPreview(Walk):
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
        live: Live | None = None,
    ) -> None:
        self._provider, self._guard, self._clock, self._live = directory, guard, clock, live
        self.people: PeopleFile | None = None
        self.rules: RuleSet | None = None
        self.totals: Totals | None = None
        """None: not run since something was loaded."""
        self._groups: GroupsFile | None = None
        self._before: Totals | None = None
        self._counterpart: Counterpart | None = None
        self._run: Run | None = None
        """None: people or rules are not loaded yet."""
        self._results = Results()

    async def load_people(
        self,
        path: Path | str,
        *,
        scope: Path | str | None = None,
        progress: Told = _ignore,
    ) -> PeopleFile:
        """Read a file of people, and who of them is assigned: a second file, or a column.

        `progress` is told how many are read. Cancelling stops the reading.
        """
        reading = Reading("reading people")
        people = await in_a_thread(lambda: from_file(Path(path), scope, reading), reading, progress)
        return self._take(people)

    async def load_groups(
        self, path: Path | str | None, progress: Told = _ignore
    ) -> GroupsFile | None:
        """Read a file of groups with their members; None: take the groups the people name."""
        reading = Reading("reading groups")
        self._groups = (
            None
            if path is None
            else await in_a_thread(lambda: groups_from_file(Path(path), reading), reading, progress)
        )
        self._forget()
        return self._groups

    @property
    def groups(self) -> GroupRun:
        """The groups of the file, or those that the people name. Raises `UsageError`."""
        return self._loaded().groups

    async def load_directory(self, progress: Told = _ignore) -> PeopleFile:
        """Take everybody in the directory as the people, as far as a list tells of them."""
        people = await from_directory(self._connected(), progress)
        return self._take(people)

    async def load_mapping(self, source: Path | str = PREFIX + DEFAULT) -> RuleSet:
        """Read a file of rules, take a preset: "preset:NAME", or ask Entra ID: "entra:APP"."""
        name = str(source)
        if name.startswith(ENTRA):
            if self._live is None:
                raise UsageError("Entra ID cannot be asked from here.", "Name a saved schema.")
            text = await self._live(name.removeprefix(ENTRA))
            rules = await asyncio.to_thread(read_mapping, text, name)
        else:
            rules = await asyncio.to_thread(read_rules, name)
        self._before = self.totals or self._before
        self.rules = rules
        self._forget()
        return rules

    async def run(self, progress: Progress | None = None) -> Totals:
        """Check everybody, and tell the progress now and then.

        Cancelling keeps what was checked. Raises `UsageError` when other files are loaded
        meanwhile.
        """
        self._loaded()
        self._forget()
        run, slices, told = self._loaded(), Slices(), progress or _ignore
        await run.check(slices, told)
        self.totals = totals = run.totals(slices.seconds)
        told(totals)
        return totals

    async def compare(
        self, progress: Told = _ignore, *, view: View | None = None, again: bool = True
    ) -> Totals:
        """Compare everybody with the directory, or with a listing of it that is at hand.

        With `again` false, the users listed for the comparison before are used once more.
        """
        provider, before = self._connected(), self.totals
        if before is None:
            raise UsageError("There is nothing to compare yet.", "Run the preview first.")
        run, counterpart = self._loaded(), self._counterpart
        if counterpart is None or again:
            counterpart = await self._listed(provider, view, progress)
            run.still()
            self._counterpart = counterpart
        await run.compare(provider, counterpart, progress)
        self.totals = totals = run.totals(before.seconds)
        return totals

    async def _listed(self, provider: Provider, view: View | None, told: Told) -> Counterpart:
        """Everybody in the directory, or in a listing of it that is at hand."""
        counterpart = Counterpart()
        of = await how_many(provider) if view is None else len(view)
        listing = Listing("listing the directory", of)
        rows = live(provider) if view is None else at_hand(view)
        await counterpart.fill(rows, lambda n: told(listing.doing(n)))
        return counterpart

    @property
    def given(self) -> int:
        """How many people the file has."""
        return len(self.people) if self.people is not None else 0

    def result(self, index: int) -> Result:
        """Everything about one person. Before the run, without duplicates.

        Those whom the directory has and the people have not come after the last person.
        """
        return self._loaded().result(index)

    def what_if(self, values: Mapping[str, object]) -> Result:
        """What would come of one person more, as typed in; nobody else is changed by it."""
        return self._loaded().what_if(values)

    def findings(self, index: int) -> tuple[Finding, ...]:
        """The findings of somebody checked."""
        return self.result(index).findings if self._results.codes_of(index) else ()

    def find(self, name: str) -> list[int]:
        """Indexes of everybody whose userName, address or externalId this is."""
        return self._loaded().find(name)

    def notes(self) -> tuple[str, ...]:
        """What a person should know about the files, from outside: never to be shown raw."""
        files = (self.people, self._groups, self.rules)
        found = [note for file in files if file is not None for note in file.notes]
        if self._run is not None and len(self._run.groups) and not self._run.rules.group_rules:
            found.append(OURS)
        return tuple(found)

    def unused_columns(self) -> list[str]:
        """Columns of the file that no rule looks at."""
        run = self._loaded()
        return [column for column in run.people.columns if column not in run.rules.fields]

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
        groups = self.groups.entries()
        await asyncio.to_thread(write_report, Path(path), head, self.entries(shown), groups)

    def _head(self, totals: Totals) -> Head:
        run = self._loaded()
        return Head(
            run.people.name, run.rules.name, self._clock(), totals.as_object(),
            self._provider.title if self._provider and totals.compared else "", self.notes(),
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
        pushed = await sending.push(self.result(index), request or await self.request(index))
        if pushed.record is not None:
            self._pushed(index, pushed.record)
        return pushed

    def _pushed(self, index: int, record: Record) -> None:
        """Compare one person once more, with the user who was read back."""
        run, totals, row = self._loaded(), self.totals, user_row(dict(record.attributes))
        if row is not None and totals is not None and totals.compared:
            run.pushed(index, row)
            self.totals = run.totals(totals.seconds)

    def _on_demand(self) -> OnDemand:
        return OnDemand(self._connected(), self._guard)

    def _known(self, user: Mapping[str, object]) -> str:
        """The user that the comparison found for somebody, or empty."""
        comparing = self._loaded().comparing
        return comparing.directory.compare(user).user_id if comparing is not None else ""

    def _connected(self) -> Provider:
        if self._provider is None:
            raise UsageError("No directory is connected.", "Choose a profile.")
        return self._provider

    def _loaded(self) -> Run:
        if self.people is None:
            raise UsageError("No people are loaded.", "Load a CSV or JSON file first.")
        if self._run is None:
            raise UsageError("No mapping is loaded.", "Load a TOML file or a preset first.")
        return self._run

    def _take(self, people: PeopleFile) -> PeopleFile:
        self.people, self._before, self.totals = people, None, None
        self._forget()
        return people

    def _forget(self) -> None:
        """End the run, and begin another one when there are people and rules."""
        self._before = self.totals or self._before
        self.totals = None
        if self._run is not None:
            self._run.end()
            self._run = None
        self._results = Results()
        if self.people is not None and self.rules is not None:
            self._run = Run(self.people, self.rules, self._groups, self._before)
            self._results = self._run.results
