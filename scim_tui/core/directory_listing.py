"""One listing of users or groups into the index, taken up again after a drop."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Protocol

from scim_tui.core.index import Index
from scim_tui.core.index_passes import Pass, Passes, note
from scim_tui.model.absent import UNKNOWN, Absent, Count
from scim_tui.model.directory import GroupRow, Kind, Page, UserRow
from scim_tui.model.errors import Refused, Throttled, Unreadable

AnyPage = Page[UserRow] | Page[GroupRow]
_MOST_WAITING = 5_000
"""Rows that are written together; with more the collector of the interpreter stops the loop."""
_SOON = 0.3
"""Seconds that a page may wait for others."""


class Pages(Protocol):
    """Lists from the start, or from the `next_cursor` of an earlier page."""

    def __call__(self, kind: Kind, filter: str = "", resume: str = "") -> AsyncIterator[AnyPage]:
        """The pages."""
        ...


class Tell(Protocol):
    """Takes what changed of the state."""

    def __call__(self, **changes: object) -> None:
        """Show it."""
        ...


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a pass goes."""

    first: int
    """Rows received before it began."""
    started: float
    clock: Callable[[], float] = time.monotonic

    def told(self, loaded: int, total: Count) -> dict[str, float | Absent]:
        """The rate and the seconds left, as far as they are known."""
        took = self.clock() - self.started
        rate = (loaded - self.first) / took if took > 0 else 0.0
        if isinstance(total, Absent) or rate <= 0:
            return {"rate": rate, "seconds_left": UNKNOWN}
        return {"rate": rate, "seconds_left": max(total - loaded, 0) / rate}


class Listing:
    """One pass over users or groups."""

    def __init__(self, index: Index, passes: Passes, kind: Kind, filter: str) -> None:
        self._index, self._passes, self._kind, self._filter = index, passes, kind, filter

    async def run(self, pages: Pages, tell: Tell) -> None:
        """List to the end; what was not seen is gone then. Raises what the provider raises."""
        what = f"{self._kind} {self._filter}".strip()
        sweep = await asyncio.to_thread(self._passes.begin, what)
        if sweep.cursor:
            tell(loaded=sweep.loaded, resumed_at=sweep.loaded)
        try:
            await self._read(pages, sweep, tell)
        except _Forgotten:
            await asyncio.to_thread(self._passes.restart, sweep.id)
            tell(loaded=0, resumed_at=0)
            await self._read(pages, Pass(sweep.id), tell)
        await asyncio.to_thread(self._index.finish, self._kind, sweep.id)
        await asyncio.to_thread(self._passes.end, sweep.id)

    async def _read(self, pages: Pages, sweep: Pass, tell: Tell) -> None:
        skipped, keeping = 0, Keeping(self._index, self._kind, sweep, tell)
        try:
            async for page in self._from(pages, sweep.cursor):
                skipped += page.skipped
                await keeping.take(page)
        finally:
            await keeping.finish()
        _check_whole(self._kind, keeping.loaded, skipped, keeping.total)

    async def _from(self, pages: Pages, cursor: str) -> AsyncIterator[AnyPage]:
        """From the cursor on. Raises `_Forgotten` where the server does not take it any more."""
        begun = not cursor
        try:
            async for page in pages(self._kind, self._filter, cursor):
                begun = True
                yield page
        except Refused as error:
            if begun or not is_forgotten(error):
                raise
            raise _Forgotten from error


def is_forgotten(error: Refused) -> bool:
    """Whether a server may mean with it that it does not know the cursor any more."""
    return not isinstance(error, Unreadable | Throttled)


class _Forgotten(Exception):
    """The server does not know the cursor any more."""


class Keeping:
    """Writes pages: the first at once, later ones together where they come fast."""

    def __init__(self, index: Index, kind: Kind, sweep: Pass, tell: Tell) -> None:
        self._index, self._kind, self._sweep, self._tell = index, kind, sweep.id, tell
        self._pace = Pace(sweep.loaded, time.monotonic())
        self._waiting: list[AnyPage] = []
        self._due = 0.0
        self.loaded = sweep.loaded
        """Rows that are kept."""
        self.total: Count = UNKNOWN

    async def take(self, page: AnyPage) -> None:
        """Keep a page soon."""
        self._waiting.append(page)
        waiting = sum(len(each.rows) for each in self._waiting)
        if waiting >= _MOST_WAITING or time.monotonic() >= self._due:
            await self.finish()
        else:
            # A page that nobody waited for leaves the loop its turn as well.
            await asyncio.sleep(0)

    async def finish(self) -> None:
        """Keep what waits, and tell of it."""
        pages, self._waiting = self._waiting, []
        if pages:
            self.loaded += sum(len(page.rows) for page in pages)
            self.total = pages[-1].total
            await asyncio.to_thread(self._keep, pages, self.loaded)
            pace = self._pace.told(self.loaded, self.total)
            self._tell(loaded=self.loaded, total=self.total, **pace)
            self._due = time.monotonic() + _SOON

    def _keep(self, pages: list[AnyPage], loaded: int) -> None:
        """The rows, and how far the pass got: both or neither."""
        rows = [row for page in pages for row in page.rows]
        with self._index.writing() as db:
            if db is not None:
                self._index.put_in(db, self._kind, rows, self._sweep)
                note(db, self._sweep, pages[-1].next_cursor or "", loaded)


def _check_whole(kind: Kind, loaded: int, skipped: int, total: Count) -> None:
    """Raise `Unreadable` when somebody may have been left out: then nobody is taken for gone."""
    if skipped:
        raise Unreadable(
            f"{skipped:,} of the {kind} listed could not be read: no object, or without an id.",
            "The others are kept, and nobody is taken for removed. Tell the operator of the"
            " directory.",
        )
    if not isinstance(total, Absent) and loaded < total:
        raise Unreadable(
            f"The listing of {kind} is incomplete: the server counts {total:,} and gave"
            f" {loaded:,}.",
            "What was read is kept, and nobody is taken for removed. Try again.",
        )
