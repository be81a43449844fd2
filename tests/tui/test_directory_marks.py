"""Marks and export on the Directory screen, and a filter that cannot be searched for."""

import json
from dataclasses import replace
from pathlib import Path

from textual.widgets import Input

from scim_tui.core.directory import LoadPhase, LoadState
from scim_tui.model.absent import UNKNOWN
from scim_tui.model.directory import Kind
from scim_tui.tui.directory_half import Half
from scim_tui.tui.directory_rows import USERS, progress
from tests.tui.lists_kit import directory, type_in
from tests.tui.stage import staged

WORDS = ("ana", "bert", "carla", "dora")


async def test_marks_outlive_sorting_and_a_filter_and_are_what_is_exported(tmp_path: Path) -> None:
    async with staged(tmp_path, provider=directory(WORDS)) as stage:
        await stage.press("4")
        await stage.sees("[Users 4]", "dora")
        await stage.press("space", "j", "plus")
        await stage.sees("3 marked", "*ana", "*bert", "*carla")
        await stage.press("percent_sign")
        await stage.sees("1 marked", "*dora")
        await stage.press("s", "slash")
        await type_in(stage, "ber")
        await stage.sees("1 of 4", "1 marked")
        await stage.press("enter", "asterisk")
        await stage.sees("2 marked")
        await stage.press("e")
        await stage.sees("2 users that are marked")
        file = tmp_path / "out.jsonl"
        stage.app.screen.query_one(Input).value = str(file)
        await stage.press("enter")
        await stage.until(file.exists)
        names = [json.loads(row)["user_name"] for row in file.read_text().splitlines()]
        assert sorted(names) == ["bert", "dora"]
        assert file.stat().st_mode & 0o777 == 0o600
        await stage.press("minus")
        await stage.until(lambda: "marked" not in stage.text().split("\n")[3])


async def test_a_term_that_cannot_be_is_told_in_place(tmp_path: Path) -> None:
    async with staged(tmp_path, provider=directory(WORDS)) as stage:
        await stage.press("4")
        await stage.sees("dora")
        await stage.press("slash")
        await type_in(stage, "missing:emial")
        await stage.sees("missing: knows no 'emial'.", "Did you mean missing:email?")
        assert "match" not in stage.text(), "it is not known how many would match"
        await type_in(stage, "x")
        await stage.press("escape")
        await stage.until(lambda: "knows no" not in stage.text())


async def test_the_history_of_a_person_is_what_two_listings_differ_by(tmp_path: Path) -> None:
    provider = directory(WORDS)
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("4")
        await stage.sees("[Users 4]", "dora")
        await stage.press("enter", "h")
        await stage.sees("[History]", "saw no change", "is not known")
        provider.resources[Kind.USERS]["id-ana"]["displayName"] = "Ana Nova"
        await stage.press("r")
        await stage.sees("Ana Nova")
        await stage.press("r")
        await stage.sees("display name", "Name of ana -> Ana Nova")


def test_progress_has_rate_time_left_and_says_who_slows_it() -> None:
    half = Half("Users", USERS, started=0.0)
    state = LoadState(LoadPhase.LOADING, loaded=500, total=9_000, rate=50.0, seconds_left=170.0)
    assert progress(half, state, 10.0) == "loading 500 of 9,000, 50/s, 3m left"
    slow = replace(state, slowed=True, seconds_left=UNKNOWN)
    assert progress(half, slow, 10.0) == "loading 500 of 9,000, 50/s, slowed by the server"
