"""Rotations where a new token ends the old one, and where only a person can make one."""

from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from scim_tui.model.capabilities import no
from scim_tui.model.errors import ConfirmationMissing, Unsupported, UsageError
from scim_tui.model.provisioning import DELETE_WORD, NewToken
from scim_tui.model.rotation.proof import level
from scim_tui.model.rotation.rotation import KnownBy, Level, OutOfTurn, State, Strategy, TestResult
from tests.core.rotation.rotation_faults import Fault, FaultyProvider
from tests.core.rotation.rotation_kit import World

CONSOLE = no("Only the console can.")


class OneToken(FaultyProvider):
    """A product with one token: a new one takes the place of the old."""

    async def create_token(self) -> NewToken:
        self.access_tokens = []
        return await super().create_token()


@pytest.fixture
async def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
async def swap(world: World) -> World:
    can = replace(world.provider.capabilities, max_tokens=1)
    world.provider = OneToken(clock=world.time, capabilities=can)
    await world.begin()
    return world


@pytest.fixture
async def console(world: World) -> World:
    await world.begin()
    world.provider.capabilities = replace(
        world.provider.capabilities,
        list_tokens=CONSOLE,
        create_token=CONSOLE,
        delete_token=CONSOLE,
        events=CONSOLE,
        last_used=CONSOLE,
    )
    return world


async def test_swap_needs_its_delivery_ready_and_ends_without_a_deletion(swap: World) -> None:
    session = swap.session()
    assert (await session.start()).strategy is Strategy.SWAP
    with pytest.raises(OutOfTurn, match="stands ready"):
        await session.create(DELETE_WORD)
    await session.arm("command")
    with pytest.raises(ConfirmationMissing, match="ends token-0001"):
        await session.create()
    assert [token.id for token in swap.provider.access_tokens] == ["token-0001"]
    await session.create(DELETE_WORD)
    await session.probe()
    await session.deliver("command", swap.install)
    await session.installed(KnownBy.API)
    await session.idp_test(TestResult.SKIPPED, KnownBy.WORD)
    swap.push()
    assert (await session.look()).state is State.DELETED
    assert swap.provider.deletions == []
    assert swap.refused == 0


async def test_swap_with_a_lost_text_makes_another_at_once(swap: World) -> None:
    session = swap.session()
    await session.start()
    await session.arm("command")
    swap.provider.planned = [("create_token", Fault.LOST_ANSWER)]
    assert (await session.create(DELETE_WORD)).state is State.SECRET_GONE
    found = await session.create()
    assert (found.state, [token.id for token in found.lost]) == (State.HOLDING, ["token-0002"])
    assert swap.provider.deletions == []


async def test_another_strategy_than_the_provider_has_is_refused(world: World) -> None:
    await world.begin()
    for wanted in (Strategy.SWAP, Strategy.GUIDED):
        with pytest.raises(Unsupported):
            await world.session().start(strategy=wanted)
    assert not list(world.folder.glob("rotations/rot-*"))


async def test_guided_goes_on_by_word_and_claims_no_more(console: World) -> None:
    session = console.session()
    with pytest.raises(UsageError, match="cannot be listed"):
        await session.start()
    assert (await session.start("b8020c1e")).strategy is Strategy.GUIDED
    made = console.provider._new_token()
    for text in ("short", "two words in a long text"):
        with pytest.raises(UsageError, match="look like"):
            await session.paste(SecretStr(text), "c9131d2f")
    await session.paste(made.secret, "c9131d2f")
    await session.probe()
    await session.deliver("by hand", console.install)
    await session.installed(KnownBy.WORD)
    await session.idp_test(TestResult.PASSED, KnownBy.WORD)
    console.push()
    console.time.pass_(hours=1)
    found = await session.look()
    assert (found.state, level(found)) == (State.WATCHING, Level.E2)
    with pytest.raises(OutOfTurn):
        await session.deleted_by_word(DELETE_WORD)
    await session.accept_unproven("b8020c1e", DELETE_WORD, "the console shows no uses")
    found = await session.deleted_by_word(DELETE_WORD)
    assert (found.state, found.gone_by) == (State.DELETED, KnownBy.WORD)
    assert console.provider.deletions == []


async def test_the_text_of_the_old_token_is_not_taken_for_the_new_one(console: World) -> None:
    first = console.session()
    await first.start("one")
    made = console.provider._new_token()
    await first.paste(made.secret, "two")
    await first.abort()
    second = console.session()
    await second.start("two")
    with pytest.raises(UsageError, match="text of the old token"):
        await second.paste(made.secret, "three")


async def test_guided_a_wrong_text_and_a_lost_one_are_entered_again(console: World) -> None:
    made = console.provider._new_token()
    first = console.session()
    await first.start("b8020c1e")
    await first.paste(SecretStr("the-text-was-cut-off-here"), "c9131d2f")
    assert (await first.probe()).state is State.PROBE_FAILED
    await first.paste(made.secret, "c9131d2f")
    assert (await first.probe()).state is State.PROBED
    console.kill(first)
    second = console.session()
    assert (await second.resume()).state is State.SECRET_GONE
    found = await second.paste(made.secret, "d0242e3a")
    assert (found.state, found.label) == (State.HOLDING, "d0242e3a")
    assert "c9131d2f" in found.known_ids()
    assert (await second.probe()).state is State.PROBED


async def test_where_the_program_makes_tokens_no_text_is_entered_again(world: World) -> None:
    await world.begin()
    session = world.session()
    await session.start()
    world.provider.planned = [("create_token", Fault.LOST_ANSWER)]
    assert (await session.create()).state is State.SECRET_GONE
    with pytest.raises(OutOfTurn, match="makes the token itself"):
        await session.paste(SecretStr("a-text-that-looks-like-a-token"), "c9131d2f")
