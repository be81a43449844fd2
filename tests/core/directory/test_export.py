"""Rows as files: whole or not at all, private, and nothing that a spreadsheet would run."""

import asyncio
import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from scim_tui.core.directory import export as module
from scim_tui.core.directory.api import Directory, View
from scim_tui.core.directory.export import export, format_of
from scim_tui.model.directory import Kind
from scim_tui.model.errors import UsageError
from tests.fakes.memory import MemoryProvider

FORMULA = "=cmd|' /C calc'!A0"
PEOPLE: dict[str, dict[str, Any]] = {
    "u1": {"id": "u1", "userName": FORMULA, "displayName": "Zoë \x1b[31m", "active": True},
    "u2": {"id": "u2", "userName": 'ana,"b"', "displayName": "山田\n太郎", "active": False},
    "u3": {"id": "u3", "userName": "  @sum", "displayName": "plain"},
}


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


@pytest.fixture
async def view() -> View:
    provider = MemoryProvider.sample(users=0, groups=0)
    provider.resources[Kind.USERS] = {key: dict(value) for key, value in PEOPLE.items()}
    directory = Directory(provider)
    await directory.load(Kind.USERS)
    return await directory.view(Kind.USERS, sort="id")


async def test_a_sheet_has_every_row_and_no_formula(view: View, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    assert await export(view, path, fields=("id", "user_name", "display_name", "active")) == 3
    rows = list(csv.reader(io.StringIO(path.read_text())))
    assert rows[0] == ["id", "user_name", "display_name", "active"]
    assert [row[3] for row in rows[1:]] == ["true", "false", "unknown"]
    assert [row[1][:1] for row in rows[1:]] == ["'", "a", "'"]
    assert rows[2][2] == "山田\n太郎"
    assert rows[1][1] == f"'{FORMULA}"
    assert path.stat().st_mode & 0o777 == 0o600
    assert names(tmp_path) == [path.name]


async def test_what_a_server_does_not_say_is_null_in_json(view: View, tmp_path: Path) -> None:
    await export(view.only({"u3"}), tmp_path / "a.json")
    (said,) = json.loads((tmp_path / "a.json").read_text())["users"]
    assert {name for name, value in said.items() if value is None} == {
        *("given_name", "family_name", "email", "external_id", "active", "created", "changed")
    }


@pytest.mark.parametrize("chunk", [1, 2, 500])
async def test_json_in_any_stretches_is_one_document(
    view: View, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(module, "CHUNK", chunk)
    assert await export(view, tmp_path / "a.json") == 3
    people = json.loads((tmp_path / "a.json").read_text())["users"]
    assert await export(view, tmp_path / "a.jsonl") == 3
    lines = (tmp_path / "a.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == people
    assert {each["id"]: each["user_name"] for each in people} == {
        key: value["userName"] for key, value in PEOPLE.items()
    }
    assert await export(view.only({"u2", "nobody"}), tmp_path / "b.json") == 1
    assert [each["id"] for each in json.loads((tmp_path / "b.json").read_text())["users"]] == ["u2"]
    assert await export(view.only(()), tmp_path / "c.json") == 0
    assert json.loads((tmp_path / "c.json").read_text()) == {"users": []}


async def test_nothing_of_another_is_replaced(view: View, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("mine")
    with pytest.raises(UsageError, match="exists and is left as it is"):
        await export(view, path)
    assert path.read_text() == "mine"
    with pytest.raises(UsageError, match="cannot be written"):
        await export(view, tmp_path / "nowhere" / "a.csv")
    assert names(tmp_path) == [path.name]


async def test_cancelled_leaves_nothing_behind(
    view: View, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK", 1)
    told: list[int] = []

    def stop(looked_at: int) -> None:
        told.append(looked_at)
        if looked_at == 2:
            task.cancel()

    task = asyncio.ensure_future(export(view, tmp_path / "a.csv", progress=stop))
    with pytest.raises(asyncio.CancelledError):
        await task
    assert told[-1] == 2
    assert names(tmp_path) == []


def test_the_file_name_sets_the_format() -> None:
    assert format_of("people.JSONL") == "jsonl"
    with pytest.raises(UsageError, match="does not end in a format"):
        format_of("people.xlsx")


async def test_a_column_that_is_not_there_is_reported(view: View, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no column 'mail'"):
        await export(view, tmp_path / "a.csv", fields=("mail",))
    assert names(tmp_path) == []
