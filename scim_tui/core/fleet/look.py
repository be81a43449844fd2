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
from scim_tui.core.workspace import Workspace
from scim_tui.model.clock import Clock, utc_now
from scim_tui.model.errors import ScimTuiError, Unreachable

SECONDS = 15.0
"""The longest that one directory is waited for."""
CLOSING_SECONDS = 2.0
AT_ONCE = 16
"""How many directories are asked at the same time."""

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

    async def one(profile: Profile) -> FleetRow:
        async with slots:
            return await _row(profile, open_profile, seconds, clock)

    tasks = [asyncio.create_task(one(each), name=f"fleet {each.name}") for each in profiles]
    try:
        for done in asyncio.as_completed(tasks):
            yield await done
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _row(profile: Profile, open_profile: Open, seconds: float, clock: Clock) -> FleetRow:
    try:
        async with asyncio.timeout(seconds):
            return await _observed(profile, open_profile)
    except ScimTuiError as error:
        return _blind(profile, error, clock)
    except TimeoutError:
        late = Unreachable(f"No answer within {seconds:g} s.", "Check its endpoint.")
        return _blind(profile, late, clock)


async def _observed(profile: Profile, open_profile: Open) -> FleetRow:
    space = await open_profile(profile)
    try:
        snapshot = await space.health.observe()
        judgement = await space.health.judge(snapshot)
    finally:
        # After a time limit the rest is closed too, and may be as slow.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSING_SECONDS):
                await space.aclose()
    return FleetRow(
        profile=profile.name,
        expect_off=profile.expect_off,
        judgement=judgement,
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
