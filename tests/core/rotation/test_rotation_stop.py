"""Stopping a rotation before its end: what is offered can be done, and the audit has each end."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from scim_tui.core.rotation.api import Rotations
from scim_tui.model.errors import Unreachable
from scim_tui.model.provisioning import DELETE_WORD, NewToken
from scim_tui.model.rotation.rotation import OutOfTurn, State
from tests.core.rotation.rotation_kit import World, to_proven, to_watching

Stage = Callable[[World, Rotations], Awaitable[object]]


async def started(world: World, session: Rotations) -> None:
    await session.start()


async def holding(world: World, session: Rotations) -> None:
    await session.start()
    await session.create()


async def delivered(world: World, session: Rotations) -> None:
    await holding(world, session)
    await session.probe()
    await session.deliver("file", world.install)


async def receipt(world: World, session: Rotations) -> None:
    await to_proven(world, session)
    await session.delete_old(DELETE_WORD)
    await session.look()


STAGES: tuple[Stage, ...] = (started, holding, delivered, to_watching, to_proven, receipt)


@pytest.fixture
async def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    await made.begin()
    return made


def acts(world: World) -> list[tuple[str, str, str]]:
    """The audit entries of aborts: target, phase, detail."""
    lines = (world.folder / "audit.jsonl").read_text().splitlines()
    entries = [json.loads(line) for line in lines]
    return [
        (each["target"], each["phase"], each["detail"])
        for each in entries
        if each["action"] == "rotation.abort"
    ]


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("place", [0, 1])
async def test_each_way_that_is_offered_can_be_done(world: World, stage: Stage, place: int) -> None:
    session = world.session()
    await stage(world, session)
    ways = session.ways_to_stop()
    if place >= len(ways):
        return
    over = await session.abort(DELETE_WORD if ways[place].deletes else "")
    assert over.state is State.ABORTED
    there = {token.id for token in world.provider.access_tokens}
    named = {name for name in ("token-0001", "token-0002") if name in ways[place].leaves}
    gone = {name for name in named if f"{name} is gone" in ways[place].leaves}
    assert named - gone == there or ways[place].leaves == "every token as it is"
    assert [phase for _, phase, _ in acts(world)] == ["done"]


async def test_at_the_receipt_nothing_but_the_looking_is_left_to_stop(world: World) -> None:
    session = world.session()
    await receipt(world, session)
    (way,) = session.ways_to_stop()
    assert (way.deletes, way.leaves) == (False, "token-0002; token-0001 is gone")
    with pytest.raises(OutOfTurn, match="token-0002 may be the only token that works"):
        await session.abort(DELETE_WORD)
    assert [token.id for token in world.provider.access_tokens] == ["token-0002"]


async def test_a_stop_that_fails_is_in_the_audit_with_its_reason(world: World) -> None:
    session = world.session()
    await to_watching(world, session)
    with pytest.raises(OutOfTurn):
        await session.abort(DELETE_WORD)
    ((target, phase, detail),) = acts(world)
    assert (target, phase) == ("rot-0001", "failed")
    assert detail.startswith("not stopped: ")
    session.not_stopped("you chose to go on")
    assert acts(world)[-1] == ("rot-0001", "failed", "not stopped: you chose to go on")


async def test_what_became_of_a_request_is_found_out_before_anything_is_stopped(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unanswered() -> NewToken:
        world.provider.fail_next(Unreachable("No answer."), "tokens")
        raise Unreachable("No answer.")

    session = world.session()
    await session.start()
    monkeypatch.setattr(world.provider, "create_token", unanswered)
    with pytest.raises(Unreachable):
        await session.create()
    world.provider.fail_next(Unreachable("No answer."), "tokens")
    with pytest.raises(Unreachable):
        await session.abort()
    assert [phase for _, phase, _ in acts(world)] == ["failed"]
    assert (await session.abort()).state is State.ABORTED
