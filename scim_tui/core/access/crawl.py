"""One pass over permission sets, accounts and assignments, which resumes after an interruption.

The calls that are necessary: one for each 100 permission sets, one or more for each set, and one or
more for each pair of set and account. What is throttled or finds no server is tried again, later
and slower; what is refused ends the pass, and the access known before stays.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from scim_tui.core.access import store
from scim_tui.core.access.store import ACCESS, NAMES, Work
from scim_tui.core.directory.listing import PassRate
from scim_tui.core.index.api import Index
from scim_tui.core.index.passes import Pass, Passes
from scim_tui.core.index.results import LoadPhase, LoadState, Progress
from scim_tui.model.access import Assignment, AwsAccount, PermissionSet, PrincipalKind
from scim_tui.model.directory import Kind
from scim_tui.model.errors import NotFound, ScimTuiError, Throttled, Unreachable
from scim_tui.providers.port import ListsAccess
from scim_tui.scim.gather_all import gather_all

AT_ONCE = 8
"""Calls under way at the same time; the rate is kept by the provider."""
MOST_STRANGERS = 500
"""Principals that are asked for by name; of more it stays unknown whether they exist."""
PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
"""Seconds before what was throttled or found no server is tried again."""
_CURSOR = "work"
T = TypeVar("T")


@dataclass
class Crawl:
    """One crawl."""

    index: Index
    passes: Passes
    provider: ListsAccess
    progress: Progress
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    _state: LoadState = field(default_factory=lambda: LoadState(LoadPhase.LOADING))

    async def run(self) -> LoadState:
        """Read all assignments. A failure is a state; cancelling keeps the progress."""
        try:
            sweep = await asyncio.to_thread(self.passes.begin, ACCESS)
            await self._sets(sweep)
            await self._pairs(sweep)
            await self._names()
            await self._strangers()
        except ScimTuiError as error:
            return self._report(phase=LoadPhase.FAILED, error=error)
        except asyncio.CancelledError:
            self._report(phase=LoadPhase.STOPPED)
            raise
        await asyncio.to_thread(store.finish, self.index, sweep.id)
        await asyncio.to_thread(self.passes.end, sweep.id)
        return self._report(phase=LoadPhase.READY, as_of=self.index.now(), seconds_left=0.0)

    async def _sets(self, sweep: Pass) -> None:
        """List the permission sets, and describe each with its accounts."""
        if not sweep.cursor:
            found = await self._patiently(lambda: _gathered(self.provider.permission_sets()))
            sweep = replace(sweep, cursor=_CURSOR)
            await asyncio.to_thread(store.put_work, self.index, sweep, found)
        while work := await self._next(sweep, sets=True):
            described = await gather_all([self._set(each.set_id) for each in work])
            kept = [each for each in described if each is not None]
            await asyncio.to_thread(store.put_sets, self.index, sweep, kept)
            gone = [each for each, found in zip(work, described, strict=True) if found is None]
            await asyncio.to_thread(store.put_assignments, self.index, sweep, gone, [])
            await self._count(sweep)

    async def _set(self, set_id: str) -> tuple[PermissionSet, list[str]] | None:
        """A set with its accounts; None: it was deleted after it was listed."""
        try:
            found = await self._patiently(lambda: self.provider.permission_set(set_id))
            accounts = await self._patiently(lambda: _gathered(self.provider.accounts_of(set_id)))
        except NotFound:
            return None
        return found, accounts

    async def _pairs(self, sweep: Pass) -> None:
        """Read the assignments of each set in each of its accounts."""
        begun = replace(sweep, cursor=_CURSOR)
        done, _ = await asyncio.to_thread(store.work_counts, self.index, sweep.id)
        pace = PassRate(done, time.monotonic())
        while work := await self._next(begun, sets=False):
            lists = await gather_all([self._pair(each) for each in work])
            found = [each for some in lists for each in some]
            await asyncio.to_thread(store.put_assignments, self.index, begun, work, found)
            await self._count(begun, pace)

    async def _pair(self, work: Work) -> list[Assignment]:
        try:
            return await self._patiently(
                lambda: _gathered(self.provider.assignments(work.set_id, work.account_id))
            )
        except NotFound:
            return []  # The set or the account was removed after it was listed.

    async def _names(self) -> None:
        """The names of accounts, which need a permission of their own: without, ids have to do."""
        try:
            found: list[AwsAccount] = await self._patiently(
                lambda: _gathered(self.provider.accounts())
            )
        except ScimTuiError as error:
            await asyncio.to_thread(self.index.remember, NAMES, error.message)
            return
        await asyncio.to_thread(store.put_accounts, self.index, found)
        await asyncio.to_thread(self.index.remember, NAMES, "")

    async def _strangers(self) -> None:
        """Ask for principals that no listing has: deleted ones, or ones the listing leaves out."""
        if not all(self.index.setting(f"as_of:{kind}") for kind in Kind):
            return  # Nothing was listed, so nothing is a stranger.
        missing = await asyncio.to_thread(store.strangers, self.index)
        asked = missing[:MOST_STRANGERS]
        names: list[str | None] = []
        try:
            for start in range(0, len(asked), AT_ONCE):
                some = asked[start : start + AT_ONCE]
                names += await gather_all([self._name(kind, each) for kind, each in some])
        except ScimTuiError:
            names = []  # Whether they exist stays unknown; the assignments are known all the same.
        found = [(each, name) for (_, each), name in zip(asked, names, strict=False)]
        await asyncio.to_thread(store.put_strangers, self.index, found)

    async def _name(self, kind: str, principal: str) -> str | None:
        known = PrincipalKind(kind)
        return await self._patiently(lambda: self.provider.principal_name(known, principal))

    async def _next(self, sweep: Pass, *, sets: bool) -> list[Work]:
        return await asyncio.to_thread(store.next_work, self.index, sweep.id, AT_ONCE, sets=sets)

    async def _count(self, sweep: Pass, pace: PassRate | None = None) -> None:
        done, known = await asyncio.to_thread(store.work_counts, self.index, sweep.id)
        estimate = pace.estimate(done, known) if pace else {}
        self._report(loaded=done, total=known, slowed=False, **estimate)

    async def _patiently(self, call: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The result of a call, tried again as long as it is throttled or finds no server."""
        for pause in PAUSES:
            try:
                return await call()
            except (Throttled, Unreachable):
                self._report(slowed=True)
                await self.sleep(pause)
        return await call()

    def _report(self, **changes: object) -> LoadState:
        self._state = replace(self._state, **changes)  # type: ignore[arg-type]
        self.progress(self._state)
        return self._state


async def _gathered(pages: Any) -> list[Any]:  # noqa: ANN401 - pages of any item
    return [each async for page in pages for each in page]
