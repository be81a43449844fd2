"""A fault inside the program: said once, written down without data, and everything lives on."""

import asyncio
import stat
from pathlib import Path
from typing import NoReturn

import pytest
from textual import events
from textual.strip import Strip

from scim_tui.core.health.api import Health
from scim_tui.core.index.api import Index
from scim_tui.model.directory import Kind
from scim_tui.tui.activity.screen import ActivityPage
from scim_tui.tui.app import ScimApp
from scim_tui.tui.shell import messages as shell_messages
from scim_tui.tui.shell.command_dialog import CommandLine
from scim_tui.tui.shell.help_dialog import HelpDialog
from scim_tui.tui.status.screen import StatusPage
from scim_tui.tui.widgets.table import Table
from tests.shots import write_files
from tests.tui.stage import Stage, staged

SECRET = "a-secret-in-a-local-variable"
PART = "could not be drawn"


def fails(*args: object, **kwargs: object) -> NoReturn:
    secret = SECRET
    raise RuntimeError(f"a body with {secret} in it")


async def fails_later(*args: object, **kwargs: object) -> None:
    fails()


def crash_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("crash-*.txt"))


async def goes_on(stage: Stage) -> None:
    """Every screen can be shown, the connection is open, and Esc and q work."""
    assert stage.app.session.workspace is not None
    await stage.press("2")
    await stage.sees("[2 Tokens]", "6c1fd3a0-0001")
    assert stage.app._running
    assert stage.app.return_code is None


def written_well(folder: Path) -> str:
    """The one file about it: for its owner only, with the way through the code, without data."""
    file = crash_files(folder)[0]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    text = file.read_text(encoding="utf-8")
    assert "RuntimeError" in text
    assert "in fails" in text
    assert SECRET not in text
    assert "a body" not in text.replace('f"a body with {secret} in it"', "")
    assert str(Path.home()) not in text
    return text


@pytest.mark.parametrize("keys", ["tab tab", "tab enter tab", "tab G tab", "tab f tab a"])
async def test_the_tabs_of_activity_with_entries_in_the_audit(tmp_path: Path, keys: str) -> None:
    write_files(tmp_path)
    async with staged(tmp_path) as stage:
        await stage.press("5")
        await stage.sees("IdP requests", "PatchUser")
        for key in keys.split():
            await stage.press(key)
            if key == "tab":
                page = stage.app.page("activity")
                assert isinstance(page, ActivityPage)
                await stage.until(lambda page=page: page.feed.log.ready)  # type: ignore[misc]


async def test_an_action_that_raises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StatusPage, "do_test", fails_later)
    async with staged(tmp_path, faulty=True) as stage:
        await stage.press("T")
        await stage.sees("This did not work: RuntimeError", "! shows the details")
        await stage.press("exclamation_mark")
        text = await stage.sees(shell_messages.FAULT_TITLE, "It is written to", "in fails")
        assert SECRET not in text
        await stage.press("escape")
        await goes_on(stage)
    written_well(tmp_path)


async def test_a_reason_that_raises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StatusPage, "reason", fails)
    async with staged(tmp_path, faulty=True) as stage:
        await stage.sees("This did not work: RuntimeError", "Provisioning  ENABLED")
        stage.app.page("status").redraw()
        await stage.press("E")
        await stage.sees("enable is off: this program failed to look whether it may be done.")
        await stage.press("a")
        await stage.sees("Actions", "failed to look")
        await stage.press("escape")
        await goes_on(stage)
    written_well(tmp_path)


async def test_a_worker_that_raises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scim_tui.tui.shell.changes.create_token", fails_later)
    async with staged(tmp_path, faulty=True) as stage:
        stage.provider.access_tokens.pop()
        await stage.press("r", "2")
        await stage.until(lambda: len(stage.app.session.snapshot.tokens) == 1)  # type: ignore[union-attr]
        await stage.press("C")
        await stage.sees("This did not work: RuntimeError")
        await goes_on(stage)
    written_well(tmp_path)


async def test_a_timer_and_a_callback_that_raise(tmp_path: Path) -> None:
    async with staged(tmp_path, faulty=True) as stage:
        page = stage.app.page("status")
        page.set_interval(0.01, fails)
        page.call_after_refresh(fails)
        await stage.sees("This did not work: RuntimeError")
        await goes_on(stage)
        assert len(crash_files(tmp_path)) <= 2


async def test_a_paint_that_raises_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = 0

    def render_line(self: Table, y: int) -> Strip:
        nonlocal tries
        tries += 1
        fails()

    async with staged(tmp_path, faulty=True) as stage:
        monkeypatch.setattr(Table, "render_line", render_line)
        await stage.press("2")
        await stage.sees(PART, "[2 Tokens]", "This did not work: RuntimeError")
        before = tries
        for _ in range(50):
            await stage.pilot.pause(0.01)
        assert tries - before < 20, "a paint that fails is tried again and again"
        await stage.press("3", "1", "2")
        monkeypatch.undo()
        await stage.press("ctrl+l")
        await goes_on(stage)
    written_well(tmp_path)


async def test_a_drawing_that_raises_when_the_session_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with staged(tmp_path, faulty=True) as stage:
        with monkeypatch.context() as patch:
            patch.setattr(StatusPage, "draw", fails)
            stage.app.session.changed()
            await stage.sees("This did not work: RuntimeError")
        await goes_on(stage)
    written_well(tmp_path)


async def test_a_look_at_the_server_that_raises_keeps_the_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with staged(tmp_path, faulty=True) as stage:
        space = stage.app.session.workspace
        with monkeypatch.context() as patch:
            patch.setattr(Health, "take", fails_later)
            await stage.press("r")
            await stage.sees("STALE since", "Looking at the server failed")
        await stage.press("r")
        await stage.until(lambda: stage.app.session.trouble is None)
        assert stage.app.session.workspace is space
        await goes_on(stage)
    written_well(tmp_path)


async def test_a_dialog_that_raises_while_it_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CommandLine, "answer", fails)
    async with staged(tmp_path, faulty=True) as stage:
        await stage.press("colon", *"theme", "enter")
        await stage.sees("Command", "! shows why: RuntimeError")
        await stage.press("escape")
        await goes_on(stage)
    written_well(tmp_path)


@pytest.mark.parametrize("part", ["body", "on_mount"])
async def test_a_dialog_that_cannot_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    monkeypatch.setattr(HelpDialog, part, fails)
    async with staged(tmp_path, faulty=True) as stage:
        await stage.press("question_mark")
        await stage.until(lambda: bool(stage.app.faults.all))
        await stage.press("escape")
        await stage.sees("[1 Status]")
        await goes_on(stage)
    written_well(tmp_path)


async def test_a_secret_in_memory_outlives_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with staged(tmp_path, faulty=True) as stage:
        stage.provider.access_tokens.pop()
        await stage.press("r", "2")
        await stage.until(lambda: len(stage.app.session.snapshot.tokens) == 1)  # type: ignore[union-attr]
        await stage.press("C")
        await stage.sees("its secret is shown once")
        stage.app.run_worker(fails_later(), description="a fault")
        await stage.sees("! shows why: RuntimeError", "its secret is shown once")
        await stage.press("exclamation_mark")
        await stage.sees(shell_messages.FAULT_TITLE)
        await stage.press("escape", "s")
        await stage.sees("memory-secret")
    assert "memory-secret" not in written_well(tmp_path)


async def test_many_faults_write_a_few_files(tmp_path: Path) -> None:
    async with staged(tmp_path, faulty=True) as stage:
        for number in range(30):
            scope: dict[str, object] = {"fails": fails}
            exec("\n" * number + "def later(): fails()", scope)
            stage.app.page("status").call_after_refresh(scope["later"])  # type: ignore[arg-type]
        await stage.until(lambda: len(stage.app.faults.all) == 30)
        assert len(crash_files(tmp_path)) == 10
        await goes_on(stage)


async def test_a_full_disk_is_no_second_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object) -> NoReturn:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("scim_tui.config.paths._fill", full)
    async with staged(tmp_path, faulty=True) as stage:
        stage.app.run_worker(fails_later(), description="a fault")
        await stage.sees("This did not work: RuntimeError")
        await stage.press("exclamation_mark")
        await stage.sees("It is not in a file", "No space left on device")
    assert crash_files(tmp_path) == []


async def test_a_fault_before_the_first_paint_ends_with_an_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StatusPage, "body", fails)
    apps: list[ScimApp] = []

    async def run() -> None:
        async with staged(tmp_path, loaded=False, faulty=True) as stage:
            apps.append(stage.app)
            async with asyncio.timeout(60):
                await stage.app._exception_event.wait()

    with pytest.raises(RuntimeError):
        await run()
    assert apps[0].return_code == 1
    assert apps[0].ended_by is not None


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb"])
async def test_half_a_character_that_is_pasted_is_looked_for_as_a_sign(
    tmp_path: Path, text: str
) -> None:
    async with staged(tmp_path) as stage:
        await stage.press("4")
        await stage.sees("[Users 40]")
        await stage.press("slash")
        stage.app.post_message(events.Paste(text))
        await stage.sees("0 of 40")


def test_half_a_character_is_a_question_that_finds_nothing(tmp_path: Path) -> None:
    index = Index(tmp_path / "index.sqlite")
    assert list(index.find(Kind.USERS, "\udcfc", "")) == []
    index.close()
