"""What is shown, or marked, as a file."""

import csv
from pathlib import Path

import pytest

from tests.tui.lists_kit import WORDS, directory, type_in
from tests.tui.stage import staged


async def test_what_is_shown_and_then_what_is_marked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with staged(tmp_path, provider=directory(WORDS)) as stage:
        await stage.press("4")
        await stage.sees("dora")
        await stage.press("e")
        await stage.sees("Export what is shown", "users.csv")
        await stage.press("enter")
        await stage.sees("4 users written to users.csv.")
        file = tmp_path / "users.csv"
        assert file.stat().st_mode & 0o777 == 0o600
        found = list(csv.DictReader(file.read_text().splitlines()))
        assert [row["user_name"] for row in found] == list(WORDS)
        await stage.press("j", "space", "slash")
        await type_in(stage, "dora")
        await stage.sees("1 of 4")
        await stage.press("enter", "e")
        await stage.sees("Export the 1 marked")
        await stage.press("enter")
        await stage.sees("users.csv exists and is left as it is")
        await stage.press(*["backspace"] * 3)
        await type_in(stage, "xls")
        await stage.press("enter")
        await stage.sees("Let it end in .csv, .json or .jsonl.")
        await stage.press(*["backspace"] * 3)
        await type_in(stage, "jsonl")
        await stage.press("enter")
        await stage.sees("1 user written to users.jsonl.")
        assert '"bert"' in (tmp_path / "users.jsonl").read_text()
