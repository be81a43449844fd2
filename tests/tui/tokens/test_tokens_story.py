"""Enable, generate, copy, save, delete, disable: the jobs of Status and Tokens, by keyboard."""

import stat
from pathlib import Path

import pytest

from scim_tui.model.errors import Conflict, OutcomeUnknown
from scim_tui.model.provisioning import Enabled
from scim_tui.tui.modals import messages as modals_messages
from scim_tui.tui.shell import messages as shell_messages
from scim_tui.tui.tokens import messages as tokens_messages
from tests.fakes.memory import MemoryProvider
from tests.tui.stage import Stage, staged

SECRET = "memory-secret-0001-"


def fresh() -> MemoryProvider:
    """A directory nobody has switched on."""
    return MemoryProvider(enabled=False)


async def typed(stage: Stage, word: str) -> None:
    """Type a word letter by letter and press Enter."""
    await stage.sees("to go on:")
    await stage.press(*word, "enter")


async def test_from_off_to_on_to_off_again(tmp_path: Path) -> None:
    async with staged(tmp_path, provider=fresh()) as stage:
        await stage.sees("DISABLED")
        await stage.press("X")
        await stage.sees("off: Provisioning is off already.")
        await stage.press("E")
        shown = await stage.sees("its secret is shown once", "scim.example.com/tenant-1/scim/v2")
        assert SECRET not in shown
        await stage.press("s")
        await stage.sees(SECRET)
        await stage.press("s")
        await stage.until(lambda: SECRET not in stage.text(), ["hidden again"])
        await stage.press("escape")
        await stage.sees("neither copied nor saved")
        await stage.press("escape")
        await stage.sees(shell_messages.ENABLED, "ENABLED")
        await stage.press("X")
        await stage.sees("off: 1 token exists: delete it first")
        await stage.press("2", "D")
        await typed(stage, "DELETE")
        await stage.sees(tokens_messages.EMPTY)
        await stage.press("X")
        await stage.sees(shell_messages.DISABLE_TITLE)
        await typed(stage, "DISABLE")
        await stage.until(lambda: stage.provider.enabled_at is None, ["disabled"])
        await stage.press("1")
        await stage.sees("DISABLED")


async def test_a_secret_is_handed_over_although_the_connection_went_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with staged(tmp_path, provider=fresh()) as stage:
        enable = stage.provider.enable

        async def and_then_it_ends() -> Enabled:
            enabled = await enable()
            stage.app.session.workspace = None
            return enabled

        monkeypatch.setattr(stage.provider, "enable", and_then_it_ends)
        await stage.press("E")
        await stage.sees("its secret is shown once", "scim.example.com/tenant-1/scim/v2")
        await stage.press("s")
        await stage.sees(SECRET)


async def test_a_secret_is_saved_for_its_owner_only_and_then_closing_asks_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    target = tmp_path / "new.secret"
    async with staged(tmp_path, provider=fresh()) as stage:
        await stage.press("E")
        await stage.sees("shown once")
        await stage.press("f")
        await stage.sees(modals_messages.SAVE_TITLE)
        await stage.press("ctrl+u", *target.name, "enter")
        await stage.sees("handed over: file")
        assert SECRET in target.read_text()
        assert stat.S_IMODE(target.stat().st_mode) == 0o600
        await stage.press("escape")
        await stage.sees(shell_messages.ENABLED)


async def test_an_existing_file_is_not_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    target = tmp_path / "mine.txt"
    target.write_text("mine")
    async with staged(tmp_path, provider=fresh()) as stage:
        await stage.press("E")
        await stage.sees("shown once")
        await stage.press("f")
        await stage.sees(modals_messages.SAVE_TITLE)
        await stage.press("ctrl+u", *target.name, "enter")
        await stage.sees("exists")
        assert target.read_text() == "mine"


async def test_the_dialog_shows_the_evidence_and_escape_is_no(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.press("2", "D")
        await stage.sees(
            "DELETE access token 6c1fd3a0-0001",
            "Last used 40s ago",
            "!! It is in use",
            "scim-tui tokens delete 6c1fd3a0-0001",
        )
        await stage.press(*"DELET", "enter")
        await stage.sees("to go on:")
        await stage.press("escape")
        await stage.sees(shell_messages.NOTHING_DELETED)
        assert len(stage.provider.access_tokens) == 2
        assert "delete_token" not in stage.provider.calls


async def test_a_pasted_word_does_not_count(tmp_path: Path) -> None:
    from textual import events

    async with staged(tmp_path) as stage:
        await stage.press("2", "D")
        await stage.sees("to go on:")
        stage.app.screen.post_message(events.Paste("DELETE"))
        await stage.press("enter")
        await stage.sees("[______]")
        assert len(stage.provider.access_tokens) == 2


async def test_at_two_tokens_generate_says_what_to_do(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.press("2", "C")
        await stage.sees("Two tokens exist, the most allowed")
        assert "create_token" not in stage.provider.calls


async def test_a_refusal_and_a_lost_answer_are_reported(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        stage.provider.fail_next(Conflict("Another operator holds it.", status=409), "delete_token")
        await stage.press("2", "D")
        await typed(stage, "DELETE")
        await stage.sees("Another operator holds it.")
        lost = OutcomeUnknown("No answer came; the token may be gone.", "Look at the list.")
        stage.provider.fail_next(lost, "delete_token")
        await stage.press("D")
        await typed(stage, "DELETE")
        await stage.sees("the token may be gone. Look at the list.")


async def test_nothing_moves_behind_a_dialog(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.press("2", "D")
        await stage.sees("to go on:")
        asked = list(stage.provider.calls)
        stage.app.session.look_now()
        for _ in range(5):
            await stage.pilot.pause()
        assert stage.provider.calls == asked


async def test_the_secret_is_nowhere_but_in_the_dialog(tmp_path: Path) -> None:
    async with staged(tmp_path, provider=fresh()) as stage:
        await stage.press("E")
        await stage.sees("shown once")
        assert SECRET not in stage.app.export_screenshot()
        await stage.press("escape", "escape")
        await stage.sees(shell_messages.ENABLED)
        assert SECRET not in repr(stage.app.session.__dict__)
        assert SECRET not in (tmp_path / "audit.jsonl").read_text()
        assert stage.app.clipboard == ""
