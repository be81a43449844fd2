"""Sorting by any column, choosing columns, and all of them sideways; remembered for the profile."""

import json
from pathlib import Path

from tests.fakes.memory import MemoryProvider
from tests.tui.lists_kit import WORDS, directory, marked, person, rows
from tests.tui.stage import staged


async def test_a_sort_is_picked_and_remembered(tmp_path: Path) -> None:
    provider = MemoryProvider(users=[person("ana", name="Zeta"), person("bert", name="Alpha")])
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("4")
        await stage.sees("USER NAME ↑", "bert")
        await stage.press("j", "s")
        await stage.sees("Sort by", "CHANGED")
        await stage.press("j", "enter")
        await stage.sees("USER NAME ↓", "Sorted by user name, descending.")
        await stage.until(lambda: rows(stage) == ["bert", "ana"])
        assert marked(stage).startswith("› bert"), "the cursor stays on the person"
        await stage.press("s", "j", "enter")
        await stage.sees("DISPLAY NAME ↑")
        await stage.press("s", "s")
        await stage.sees("DISPLAY NAME ↓")
        await stage.press("s", "s")
        await stage.sees("DISPLAY NAME ↑")
    kept = tmp_path / "columns-lab.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("4")
        await stage.sees("DISPLAY NAME ↑", "bert")
        await stage.until(lambda: rows(stage) == ["bert", "ana"])


async def test_columns_are_chosen_ordered_and_widened(tmp_path: Path) -> None:
    async with staged(tmp_path, provider=directory(WORDS)) as stage:
        await stage.press("4")
        await stage.sees("dora", "DISPLAY NAME")
        await stage.press("c")
        await stage.sees("Columns", "EXTERNAL ID")
        await stage.press("j", "space", "j", "J", "K", "K", "plus", "enter")
        shown = await stage.sees("ACTIVE", "USER NAME")
        header = next(row for row in shown.split("\n") if "USER NAME" in row)
        assert "DISPLAY NAME" not in header
        kept = tmp_path / "columns-lab.json"
        await stage.until(kept.exists)
        names = [name for name, _ in json.loads(kept.read_text())["Users"]["columns"]]
        assert "display_name" not in names
        assert names[:2] == ["user_name", "active"]
        await stage.press("w")
        await stage.sees("DISPLAY NAME")


async def test_a_file_of_columns_that_says_nonsense_is_as_if_not_there(tmp_path: Path) -> None:
    (tmp_path / "columns-lab.json").write_text(
        '{"Users": {"columns": [["shoe", 1], 7], "sort": 3}}'
    )
    async with staged(tmp_path, provider=directory(WORDS)) as stage:
        await stage.press("4")
        await stage.sees("USER NAME ↑", "dora")


async def test_all_columns_scroll_sideways_and_gg_goes_to_the_top(tmp_path: Path) -> None:
    async with staged(tmp_path, provider=directory(WORDS)) as stage:
        await stage.press("4")
        await stage.sees("dora")
        await stage.press("w", "l", "l", "l", "l")
        await stage.sees("USER NAME", "CREATED")
        await stage.press("h", "h", "h")
        assert "CREATED" not in stage.text()
        await stage.press("G")
        assert marked(stage).startswith("› dora")
        await stage.press("g", "g")
        assert marked(stage).startswith("› ana")
        await stage.press("w")
        await stage.sees("CHANGED")
