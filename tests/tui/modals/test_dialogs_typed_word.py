"""The word before a destroying act counts when a hand typed it, letter by letter."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from scim_tui.tui.widgets.typed_word import TypedWord
from tests.fakes.memory import MemoryProvider
from tests.tui.stage import Stage, staged

BURST, BY_HAND, READ = 0.001, 0.08, 0.4


async def keys_at(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, keys: Sequence[str], gaps: Sequence[float]
) -> None:
    """Press keys that arrive with these pauses before each."""
    left = list(gaps)
    now = [100.0]

    def arrived(event: object) -> float:
        now[0] += left.pop(0)
        return now[0]

    with monkeypatch.context() as patch:
        patch.setattr(TypedWord, "arrived", staticmethod(arrived))
        await stage.press(*keys)
    assert not left


async def test_a_burst_with_its_enter_confirms_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with staged(tmp_path) as stage:
        await stage.press("2", "D")
        await stage.sees("to go on:")
        await keys_at(stage, monkeypatch, [*"DELETE", "enter"], [BURST] * 7)
        await stage.sees("[______]  typed by hand, please")
        await keys_at(stage, monkeypatch, [*"DELETE", "enter"], [BURST] * 6 + [READ])
        await stage.sees("[______]  typed by hand, please")
        assert "delete_token" not in stage.provider.calls
        await keys_at(stage, monkeypatch, [*"DELETE", "enter"], [BY_HAND] * 6 + [READ])
        await stage.sees("is deleted")


async def test_enter_on_the_heels_of_the_last_letter_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with staged(tmp_path) as stage:
        await stage.press("2", "D")
        await stage.sees("to go on:")
        await keys_at(stage, monkeypatch, [*"DELETE", "enter"], [BY_HAND] * 7)
        await stage.sees("[DELETE]  read it, then Enter again")
        assert "delete_token" not in stage.provider.calls
        await keys_at(stage, monkeypatch, ["enter"], [1.0])
        await stage.sees("is deleted")


async def test_a_line_that_stutters_is_still_a_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with staged(tmp_path) as stage:
        await stage.press("2", "D")
        await stage.sees("to go on:")
        gaps = [BY_HAND, BURST, BY_HAND, BY_HAND, BURST, BY_HAND, READ]
        await keys_at(stage, monkeypatch, [*"DELETE", "enter"], gaps)
        await stage.sees("is deleted")


@pytest.mark.parametrize(
    ("keys", "read_only", "refused"),
    [
        (("2", "D"), False, "Deleting a token needs the word DELETE"),
        (("X",), False, "Disabling provisioning needs the word DISABLE"),
        (("W",), True, "Allowing changes needs the word WRITE"),
    ],
)
async def test_the_core_checks_what_was_typed_even_if_the_dialog_takes_anything(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    keys: Sequence[str],
    read_only: bool,
    refused: str,
) -> None:
    provider = MemoryProvider.sample()
    if keys == ("X",):
        provider.access_tokens.clear()
    monkeypatch.setattr(TypedWord, "matches", property(lambda self: self._typed == "OOPS"))
    async with staged(tmp_path, provider=provider, read_only=read_only) as stage:
        stage.app.session.opened().guard.bound = False
        await stage.press(*keys)
        await stage.sees("to go on:")
        await stage.press(*"OOPS", "enter")
        await stage.sees(refused)
        assert not {"delete_token", "disable"} & set(provider.calls)
        assert stage.app.session.read_only is read_only
