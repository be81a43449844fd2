"""Rotations that switch the old token off for a cycle before it goes."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from scim_tui.core.rotation.api import Rotations
from scim_tui.model.capabilities import no
from scim_tui.model.errors import ScimTuiError, Unsupported
from scim_tui.model.provisioning import DELETE_WORD, AccessToken
from scim_tui.model.rotation.rotation import OutOfTurn, State, Strategy
from tests.core.rotation.rotation_faults import Fault, Killed
from tests.core.rotation.rotation_kit import IDP, World, to_proven
from tests.fakes.memory import ALL_YES


@pytest.fixture
async def world(tmp_path: Path) -> World:
    found = World(tmp_path)
    await found.begin()
    return found


async def off(world: World) -> Rotations:
    """A rotation whose old token is off."""
    session = world.session()
    await to_proven(world, session)
    assert (await session.suspend()).state is State.SUSPENDED
    return session


def old(world: World) -> AccessToken:
    return world.provider.access_tokens[0]


def use_old(world: World) -> int:
    """Somebody who holds the old token sends a request."""
    return world.provider.use(old(world).id, client=IDP)


async def test_the_old_token_is_off_for_a_cycle_and_then_goes(world: World) -> None:
    session = await off(world)
    assert (old(world).suspended, world.refused) == (True, 0)
    with pytest.raises(OutOfTurn, match="has to be off for"):
        await session.delete_old(DELETE_WORD)
    world.push()
    world.time.pass_(minutes=2)
    assert (await session.look()).state is State.SUSPENDED
    assert (await session.delete_old(DELETE_WORD)).state is State.DELETED
    assert world.refused == 0


async def test_a_client_that_still_needs_the_token_is_accepted_after_the_next_look(
    world: World,
) -> None:
    session = await off(world)
    world.time.pass_(seconds=5)
    assert use_old(world) == 401
    found = await session.look()
    assert found.state is State.WATCHING
    assert "was refused since token-0001 is off" in found.history[-1].note
    assert use_old(world) == 200
    assert world.provider.deletions == []


async def test_a_person_may_switch_it_on_again(world: World) -> None:
    session = await off(world)
    assert (await session.reinstate()).state is State.WATCHING
    assert old(world).suspended is False
    with pytest.raises(OutOfTurn, match="not possible"):
        await session.reinstate()


async def test_abort_leaves_nothing_switched_off(world: World) -> None:
    session = await off(world)
    assert (await session.abort()).state is State.ABORTED
    assert old(world).suspended is False


@pytest.mark.parametrize("fault", [Fault.LOST_REQUEST, Fault.NOT_SENT])
async def test_a_suspension_that_was_not_carried_out_is_found_out(
    world: World, fault: Fault
) -> None:
    session = world.session()
    await to_proven(world, session)
    world.provider.planned = [("suspend_token", fault)]
    with pytest.raises(ScimTuiError):
        await session.suspend()
    assert (await session.status()).rotation.state is State.WATCHING  # type: ignore[union-attr]
    assert old(world).suspended is False


@pytest.mark.parametrize("fault", [Fault.LOST_ANSWER, Fault.DOUBLED])
async def test_a_suspension_without_an_answer_is_found_out(world: World, fault: Fault) -> None:
    session = world.session()
    await to_proven(world, session)
    world.provider.planned = [("suspend_token", fault)]
    assert (await session.suspend()).state is State.SUSPENDED


async def test_one_that_arrives_late_is_taken_back(world: World) -> None:
    session = world.session()
    await to_proven(world, session)
    world.provider.planned = [("suspend_token", Fault.LATE)]
    with pytest.raises(ScimTuiError):
        await session.suspend()
    await world.provider.arrive()
    assert old(world).suspended is True
    assert (await session.look()).state in (State.WATCHING, State.PROVEN)
    assert old(world).suspended is False


@pytest.mark.parametrize("fault", [Fault.KILLED_BEFORE, Fault.KILLED_AFTER])
async def test_a_kill_at_the_suspension_is_gone_on_with(world: World, fault: Fault) -> None:
    session = world.session()
    await to_proven(world, session)
    world.provider.planned = [("suspend_token", fault)]
    with pytest.raises(Killed):
        await session.suspend()
    world.kill(session)
    later = world.session()
    await later.resume()
    found = await later.look()
    assert (found.state is State.SUSPENDED) is (old(world).suspended is True)


async def test_the_policy_may_want_it_of_those_who_can(world: World) -> None:
    world.policy = world.policy.model_copy(update={"suspend": True})
    assert (await world.session().start()).strategy is Strategy.SUSPEND
    cannot = World(world.folder / "other", policy=world.policy)
    await cannot.begin()
    cannot.provider.capabilities = replace(ALL_YES, suspend_token=no("Not it."))
    session = cannot.session()
    await to_proven(cannot, session)
    with pytest.raises(Unsupported, match="Not it"):
        await session.suspend()
    await session.abort()
    with pytest.raises(Unsupported, match="not possible"):
        await session.start(strategy=Strategy.SUSPEND)


async def test_a_refusal_while_the_word_is_awaited_puts_it_back_too(world: World) -> None:
    session = await off(world)
    world.time.pass_(minutes=2)
    world.push()
    await session.look()
    world.provider.planned = [("delete_token", Fault.NOT_SENT)]
    assert (await session.delete_old(DELETE_WORD)).state is State.DELETE_CONFIRM
    use_old(world)
    world.time.now += timedelta(seconds=1)
    assert (await session.look()).state is State.WATCHING
    assert old(world).suspended is False
