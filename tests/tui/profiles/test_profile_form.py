"""A new profile in a form: judged while it is typed, tried before it is saved."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual import events

from scim_tui.config.profiles import Profile, load_profiles
from scim_tui.model.checkup import Finding, Verdict
from scim_tui.tui.profiles import messages as profiles_messages
from scim_tui.tui.session import opening
from scim_tui.tui.widgets.secret_field import SecretField
from tests.tui.stage import Stage, staged

SECRET = "hush-hush-hush-hush"
ENDPOINT = "https://scim.example.com/t/scim/v2"
GOOD = Finding("Token", Verdict.OK, "let in; a stranger is answered 401")
WRONG = Finding("Token", Verdict.BAD, "refused: 401", "Make a new token.")


class Server:
    """What a look finds, and what it was asked with."""

    def __init__(self) -> None:
        self.finds = [GOOD]
        self.asked: list[Profile] = []
        self.secrets: list[str] = []

    async def look(self, profile: Profile) -> AsyncIterator[Finding]:
        self.asked.append(profile)
        if profile.token is not None:
            self.secrets.append((await profile.token.resolve()).get_secret_value())
        for finding in self.finds:
            yield finding


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("PROFILE", "ENDPOINT", "TOKEN", "TOKEN_FILE"):
        monkeypatch.delenv(f"SCIM_TUI_{name}", raising=False)
    path = tmp_path / "config" / "c.toml"
    monkeypatch.setenv("SCIM_TUI_CONFIG", str(path))
    monkeypatch.setenv("SCIM_TUI_DATA_DIR", str(tmp_path / "data"))
    return path


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    made = Server()
    monkeypatch.setattr(opening, "check_profile", made.look)
    return made


def text_of(path: Path) -> str:
    """Empty when there is no such file."""
    return path.read_text() if path.exists() else ""


def write(path: Path, text: str) -> None:
    """The config file as a person left it."""
    path.parent.mkdir()
    path.write_text(text)


@asynccontextmanager
async def form(
    folder: Path, size: tuple[int, int] = (80, 24), *, filled: bool = False
) -> AsyncIterator[Stage]:
    """The form; `filled` with all that is needed."""
    async with staged(folder / "lab", size=size) as stage:
        if filled:
            stage.app.draft = {"name": "prod", "endpoint": ENDPOINT, "way": "new file"}
        await stage.press("p")
        await stage.sees("Switch profile")
        await stage.press("i")
        await stage.sees(profiles_messages.ADD_TITLE)
        if filled:
            stage.app.screen.query_one(SecretField).value = SECRET
        yield stage


async def paste(stage: Stage, text: str) -> None:
    stage.app.post_message(events.Paste(text))
    await stage.pilot.pause()


async def fill(stage: Stage) -> None:
    """All that is needed: a name, an address, and a secret that is pasted."""
    await paste(stage, "prod")
    await stage.press("enter", "enter")
    await paste(stage, ENDPOINT)
    await stage.press("tab", *["right"] * 4, "tab", "tab")
    await paste(stage, SECRET)


def held(stage: Stage) -> str:
    """What stands in the field of the secret."""
    return stage.app.screen.query_one(SecretField).value


async def finish(stage: Stage) -> None:
    """Go to the last line, and press Enter there."""
    stage.app.screen.query_one("#done").focus()
    await stage.sees(profiles_messages.TEST_AND_SAVE)
    await stage.press("enter")


async def test_a_profile_is_tried_and_then_saved(
    tmp_path: Path, config: Path, server: Server
) -> None:
    async with form(tmp_path) as stage:
        await fill(stage)
        shown = await stage.sees("add prod --provider scim --endpoint", f"{ENDPOINT} --token-file")
        assert SECRET not in shown
        await finish(stage)
        shown = await stage.sees(
            "Testing prod", profiles_messages.CHECKS_PASSED, "[ok] Token", "save it", "--new-secret"
        )
        assert (SECRET in shown, text_of(config)) == (False, "")
        assert server.secrets == [SECRET]
        await stage.press("enter")
        shown = await stage.sees("Switch profile   2 known", "prod is the default now, since")
        assert SECRET not in shown
    profile = load_profiles().choose("prod")
    assert (profile.endpoint, profile.read_only) == (ENDPOINT, False)
    assert text_of(config.parent / "prod.token").strip() == SECRET
    assert SECRET not in text_of(config)


async def test_what_fails_is_saved_only_by_another_key(
    tmp_path: Path, config: Path, server: Server
) -> None:
    server.finds = [GOOD, WRONG]
    async with form(tmp_path, filled=True) as stage:
        await finish(stage)
        await stage.sees(
            "1 thing is wrong", "-> Make a new token.", "S save it as the default all the same"
        )
        await stage.press("enter")
        assert text_of(config) == ""
        await stage.press("escape")
        await stage.sees(profiles_messages.ADD_TITLE)
        assert held(stage) == SECRET
        await stage.press("enter")
        await stage.sees("1 thing is wrong")
        await stage.press("S")
        await stage.sees("Switch profile   2 known")
    assert "prod" in load_profiles().by_name


@pytest.mark.parametrize(("key", "default"), [("y", "prod"), ("n", "lab"), ("escape", "lab")])
async def test_beside_another_profile_it_is_asked_whether_it_becomes_the_default(
    tmp_path: Path, config: Path, server: Server, key: str, default: str
) -> None:
    before = '# mine\ndefault_profile = "lab"  # for now\n\n[profiles.lab]\nprovider = "local"\n'
    write(config, before)
    async with form(tmp_path, filled=True) as stage:
        await finish(stage)
        await stage.sees(profiles_messages.CHECKS_PASSED, "Enter save it")
        await stage.press("enter")
        await stage.sees("Make prod the default instead of lab?")
        assert text_of(config) == before
        await stage.press("enter", key)
        words = "prod is the default now, instead of lab." if key == "y" else "the default is lab"
        await stage.sees("Switch profile", words)
    assert load_profiles().default == default
    assert text_of(config).startswith(before.replace('"lab"  #', f'"{default}"  #'))


async def test_a_look_can_be_stopped(tmp_path: Path, config: Path, server: Server) -> None:
    class Never(Server):
        ended = False

        async def look(self, profile: Profile) -> AsyncIterator[Finding]:
            import asyncio

            yield GOOD
            try:
                await asyncio.Event().wait()
            finally:
                Never.ended = True

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "check_profile", Never().look)
        async with form(tmp_path, filled=True) as stage:
            await finish(stage)
            await stage.sees("asking; 1 answered", "Esc stop")
            await stage.press("enter", "S", "escape")
            await stage.sees(profiles_messages.ADD_TITLE)
            await stage.until(lambda: Never.ended, ["the look is stopped"])
    assert text_of(config) == ""


async def test_each_field_is_judged_and_what_is_missing_is_gone_to(
    tmp_path: Path, config: Path, server: Server
) -> None:
    async with form(tmp_path) as stage:
        await stage.sees("What it is called here")
        await paste(stage, "x y")
        await stage.sees("!Name", "cannot be the name of a profile")
        await stage.press("ctrl+u", "p", "enter", "enter")
        await paste(stage, "http://a.b")
        await stage.sees("!Endpoint", "unencrypted to a.b")
        await stage.press("ctrl+u")
        await finish(stage)
        await stage.sees("Endpoint is missing", "!Endpoint", "!File")
        await paste(stage, ENDPOINT)
        await finish(stage)
        await stage.sees("File is missing")
        await stage.press("up", "up", "up", "l")
        await stage.sees("< identity-center >")
    assert server.asked == []
    assert text_of(config) == ""


async def test_an_error_of_the_disk_loses_nothing(
    tmp_path: Path, config: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, text: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("scim_tui.config.add_profile.write_atomic", full)
    async with form(tmp_path, filled=True) as stage:
        await finish(stage)
        await stage.sees(profiles_messages.CHECKS_PASSED)
        await stage.press("enter")
        await stage.sees("cannot be written: No space left")
        assert held(stage) == SECRET
    assert text_of(config.parent / "prod.token") == ""


async def test_a_secret_stays_in_its_field_and_no_longer_than_the_form(
    tmp_path: Path, server: Server
) -> None:
    async with form(tmp_path, filled=True) as stage:
        field = stage.app.screen.query_one(SecretField)
        field.action_select_all()
        field.action_copy()
        field.action_cut()
        assert (stage.app.clipboard, field.value) == ("", SECRET)
        await stage.press("escape")
        await stage.sees("Switch profile")
        await stage.press("i")
        shown = await stage.sees("prod", ENDPOINT[:30], "new file")
        assert "•" not in shown
        assert stage.app.screen.query_one(SecretField).value == ""
        assert SECRET not in str(stage.app.draft)


@pytest.mark.parametrize("size", [(60, 15), (120, 40)])
async def test_every_field_can_be_reached(
    tmp_path: Path, server: Server, size: tuple[int, int]
) -> None:
    async with form(tmp_path, size) as stage:
        await stage.press("up")
        await stage.sees(profiles_messages.TEST_AND_SAVE, "Enter asks the server once")
        await stage.press("up")
        await stage.sees("Keep rows on disk")
        await stage.press("tab", "tab")
        await stage.sees("What it is called here", "profiles add NAME")
