"""Ready-made filters of the directory: by state, by age, and what is wrong, with counts."""

from typing import TYPE_CHECKING

from textual import work
from textual.worker import WorkerCancelled

from scim_tui.model.errors import ScimTuiError
from scim_tui.model.unknown_values import Absent
from scim_tui.tui.directory.facet_rows import COLUMNS, facet_rows
from scim_tui.tui.directory.job import loop_seconds
from scim_tui.tui.directory.list_state import ListState
from scim_tui.tui.directory.progress import of_listing
from scim_tui.tui.directory.server_filter import DirectoryAsking
from scim_tui.tui.drawing.progress import Progress
from scim_tui.tui.modals.choice import Choice

if TYPE_CHECKING:
    from scim_tui.core.directory.api import FindingCount, Findings, LoadState

NEED_MEMBERS = frozenset({"missing:group", "empty:members"})
"""Filters that need to know who is in which group."""
NEED_ORIGINS = frozenset({"origin:hand", "origin:other"})
"""Filters that need to know whom the tenant did not make."""

_COUNTING = "counting what is wrong"


class DirectoryFacets(DirectoryAsking):
    """Offers filters with the number of those they find."""

    async def do_facets(self) -> None:
        """Choose a ready-made filter."""
        self._choose_facet(self.lists.shown)

    def back_to_all(self) -> None:
        """Take the facet away."""
        if self.lists.shown.facet:
            self.take_facet(self.lists.shown, "")

    def take_facet(self, state: ListState, query: str, *, lent: bool = False) -> None:
        """Show what a ready-made filter finds; `lent`: another screen asked for it."""
        state.facet, state.lent = query, lent
        self.search.query_changed()

    @property
    def term(self) -> str:
        """The ready-made filter."""
        return self.lists.shown.facet

    @property
    def lent(self) -> bool:
        """Whether it is a finding of another screen."""
        return bool(self.lists.shown.facet) and self.lists.shown.lent

    def take_term(self, term: str) -> None:
        """Narrow the list by a ready-made filter, or by the typed text alone."""
        self.take_facet(self.lists.shown, term)

    def list_finding(self, finding: "FindingCount") -> None:
        """Show what was counted, wherever the list is."""
        self.turn_to(self.lists.of(finding.kind))
        self.lists.shown.text = ""
        unknown = isinstance(finding.count, Absent)
        self._show_facet(self.lists.shown, finding.query, unknown=unknown, lent=True)

    @work(group="facet", exclusive=True, description="facet")
    async def _show_facet(
        self, state: ListState, query: str, *, unknown: bool, lent: bool = False
    ) -> None:
        if unknown and query in NEED_MEMBERS:
            await self._list_members()
        if unknown and query in NEED_ORIGINS:
            await self._ask_origins()
        self.take_facet(state, query, lent=lent)

    @work(group="dialog", description="facets")
    async def _choose_facet(self, state: ListState) -> None:
        if (found := await self._counted()) is None:
            return
        rows = facet_rows(found, state.name)
        picked = await self.app.ask(
            Choice(f"Show which {state.name.lower()}", COLUMNS, rows, state.facet or "all")
        )
        if picked is None:
            return
        query = "" if picked == "all" else picked
        counts = [each.count for each in found.values() if each.query == query]
        self._show_facet(state, query, unknown=any(isinstance(each, Absent) for each in counts))
        self.say(f"Showing {query or f'all {state.name.lower()}'}. Esc: all.", "dim")

    async def _counted(self) -> "Findings | None":
        """What is wrong in the directory; None: there is none, or nobody waited."""
        if self.space is None:
            return None
        self.view.show_progress("count", Progress(_COUNTING))
        counting = self.run_worker(
            self.space.directory.findings(self._tell_counted),
            group="count",
            exclusive=True,
            description="count",
        )
        try:
            return await counting.wait()
        except WorkerCancelled:
            return None
        finally:
            self.view.show_progress("count", None)

    def _tell_counted(self, done: int, of: int) -> None:
        if "count" in self.view._running:
            self.view.show_progress("count", Progress(_COUNTING, done, of))

    async def _list_members(self) -> None:
        """Who is in which group is listed once it is asked for."""
        if (space := self.space) is None:
            return
        began = loop_seconds()

        def tell(load: "LoadState") -> None:
            took = loop_seconds() - began
            self.view.show_progress(
                "members", of_listing("listing members of", load, took, "groups")
            )

        try:
            load = await space.directory.load_memberships(tell)
        finally:
            self.view.show_progress("members", None)
        if load.error is not None:
            self.say(f"{load.error.message} {load.error.hint}", "bad")

    def stop(self) -> str:
        """Stop counting or listing members; else what the list does."""
        if self.workers.cancel_group(self, "count"):
            return "Stopped counting."
        if self.workers.cancel_group(self, "facet"):
            return "Stopped listing members."
        return super().stop()

    async def _ask_origins(self) -> None:
        """Whom the tenant did not make is asked once it is asked for."""
        if (space := self.space) is None:
            return
        self.say("Asking who was made by hand.", "dim")
        try:
            await space.directory.load_strays()
        except ScimTuiError as error:
            self.say(f"{error.message} {error.hint}", "bad")
