"""One listing of users or groups into the index, taken up again after a drop."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Protocol

from scim_tui.core.index.api import Index
from scim_tui.core.index.passes import Pass, Passes, note
from scim_tui.core.index.update import put_rows
from scim_tui.model.directory import GroupRow, Kind, Page, UserRow
from scim_tui.model.errors import Incomplete, Refused, Throttled, Unreadable
from scim_tui.model.unknown_values import UNKNOWN, Absent, Count

AnyPage = Page[UserRow] | Page[GroupRow]
_MOST_WAITING = 5_000
"""Rows that are written together; with more the collector of the interpreter stops the loop."""
_SOON = 0.3
"""Seconds that a page may wait for others."""


class ListPages(Protocol):
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
class PassRate:
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


class ListingPass:
    """One pass over users or groups."""

    def __init__(self, index: Index, passes: Passes, kind: Kind, filter: str) -> None:
        self._index, self._passes, self._kind, self._filter = index, passes, kind, filter

    async def run(self, pages: ListPages, tell: Tell) -> None:
        """List to the end; what was not seen is gone then. Raises what the provider raises."""
        what = f"{self._kind} {self._filter}".strip()
        sweep = await asyncio.to_thread(self._passes.begin, what)
        if sweep.cursor:
            tell(loaded=sweep.loaded, resumed_at=sweep.loaded)
        try:
            await self._read_on(pages, sweep, tell)
        except Incomplete:
            # It reached the end: the last page again would not bring what is missing.
            await asyncio.to_thread(self._passes.restart, sweep.id)
            raise
        await asyncio.to_thread(self._index.finish, self._kind, sweep.id)
        await asyncio.to_thread(self._passes.end, sweep.id)

    async def _read_on(self, pages: ListPages, sweep: Pass, tell: Tell) -> None:
        try:
            await self._read(pages, sweep, tell)
        except _Forgotten:
            await asyncio.to_thread(self._passes.restart, sweep.id)
            tell(loaded=0, resumed_at=0)
            await self._read(pages, Pass(sweep.id), tell)

    async def _read(self, pages: ListPages, sweep: Pass, tell: Tell) -> None:
        writer = BatchWriter(self._index, self._kind, sweep, tell)
        try:
            async for page in self._from(pages, sweep.cursor):
                await writer.take(page)
        finally:
            await writer.finish()
        rows = writer.sweep.loaded
        if sweep.cursor:
            # What came before the drop may have come again since: the index knows each id once.
            rows = await asyncio.to_thread(self._index.seen, self._kind, sweep.id)
        check_whole(self._kind, writer.sweep, rows)

    async def _from(self, pages: ListPages, cursor: str) -> AsyncIterator[AnyPage]:
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


class BatchWriter:
    """Writes pages: the first at once, later ones together where they come fast."""

    def __init__(self, index: Index, kind: Kind, sweep: Pass, tell: Tell) -> None:
        self._index, self._kind, self._tell = index, kind, tell
        self._pace = PassRate(sweep.loaded, time.monotonic())
        self._waiting: list[AnyPage] = []
        self._due = 0.0
        self.sweep = sweep
        """How far it got, as far as it is kept."""

    async def take(self, page: AnyPage) -> None:
        """Keep a page soon."""
        self._waiting.append(page)
        waiting = sum(len(each.rows) for each in self._waiting)
        if waiting >= _MOST_WAITING or time.monotonic() >= self._due:
            await self.finish()
        else:
            # A page that came without a wait leaves the loop its turn as well.
            await asyncio.sleep(0)

    async def finish(self) -> None:
        """Keep what waits, and tell of it."""
        pages, self._waiting = self._waiting, []
        if pages:
            for page in pages:
                self.sweep = self.sweep.after(page)
            got = self.sweep
            await asyncio.to_thread(self._keep, pages, got)
            pace = self._pace.told(got.loaded, got.total)
            self._tell(loaded=got.loaded, total=got.total, repeated=got.repeated, **pace)
            self._due = time.monotonic() + _SOON

    def _keep(self, pages: list[AnyPage], got: Pass) -> None:
        """The rows, and how far the pass got: both or neither."""
        rows = [row for page in pages for row in page.rows]
        with self._index.connections.writing() as db:
            if db is not None:
                put_rows(db, self._kind, rows, got.id, self._index.now())
                note(db, got)


def check_whole(what: str, got: Pass, rows: int) -> None:
    """Raise `Incomplete` when `rows` are not all that a pass over `what` was to bring.

    Rows are counted once each. What the server gives, and counts, twice makes up for the rest.
    """
    if got.skipped:
        raise Incomplete(
            f"{got.skipped:,} of the {what} listed could not be read: no object, or without an id.",
            "The others are kept, and nobody is taken for removed. Tell the operator of the"
            " directory.",
        )
    if not isinstance(got.total, Absent) and rows + got.repeated < got.total:
        raise Incomplete(
            f"The listing of {what} is incomplete: the server counts {got.total:,} and gave"
            f" {rows:,}.",
            "What was read is kept, and nobody is taken for removed. Try again.",
        )
