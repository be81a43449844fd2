"""The config file in an editor: read before it counts, and nothing typed is lost."""

from pathlib import Path

import pytest

from scim_tui.config.profiles import load_profiles
from scim_tui.model.errors import UsageError
from scim_tui.tui.modals.question import ConfirmDialog
from scim_tui.tui.profiles import file as profile_file
from scim_tui.tui.profiles import messages as profiles_messages
from tests.tui.stage import staged

BEFORE = "# mine\n[profiles.lab]\n"
GOOD = f"{BEFORE}[profiles.stage]\nprovider = 'local'\n"
WRONG = f"{BEFORE}[profiles.stage]\nprovidr = 'local'\n"


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


class Person:
    """Stands for the app: answers what it is asked, and remembers it."""

    def __init__(self, *answers: bool) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def ask(self, dialog: ConfirmDialog) -> bool:
        self.asked.append("\n".join("".join(s.text for s in row) for row in dialog._lines))
        return self.answers.pop(0)


async def edited(*answers: bool) -> Person:
    """Edit the file, with these answers to what is asked."""
    person = Person(*answers)
    await profile_file.edited(person)  # type: ignore[arg-type]
    return person


async def test_the_switcher_opens_the_editor_and_shows_what_became_of_it(
    tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typing = Typing(WRONG, GOOD)
    monkeypatch.setattr(profile_file, "edit", typing.edit)
    async with staged(tmp_path / "x") as stage:
        await stage.press("p")
        await stage.sees("Switch profile")
        await stage.press("e")
        await stage.sees("unknown key profiles.stage.providr", "Did you mean provider?")
        await stage.press("n")
        await stage.sees(profiles_messages.FILE_UNCHANGED, "where you left it")
        assert text_of(config) == BEFORE
        await stage.press("escape")
        await stage.sees("Switch profile")
        await stage.press("e")
        await stage.sees("Switch profile   3 known", "stage")
    assert (typing.found, text_of(config), names(config.parent)) == (
        [BEFORE, WRONG],
        GOOD,
        ["c.toml"],
    )


async def test_what_cannot_be_read_goes_on(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typing = Typing(WRONG, GOOD)
    monkeypatch.setattr(profile_file, "edit", typing.edit)
    person = await edited(True)
    assert "providr" in person.asked[0]
    assert (typing.found, text_of(config)) == ([BEFORE, WRONG], GOOD)


async def test_what_was_given_up_is_kept(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profile_file, "edit", Typing(WRONG).edit)
    with pytest.raises(UsageError, match="is kept in"):
        await edited(False)
    assert (text_of(config), text_of(config.parent / ".c.toml.edited")) == (BEFORE, WRONG)


async def test_an_editor_that_fails_changes_nothing(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(app: object, path: Path, line: int = 0, after: str = "") -> None:
        raise UsageError("no-such-editor cannot be started.", "Set EDITOR to an editor.")

    monkeypatch.setattr(profile_file, "edit", broken)
    with pytest.raises(UsageError, match="cannot be started"):
        await edited()
    assert text_of(config) == BEFORE


async def test_a_file_that_another_program_changed_is_not_replaced(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def both(app: object, path: Path, line: int = 0, after: str = "") -> None:
        path.write_text(GOOD)
        config.write_text(BEFORE + "# theirs\n")

    monkeypatch.setattr(profile_file, "edit", both)
    with pytest.raises(UsageError, match="was changed meanwhile"):
        await edited()
    assert text_of(config) == BEFORE + "# theirs\n"
    assert set(load_profiles().by_name) == {"local", "lab"}
