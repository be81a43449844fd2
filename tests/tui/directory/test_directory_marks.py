"""Marks in the directory: one, a range, all found, all others; they stay with the person."""

from pathlib import Path

from tests.tui.lists_kit import WORDS, add, directory, news, person, type_in
from tests.tui.stage import staged


async def test_marks_stay_with_their_people(tmp_path: Path) -> None:
    provider = directory(WORDS)
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("4")
        await stage.sees("dora")
        await stage.press("j", "space")
        await stage.sees("1 marked", " *bert", "› carla")
        await stage.press("slash")
        await type_in(stage, "ana")
        await stage.sees("1 of 4", "1 marked")
        await stage.press("enter", "space", "escape")
        await stage.sees("2 marked", "*ana", " *bert")
        add(provider, person("aaron"))
        await news(stage)
        await stage.press("r")
        shown = await stage.sees("aaron", "*ana", "*bert", "2 marked")
        assert "*aaron" not in shown
        await stage.press("minus")
        assert "marked" not in stage.text()
        assert "*bert" not in stage.text()


async def test_all_found_all_others_and_a_range(tmp_path: Path) -> None:
    async with staged(tmp_path, provider=directory(WORDS)) as stage:
        await stage.press("4")
        await stage.sees("dora")
        await stage.press("slash")
        await type_in(stage, "ar")
        await stage.sees("1 of 4")
        await stage.press("enter", "asterisk")
        await stage.sees("1 marked", "›*carla")
        await stage.press("escape")
        await stage.sees("ana", "›*carla")
        await stage.press("i")
        shown = await stage.sees("3 marked", "*ana", "*bert", "*dora")
        assert "*carla" not in shown
        await stage.press("minus", "home", "space", "j", "M")
        await stage.sees("3 marked", " *ana", " *bert", "›*carla")
