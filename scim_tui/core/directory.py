"""Users and groups as they are: loaded page by page into an index, looked at through views."""

import asyncio
import json
import threading
from array import array
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar, cast

from scim_tui.core.clock import Clock, utc_now
from scim_tui.core.directory_facts import (
    CacheInfo,
    Change,
    FindingCount,
    Findings,
    Happened,
    LoadPhase,
    LoadState,
    Progress,
    Seen,
)
from scim_tui.core.index import Index
from scim_tui.model.absent import UNKNOWN
from scim_tui.model.directory import GroupRow, Kind, Page, Record, Row, UserRow
from scim_tui.model.errors import NotFound, ScimTuiError, UsageError
from scim_tui.providers.port import Provider

__all__ = [
    "CacheInfo", "Change", "Directory", "FindingCount", "Findings", "Happened", "LoadPhase",
    "LoadState", "Progress", "Seen", "View",
]  # fmt: skip
RowT = TypeVar("RowT", UserRow, GroupRow)


def _ignore(_: LoadState) -> None:
    """Listen to no progress."""


@dataclass(frozen=True, slots=True)
class View:
    """A stretch of rows in a fixed order, which stays as it was while a load goes on."""

    kind: Kind
    text: str
    sort: str
    numbers: "array[int]" = field(repr=False)
    _index: Index = field(repr=False)
    complete: bool = True
    """Whether these are all that match."""

    def __len__(self) -> int:
        return len(self.numbers)

    def rows(self, first: int, count: int) -> list[Row]:
        """The rows from number `first` (from 0); fewer at the end."""
        first = max(first, 0)
        return self._index.rows(self.kind, self.numbers[first : first + max(count, 0)])

    def users(self, first: int, count: int) -> list[UserRow]:
        """As `rows`, for a view of users."""
        return cast("list[UserRow]", self.rows(first, count))

    def groups(self, first: int, count: int) -> list[GroupRow]:
        """As `rows`, for a view of groups."""
        return cast("list[GroupRow]", self.rows(first, count))

    def ids(self, first: int, count: int) -> list[str]:
        """The ids of the rows from number `first` (from 0)."""
        return [row.id for row in self.rows(first, count)]

    def position(self, resource_id: str) -> int | None:
        """Where the resource stands in this view, or None."""
        number = self._index.number(self.kind, resource_id)
        try:
            return None if number is None else self.numbers.index(number)
        except ValueError:
            return None


class Directory:
    """The users and groups of one directory."""

    def __init__(
        self, provider: Provider, clock: Clock = utc_now, *, file: Path | None = None
    ) -> None:
        self._provider, self._clock, self._file = provider, clock, file
        self._made: Index | None = None
        self._making = threading.Lock()
        self._states = dict.fromkeys(Kind, LoadState())
        self._sweeps = dict.fromkeys(Kind, 0)
        self._listed: dict[Kind, tuple[int, datetime]] = {}

    @property
    def _index(self) -> Index:
        """Made when first needed, by whichever thread: most commands list nobody."""
        with self._making:
            if self._made is None:
                self._made = Index()
            return self._made

    async def open(self) -> None:
        """Make the rows of the last time ready, where they are kept; twice is as good as once."""
        await asyncio.to_thread(getattr, self, "_index")

    def state(self, kind: Kind) -> LoadState:
        """How far the newest listing got."""
        return self._states[kind]

    def listed(self, kind: Kind) -> tuple[int, datetime] | None:
        """How many the newest full listing found, and when it ended; None: there was none."""
        return self._listed.get(kind)

    def count(self, kind: Kind) -> int:
        """How many rows are at hand."""
        return self._index.count(kind) if self._sweeps[kind] else 0

    async def load(self, kind: Kind, progress: Progress = _ignore, filter: str = "") -> LoadState:
        """List everything again, batch by batch; what was there stays readable meanwhile.

        A failure is a state, not an exception, and keeps the rows. Cancelling keeps them too.
        """
        self._sweeps[kind] += 1
        self._tell(kind, progress, LoadPhase.LOADING, loaded=0, total=UNKNOWN, error=None)
        try:
            await asyncio.to_thread(getattr, self, "_index")
            await self._sweep(kind, progress, filter)
        except ScimTuiError as error:
            return self._tell(kind, progress, LoadPhase.FAILED, error=error)
        except asyncio.CancelledError:
            self._tell(kind, progress, LoadPhase.STOPPED)
            raise
        now = self._clock()
        if not filter:
            self._listed[kind] = (self._states[kind].loaded, now)
        return self._tell(kind, progress, LoadPhase.READY, as_of=now)

    async def view(self, kind: Kind, text: str = "", sort: str = "") -> View:
        """The rows at hand that match, sorted by a field; "-field" is the other way round.

        Raises `UsageError` when there is no such field.
        """
        numbers = await asyncio.to_thread(self._index.find, kind, text, sort)
        return View(kind, text, sort, numbers, self._index)

    async def first_rows(self, kind: Kind, text: str = "", sort: str = "", count: int = 60) -> View:
        """The first rows of what `view` gives, soon. Raises `UsageError`."""
        whole = await self.view(kind, text, sort)
        return replace(whole, numbers=whole.numbers[:count], complete=len(whole) <= count)

    async def load_memberships(self, progress: Progress = _ignore) -> LoadState:
        """List who is in which group. Raises `Unsupported`."""
        self._provider.capabilities.members.require()
        return LoadState(LoadPhase.READY)

    async def findings(self) -> Findings:
        """What is wrong in the whole directory, counted, by code."""
        return {}

    async def history(self, kind: Kind, resource_id: str) -> list[Seen]:
        """What differed between passes for one resource, newest first."""
        return []

    async def changes(
        self, kind: Kind, since: datetime, until: datetime | None = None
    ) -> list[Change]:
        """Who came, went, was disabled or changed, as the passes in that time saw it."""
        return []

    def cache_info(self) -> CacheInfo:
        """What is kept of this directory."""
        return CacheInfo(self._file, 0, self.count(Kind.USERS), self.count(Kind.GROUPS), UNKNOWN)

    async def clear(self) -> None:
        """Forget the rows and what was seen to change."""

    def pages(self, kind: Kind, filter: str = "") -> AsyncIterator[Page[UserRow] | Page[GroupRow]]:
        """The listing as it arrives, in the server's order, kept nowhere."""
        if kind is Kind.USERS:
            return cast(
                "AsyncIterator[Page[UserRow] | Page[GroupRow]]", self._provider.users(filter)
            )
        return cast("AsyncIterator[Page[UserRow] | Page[GroupRow]]", self._provider.groups(filter))

    async def record(self, kind: Kind, resource_id: str) -> Record:
        """One resource, fresh from the server. Raises `NotFound`."""
        return await self._provider.record(kind, resource_id)

    async def find(self, kind: Kind, name: str) -> str:
        """The id of the resource that has this userName, displayName or id. Raises `NotFound`."""
        attribute = "userName" if kind is Kind.USERS else "displayName"
        named = f"{attribute} eq {json.dumps(name, ensure_ascii=False)}"
        found = await _first_page(self.pages(kind, named))
        if len(found) > 1:
            raise UsageError(
                f"{len(found)} {kind.lower()} are called {name!r}.",
                f"Name one by id: {', '.join(row.id for row in found[:5])}.",
            )
        if found:
            return found[0].id
        try:
            return (await self.record(kind, name)).id
        except NotFound as error:
            what = "user" if kind is Kind.USERS else "group"
            raise NotFound(
                f"No {what} has the id or the {attribute} {name!r}.",
                f"Look for it with: scim-tui {kind.lower()} list --search TEXT",
                status=404,
                request_id=error.request_id,
            ) from error

    async def members(self, group_id: str, limit: int | None = None) -> list[UserRow]:
        """The members of a group, all or the first ones. Raises `Unsupported`."""
        self._provider.capabilities.members.require()
        return await _collect(self._provider.members(group_id), limit)

    async def groups_of(self, user_id: str, limit: int | None = None) -> list[GroupRow]:
        """The groups a user is in, all or the first ones. Raises `Unsupported`."""
        self._provider.capabilities.members.require()
        return await _collect(self._provider.groups_of(user_id), limit)

    async def aclose(self) -> None:
        """Let go of the rows."""
        if self._made is not None:
            await asyncio.to_thread(self._made.close)

    async def _sweep(self, kind: Kind, progress: Progress, filter: str) -> None:
        sweep, loaded = self._sweeps[kind], 0
        async for page in self.pages(kind, filter):
            await asyncio.to_thread(self._index.put, kind, page.rows, sweep)
            loaded += len(page.rows)
            self._tell(kind, progress, LoadPhase.LOADING, loaded=loaded, total=page.total)
        await asyncio.to_thread(self._index.finish, kind, sweep)

    def _tell(
        self, kind: Kind, progress: Progress, phase: LoadPhase, **changes: object
    ) -> LoadState:
        state = replace(self._states[kind], phase=phase, **changes)  # type: ignore[arg-type]
        self._states[kind] = state
        progress(state)
        return state


async def _collect(pages: AsyncIterator[Page[RowT]], limit: int | None) -> list[RowT]:
    rows: list[RowT] = []
    async for page in pages:
        rows += page.rows
        if limit is not None and len(rows) >= limit:
            break
    return rows[:limit]


async def _first_page(
    pages: AsyncIterator[Page[UserRow] | Page[GroupRow]],
) -> list[UserRow] | list[GroupRow]:
    async for page in pages:
        if page.rows:
            return page.rows
    return []
