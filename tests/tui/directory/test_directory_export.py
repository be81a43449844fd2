"""What is shown, or marked, as a file."""

import csv
import json
import threading
from pathlib import Path

import pytest

from scim_tui.core.base import timeslice as slices
from scim_tui.core.directory.api import View
from scim_tui.core.directory.export import CHUNK
from scim_tui.model.directory import Row, UserRow
from scim_tui.tui.directory import messages as directory_messages
from tests.tui.lists_kit import WORDS, directory, directory_page, type_in
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


async def test_the_columns_of_the_list_or_all_fields(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with staged(tmp_path, provider=directory(WORDS)) as stage:
        await stage.press("4")
        await stage.sees("dora")
        page = directory_page(stage)
        page.lists.shown.layout = (("email", 0), ("user_name", 4))
        await stage.press("e")
        await stage.sees("(x) the columns of the list", "email, user_name")
        await stage.press("enter")
        await stage.sees("4 users written to users.csv.")
        assert (tmp_path / "users.csv").read_text().startswith("email,user_name\nana@example.com,")
        await stage.press("e", "down")
        await stage.sees("(x) all fields", "id, user_name, display_name, given_name")
        await stage.press("up", "down", *["backspace"] * 3)
        await type_in(stage, "json")
        await stage.press("enter")
        await stage.sees("4 users written to users.json.")
        assert set(json.loads((tmp_path / "users.json").read_text())["users"][0]) == {
            *UserRow._fields
        }


async def test_writing_is_reported_and_can_be_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(slices, "REPORT", 0.0)
    rest = threading.Event()
    rows_of = View.rows

    def slow(view: View, first: int, count: int) -> list[Row]:
        if count == CHUNK and first:
            rest.wait(20)
        return rows_of(view, first, count)

    provider = directory([f"person{number:04}" for number in range(1_200)])
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("4")
        await stage.sees("[Users 1,200]")
        monkeypatch.setattr(View, "rows", slow)
        await stage.press("e", "enter")
        await stage.sees("█████······· writing 500 of 1,200", "Ctrl-C stops")
        await stage.press("ctrl+c")
        await stage.sees(directory_messages.EXPORT_STOPPED)
        rest.set()
        await stage.until(lambda: "writing 500" not in stage.text())
        await stage.until(lambda: not list(tmp_path.glob("*users.csv*")))
