"""The question before a deletion on a small terminal."""

from pathlib import Path

from tests.tui.stage import staged


async def test_the_field_is_in_sight_and_the_text_scrolls(tmp_path: Path) -> None:
    async with staged(tmp_path, size=(60, 15)) as stage:
        await stage.press("2", "D")
        shown = await stage.sees("DELETE access token", "Type DELETE to go on:  [______]")
        assert "Same by command" not in shown
        for _ in range(3):
            await stage.press("pagedown")
        await stage.sees("--confirm DELETE", "[______]")
        await stage.press(*"DELETE", "enter")
        await stage.sees("is deleted")
