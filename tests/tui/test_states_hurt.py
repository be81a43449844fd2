"""What a full disk, a file made by hand, or a rubbish path does to the app: it is told."""

import os
import stat
import tempfile
from pathlib import Path

import pytest
from textual.widgets import Input

from scim_tui.model.errors import UsageError
from scim_tui.tui.app import ScimApp
from scim_tui.tui.modals import messages as modals_messages
from scim_tui.tui.profiles import file as profile_file
from scim_tui.tui.profiles import work as profile_work
from scim_tui.tui.rotation.screen import RotationPage
from scim_tui.tui.session import messages as session_messages
from tests.tui.lists_kit import WORDS, directory, type_in
from tests.tui.rotation.rotation_stage import Lab, rotating, to_delivered
from tests.tui.stage import Stage, staged

NOBODY = "~nobody-of-that-name/x.csv"


async def answer(stage: Stage, text: str) -> None:
    stage.app.screen.query_one(Input).value = text
    await stage.press("enter")


async def lab_in(folder: Path) -> Lab:
    lab = Lab(folder / "data")
    await lab.begin()
    return lab


async def test_the_home_of_an_unknown_user_loses_no_secret(tmp_path: Path) -> None:
    async with rotating(await lab_in(tmp_path)) as stage:
        await stage.press("R")
        await stage.sees("ROTATE 2/8")
        await stage.press("enter")
        await stage.sees("ROTATE 3/8")
        await stage.press("5", "enter")
        await stage.sees(modals_messages.SAVE_TITLE)
        await answer(stage, NOBODY)
        await stage.sees("does not exist")
        wizard = stage.app.page("rotation")
        assert isinstance(wizard, RotationPage)
        assert wizard.secret_held


async def test_a_folder_that_cannot_be_synced_holds_the_secret_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync

    def no(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(22, "Invalid argument")
        real(handle)

    async with rotating(await lab_in(tmp_path)) as stage:
        await stage.press("2", "C")
        await stage.sees("secret is shown once")
        await stage.press("f")
        await stage.sees(modals_messages.SAVE_TITLE)
        monkeypatch.setattr(os, "fsync", no)
        await answer(stage, str(tmp_path / "new.secret"))
        await stage.sees("Saved to")


async def test_a_damaged_rotation_is_reported_and_loses_no_secret(tmp_path: Path) -> None:
    lab = await lab_in(tmp_path)
    async with rotating(lab) as stage:
        await to_delivered(stage, lab, tmp_path / "new.secret")
        (tmp_path / "data" / "rotations" / "rot-0000.json").write_text("{}")
        await stage.press("r")
        await stage.sees("No rotation of this version: ")


async def test_the_secret_is_handed_nowhere_without_a_connection(tmp_path: Path) -> None:
    async with rotating(await lab_in(tmp_path)) as stage:
        await stage.press("R")
        await stage.sees("ROTATE 2/8")
        await stage.press("enter")
        await stage.sees("ROTATE 3/8")
        stage.app.session.workspace = None
        await stage.press("enter")
        await stage.sees(session_messages.REOPENING)


@pytest.mark.parametrize(
    ("path", "told"), [(NOBODY, "does not exist"), ("x" * 300 + ".csv", "x" * 70)]
)
async def test_a_list_is_not_written_to_a_path_that_cannot_be(
    tmp_path: Path, path: str, told: str
) -> None:
    async with staged(tmp_path, provider=directory(WORDS)) as stage:
        await stage.press("4")
        await stage.sees("dora")
        await stage.press("e")
        await stage.sees("Export what")
        await answer(stage, path)
        assert "written to" not in await stage.sees(told)


async def test_an_age_before_the_calendar_is_no_age(tmp_path: Path) -> None:
    async with staged(tmp_path, provider=directory(WORDS)) as stage:
        await stage.press("4")
        await stage.sees("dora")
        await stage.press("slash")
        await type_in(stage, "changed:<999999d")
        await stage.sees("changed:<999999d is no age and no day")


async def test_a_lone_surrogate_is_copied_as_it_was_written(tmp_path: Path) -> None:
    people = tmp_path / "people.json"
    people.write_text('[{"userName": "ana", "displayName": "A \\ud83d", "givenName": "a"}]')
    async with staged(tmp_path, facts={"people_file": str(people)}) as stage:
        await stage.press("3")
        await stage.sees("1 checked")
        await stage.press("y")
        await stage.sees("clipboard")


@pytest.mark.parametrize("name", ["audit.jsonl", "rotations/lock.json"])
async def test_a_folder_where_a_file_should_be_is_reported(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir(parents=True)
    async with staged(tmp_path) as stage:
        await stage.sees("Provisioning")


async def test_columns_written_by_hand_are_as_if_they_were_not_there(tmp_path: Path) -> None:
    (tmp_path / "columns-lab.json").write_text('{"Users": {"columns": [[["user_name"], 0]]}}')
    async with staged(tmp_path, provider=directory(WORDS)) as stage:
        await stage.press("4")
        await stage.sees("USER NAME", "dora")


async def test_profiles_stay_when_the_editor_takes_the_file_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[profiles.mine]\nprovider = "local"\n')
    monkeypatch.setenv("SCIM_TUI_CONFIG", str(config))

    def taken_away(app: ScimApp, path: Path, *, after: str) -> None:
        path.unlink()

    monkeypatch.setattr(profile_file, "edit", taken_away)
    async with staged(tmp_path / "data") as stage:
        with pytest.raises(UsageError, match="left no file"):
            await profile_file.edited(stage.app)
    assert "mine" in config.read_text()


async def test_a_full_disk_is_reported_before_the_editor_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config.toml"
    monkeypatch.setenv("SCIM_TUI_CONFIG", str(config))

    def full(*given: object, **named: object) -> None:
        raise OSError(28, "No space left on device")

    async with staged(tmp_path / "data") as stage:
        monkeypatch.setattr(tempfile, "mkstemp", full)
        stage.app.run_worker(profile_work.edit(stage.app))
        await stage.sees("cannot be written: No space left on device")
