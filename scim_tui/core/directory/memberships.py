"""One pass over the memberships of all groups, which resumes after an interruption.

Where the provider lists memberships in bulk, that is used. Otherwise the members are requested
group by group, a few groups at a time, in the order of the group ids.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace

from scim_tui.core.directory.listing import PassRate, check_whole, is_expired
from scim_tui.core.index.api import Index
from scim_tui.core.index.memberships import (
    count_walked,
    finish_members,
    groups_after,
    put_members,
    put_walked,
)
from scim_tui.core.index.passes import MEMBERS, Pass, Passes, note
from scim_tui.core.index.results import LoadPhase, LoadState, Progress
from scim_tui.model.directory import Kind, MembershipPage
from scim_tui.model.errors import Incomplete, NotFound, Refused, ScimTuiError
from scim_tui.model.unknown_values import Absent
from scim_tui.providers.port import ListsMemberships, Provider
from scim_tui.scim.gather_all import gather_all

_AT_ONCE = 4
"""Groups whose members are requested at the same time."""


async def list_members(
    index: Index, passes: Passes, provider: Provider, progress: Progress
) -> LoadState:
    """List all memberships, then remove those not seen. A failure is returned as a state."""
    reading = _Reading(index, provider, progress)
    try:
        sweep = await asyncio.to_thread(passes.begin, MEMBERS)
        try:
            if not await reading.run(sweep):
                await asyncio.to_thread(passes.restart, sweep.id)
                await reading.run(Pass(sweep.id))
        except Incomplete:
            await asyncio.to_thread(passes.restart, sweep.id)
            raise
    except ScimTuiError as error:
        return reading.report(phase=LoadPhase.FAILED, error=error)
    except asyncio.CancelledError:
        reading.report(phase=LoadPhase.STOPPED)
        raise
    await asyncio.to_thread(finish_members, index, sweep.id)
    await asyncio.to_thread(passes.end, sweep.id)
    return reading.report(phase=LoadPhase.READY, as_of=index.now(), seconds_left=0.0)


class _Reading:
    def __init__(self, index: Index, provider: Provider, progress: Progress) -> None:
        self._index, self._provider, self._progress = index, provider, progress
        self._state = LoadState(LoadPhase.LOADING, total=index.count(Kind.GROUPS))
        self._waits = provider.waits

    def report(self, **changes: object) -> LoadState:
        """Report changed fields of the state."""
        self._state = replace(self._state, **changes)  # type: ignore[arg-type]
        self._progress(self._state)
        return self._state

    async def run(self, sweep: Pass) -> bool:
        """Read from the cursor to the end; returns False when the server refuses the cursor."""
        got, pace, begun = sweep, PassRate(sweep.loaded, time.monotonic()), not sweep.cursor
        self.report(loaded=got.loaded, resumed_at=got.loaded)
        try:
            async for page in self._pages(sweep.cursor):
                begun, got = True, got.after(page)
                await asyncio.to_thread(self._keep, page, got)
                total = self._state.total if isinstance(page.total, Absent) else page.total
                slowed = self._provider.waits > self._waits
                pacing = pace.estimate(got.loaded, total)
                self.report(loaded=got.loaded, total=total, slowed=slowed, **pacing)
        except Refused as error:
            if begun or not is_expired(error):
                raise
            return False
        walked = await asyncio.to_thread(count_walked, self._index, sweep.id)
        check_whole(MEMBERS, got, walked or got.loaded)
        return True

    def _keep(self, page: MembershipPage, got: Pass) -> None:
        """Write the memberships and the progress of the pass in one transaction."""
        with self._index.connections.writing() as db:
            if db is not None:
                put_members(db, page.pairs, got.id)
                put_walked(db, page.ids, got.id)
                note(db, got)

    def _pages(self, resume: str) -> AsyncIterator[MembershipPage]:
        if isinstance(self._provider, ListsMemberships):
            return self._provider.all_memberships(resume)
        return self._one_by_one(resume)

    async def _one_by_one(self, resume: str) -> AsyncIterator[MembershipPage]:
        after = resume
        while few := await asyncio.to_thread(groups_after, self._index, after, _AT_ONCE):
            found = await gather_all([self._members(group) for group in few])
            after = few[-1]
            yield MembershipPage([pair for pairs in found for pair in pairs], len(few), after)

    async def _members(self, group: str) -> list[tuple[str, str]]:
        try:
            return [
                (group, user.id)
                async for page in self._provider.members(group)
                for user in page.rows
            ]
        except NotFound:
            return []  # The group was deleted after groups were listed.
