"""The mapping preview: what would arrive if these rules ran on these people.

Nothing is sent but what `push` is told to. People wait in a file without a name and results are a
few bytes each, so that memory does not grow with the people; the payload of a person is made
again when it is looked at. Long work runs in short slices, so that a screen stays alive.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from scim_tui.core.base.timeslice import Slices, giving_way
from scim_tui.core.directory.api import View
from scim_tui.core.mapping.files import write_report
from scim_tui.core.mapping.group_run import GroupRun
from scim_tui.core.mapping.inputs import Live, Loaded, ignore
from scim_tui.core.mapping.matching import Counterpart, at_hand, live
from scim_tui.core.mapping.people import Listing, how_many
from scim_tui.core.mapping.push import OnDemand, Push, Pushed
from scim_tui.core.mapping.results import Result
from scim_tui.core.mapping.run import Progress
from scim_tui.core.mapping.selection import Walk
from scim_tui.core.mapping.totals import Doing, Told, Totals
from scim_tui.mapping.authoring.columns import Missing, missing_columns
from scim_tui.mapping.check.changes import Change, ChangeKind
from scim_tui.mapping.check.engine import Payload
from scim_tui.mapping.check.findings import Finding, Severity
from scim_tui.mapping.presets import preset_names
from scim_tui.mapping.read.people import Person
from scim_tui.mapping.report.rows import Entry, Head
from scim_tui.mapping.rules.rules import Rule
from scim_tui.model.directory import Record
from scim_tui.model.errors import UsageError
from scim_tui.providers.port import Provider
from scim_tui.scim.wire import user_row

__all__ = [
    "Change",
    "ChangeKind",
    "Doing",
    "Finding",
    "GroupRun",
    "Live",
    "MappingPreview",
    "Payload",
    "Person",
    "Push",
    "Pushed",
    "Result",
    "Rule",
    "Severity",
    "Totals",
    "Walk",
    "preset_names",
]


class MappingPreview(Loaded):
    """What came out of people and rules, and what a push would do.

    Raises `UsageError` when something is asked for before it is loaded or run.
    """

    async def run(self, progress: Progress | None = None) -> Totals:
        """Check everybody, and tell the progress now and then.

        Cancelling keeps what was checked. Raises `UsageError` when other files are loaded
        meanwhile.
        """
        self._loaded()
        self._forget()
        run, slices, told = self._loaded(), Slices(), progress or ignore
        await run.check(slices, told)
        self.totals = totals = run.totals(slices.seconds)
        told(totals)
        return totals

    async def compare(
        self, progress: Told = ignore, *, view: View | None = None, again: bool = True
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

    def unused_columns(self) -> list[str]:
        """Columns of the file that no rule looks at."""
        run = self._loaded()
        return [column for column in run.people.columns if column not in run.rules.fields]

    def missing_columns(self) -> tuple[Missing, ...]:
        """Rules that can give nobody a value, as none of their columns is there."""
        run = self._loaded()
        return missing_columns(run.rules, run.people.columns)

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
        people = giving_way(self.entries(self._results.worth_reporting()))
        groups = giving_way(self.groups.entries())
        await asyncio.to_thread(write_report, Path(path), head, people, groups)

    def _head(self, totals: Totals) -> Head:
        run = self._loaded()
        return Head(
            run.people.name,
            run.rules.name,
            self._clock(),
            totals.as_object(),
            self._provider.title if self._provider and totals.compared else "",
            self.notes(),
        )

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
