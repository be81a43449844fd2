"""A rotation on a machine whose clock is wrong: judged by the server's Date, never by our own."""

from datetime import timedelta
from pathlib import Path

import pytest

from scim_tui.core.rotation.api import Rotations
from scim_tui.model.clock import Clock
from scim_tui.model.clock_skew import judged, jumped, skew_words
from scim_tui.model.provisioning import DELETE_WORD
from scim_tui.model.rotation.proof import is_silent, silence_needed
from scim_tui.model.rotation.rotation import OutOfTurn, State
from tests.core.rotation.rotation_kit import World, to_proven, to_watching

FAST = pytest.mark.parametrize(
    "ahead", [timedelta(days=30), timedelta(days=400), timedelta(hours=3), timedelta(days=-30)]
)


@pytest.fixture
async def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    await made.begin()
    return made


def ahead_by(world: World, ahead: timedelta) -> Clock:
    """Our clock, and what the server's answers say of it."""
    world.provider.clock_skew = -ahead
    return lambda: world.time() + ahead


def session_with(world: World, clock: Clock) -> Rotations:
    session = world.session()
    session._session._own_clock = clock
    return session


@FAST
async def test_a_wrong_clock_makes_no_token_that_is_in_use_silent(
    world: World, ahead: timedelta
) -> None:
    session = session_with(world, ahead_by(world, ahead))
    old = world.installed
    watching = await to_watching(world, session)
    for _ in range(5):
        world.time.now += silence_needed(watching)
        world.push()
        world.provider.push(old, "PatchUser", client="Okta SCIM Client 1.0.0")
        found = await session.look()
        assert found.state is State.WATCHING
        assert not is_silent(found)
    with pytest.raises(OutOfTurn):
        await session.delete_old(DELETE_WORD)
    assert len(await world.provider.tokens()) == 2


@FAST
async def test_with_a_wrong_clock_a_silent_token_still_goes(world: World, ahead: timedelta) -> None:
    session = session_with(world, ahead_by(world, ahead))
    proven = await to_proven(world, session)
    assert proven.state is State.PROVEN
    assert any("clock is" in check.sentence for check in proven.checks)
    assert (await session.delete_old(DELETE_WORD)).state is State.DELETED


async def test_a_clock_that_is_set_in_the_middle_costs_a_cycle_and_no_token(world: World) -> None:
    session = world.session()
    watching = await to_watching(world, session)
    session._session._own_clock = ahead_by(world, timedelta(days=30))
    world.push()
    assert (await session.look()).state is State.WATCHING
    world.time.now += silence_needed(watching) + timedelta(seconds=1)
    world.push()
    assert (await session.look()).state is State.PROVEN


async def test_a_server_without_a_date_keeps_the_old_token(world: World) -> None:
    session = world.session()
    world.provider.clock_skew = None
    await to_proven(world, session)
    with pytest.raises(OutOfTurn, match="no Date"):
        await session.delete_old(DELETE_WORD)
    assert len(await world.provider.tokens()) == 2


def test_clocks_within_a_minute_are_the_same(world: World) -> None:
    now = world.time()
    assert judged(now, None) == judged(now, timedelta(seconds=59)) == now
    assert judged(now, timedelta(minutes=-3)) == now - timedelta(minutes=3)
    assert skew_words(timedelta(seconds=-60)) == ""
    assert "3h ahead of" in skew_words(timedelta(hours=-3))
    assert "2h behind" in skew_words(timedelta(hours=2))
    assert jumped(timedelta(), timedelta(minutes=2))
    assert not jumped(None, timedelta(hours=2))
