"""The directory's list: rows come in page by page, are searched off the loop, and stay current."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import on, work
from textual.message import Message
from textual.timer import Timer
from textual.worker import Worker

from scim_tui.model.absent import UNKNOWN, Absent, Count
from scim_tui.model.errors import UsageError
from scim_tui.tui import directory_rows as rows
from scim_tui.tui.directory_half import Half
from scim_tui.tui.screens.browse import BrowsePage
from scim_tui.tui.widgets.lines import Lines
from scim_tui.tui.widgets.sources import Stretches
from scim_tui.tui.widgets.table import ListSource

if TYPE_CHECKING:
    from scim_tui.core.directory import Directory, LoadState, View
    from scim_tui.core.workspace import Workspace
    from scim_tui.model.directory import Kind, Row

PAINT_SECONDS = 0.5
"""Least pause between two paints of a listing that goes on."""
SEARCH_SHARE = 4
"""A search that took a second is not repeated for this many seconds while rows come in."""


def kind_of(half: Half) -> "Kind":
    """The kind of a half; the model is loaded only when there is something to ask."""
    from scim_tui.model.directory import Kind

    return Kind(half.name)


class DirectoryList(BrowsePage):
    """Loads, searches and draws the users and the groups."""

    class Found(Message):
        """The rows that match a query."""

        def __init__(self, half: Half, query: tuple[str, str], view: "View", total: int) -> None:
            super().__init__()
            self.half, self.query, self.view, self.total = half, query, view, total

    class Listed(Message):
        """A listing ended, in whatever way."""

        def __init__(self, half: Half) -> None:
            super().__init__()
            self.half = half

    def __init__(self) -> None:
        super().__init__()
        self.halves = {"Users": Half("Users", rows.USERS), "Groups": Half("Groups", rows.GROUPS)}
        self.half = self.halves["Users"]
        self._searching: Worker[None] | None = None
        self._asked: tuple[Half, tuple[str, str]] | None = None
        self._changed = False
        self._search_took = 0.0
        self._painted = 0.0
        self._timer: Timer | None = None

    @property
    def row(self) -> "Row | None":
        """The row under the cursor."""
        source = self.half.source
        return source.item(self.table.cursor) if source is not None else None

    def follow(self) -> None:
        """Bring the detail in line with the cursor."""

    def turn_to(self, half: Half) -> None:
        """Show this half."""
        self.half = half

    def draw_open(self, space: "Workspace") -> None:
        """Draw what is at hand, and list again where that is due."""
        self.recall_layout()
        self.show_rows()
        if self.half.view is None:
            self.look_up()
        self._plan()

    def forget(self) -> None:
        """Begin anew; the rows went with the connection."""
        for half in self.halves.values():
            half.forget()

    def _hush(self) -> str:
        """Take back what was said of a text that is another one now."""
        self._words = None
        self.query_one("#bottom", Lines).show(self._bottom())
        return ""

    def recall_layout(self) -> None:
        """Take up how the lists were laid out the last time."""

    def _state(self, half: Half) -> "LoadState":
        assert self.space is not None  # nothing is listed before the connection is open
        return self.space.directory.state(kind_of(half))

    def show_rows(self) -> None:
        """Draw title, list and detail."""
        assert self.space is not None
        half, table, now = self.half, self.table, self.space.clock()
        self._draw_title()
        table.wait_with(rows.empty_lines(half, self._state(half), table.size.width))
        if half.source is not None:
            half.source = half.source.with_cells(lambda row: half.cells(rows.row_cells(row, now)))
        at_top = table.cursor == 0 and not half.settled
        table.mark(half.marks)
        table.show(half.source or ListSource(), columns=half.columns)
        if at_top:
            table.go_to(0)
        if half.wanted and (place := table.source.find(half.wanted)) is not None:
            half.wanted = ""
            table.go_to(place)
        self.follow()

    def _draw_title(self) -> None:
        half = self.half
        state = self._state(half)
        title = rows.title_line(half, self._counts(), state, self._now())
        kept = rows.kept_words(state, self.space.clock()) if self.space and half.total else ()
        # What is news for this session needs no age.
        self.query_one("#title", Lines).show(((*title, *(() if half.settled else kept)),))

    def _counts(self) -> Sequence[Count]:
        snapshot = self.session.snapshot
        told = snapshot.summary if snapshot is not None else UNKNOWN
        users, groups = (
            (UNKNOWN, UNKNOWN) if isinstance(told, Absent) else (told.users, told.groups)
        )
        both = ((self.halves["Users"], users), (self.halves["Groups"], groups))
        return [rows.known_count(half, self._state(half), told) for half, told in both]

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def _plan(self) -> None:
        """List again now or later, if the directory changed or the last listing failed."""
        if self._timer is not None:
            self._timer.stop()
        half = self.half
        wait = half.due(self._state(half), self._mark(), self._now())
        held = self.session.paused or self.session.trouble is not None
        if wait is None or (held and half.started is not None):
            return
        if wait == 0:
            self.load()
        else:
            self._timer = self.set_timer(wait, self._plan_again)

    def _plan_again(self) -> None:
        if self.in_front and self.space is not None:
            self._plan()

    def _mark(self) -> object:
        """What changes when the directory does; None: nobody tells."""
        snapshot = self.session.snapshot
        if snapshot is None or isinstance(snapshot.summary, Absent):
            return None
        return snapshot.summary

    def load(self) -> None:
        """List the users or the groups from the server, page by page."""
        half = self.half
        half.started, half.mark = self._now(), self._mark()
        self.run_worker(
            self._list(half), group=f"load {half.name}", exclusive=True, description="list"
        )

    async def _list(self, half: Half) -> None:
        assert self.space is not None
        try:
            await self.space.directory.load(
                kind_of(half), lambda state: self._progressed(half, state)
            )
        finally:
            self.post_message(self.Listed(half))

    def _progressed(self, half: Half, state: "LoadState") -> None:
        if half is not self.half or not self.in_front:
            return
        pause = max(PAINT_SECONDS, SEARCH_SHARE * self._search_took)
        if self._now() - self._painted >= pause or (state.loaded and not half.total):
            self._painted = self._now()
            self._draw_title()
            self.look_up()

    @on(Listed)
    def _listed(self, event: Listed) -> None:
        half = event.half
        if half.started is None or self.space is None:
            return
        half.ended = self._now()
        failed = self._state(half).phase == "failed"
        half.failures = half.failures + 1 if failed else 0
        if half is self.half:
            self.look_up()
            if self.in_front:
                self.draw()

    def stop(self) -> str:
        """Stop the listing."""
        stopped = self.workers.cancel_group(self, f"load {self.half.name}")
        return f"Stopped listing the {self.half.name.lower()}." if stopped else super().stop()

    def query_changed(self) -> None:
        """Draw what is asked for at once, and find the rows for it."""
        if self.space is not None:
            self._draw_title()
            self.look_up()

    def look_up(self) -> None:
        """Find the rows of the newest query; one search runs at a time.

        Another query ends the one before; the same one, over more rows, waits for it.
        """
        from scim_tui.core.search import raw_filter

        half, asked = self.half, (self.half, self.half.query)
        if raw_filter(half.text) is not None:
            half.wrong = ""
            self.say("Enter sends this filter to the server.", "dim")
            return
        half.asked = None
        self._changed = True
        if self._searching is None or self._searching.is_finished or asked != self._asked:
            self._asked = asked
            self._searching = self._search()

    @work(group="view", exclusive=True, description="filter")
    async def _search(self) -> None:
        try:
            while self._changed and self.space is not None:
                self._changed = False
                await self._find(self.half, self.half.query, self.space.directory)
        except UsageError as error:
            self.half.wrong = f"{error.message} {error.hint}"
            self.say(self.half.wrong, "warn")
            self._draw_title()

    async def _find(self, half: Half, query: tuple[str, str], directory: "Directory") -> None:
        """The first rows at once where the query is news, then all of them."""
        began, kind = self._now(), kind_of(half)
        if half.view is None or (half.view.text, half.view.sort) != query:
            view = await directory.first_rows(kind, *query)
            total = await asyncio.to_thread(directory.count, kind)
            self.post_message(self.Found(half, query, view, total))
            if view.complete:
                return
        view = await directory.view(kind, *query)
        total = await asyncio.to_thread(directory.count, kind) if query[0] else len(view)
        self._search_took = self._now() - began
        self.post_message(self.Found(half, query, view, total))

    @on(Found)
    def _found(self, event: Found) -> None:
        half, view = event.half, event.view
        if event.query != half.query or self.space is None:
            return
        now, before = self.space.clock(), half.view
        if half.wrong:
            half.wrong = self._hush()
        half.view, half.total = view, event.total
        half.source = Stretches(
            len(view),
            view.rows,
            key=lambda row: row.id,
            cells=lambda row: half.cells(rows.row_cells(row, now)),
            find=view.position,
        )
        if half is self.half and self.in_front:
            current = self.table.current
            self.show_rows()
            if before is not None and before.text != view.text and self.table.current != current:
                self.table.go_to(0)
        half.settled = half.ended > 0
