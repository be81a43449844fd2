"""The way through a rotation, against a directory in memory."""

from pathlib import Path

import pytest

from scim_tui.model.rotation.checklist import checklist
from scim_tui.model.rotation.next_step import what_next
from scim_tui.model.rotation.proof import level
from scim_tui.model.rotation.rotation import Level, State
from tests.core.rotation.rotation_kit import World, to_done


@pytest.fixture
async def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    await made.begin()
    return made


async def test_from_one_token_to_the_other_without_a_refusal(world: World) -> None:
    session = world.session()
    before = [token.id for token in world.provider.access_tokens]
    done = await to_done(world, session)
    assert done.state is State.DONE
    assert done.new is not None
    assert [token.id for token in world.provider.access_tokens] == [done.new.id]
    assert done.new.id not in before
    assert world.refused == 0
    assert level(done) is Level.E5
    assert [step.mark for step in checklist(done)] == ["ok"] * 8
    assert what_next(done, world.time()).sentence.startswith("token-0001 was replaced")
