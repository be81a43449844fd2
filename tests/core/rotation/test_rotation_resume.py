"""Resuming after a drop, state by state, and the ways through that are not straight."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from scim_tui.core.rotation.api import Rotations
from scim_tui.model.errors import (
    ConfirmationMissing,
    OutcomeUnknown,
    ReadOnly,
    ScimTuiError,
    Unreachable,
)
from scim_tui.model.provisioning import DELETE_WORD
from scim_tui.model.rotation.rotation import KnownBy, OutOfTurn, State
from tests.core.rotation.rotation_faults import Fault, Killed
from tests.core.rotation.rotation_kit import IDP, World, to_done, to_proven, to_watching


@pytest.fixture
async def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    await made.begin()
    return made


async def dies(world: World, session: Rotations, operation: str, fault: Fault) -> Rotations:
    """The session does its next thing, dies in it, and another one comes."""
    world.provider.planned = [(operation, fault)]
    deleting = operation == "delete_token"
    with pytest.raises(Killed):
        await (session.delete_old(DELETE_WORD) if deleting else session.create())
    world.kill(session)
    return world.session()


def ids(world: World) -> list[str]:
    return [token.id for token in world.provider.access_tokens]


async def test_before_anything_was_sent_it_goes_on(world: World) -> None:
    first = world.session()
    await first.start()
    world.kill(first)
    assert (await world.session().resume()).state is State.CREATE_INTENT


async def test_cut_off_before_the_creation_nothing_was_made(world: World) -> None:
    first = world.session()
    await first.start()
    second = await dies(world, first, "create_token", Fault.KILLED_BEFORE)
    assert (await second.resume()).state is State.CREATE_INTENT
    assert (await second.create()).state is State.HOLDING


async def test_cut_off_after_the_creation_the_orphan_is_found_and_replaced(world: World) -> None:
    first = world.session()
    await first.start()
    second = await dies(world, first, "create_token", Fault.KILLED_AFTER)
    found = await second.resume()
    assert (found.state, found.label) == (State.SECRET_GONE, "token-0002")
    with pytest.raises(ConfirmationMissing):
        await second.discard("")
    await second.discard(DELETE_WORD)
    assert (await second.create()).label == "token-0003"
    assert ids(world) == ["token-0001", "token-0003"]


async def test_a_secret_lost_with_its_session_is_reported_lost(world: World) -> None:
    first = world.session()
    await first.start()
    await first.create()
    world.kill(first)
    second = world.session()
    found = await second.resume()
    assert (found.state, second.secret) == (State.SECRET_GONE, None)


async def test_a_text_is_held_for_fifteen_minutes(world: World) -> None:
    session = world.session()
    await session.start()
    await session.create()
    world.time.pass_(minutes=16)
    assert session.secret is None
    with pytest.raises(OutOfTurn):
        await session.probe()
    assert (await session.resume()).state is State.SECRET_GONE


async def test_what_was_handed_over_goes_on_where_it_was(world: World) -> None:
    first = world.session()
    await to_watching(world, first)
    world.kill(first)
    world.push()
    second = world.session()
    assert (await second.resume()).state is State.WATCHING
    assert (await second.look()).seen.new_writes == 1


async def test_a_delivery_cut_off_is_not_taken_for_lost(world: World) -> None:
    first = world.session()
    await first.start()
    await first.create()
    await first.probe()

    async def install(secret: SecretStr) -> str:
        await world.install(secret)
        raise Killed

    with pytest.raises(Killed):
        await first.deliver("file", install)
    world.kill(first)
    second = world.session()
    assert (await second.resume()).state is State.DELIVERED
    with pytest.raises(OutOfTurn):
        await second.discard(DELETE_WORD)
    world.push()
    assert (await second.look()).installed_by is KnownBy.SEEN


async def test_cut_off_before_the_deletion_the_word_is_asked_again(world: World) -> None:
    first = world.session()
    await to_proven(world, first)
    second = await dies(world, first, "delete_token", Fault.KILLED_BEFORE)
    assert (await second.resume()).state is State.DELETE_CONFIRM
    assert world.provider.deletions == []
    assert (await second.delete_old(DELETE_WORD)).state is State.DELETED


async def test_cut_off_after_the_deletion_it_is_not_sent_again(world: World) -> None:
    first = world.session()
    await to_proven(world, first)
    second = await dies(world, first, "delete_token", Fault.KILLED_AFTER)
    assert (await second.resume()).state is State.DELETED
    assert world.provider.deletions == ["token-0001"]


@pytest.mark.parametrize("fault", [Fault.LOST_ANSWER, Fault.ERROR_AFTER])
async def test_a_deletion_without_an_answer_is_looked_for(world: World, fault: Fault) -> None:
    session = world.session()
    await to_proven(world, session)
    world.provider.planned = [("delete_token", fault)]
    assert (await session.delete_old(DELETE_WORD)).state is State.DELETED
    assert world.provider.deletions == ["token-0001"]


@pytest.mark.parametrize("fault", [Fault.LOST_ANSWER, Fault.ERROR_AFTER, Fault.LIE_AFTER])
async def test_a_creation_is_compared_whatever_was_answered(world: World, fault: Fault) -> None:
    session = world.session()
    await session.start()
    world.provider.planned = [("create_token", fault)]
    assert (await session.create()).state is State.SECRET_GONE


@pytest.mark.parametrize("fault", [Fault.NOT_SENT, Fault.LOST_REQUEST])
async def test_where_nothing_was_made_the_error_is_reported(world: World, fault: Fault) -> None:
    session = world.session()
    await session.start()
    world.provider.planned = [("create_token", fault)]
    with pytest.raises((Unreachable, OutcomeUnknown)):
        await session.create()
    assert (await session.resume()).state is State.CREATE_INTENT


async def test_what_cannot_be_found_out_yet_stays_open(world: World) -> None:
    session = world.session()
    await session.start()
    world.provider.planned = [("create_token", Fault.KILLED_AFTER)]
    with pytest.raises(Killed):
        await session.create()
    world.kill(session)
    world.provider.down = Unreachable("Nobody answers.")
    second = world.session()
    with pytest.raises(Unreachable):
        await second.resume()
    standing = await second.status()
    assert standing.rotation is not None
    assert standing.rotation.state is State.CREATING
    world.provider.down = None
    assert (await second.resume()).state is State.SECRET_GONE


async def test_proof_that_grew_old_is_looked_for_again(world: World) -> None:
    first = world.session()
    await to_proven(world, first)
    world.kill(first)
    world.time.pass_(hours=2)
    second = world.session()
    assert (await second.resume()).state is State.WATCHING
    assert (await second.look()).state is State.PROVEN


async def test_a_use_of_the_old_token_a_moment_ago_stops_the_deletion(world: World) -> None:
    session = world.session()
    await to_proven(world, session)
    world.provider.use("token-0001", client="an old script")
    with pytest.raises(OutOfTurn):
        await session.delete_old(DELETE_WORD)
    assert ids(world) == ["token-0001", "token-0002"]
    standing = await session.status()
    assert standing.rotation is not None
    assert standing.rotation.state is State.WATCHING


async def test_two_tokens_begin_with_a_free_slot(world: World) -> None:
    await world.provider.create_token()
    session = world.session()
    assert (await session.start()).state is State.FREE_SLOT
    (best, keep), (other, why) = await session.slots()
    assert (best.id, keep, other.id) == ("token-0002", "", "token-0001")
    assert "goes last" in why
    with pytest.raises(OutOfTurn):
        await session.free_slot("token-0001", DELETE_WORD)
    with pytest.raises(ConfirmationMissing):
        await session.free_slot("token-0002", "delete")
    assert (await session.free_slot("token-0002", DELETE_WORD)).state is State.CREATE_INTENT
    assert ids(world) == ["token-0001"]


async def test_an_expired_token_is_the_best_to_go_and_the_used_one_the_old(world: World) -> None:
    made = await world.provider.create_token()
    world.time.pass_(days=70)
    world.provider.push(made.secret, client=IDP)
    session = world.session()
    found = await session.start()
    assert (found.state, found.old.id) == (State.FREE_SLOT, made.token.id)
    assert (await session.slots())[0][0].id == "token-0001"


async def test_read_only_starts_nothing(world: World) -> None:
    session = world.session(read_only=True)
    with pytest.raises(ReadOnly):
        await session.start()
    assert not (world.folder / "rotations").exists()


async def test_one_rotation_at_a_time(world: World) -> None:
    first = world.session()
    await first.start()
    await first.leave()
    with pytest.raises(OutOfTurn, match="rot-0001 is open"):
        await world.session().start()


async def test_abort_deletes_what_it_made_and_says_what_exists(world: World) -> None:
    session = world.session()
    await session.start()
    await session.create()
    over = await session.abort(DELETE_WORD)
    assert (over.state, over.ending) == (State.ABORTED, "These tokens exist: token-0001.")
    assert ids(world) == ["token-0001"]


async def test_abort_leaves_what_the_idp_may_have(world: World) -> None:
    session = world.session()
    await to_watching(world, session)
    with pytest.raises(OutOfTurn):
        await session.abort(DELETE_WORD)
    over = await session.abort()
    assert over.ending == "These tokens exist: token-0001, token-0002."


async def test_every_act_is_in_the_audit(world: World) -> None:
    await to_done(world, world.session())
    text = (world.folder / "audit.jsonl").read_text()
    for action in ("rotation.start", "token.create", "secret.deliver", "token.delete"):
        assert f'"{action}"' in text


async def test_a_failed_hand_over_leaves_the_secret_where_it_is(world: World) -> None:
    session = world.session()
    await session.start()
    await session.create()
    await session.probe()

    async def fails(secret: SecretStr) -> str:
        raise ScimTuiError(f"cannot write {secret.get_secret_value()}")

    with pytest.raises(ScimTuiError):
        await session.deliver("file", fails)
    found = (await session.status()).rotation
    assert found is not None
    assert (found.state, found.receipts[-1].outcome) == (State.PROBED, "cannot write (hidden)")
    assert (await session.deliver("file", world.install)).state is State.DELIVERED


async def test_a_new_token_that_is_refused_is_not_handed_over(world: World) -> None:
    session = world.session()
    await session.start()
    made = await session.create()
    world.provider.access_tokens = [t for t in world.provider.access_tokens if t.id != made.label]
    assert (await session.probe()).state is State.PROBE_FAILED
    with pytest.raises(OutOfTurn):
        await session.deliver("file", world.install)
