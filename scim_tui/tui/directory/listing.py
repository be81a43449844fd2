"""Lists users or groups from the server, page by page, and again when the directory changed."""

from textual.message import Message
from textual.timer import Timer

from scim_tui.core.directory.api import LoadState
from scim_tui.core.workspace import Workspace
from scim_tui.model.unknown_values import Absent
from scim_tui.tui.directory import messages
from scim_tui.tui.directory.host import ListHost
from scim_tui.tui.directory.job import Job, loop_seconds
from scim_tui.tui.directory.list_state import Lists, ListState
from scim_tui.tui.directory.list_view import ListView
from scim_tui.tui.directory.search import Search

PAINT_SECONDS = 0.5
"""Shortest pause between two paints while rows arrive."""
SEARCH_SHARE = 4
"""A search that took a second is not repeated for this many seconds while rows arrive."""


class LiveListing:
    """Lists what is shown, and keeps it current."""

    class Ended(Message):
        """A listing is complete, failed, or was stopped."""

        def __init__(self, state: ListState) -> None:
            super().__init__()
            self.state = state

    def __init__(self, host: ListHost, lists: Lists, view: ListView, search: Search) -> None:
        self._host, self._lists, self._view, self._search = host, lists, view, search
        self._jobs = {state.name: Job(host, f"load {state.name}", "list") for state in lists}
        self._painted = 0.0
        self._timer: Timer | None = None

    def plan(self) -> None:
        """List now or later, if the directory changed or the last listing failed."""
        if self._timer is not None:
            self._timer.stop()
        if (space := self._host.space) is None:
            return
        state, session = self._lists.shown, self._host.session
        wait = state.due(space.directory.state(state.kind), self._summary(), loop_seconds())
        held = session.paused or session.trouble is not None
        if wait is None or (held and state.started is not None):
            return
        if wait == 0:
            self.start()
        else:
            self._timer = self._host.set_timer(wait, self._plan_again)

    def _plan_again(self) -> None:
        if self._host.in_front:
            self.plan()

    def _summary(self) -> object:
        """A value that changes when the directory does; None: the server reports none."""
        snapshot = self._host.session.snapshot
        if snapshot is None or isinstance(snapshot.summary, Absent):
            return None
        return snapshot.summary

    def start(self) -> None:
        """List what is shown now."""
        state, space = self._lists.shown, self._host.space
        if space is None:
            return
        state.started, state.listed_summary = loop_seconds(), self._summary()
        self._jobs[state.name].start(self._run, state, space)

    def resume(self) -> bool:
        """List on where a listing ended early; False: none did."""
        state, space = self._lists.shown, self._host.space
        if space is None or space.directory.state(state.kind).phase not in {"stopped", "failed"}:
            return False
        self.start()
        return True

    async def _run(self, state: ListState, space: Workspace) -> None:
        try:
            await space.directory.load(state.kind, lambda load: self._progressed(state, load))
        finally:
            self._host.post_message(self.Ended(state))

    def _progressed(self, state: ListState, load: LoadState) -> None:
        if state is not self._lists.shown or not self._host.in_front:
            return
        pause = max(PAINT_SECONDS, SEARCH_SHARE * self._search.seconds)
        if loop_seconds() - self._painted >= pause or (load.loaded and not state.total):
            self._painted = loop_seconds()
            self._view.draw_title()
            self._search.start()

    def take(self, ended: Ended) -> None:
        """Note how the listing ended, and find the rows anew."""
        state, space = ended.state, self._host.space
        if state.started is None or space is None:
            return
        state.ended = loop_seconds()
        failed = space.directory.state(state.kind).phase == "failed"
        state.failures = state.failures + 1 if failed else 0
        if state is self._lists.shown:
            self._search.start()
            self._host.redraw()

    @property
    def _job(self) -> Job:
        return self._jobs[self._lists.shown.name]

    @property
    def busy(self) -> bool:
        """Whether what is shown is being listed."""
        return self._job.busy

    def stop(self) -> str:
        """Stop the listing; the rows that were listed stay."""
        self._job.stop()
        return messages.listing_stopped(self._lists.shown.name.lower())
