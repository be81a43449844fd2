"""Listings of the directory: rows come in page by page, and again when it changed."""

from typing import TYPE_CHECKING

from textual import on
from textual.message import Message
from textual.timer import Timer

from scim_tui.model.unknown_values import Absent
from scim_tui.tui.directory.job import loop_seconds
from scim_tui.tui.directory.list_state import ListState
from scim_tui.tui.directory.search import DirectorySearch
from scim_tui.tui.shell.page import NOTHING

if TYPE_CHECKING:
    from scim_tui.core.directory.api import LoadState
    from scim_tui.core.workspace import Workspace

PAINT_SECONDS = 0.5
"""Least pause between two paints of a listing that goes on."""
SEARCH_SHARE = 4
"""A search that took a second is not repeated for this many seconds while rows come in."""


class DirectoryLoading(DirectorySearch):
    """Lists, and keeps the list current."""

    class Listed(Message):
        """A listing ended, in whatever way."""

        def __init__(self, state: ListState) -> None:
            super().__init__()
            self.state = state

    def __init__(self) -> None:
        super().__init__()
        self._painted = 0.0
        self._timer: Timer | None = None

    def draw_open(self, space: "Workspace") -> None:
        """Draw what is at hand, and list again where that is due."""
        self.recall_layout()
        self.view.draw_rows()
        if self.lists.shown.view is None:
            self.look_up()
        self._plan()

    def _plan(self) -> None:
        """List again now or later, if the directory changed or the last listing failed."""
        if self._timer is not None:
            self._timer.stop()
        state = self.lists.shown
        wait = state.due(self._load_state(state), self._mark(), loop_seconds())
        held = self.session.paused or self.session.trouble is not None
        if wait is None or (held and state.started is not None):
            return
        if wait == 0:
            self.load()
        else:
            self._timer = self.set_timer(wait, self._plan_again)

    def _plan_again(self) -> None:
        if self.in_front:
            self._plan()

    def _load_state(self, state: ListState) -> "LoadState":
        assert self.space is not None
        return self.space.directory.state(state.kind)

    def _mark(self) -> object:
        """What changes when the directory does; None: nobody tells."""
        snapshot = self.session.snapshot
        if snapshot is None or isinstance(snapshot.summary, Absent):
            return None
        return snapshot.summary

    def load(self) -> None:
        """List the users or the groups from the server, page by page."""
        state, space = self.lists.shown, self.space
        if space is None:
            return
        state.started, state.listed_summary = loop_seconds(), self._mark()
        self.run_worker(
            self._list(state, space), group=f"load {state.name}", exclusive=True, description="list"
        )

    async def _list(self, state: ListState, space: "Workspace") -> None:
        try:
            await space.directory.load(state.kind, lambda load: self._progressed(state, load))
        finally:
            self.post_message(self.Listed(state))

    def _progressed(self, state: ListState, load: "LoadState") -> None:
        if state is not self.lists.shown or not self.in_front:
            return
        pause = max(PAINT_SECONDS, SEARCH_SHARE * self.search_took)
        if loop_seconds() - self._painted >= pause or (load.loaded and not state.total):
            self._painted = loop_seconds()
            self.view.draw_title()
            self.look_up()

    @on(Listed)
    def _listed(self, event: Listed) -> None:
        state = event.state
        if state.started is None or self.space is None:
            return
        state.ended = loop_seconds()
        failed = self._load_state(state).phase == "failed"
        state.failures = state.failures + 1 if failed else 0
        if state is self.lists.shown:
            self.look_up()
            self.redraw()

    def list_on(self) -> bool:
        """Take up a listing that ended early; False: none did."""
        if self.space is None or self._load_state(self.lists.shown).phase not in {
            "stopped",
            "failed",
        }:
            return False
        self.load()
        return True

    def stop(self) -> str:
        """Stop the listing, unless something newer runs."""
        told = super().stop()
        if told != NOTHING or not self.workers.cancel_group(self, f"load {self.lists.shown.name}"):
            return told
        return f"Stopped listing the {self.lists.shown.name.lower()}."
