"""Ready-made filters of the directory: by state, by age, and what is wrong, with counts."""

from textual.worker import WorkerCancelled

from scim_tui.core.directory.api import FindingCount, Findings, LoadState
from scim_tui.model.errors import ScimTuiError
from scim_tui.model.unknown_values import Absent
from scim_tui.tui.directory import messages
from scim_tui.tui.directory.facet_rows import NEED_MEMBERS, NEED_ORIGINS, facet_rows
from scim_tui.tui.directory.host import ListHost
from scim_tui.tui.directory.job import Job, loop_seconds, run_dialog
from scim_tui.tui.directory.list_state import Lists, ListState
from scim_tui.tui.directory.list_view import ListView
from scim_tui.tui.directory.search import Search
from scim_tui.tui.drawing.listing import listing_progress
from scim_tui.tui.drawing.progress import Progress
from scim_tui.tui.modals.choice import Choice
from scim_tui.tui.shell.finding_rows import COLUMNS


class Facets:
    """Offers ready-made filters, each with the number of rows it finds."""

    def __init__(self, host: ListHost, lists: Lists, view: ListView, search: Search) -> None:
        self._host, self._lists, self._view, self._search = host, lists, view, search
        self._counting = Job(host, "count", "count")
        self._preparing = Job(host, "facet", "facet")

    def choose(self) -> None:
        """Ask for a ready-made filter."""
        run_dialog(self._host, "facets", self._choose, self._lists.shown)

    def take(self, state: ListState, query: str, *, from_other_screen: bool = False) -> None:
        """Narrow the list by a ready-made filter, which the user or another screen asked for."""
        state.facet, state.from_other_screen = query, from_other_screen
        self._search.query_changed()

    def show_finding(self, finding: FindingCount) -> None:
        """Show the rows of a finding in the list that is shown."""
        state = self._lists.shown
        state.text = ""
        unknown = isinstance(finding.count, Absent)
        self._preparing.start(
            self._show, state, finding.query, unknown=unknown, from_other_screen=True
        )

    async def _show(
        self, state: ListState, query: str, *, unknown: bool, from_other_screen: bool = False
    ) -> None:
        if unknown and query in NEED_MEMBERS:
            await self._list_members()
        if unknown and query in NEED_ORIGINS:
            await self._ask_origins()
        self.take(state, query, from_other_screen=from_other_screen)

    async def _choose(self, state: ListState) -> None:
        if (found := await self._counted()) is None:
            return
        rows, what = facet_rows(found, state.name), state.name.lower()
        dialog = Choice(messages.show_which(what), COLUMNS, rows, state.facet or "all")
        picked = await self._host.app.ask(dialog)
        if picked is None:
            return
        query = "" if picked == "all" else picked
        counts = [each.count for each in found.values() if each.query == query]
        unknown = any(isinstance(each, Absent) for each in counts)
        self._preparing.start(self._show, state, query, unknown=unknown)
        self._host.say(messages.showing(query or f"all {what}"), "dim")

    async def _counted(self) -> Findings | None:
        """The counts of the findings; None without a connection, or if counting was stopped."""
        if (space := self._host.space) is None:
            return None
        self._view.show_progress("count", Progress(messages.COUNTING))
        counting = self._counting.start(space.directory.findings, self._counted_so_far)
        try:
            return await counting.wait()
        except WorkerCancelled:
            return None
        finally:
            self._view.show_progress("count", None)

    def _counted_so_far(self, done: int, of: int) -> None:
        if self._counting.busy:
            self._view.show_progress("count", Progress(messages.COUNTING, done, of))

    async def _list_members(self) -> None:
        """List who is a member of which group, which is done only when a filter needs it."""
        if (space := self._host.space) is None:
            return
        began = loop_seconds()

        def report(load: LoadState) -> None:
            progress = listing_progress(
                messages.LISTING_MEMBERS, load, loop_seconds() - began, "groups"
            )
            self._view.show_progress("members", progress)

        try:
            load = await space.directory.load_memberships(report)
        finally:
            self._view.show_progress("members", None)
        if load.error is not None:
            self._host.say(load.error.sentence, "bad")

    async def _ask_origins(self) -> None:
        """Ask which users the tenant did not provision, which is done only when needed."""
        if (space := self._host.space) is None:
            return
        self._host.say(messages.ASKING_ORIGINS, "dim")
        try:
            await space.directory.load_strays()
        except ScimTuiError as error:
            self._host.say(error.sentence, "bad")

    @property
    def busy(self) -> bool:
        """Whether it counts, or lists what a filter needs."""
        return self._counting.busy or self._preparing.busy

    def stop(self) -> str:
        """Stop counting, or else listing what a filter needs."""
        if self._counting.busy:
            self._counting.stop()
            return messages.COUNTING_STOPPED
        self._preparing.stop()
        return messages.MEMBERS_STOPPED
