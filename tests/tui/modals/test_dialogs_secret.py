"""A secret that was dropped is told as dropped, and a failed save loses nothing."""

from itertools import count
from pathlib import Path

import pytest

from scim_tui.tui.modals import messages as modals_messages
from scim_tui.tui.modals.secret import SecretDialog
from scim_tui.tui.shell import messages as shell_messages
from tests.fakes.memory import MemoryProvider
from tests.tui.stage import staged


def one_token() -> MemoryProvider:
    provider = MemoryProvider.sample()
    del provider.access_tokens[1:]
    return provider


def pace(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    ticks = count(0, seconds)
    monkeypatch.setattr(SecretDialog, "clock", staticmethod(lambda: next(ticks)))


async def test_a_dropped_secret_is_reported_as_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pace(monkeypatch, 1.0)
    async with staged(tmp_path, provider=one_token()) as stage:
        await stage.press("2", "C")
        await stage.sees("shown once")
        await stage.press("escape", "escape")
        await stage.sees("was dropped and cannot be shown again", "make another")
        assert "Install it" not in stage.text()


async def test_a_dropped_first_secret_is_reported_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pace(monkeypatch, 1.0)
    async with staged(tmp_path, provider=MemoryProvider(enabled=False)) as stage:
        await stage.press("E")
        await stage.sees("shown once")
        await stage.press("escape", "escape")
        await stage.sees(shell_messages.ENABLED, "was dropped")


async def test_a_quick_double_escape_does_not_pass_the_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pace(monkeypatch, 0.3)
    async with staged(tmp_path, provider=one_token()) as stage:
        await stage.press("2", "C")
        await stage.sees("shown once")
        await stage.press("escape", "escape", "escape")
        await stage.sees("neither copied nor saved")
        await stage.press("escape")
        await stage.sees("was dropped")


async def test_a_failed_save_keeps_the_prompt_and_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").write_text("mine")
    async with staged(tmp_path, provider=one_token(), size=(60, 15)) as stage:
        await stage.press("2", "C")
        await stage.sees("shown once")
        await stage.press("f")
        await stage.sees(modals_messages.SAVE_TITLE, "existing one is not touched.")
        await stage.press("ctrl+u", *"mine", "enter")
        await stage.sees(modals_messages.SAVE_TITLE, "mine", "exists")
        await stage.press("2", "enter")
        await stage.sees("handed over: file")
        assert (tmp_path / "mine").read_text() == "mine"
