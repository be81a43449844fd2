"""What the Tokens screen says when there is little to show."""

from pathlib import Path

from scim_tui.tui.tokens import messages as tokens_messages
from tests.fakes.memory import MemoryProvider
from tests.tui.stage import staged


async def test_off_names_the_way_on(tmp_path: Path) -> None:
    async with staged(tmp_path, provider=MemoryProvider(enabled=False)) as stage:
        await stage.press("2")
        shown = await stage.sees("provisioning is off: enable it first (1, E)")
        assert "makes one" not in shown


async def test_read_only_offers_no_key(tmp_path: Path) -> None:
    async with staged(tmp_path, provider=MemoryProvider(), read_only=True) as stage:
        await stage.press("2")
        shown = await stage.sees(tokens_messages.EMPTY)
        assert "makes one" not in shown


async def test_the_detail_is_whole(tmp_path: Path) -> None:
    async with staged(tmp_path, size=(100, 30)) as stage:
        await stage.press("2")
        await stage.sees("not kept")
