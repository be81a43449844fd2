"""One pass over users or groups into the index, which resumes after an interruption."""

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
"""Rows that are written together. More of them make the garbage collector block the event loop."""
_SOON = 0.3
"""Seconds that a page may wait to be written together with others."""


class ListPages(Protocol):
    """A function that lists from the start, or from the `next_cursor` of an earlier page."""

    def __call__(self, kind: Kind, filter: str = "", resume: str = "") -> AsyncIterator[AnyPage]:
        """The pages."""
        ...


class ReportProgress(Protocol):
    """A function that takes the changed fields of a `LoadState`."""

    def __call__(self, **changes: object) -> None:
        """Show it."""
        ...


@dataclass(frozen=True, slots=True)
class PassRate:
    """The speed of a pass, and the time it still needs."""

    first: int
    """Rows received before it began."""
    started: float
    clock: Callable[[], float] = time.monotonic

    def estimate(self, loaded: int, total: Count) -> dict[str, float | Absent]:
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

    async def run(self, pages: ListPages, report: ReportProgress) -> None:
        """List to the end, then remove the rows not seen. Raises what the provider raises."""
        what = f"{self._kind} {self._filter}".strip()
        sweep = await asyncio.to_thread(self._passes.begin, what)
        if sweep.cursor:
            report(loaded=sweep.loaded, resumed_at=sweep.loaded)
        try:
            await self._read_or_restart(pages, sweep, report)
        except Incomplete:
            # The listing did end: asking for the last page again would not bring the missing rows.
            await asyncio.to_thread(self._passes.restart, sweep.id)
            raise
        await asyncio.to_thread(self._index.finish, self._kind, sweep.id)
        await asyncio.to_thread(self._passes.end, sweep.id)

    async def _read_or_restart(self, pages: ListPages, sweep: Pass, report: ReportProgress) -> None:
        try:
            await self._read(pages, sweep, report)
        except _CursorExpired:
            await asyncio.to_thread(self._passes.restart, sweep.id)
            report(loaded=0, resumed_at=0)
            await self._read(pages, Pass(sweep.id), report)

    async def _read(self, pages: ListPages, sweep: Pass, report: ReportProgress) -> None:
        writer = BatchWriter(self._index, self._kind, sweep, report)
        try:
            async for page in self._from(pages, sweep.cursor):
                await writer.take(page)
        finally:
            await writer.finish()
        rows = writer.sweep.loaded
        if sweep.cursor:
            # A row may have come before and after the interruption; the index has each id once.
            rows = await asyncio.to_thread(self._index.seen, self._kind, sweep.id)
        check_whole(self._kind, writer.sweep, rows)

    async def _from(self, pages: ListPages, cursor: str) -> AsyncIterator[AnyPage]:
        """The pages from the cursor on. Raises `_CursorExpired` where the server refuses it."""
        begun = not cursor
        try:
            async for page in pages(self._kind, self._filter, cursor):
                begun = True
                yield page
        except Refused as error:
            if begun or not is_expired(error):
                raise
            raise _CursorExpired from error


def is_expired(error: Refused) -> bool:
    """Whether a refusal may mean that the server no longer knows the cursor."""
    return not isinstance(error, Unreadable | Throttled)


class _CursorExpired(Exception):
    """The server no longer knows the cursor."""


class BatchWriter:
    """Writes pages: the first one at once, later ones in batches if they arrive fast."""

    def __init__(self, index: Index, kind: Kind, sweep: Pass, report: ReportProgress) -> None:
        self._index, self._kind, self._report = index, kind, report
        self._pace = PassRate(sweep.loaded, time.monotonic())
        self._waiting: list[AnyPage] = []
        self._due = 0.0
        self.sweep = sweep
        """The pass, with the counts of the pages that are written or being written."""

    async def take(self, page: AnyPage) -> None:
        """Write a page, now or together with later ones."""
        self._waiting.append(page)
        waiting = sum(len(each.rows) for each in self._waiting)
        if waiting >= _MOST_WAITING or time.monotonic() >= self._due:
            await self.finish()
        else:
            # A page that came without a wait must not keep the event loop from running.
            await asyncio.sleep(0)

    async def finish(self) -> None:
        """Write the remaining pages, and report the progress."""
        pages, self._waiting = self._waiting, []
        if pages:
            for page in pages:
                self.sweep = self.sweep.after(page)
            got = self.sweep
            await asyncio.to_thread(self._keep, pages, got)
            pace = self._pace.estimate(got.loaded, got.total)
            self._report(loaded=got.loaded, total=got.total, repeated=got.repeated, **pace)
            self._due = time.monotonic() + _SOON

    def _keep(self, pages: list[AnyPage], got: Pass) -> None:
        """Write the rows and the progress of the pass in one transaction."""
        rows = [row for page in pages for row in page.rows]
        with self._index.connections.writing() as db:
            if db is not None:
                put_rows(db, self._kind, rows, got.id, self._index.now())
                note(db, got)


def check_whole(what: str, got: Pass, rows: int) -> None:
    """Raise `Incomplete` when a pass over `what` brought fewer rows than the server counts.

    `rows` counts each id once. Rows that the server gave twice are counted twice by the server.
    """
    if got.skipped:
        raise Incomplete(
            f"{got.skipped:,} of the {what} listed could not be read: no object, or without an id.",
            "The others are kept, and nothing is taken as removed. Tell the operator of the"
            " directory.",
        )
    if not isinstance(got.total, Absent) and rows + got.repeated < got.total:
        raise Incomplete(
            f"The listing of {what} is incomplete: the server counts {got.total:,} and gave"
            f" {rows:,}.",
            "What was read is kept, and nothing is taken as removed. Try again.",
        )
