"""The config file in an editor: read before it counts, and nothing typed is lost."""

from collections.abc import Callable
from pathlib import Path

import pytest

from scim_tui.config.profiles import load_profiles
from scim_tui.model.errors import UsageError
from scim_tui.tui import profile_file
from tests.tui.stage import Stage, staged

BEFORE = "# mine\n[profiles.lab]\n"
GOOD = f"{BEFORE}[profiles.stage]\nprovider = 'local'\n"
WRONG = f"{BEFORE}[profiles.stage]\nprovidr = 'local'\n"

Editor = Callable[..., None]


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "config" / "c.toml"
    path.parent.mkdir()
    path.write_text(BEFORE)
    for name in ("PROFILE", "ENDPOINT", "TOKEN", "TOKEN_FILE"):
        monkeypatch.delenv(f"SCIM_TUI_{name}", raising=False)
    monkeypatch.setenv("SCIM_TUI_CONFIG", str(path))
    monkeypatch.setenv("SCIM_TUI_DATA_DIR", str(tmp_path / "data"))
    return path


class Typing:
    """A person in an editor, who leaves one text after the other, and what was found there."""

    def __init__(self, *texts: str) -> None:
        self.texts = list(texts)
        self.found: list[str] = []

    def edit(self, app: object, path: Path, line: int = 0, after: str = "") -> None:
        self.found.append(path.read_text())
        path.write_text(self.texts.pop(0))


def text_of(path: Path) -> str:
    return path.read_text()


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


async def opened(stage: Stage) -> None:
    await stage.press("p")
    await stage.sees("Switch profile")
    await stage.press("e")


async def test_what_can_be_read_replaces_the_file(
    tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typing = Typing(GOOD)
    monkeypatch.setattr(profile_file, "edit", typing.edit)
    async with staged(tmp_path / "x") as stage:
        await opened(stage)
        await stage.sees("Switch profile   3 known", "stage")
    assert (typing.found, text_of(config), names(config.parent)) == ([BEFORE], GOOD, ["c.toml"])


async def test_what_cannot_be_read_is_told_and_goes_on(
    tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typing = Typing(WRONG, GOOD)
    monkeypatch.setattr(profile_file, "edit", typing.edit)
    async with staged(tmp_path / "x") as stage:
        await opened(stage)
        await stage.sees("unknown key profiles.stage.providr", "Did you mean 'provider'?")
        assert text_of(config) == BEFORE
        await stage.press("y")
        await stage.sees("Switch profile   3 known")
    assert (typing.found, text_of(config)) == ([BEFORE, WRONG], GOOD)


async def test_what_was_given_up_is_kept_for_the_next_time(
    tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typing = Typing(WRONG, GOOD)
    monkeypatch.setattr(profile_file, "edit", typing.edit)
    async with staged(tmp_path / "x") as stage:
        await opened(stage)
        await stage.sees("unknown key")
        await stage.press("n")
        await stage.sees("The config file is as it was", "where you left it")
        assert text_of(config) == BEFORE
        await stage.press("escape")
        await stage.sees("Switch profile")
        await stage.press("e")
        await stage.sees("Switch profile   3 known")
    assert typing.found == [BEFORE, WRONG]


async def test_an_editor_that_fails_changes_nothing(
    tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(app: object, path: Path, line: int = 0, after: str = "") -> None:
        raise UsageError("no-such-editor cannot be started.", "Set EDITOR to an editor.")

    monkeypatch.setattr(profile_file, "edit", broken)
    async with staged(tmp_path / "x") as stage:
        await opened(stage)
        await stage.sees("cannot be started", "Set EDITOR")
    assert text_of(config) == BEFORE


async def test_a_file_that_somebody_else_changed_is_not_replaced(
    tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def both(app: object, path: Path, line: int = 0, after: str = "") -> None:
        path.write_text(GOOD)
        config.write_text(BEFORE + "# theirs\n")

    monkeypatch.setattr(profile_file, "edit", both)
    async with staged(tmp_path / "x") as stage:
        await opened(stage)
        await stage.sees("was changed by somebody else")
    assert text_of(config) == BEFORE + "# theirs\n"
    assert set(load_profiles().by_name) == {"local", "lab"}
