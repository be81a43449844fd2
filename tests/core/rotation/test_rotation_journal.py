"""The journal: whole, private, held by one, and before each effect."""

import json
import os
import stat
from pathlib import Path

import pytest

from scim_tui.core.rotation.journal import HeldElsewhere, Journal, is_alive, this_process
from scim_tui.model.errors import ConfirmationMissing, ScimTuiError
from scim_tui.model.rotation.key_verdict import Keys, KeyVerdict
from scim_tui.model.rotation.rotation import TAKE_OVER, State
from tests.core.rotation.rotation_kit import World, to_done, to_watching


@pytest.fixture
async def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    await made.begin()
    return made


async def test_its_files_are_for_this_user_only(world: World) -> None:
    await to_watching(world, world.session())
    folder = world.folder / "rotations"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


async def test_no_text_is_in_any_file(world: World) -> None:
    session = world.session()
    await session.start()
    await session.create()
    assert session.secret is not None
    text = session.secret.get_secret_value()

    async def talks(secret: object) -> str:
        return f"wrote {text} to the file"

    await session.probe()
    found = await session.deliver("file", talks)
    assert found.receipts[-1].outcome == "wrote (hidden) to the file"
    for path in world.folder.rglob("*"):
        assert not path.is_file() or text not in path.read_text()


@pytest.mark.parametrize("operation", ["create_token", "delete_token", "probe_with"])
async def test_the_intent_is_on_disk_before_the_effect(world: World, operation: str) -> None:
    seen: dict[str, dict[str, object]] = {}
    enter = world.provider._enter

    async def noted(operation: str) -> None:
        if path := next((world.folder / "rotations").glob("rot-*.json"), None):
            seen[operation] = json.loads(path.read_text())
        await enter(operation)

    world.provider._enter = noted  # type: ignore[method-assign]
    await to_done(world, world.session())
    on_disk = seen[operation]
    match operation:
        case "create_token":
            assert (on_disk["state"], on_disk["attempts"]) == ("creating", 1)
        case "delete_token":
            assert on_disk["state"] == "deleting"
        case "probe_with":
            assert len(list(on_disk["probes"])) == 1  # type: ignore[call-overload]


async def test_each_write_reaches_the_disk_with_its_folder(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    fsync = os.fsync

    def noted(file: int) -> None:
        synced.append("folder" if stat.S_ISDIR(os.fstat(file).st_mode) else "file")
        fsync(file)

    session = world.session()
    await session.start()
    monkeypatch.setattr("os.fsync", noted)
    await session.check()
    assert synced[:2] == ["file", "folder"]


async def test_the_second_operator_sees_the_holder_and_takes_over_by_a_typed_word(
    world: World,
) -> None:
    first, second = world.session(), world.session(host="bastion-2")
    await to_watching(world, first)
    standing = await second.status()
    assert standing.holder is not None
    assert standing.holder.by == "ana@bastion-1"
    with pytest.raises(HeldElsewhere, match="ana@bastion-1"):
        await second.resume()
    with pytest.raises(ConfirmationMissing, match=TAKE_OVER):
        await second.resume("take over")
    assert (await second.resume(TAKE_OVER)).state is State.WATCHING
    with pytest.raises(HeldElsewhere, match="ana@bastion-2"):
        await first.look()


async def test_a_replaced_holder_does_nothing_more(world: World) -> None:
    first, second = world.session(), world.session(host="bastion-2")
    await first.start()
    await second.resume(TAKE_OVER)
    world.provider.calls.clear()
    with pytest.raises(HeldElsewhere):
        await first.create()
    assert "create_token" not in world.provider.calls


async def test_a_dead_session_needs_no_take_over(world: World) -> None:
    first = world.session()
    await to_watching(world, first)
    world.kill(first)
    assert (await world.session().resume()).state is State.WATCHING


async def test_leaving_lets_the_next_one_go_on(world: World) -> None:
    first = world.session()
    await to_watching(world, first)
    await first.leave()
    assert (await world.session().status()).holder is None
    assert (await world.session().resume()).state is State.WATCHING


def test_a_dead_holder_is_recognised_by_boot_process_id_and_start() -> None:
    me = this_process("ana")
    assert is_alive(me)
    assert is_alive(me.model_copy(update={"host": "elsewhere", "pid": 1}))
    assert not is_alive(me.model_copy(update={"boot": "another"}))
    assert not is_alive(me.model_copy(update={"started": "1"}))
    assert not is_alive(me.model_copy(update={"pid": 2**22 - 1}))


async def test_a_broken_file_is_reported_and_left(world: World) -> None:
    await to_watching(world, world.session())
    path = next((world.folder / "rotations").glob("rot-*.json"))
    path.write_text("{")
    with pytest.raises(ScimTuiError, match="No rotation of this version"):
        await world.session().status()
    assert path.read_text() == "{"


async def test_ids_count_on_and_receipts_stay(world: World) -> None:
    await to_done(world, world.session())
    await to_done(world, world.session())
    assert [each.id for each in world.session().receipts()] == ["rot-0001", "rot-0002"]


async def test_a_full_disk_stops_before_the_effect(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = world.session()
    await session.start()
    world.provider.calls.clear()

    def full(path: Path, text: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("scim_tui.core.rotation.journal.write_atomic", full)
    with pytest.raises(ScimTuiError, match="No space left"):
        await session.create()
    assert "create_token" not in world.provider.calls


def test_a_journal_of_a_profile_is_in_its_data_folder(tmp_path: Path) -> None:
    journal = Journal.of(tmp_path / "data", "ana@host")
    assert journal.folder == tmp_path / "data" / "rotations"
    assert journal.open() is None
    assert journal.holder() is None


async def test_the_files_keep_the_keys_that_earlier_versions_wrote(world: World) -> None:
    rotation = await to_watching(world, world.session())
    keys = Keys(verdict=KeyVerdict.DISTINCT, new="KEY-2", before=("KEY-1",))
    seen = rotation.seen.model_copy(update={"keys": keys})
    asked = rotation.with_(state=State.DELETE_CONFIRM, return_state=State.PROVEN, seen=seen)
    journal = Journal.of(world.folder / "other", "ana@host")
    journal.hold()
    journal.save(asked)
    stored = json.loads(journal.path(asked.id).read_text())
    assert (stored["back"], stored["seen"]["keys"]["sight"]) == ("proven", "tells")
    assert not {"return_state", "verdict"} & {*stored, *stored["seen"]["keys"]}
    assert journal.load(asked.id) == asked
