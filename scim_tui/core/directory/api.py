"""Users and groups: loaded page by page into an index, and read from there as views."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar, cast

from scim_tui.core.directory.listing import AnyPage, ListingPass
from scim_tui.core.directory.lookup import id_of
from scim_tui.core.directory.memberships import list_members
from scim_tui.core.directory.view import View
from scim_tui.core.index.api import Index
from scim_tui.core.index.cancel import stoppable
from scim_tui.core.index.connection import DamagedIndex
from scim_tui.core.index.findings import FindingsOf
from scim_tui.core.index.outsiders import list_strays
from scim_tui.core.index.passes import Passes
from scim_tui.core.index.results import (
    CacheInfo,
    Counted,
    FieldChange,
    FindingCount,
    Findings,
    Happened,
    LoadPhase,
    LoadState,
    Progress,
    RowChange,
    uncounted,
)
from scim_tui.model.clock import Clock, utc_now
from scim_tui.model.directory import GroupRow, Kind, Record, UserRow
from scim_tui.model.errors import ScimTuiError
from scim_tui.model.origin import Stray
from scim_tui.model.unknown_values import UNKNOWN, Moment
from scim_tui.providers.port import Provider

__all__ = [
    "CacheInfo",
    "Directory",
    "FieldChange",
    "FindingCount",
    "Findings",
    "Happened",
    "LoadPhase",
    "LoadState",
    "Progress",
    "RowChange",
    "View",
]
T = TypeVar("T")


def _ignore(_: LoadState) -> None:
    """Ignore the progress."""


class Directory:
    """The users and groups of one directory."""

    def __init__(
        self, provider: Provider, clock: Clock = utc_now, *, file: Path | None = None
    ) -> None:
        self._provider, self._clock, self._file = provider, clock, file
        self._made: Index | None = None
        self._renewals = 0
        self._making = threading.Lock()
        self._states = dict.fromkeys(Kind, LoadState())
        self._listed: dict[Kind, tuple[int, datetime]] = {}
        self._builds: set[asyncio.Task[None]] = set()
        self._findings = FindingsOf(provider)

    @property
    def _index(self) -> Index:
        """The index, made by the first thread that needs it: most commands need none."""
        with self._making:
            if self._made is None:
                self._made = made = Index(self._file, self._clock)
                self._passes = Passes(made)
                for kind in Kind:
                    self._recall(kind, made)
            return self._made

    def _recall(self, kind: Kind, index: Index) -> None:
        """Restore the state of a listing from the index on disk."""
        as_of = index.setting(f"as_of:{kind}")
        if as_of and self._states[kind] == LoadState():
            at, count = datetime.fromisoformat(as_of), index.count(kind)
            self._states[kind] = LoadState(LoadPhase.READY, loaded=count, as_of=at)
            self._listed.setdefault(kind, (count, at))

    async def open(self) -> None:
        """Open the index with the rows of earlier runs; may be called again."""
        await asyncio.to_thread(getattr, self, "_index")

    async def index(self) -> Index:
        """The open index, for what is kept beside the rows."""
        await self.open()
        return self._index

    def state(self, kind: Kind) -> LoadState:
        """The state of the newest listing."""
        self._notice_damage()
        return self._states[kind]

    def listed(self, kind: Kind) -> tuple[int, datetime] | None:
        """How many rows the newest full listing found, and when it ended; None: there was none."""
        return self._listed.get(kind)

    def count(self, kind: Kind) -> int:
        """How many rows the index has."""
        return self._made.count(kind) if self._made is not None else 0

    async def load(self, kind: Kind, progress: Progress = _ignore, filter: str = "") -> LoadState:
        """List everything again, batch by batch; the rows from before stay readable meanwhile.

        An interrupted pass resumes where it stopped. A failure is a state, not an exception; it
        keeps the rows, and so does cancelling. Rows listed by a SCIM filter go into an index of
        their own, which is not kept on disk and which this directory shows from then on.
        """
        if filter and self._file is not None:
            await self._leave_file()
        self._notice_damage()
        before = self._listed.get(kind)
        self._report(
            kind,
            progress,
            LoadPhase.LOADING,
            loaded=0,
            total=UNKNOWN,
            error=None,
            rate=0.0,
            seconds_left=UNKNOWN,
            slowed=False,
            resumed_at=0,
            repeated=0,
            expected=before[0] if before and not filter else UNKNOWN,
        )
        try:
            await self.open()
            await self._list(kind, progress, filter)
        except DamagedIndex as error:
            self._forget()
            return self._report(kind, progress, LoadPhase.FAILED, error=error)
        except ScimTuiError as error:
            return self._report(kind, progress, LoadPhase.FAILED, error=error)
        except asyncio.CancelledError:
            self._report(kind, progress, LoadPhase.STOPPED)
            raise
        now = self._clock()
        if not filter:
            self._listed[kind] = (self._index.count(kind), now)
        return self._report(kind, progress, LoadPhase.READY, as_of=now, seconds_left=0.0)

    async def _leave_file(self) -> None:
        if self._made is not None:
            await asyncio.to_thread(self._made.close)
        self._made = self._file = None
        self._renewals = 0
        self._forget()

    async def load_memberships(self, progress: Progress = _ignore) -> LoadState:
        """List the memberships of all groups. Raises `Unsupported`.

        An interrupted pass resumes where it stopped. A failure is a state, not an exception.
        """
        self._provider.capabilities.members.require()
        await self.open()
        return await list_members(self._index, self._passes, self._provider, progress)

    async def load_strays(self) -> list[Stray]:
        """Ask the product for the users and groups that this tenant's IdP did not create.

        Raises `Unsupported`, `NotAllowed`.
        """
        await self.open()
        return await list_strays(self._index, self._provider)

    async def first_rows(self, kind: Kind, text: str = "", sort: str = "", count: int = 60) -> View:
        """The first rows of what `view` gives, found faster. Raises `UsageError`."""
        await self.open()
        numbers, whole = await self._stoppable("first", self._index.first, kind, text, sort, count)
        return View(kind, text, sort, numbers, self._index, whole)

    async def view(self, kind: Kind, text: str = "", sort: str = "") -> View:
        """The rows that match, sorted by a field; "-field" sorts in descending order.

        Raises `UsageError` when there is no such field.
        """
        await self.open()
        numbers = await self._stoppable("finder", self._index.find, kind, text, sort)
        return View(kind, text, sort, numbers, self._index)

    async def _stoppable(self, which: str, search: Callable[..., T], *given: object) -> T:
        wanted, stop = partial(search, *given), partial(self._index.connections.interrupt, which)
        try:
            return await stoppable(wanted, stop)
        except DamagedIndex as error:
            self._forget(error)
            return await stoppable(wanted, stop)

    async def findings(self, report: Counted = uncounted, *, partly: bool = False) -> Findings:
        """What is wrong in the whole directory, by code; counted once after each pass.

        `partly`: also count the rows of a listing that never ended.
        """
        await self.open()
        loop = asyncio.get_running_loop()

        def later(done: int, of: int) -> None:
            loop.call_soon_threadsafe(report, done, of)

        return await self._stoppable("counter", self._findings.count, self._index, later, partly)

    async def history(self, kind: Kind, resource_id: str) -> list[FieldChange]:
        """What differed between passes for one resource, newest first."""
        await self.open()
        return await asyncio.to_thread(self._index.history, kind, resource_id)

    async def changes(
        self, kind: Kind, since: datetime, until: datetime | None = None
    ) -> list[RowChange]:
        """Which rows were added, removed, disabled or changed between the passes of that time."""
        await self.open()
        end = until or self._clock()
        return await self._stoppable("counter", self._index.changes, kind, since, end)

    async def compared_since(self, kind: Kind) -> Moment:
        """Since when changes are known: the end of the first of at least two listings."""
        await self.open()
        listings = int(self._index.setting(f"listings:{kind}") or 0)
        first = self._index.setting(f"first:{kind}")
        return datetime.fromisoformat(first) if listings > 1 else UNKNOWN

    def cache_info(self) -> CacheInfo:
        """What is kept of this directory on disk; opens the index if it is not open."""
        index = self._index
        moments = [found[1] for found in self._listed.values()]
        as_of = min(moments) if len(moments) == len(Kind) else UNKNOWN
        return CacheInfo(
            self._file,
            index.connections.size(),
            index.count(Kind.USERS),
            index.count(Kind.GROUPS),
            as_of,
            index.connections.notice,
        )

    async def clear(self) -> None:
        """Delete the rows and the recorded changes."""
        await self.open()
        await asyncio.to_thread(self._index.clear)
        self._forget()

    def _notice_damage(self) -> None:
        """Reset the state if a damaged file was replaced: its rows have to be listed again."""
        if self._made is not None and self._made.connections.renewals != self._renewals:
            self._renewals = self._made.connections.renewals
            self._forget(DamagedIndex())

    def _forget(self, error: ScimTuiError | None = None) -> None:
        """Reset the state of both listings, as the index has no rows any more."""
        phase = LoadPhase.FAILED if error else LoadPhase.IDLE
        self._states = dict.fromkeys(Kind, LoadState(phase, error=error))
        self._listed.clear()
        self._findings.forget()

    def pages(self, kind: Kind, filter: str = "", resume: str = "") -> AsyncIterator[AnyPage]:
        """The pages of a listing as they arrive, in the server's order, without the index.

        `resume` is the `next_cursor` of an earlier page.
        """
        listing = self._provider.users if kind is Kind.USERS else self._provider.groups
        given = {"resume": resume} if resume else {}
        return cast("AsyncIterator[AnyPage]", listing(filter, **given))

    async def record(self, kind: Kind, resource_id: str) -> Record:
        """One resource, fresh from the server. Raises `NotFound`."""
        return await self._provider.record(kind, resource_id)

    async def find(self, kind: Kind, name: str) -> str:
        """The id of the resource that has this userName, displayName or id. Raises `NotFound`."""
        return await id_of(self.pages, self.record, kind, name)

    async def members(self, group_id: str) -> list[UserRow]:
        """The members of a group. Raises `Unsupported`."""
        self._provider.capabilities.members.require()
        return [row async for page in self._provider.members(group_id) for row in page.rows]

    async def groups_of(self, user_id: str) -> list[GroupRow]:
        """The groups a user is in. Raises `Unsupported`."""
        self._provider.capabilities.members.require()
        return [row async for page in self._provider.groups_of(user_id) for row in page.rows]

    def related(self, kind: Kind, resource_id: str) -> AsyncIterator[AnyPage]:
        """The members of a group, or the groups of a user, page by page. Raises `Unsupported`."""
        self._provider.capabilities.members.require()
        call = self._provider.members if kind is Kind.GROUPS else self._provider.groups_of
        return cast("AsyncIterator[AnyPage]", call(resource_id))

    async def aclose(self) -> None:
        """Close the index."""
        if self._made is not None:
            await asyncio.to_thread(self._made.close)
        await asyncio.gather(*self._builds)

    async def built(self) -> None:
        """Wait until the text index is built, which makes searches fast."""
        await asyncio.gather(*self._builds)

    async def _list(self, kind: Kind, progress: Progress, filter: str) -> None:
        listing = ListingPass(self._index, self._passes, kind, filter)

        def report(**changes: object) -> None:
            slowed = self._provider.waits > waited
            self._report(kind, progress, LoadPhase.LOADING, slowed=slowed, **changes)

        waited = self._provider.waits
        await listing.run(self.pages, report)
        self._build_in_background(kind)

    def _build_in_background(self, kind: Kind) -> None:
        async def build() -> None:
            if not await asyncio.to_thread(self._index.fresh, kind):
                await asyncio.to_thread(self._index.build, kind)

        task = asyncio.create_task(build())
        self._builds.add(task)
        task.add_done_callback(self._builds.discard)

    def _report(
        self, kind: Kind, progress: Progress, phase: LoadPhase, **changes: object
    ) -> LoadState:
        state = replace(self._states[kind], phase=phase, **changes)  # type: ignore[arg-type]
        self._states[kind] = state
        progress(state)
        return state
