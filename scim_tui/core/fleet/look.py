"""Looks at several directories at once, each with a time limit of its own.

One that hangs, drips, resets or answers 401 holds up no other: rows come in the order in which they
are done.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from scim_tui.config.profiles import Profile
from scim_tui.core.fleet.row import FleetRow
from scim_tui.core.health.verdict import Judgement, Level, Reading, SignalName, fold
from scim_tui.core.judging import Judging
from scim_tui.core.workspace import Workspace
from scim_tui.model.clock import Clock, utc_now
from scim_tui.model.errors import ScimTuiError, Unreachable

SECONDS = 15.0
"""The longest that one directory is waited for."""
CLOSING_SECONDS = 2.0
AT_ONCE = 8
"""How many directories begin at the same time: more would only make the first rows late."""
WAITING_SECONDS = 0.3
"""After which a directory that has not answered lets the next one begin beside it."""

Open = Callable[[Profile], Awaitable[Workspace]]


async def look(
    profiles: Sequence[Profile],
    open_profile: Open,
    *,
    seconds: float = SECONDS,
    clock: Clock = utc_now,
) -> AsyncIterator[FleetRow]:
    """A row for each profile, as soon as it is known; never raises `ScimTuiError`."""
    slots = asyncio.Semaphore(AT_ONCE)
    given_up: set[asyncio.Task[FleetRow]] = set()

    async def one(profile: Profile) -> FleetRow:
        async with _turn(slots):
            return await _row(profile, open_profile, seconds, clock, given_up)

    tasks = [asyncio.create_task(one(each), name=f"fleet {each.name}") for each in profiles]
    try:
        for done in asyncio.as_completed(tasks):
            yield await done
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(*given_up, return_exceptions=True)


@contextlib.asynccontextmanager
async def _turn(slots: asyncio.Semaphore) -> AsyncIterator[None]:
    """A slot until the block ends, but for `WAITING_SECONDS` only: then the next one begins."""
    await slots.acquire()
    kept = asyncio.get_running_loop().call_later(WAITING_SECONDS, slots.release)
    try:
        yield
    finally:
        if not kept.cancelled() and kept.when() > asyncio.get_running_loop().time():
            kept.cancel()
            slots.release()


async def _row(
    profile: Profile,
    open_profile: Open,
    seconds: float,
    clock: Clock,
    given_up: set[asyncio.Task[FleetRow]],
) -> FleetRow:
    """The row of a profile; a look that took too long still closes its connection in `given_up`."""
    # A task of its own: `asyncio.timeout` lets a cancellation through when a library below it, such
    # as anyio while it connects, cancels as well.
    task = asyncio.create_task(_observed(profile, open_profile), name=f"look {profile.name}")
    try:
        await asyncio.wait({task}, timeout=seconds)
        return task.result() if task.done() else _late(profile, seconds, clock)
    except ScimTuiError as error:
        return _blind(profile, error, clock)
    except Exception as error:
        # A fault of this program at one directory must not hide the others, nor end a watch.
        fault = ScimTuiError(
            f"Looking at it failed inside this program ({type(error).__name__}).",
            "scim-tui status --profile shows where, with SCIM_TUI_DEBUG=1.",
        )
        return _blind(profile, fault, clock)
    finally:
        if not task.done():
            task.cancel()
            given_up.add(task)


def _late(profile: Profile, seconds: float, clock: Clock) -> FleetRow:
    late = Unreachable(f"No answer within {seconds:g} s.", "Check its endpoint.")
    return _blind(profile, late, clock)


async def _observed(profile: Profile, open_profile: Open) -> FleetRow:
    space = await open_profile(profile)
    try:
        return await row_of(profile, space)
    finally:
        # After a time limit the rest is closed too, and may be as slow.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSING_SECONDS):
                await space.aclose()


async def row_of(profile: Profile, space: Workspace) -> FleetRow:
    """The row of a profile that is open; it stays open."""
    judging = Judging(space)
    snapshot = await judging.observe()
    return FleetRow(
        profile=profile.name,
        expect_off=profile.expect_off,
        judgement=await judging.judge(snapshot),
        snapshot=snapshot,
    )


def _blind(profile: Profile, error: ScimTuiError, clock: Clock) -> FleetRow:
    return FleetRow(
        profile=profile.name, expect_off=profile.expect_off, judgement=unopened(error, clock)
    )


def unopened(error: ScimTuiError, clock: Clock = utc_now) -> Judgement:
    """The judgement where a connection could not be opened."""
    reading = Reading(
        name=SignalName.REACHABLE,
        level=Level.UNKNOWN,
        reason=error.message.rstrip("."),
        next_step=error.hint,
    )
    return fold((reading,), clock())
