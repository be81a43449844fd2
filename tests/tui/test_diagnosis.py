"""T on Status: the connection looked at stage by stage, also while it is broken."""

from pathlib import Path

import pytest

from scim_tui.model.errors import Unreachable
from scim_tui.tui.profiles import messages as profiles_messages
from tests.fakes.memory import MemoryProvider
from tests.tui.stage import staged


async def test_the_open_connection_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with staged(tmp_path) as stage:
        await stage.press("T")
        shown = await stage.sees(
            "Testing lab", profiles_messages.CHECKS_PASSED, "[--] Token", "Able to"
        )
        assert "save" not in shown
        await stage.press("enter")
        shown = await stage.sees("[1 Status]")
        assert not stage.provider.closed


async def test_a_broken_one_says_so_and_can_be_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = MemoryProvider.sample()
    copied: list[str] = []

    async def copy(text: str) -> str:
        copied.append(text)
        return "copied"

    async with staged(tmp_path, provider=provider) as stage:
        monkeypatch.setattr(stage.app, "copy", copy)
        provider.down = Unreachable("No answer from there.", "Start it.")
        await stage.press("T")
        await stage.sees("1 thing is wrong", "[!!] Connection", "-> Start it.")
        await stage.press("y")
        await stage.sees("y copied")
        assert "[!!]  Connection: No answer from there." in copied[0]
        await stage.press("escape")
        await stage.sees("[1 Status]")
