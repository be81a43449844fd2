"""Whoever is let in with the new token is not for that the IdP."""

from pathlib import Path

import pytest

from scim_tui.model.provisioning import DELETE_WORD
from scim_tui.model.rotation.proof import level
from scim_tui.model.rotation.rotation import KnownBy, Level, OutOfTurn, State, TestResult
from tests.core.rotation.rotation_kit import World, to_watching
from tests.core.rotation.rotation_operator import next_act


@pytest.fixture
async def world(tmp_path: Path) -> World:
    found = World(tmp_path)
    await found.begin()
    return found


async def test_a_stranger_with_a_lost_token_does_not_cost_the_idp_its_own(world: World) -> None:
    """Found by the search: a write by curl, and an IdP that had nothing to say for an hour."""
    session = world.session()
    await session.start()
    made = await session.create()
    world.provider.use(made.label, client="curl/8")
    world.time.pass_(seconds=4000)
    with pytest.raises(OutOfTurn, match="is in use, so it is not discarded"):
        await next_act(world)(session)
    found = (await session.status()).rotation
    assert found is not None
    assert found.state is State.ATTENTION
    assert "curl/8 uses the new token; the old one was used by Okta" in found.trouble
    for _ in range(4):
        found = await next_act(world)(session)
    assert (found.state, world.provider.deletions, world.refused) == (State.WATCHING, [], 0)


async def test_a_stranger_after_a_delivery_that_did_not_arrive(world: World) -> None:
    async def nowhere(secret: object) -> str:
        return "written, or so it says"

    session = world.session()
    await session.start()
    made = await session.create()
    await session.probe()
    await session.deliver("file", nowhere)
    await session.installed(KnownBy.WORD)
    await session.idp_test(TestResult.SKIPPED, KnownBy.WORD)
    world.provider.use(made.label, client="curl/8")
    world.time.pass_(seconds=4000)
    found = await session.look()
    assert (found.state, level(found)) == (State.WATCHING, Level.E1)
    assert (found.seen.other_requests, found.seen.other_clients) == (1, ("curl/8",))
    with pytest.raises(OutOfTurn):
        await session.delete_old(DELETE_WORD)


async def test_the_idp_counts_beside_a_stranger_and_after_an_update(world: World) -> None:
    session = world.session()
    watching = await to_watching(world, session)
    world.provider.use(watching.label, client="curl/8")
    world.time.pass_(seconds=4000)
    world.provider.push(world.installed, "PatchUser", client="Okta SCIM Client 1.0.1")
    found = await session.look()
    assert (found.state, found.seen.new_client) == (State.PROVEN, "Okta SCIM Client 1.0.1")


async def test_both_words_accept_another_program_as_the_idp(world: World) -> None:
    session = world.session()
    watching = await to_watching(world, session)
    world.time.pass_(seconds=4000)
    world.provider.push(world.installed, "PatchUser", client="Entra/2")
    found = await session.look()
    assert found.state is State.WATCHING
    await session.accept_unproven(watching.old.id, DELETE_WORD, "we moved to Entra")
    assert (await session.delete_old(DELETE_WORD)).state is State.DELETED
