"""The mapping preview: what an IdP with these rules would send for these people.

Nothing is sent except by `push`. People are kept in a temporary file and results are a few bytes
each, so that memory hardly grows with the number of people; the payload of a person is computed
again when it is shown. Long work lets the event loop run, so that a screen stays responsive.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from scim_tui.core.access.api import Access
from scim_tui.core.access.loss import Cause, Losses, PersonChange
from scim_tui.core.base.mutation import Guard
from scim_tui.core.base.timeslice import Slices, giving_way
from scim_tui.core.directory.api import View
from scim_tui.core.leavers.leaver import IdpState
from scim_tui.core.mapping.files import write_report
from scim_tui.core.mapping.group_run import GroupRun
from scim_tui.core.mapping.groups_file import GroupsFile
from scim_tui.core.mapping.inputs import Inputs, Live, load_rules, read_groups, read_people
from scim_tui.core.mapping.losses import access_changes, idp_states, person_change
from scim_tui.core.mapping.matching import DirectoryMatcher, from_server, from_view
from scim_tui.core.mapping.memberships import GroupMembers
from scim_tui.core.mapping.people import PeopleFile, ProgressCounter, from_directory, how_many
from scim_tui.core.mapping.push import OnDemand, Push, Pushed
from scim_tui.core.mapping.results import Result
from scim_tui.core.mapping.run import OnTotals, Run
from scim_tui.core.mapping.selection import ResultSelection
from scim_tui.core.mapping.totals import OnProgress, Totals, WorkProgress
from scim_tui.mapping.authoring.columns import MissingColumn, missing_columns
from scim_tui.mapping.check.changes import ChangeKind, PlannedChange
from scim_tui.mapping.check.engine import Payload
from scim_tui.mapping.check.findings import Finding, Severity
from scim_tui.mapping.presets import DEFAULT, PREFIX, preset_names
from scim_tui.mapping.read.people import Person
from scim_tui.mapping.report.rows import ReportEntry, ReportHead
from scim_tui.mapping.rules.rules import Rule, RuleSet
from scim_tui.model.clock import Clock, utc_now
from scim_tui.model.directory import Record
from scim_tui.model.errors import UsageError
from scim_tui.model.unknown_values import Absent
from scim_tui.providers.port import Provider
from scim_tui.scim.wire import user_row

__all__ = [
    "ChangeKind",
    "Finding",
    "GroupMembers",
    "GroupRun",
    "Live",
    "MappingPreview",
    "Payload",
    "Person",
    "PlannedChange",
    "Push",
    "Pushed",
    "Result",
    "ResultSelection",
    "Rule",
    "Severity",
    "Totals",
    "WorkProgress",
    "preset_names",
]


def _ignore(_: object) -> None:
    """Report no progress."""


class MappingPreview:
    """People, groups and rules, the run over them, and the comparison with a directory.

    Loading any of them removes the results. Raises `UsageError`: with file and line for a file that
    cannot be read, and when a result is requested before the files are loaded or the preview is
    run.
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
        self._inputs = Inputs()
        self._run: Run | None = None
        """None: people or rules are not loaded yet."""
        self.totals: Totals | None = None
        """None: not run since something was loaded."""
        self._before: Totals | None = None
        self._matcher: DirectoryMatcher | None = None
        """The users listed for the last comparison."""

    @property
    def people(self) -> PeopleFile | None:
        """The people; None: not loaded."""
        return self._inputs.people

    @property
    def rules(self) -> RuleSet | None:
        """The rules; None: not loaded."""
        return self._inputs.rules

    async def load_people(
        self,
        path: Path | str,
        *,
        scope: Path | str | None = None,
        encoding: str = "",
        progress: OnProgress = _ignore,
    ) -> PeopleFile:
        """Read a file of people; a second file or a column says who is assigned to the app.

        `encoding` is for files that are not UTF-8; empty: it is guessed, and a note says so.
        Cancelling stops the reading.
        """
        return self._take_people(await read_people(path, scope, encoding, progress))

    async def load_directory(self, progress: OnProgress = _ignore) -> PeopleFile:
        """Take all users of the directory as the people, with the attributes of a listing."""
        return self._take_people(await from_directory(self._connected(), progress))

    async def load_groups(
        self, path: Path | str | None, progress: OnProgress = _ignore, *, encoding: str = ""
    ) -> GroupsFile | None:
        """Read a file of groups with their members; None: use the groups that the people name."""
        self._inputs.groups = groups = await read_groups(path, encoding, progress)
        self._start_over(self.totals or self._before)
        return groups

    async def load_mapping(self, source: Path | str = PREFIX + DEFAULT) -> RuleSet:
        """Load rules: from a file, a preset ("preset:NAME") or Entra ID ("entra:APP")."""
        self._inputs.rules = rules = await load_rules(str(source), self._live)
        self._start_over(self.totals or self._before)
        return rules

    def notes(self) -> tuple[str, ...]:
        """Notes about the files, to be read before the results; contain text from outside."""
        return self._inputs.notes(self._run.groups if self._run is not None else None)

    @property
    def groups(self) -> GroupRun:
        """The groups of the file, or those that the people name. Raises `UsageError`."""
        return self._loaded().groups

    @property
    def selection(self) -> ResultSelection:
        """The results of the people, for lists and filters. Raises `UsageError`."""
        return self._loaded().selection

    async def run(self, progress: OnTotals | None = None) -> Totals:
        """Check all people, and report the totals from time to time.

        Cancelling keeps the results so far. Raises `UsageError` when other files are loaded
        meanwhile.
        """
        self._loaded()
        self._start_over(self.totals or self._before)
        run, slices, on_totals = self._loaded(), Slices(), progress or _ignore
        await run.check(slices, on_totals)
        self.totals = totals = run.totals(slices.seconds)
        on_totals(totals)
        return totals

    async def compare(
        self, progress: OnProgress = _ignore, *, view: View | None = None, again: bool = True
    ) -> Totals:
        """Compare all people with the directory, or with a listing of it that was made before.

        With `again` false, the users listed for the previous comparison are used again.
        """
        provider, before = self._connected(), self.totals
        if before is None:
            raise UsageError("There is nothing to compare yet.", "Run the preview first.")
        run, matcher = self._loaded(), self._matcher
        if matcher is None or again:
            matcher = await self._list_users(provider, view, progress)
            run.require_current()
            self._matcher = matcher
        await run.compare(provider, matcher, progress)
        self.totals = totals = run.totals(before.seconds)
        return totals

    async def access_changes(self) -> list[PersonChange]:
        """The users on whose access a push would have an effect, for `Access.losses`.

        Raises `UsageError` before a comparison.
        """
        run = self._loaded()
        if run.comparing is None:
            raise UsageError("Nothing is compared with the directory yet.", "Compare it first.")
        return await asyncio.to_thread(access_changes, run)

    async def access_lost(self, index: int, access: Access) -> Losses | None:
        """What one person would lose by a push from here; None: nothing, or access is not known.

        Such a push changes a user in place, so another externalId makes no new user.
        """
        if isinstance((await access.ages()).assignments, Absent):
            return None
        change = person_change(await self.change(index))
        if change is None or change.cause is not Cause.DEACTIVATED:
            return None
        return await access.losses([change])

    async def idp_states(self) -> dict[str, IdpState]:
        """What the people say about each user of the directory, by user id.

        Users of the IdP that match no person are gone. Raises `UsageError` before a comparison.
        """
        run = self._loaded()
        if run.comparing is None:
            raise UsageError("Nothing is compared with the directory yet.", "Compare it first.")
        return await asyncio.to_thread(idp_states, run)

    async def _list_users(
        self, provider: Provider, view: View | None, on_progress: OnProgress
    ) -> DirectoryMatcher:
        matcher = DirectoryMatcher()
        of = await how_many(provider) if view is None else len(view)
        counter = ProgressCounter("listing the directory", of)
        rows = from_server(provider) if view is None else from_view(view)
        await matcher.fill(rows, lambda count: on_progress(counter.progress(count)))
        return matcher

    def result(self, index: int) -> Result:
        """Everything about one person; before the run, without the findings about duplicates.

        The indexes after the last person are those of users that are in the directory only.
        """
        return self._loaded().result(index)

    def what_if(self, values: Mapping[str, object]) -> Result:
        """The result for one more person with the typed values; other results do not change."""
        return self._loaded().what_if(values)

    def find(self, name: str) -> list[int]:
        """Indexes of all people with this userName, address or externalId."""
        return self._loaded().find(name)

    def used_columns(self) -> list[str]:
        """Columns of the people that a rule uses."""
        run = self._loaded()
        return [column for column in run.people.columns if column in run.rules.fields]

    def missing_columns(self) -> tuple[MissingColumn, ...]:
        """Rules that cannot give any person a value, as the people have none of their columns."""
        run = self._loaded()
        return missing_columns(run.rules, run.people.columns)

    def entries(self, indexes: Sequence[int]) -> Iterator[ReportEntry]:
        """People with their findings and changes, to print or to write."""
        for index in indexes:
            result = self.result(index)
            yield ReportEntry(
                index, result.person.line, result.label, result.findings, result.change
            )

    async def report(self, path: Path | str) -> None:
        """Write all people with findings or changes to a file: .html, .csv or .json."""
        totals = self.totals
        if totals is None:
            raise UsageError("There is nothing to report yet.", "Run the preview first.")
        run = self._loaded()
        head = ReportHead(
            run.people.name,
            run.rules.name,
            self._clock(),
            totals.as_object(),
            self._provider.title if self._provider and totals.compared else "",
            self.notes(),
        )
        people = giving_way(self.entries(run.results.worth_reporting()))
        groups = giving_way(self.groups.entries())
        await asyncio.to_thread(write_report, Path(path), head, people, groups)

    async def change(self, index: int) -> PlannedChange:
        """What a push of this person would do to the directory as it is now."""
        user = self.result(index).payload.user
        return await self._on_demand().change(user, self._matched_id(user))

    async def request(self, index: int) -> Push:
        """Exactly what provision on demand would send. Raises `UsageError` when it would not."""
        result = self.result(index)
        return await self._on_demand().request(result, self._matched_id(result.payload.user))

    def why_not_push(self) -> str | None:
        """The reason why nothing can be sent here, or None."""
        if self._provider is None:
            return "No directory is connected."
        return self._on_demand().why_not()

    async def push(self, index: int, request: Push | None = None) -> Pushed:
        """Send the one request that was shown, and read the user back.

        Raises `ReadOnly` or `Unsupported` before anything is sent.
        """
        sending = self._on_demand()
        sending.require()
        pushed = await sending.push(self.result(index), request or await self.request(index))
        if pushed.record is not None:
            self._compare_pushed(index, pushed.record)
        return pushed

    def _compare_pushed(self, index: int, record: Record) -> None:
        """Compare one person again, with the user that was read back."""
        run, totals, row = self._loaded(), self.totals, user_row(dict(record.attributes))
        if row is not None and totals is not None and totals.compared:
            run.pushed(index, row)
            self.totals = run.totals(totals.seconds)

    def _on_demand(self) -> OnDemand:
        return OnDemand(self._connected(), self._guard)

    def _matched_id(self, user: Mapping[str, object]) -> str:
        """Id of the user that the comparison found for this payload, or empty."""
        comparing = self._loaded().comparing
        return comparing.directory.compare(user).user_id if comparing is not None else ""

    def _connected(self) -> Provider:
        if self._provider is None:
            raise UsageError("No directory is connected.", "Choose a profile.")
        return self._provider

    def _loaded(self) -> Run:
        if self._inputs.people is None:
            raise UsageError("No people are loaded.", "Load a CSV or JSON file first.")
        if self._run is None:
            raise UsageError("No mapping is loaded.", "Load a TOML file or a preset first.")
        return self._run

    def _take_people(self, people: PeopleFile) -> PeopleFile:
        self._inputs.people = people
        self._start_over(None)
        return people

    def _start_over(self, before: Totals | None) -> None:
        """End the run, and begin another when there are people and rules.

        `before` are the totals to compare the next ones with; None: the people are others.
        """
        self._before, self.totals = before, None
        if self._run is not None:
            self._run.end()
        self._run = None
        inputs = self._inputs
        if inputs.people is not None and inputs.rules is not None:
            self._run = Run(inputs.people, inputs.rules, inputs.groups, before)
