"""The directory's list: found by typing, drawn at any size, from any name."""

import asyncio
import threading
from array import array
from pathlib import Path

import pytest

from scim_tui.core.directory.api import Directory, View
from scim_tui.core.index.api import Index
from scim_tui.model.directory import Kind, Row
from tests.fakes.memory import MemoryProvider
from tests.tui.lists_kit import (
    HOSTILE,
    LARGE,
    SHOWN,
    WORDS,
    directory,
    marked,
    person,
    rows,
    type_in,
)
from tests.tui.lists_kit import (
    directory_page as page,
)
from tests.tui.stage import staged


async def test_users_and_groups_with_their_counts(tmp_path: Path) -> None:
    provider = directory(WORDS, ["Engineering", "Sales"])
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("4")
        shown = await stage.sees("[Users 4]", "Groups 2", "dora", "CHANGED", "2d")
        assert "ana@example.com" in shown, "the short detail comes from the row"
        assert "record" not in provider.calls
        await stage.press("tab")
        await stage.sees("[Groups 2]", "Users 4", "Engineering", "Sales")
        await stage.press("tab")
        await stage.sees("[Users 4]", "dora")


async def test_typing_filters_and_escape_brings_all_back(tmp_path: Path) -> None:
    provider = directory([f"person{number:03}" for number in range(200)] + ["zoë"])
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("4")
        await stage.sees("[Users 201]", "person000")
        await stage.press("slash")
        await type_in(stage, "zoe")
        await stage.sees("filter: zoe", "1 of 201")
        assert marked(stage).startswith("› zoë")
        await type_in(stage, "q1")
        await stage.sees("0 of 201 match 'zoeq1'", "Esc clears the filter")
        assert "[4 Directory]" in stage.text(), "digits are part of the text"
        await stage.press("escape")
        shown = await stage.sees("person000", "person001")
        assert "filter:" not in shown
        await stage.press("j")
        assert marked(stage).startswith("› person001"), "the list has the keys again"


async def test_enter_leaves_the_filter_in_force_and_escape_takes_it_away(tmp_path: Path) -> None:
    async with staged(tmp_path, provider=directory(WORDS)) as stage:
        await stage.press("4")
        await stage.sees("dora")
        await stage.press("slash")
        await type_in(stage, "!ana")
        await stage.sees("3 of 4")
        await stage.press("down", "j")
        assert marked(stage).startswith("› carla")
        await stage.press("slash", "backspace", "enter")
        await stage.sees("filter: !an", "3 of 4")
        await stage.press("escape")
        await stage.until(lambda: rows(stage) == list(WORDS))


async def test_the_smallest_terminal_still_shows_a_list_and_resizing_keeps_the_place(
    tmp_path: Path,
) -> None:
    async with staged(tmp_path, provider=directory(WORDS), size=(60, 15)) as stage:
        await stage.press("4")
        await stage.sees(*WORDS[:3], "email ana@example.com")
        await stage.press("5")
        await stage.sees("No request yet.")
        await stage.press("4", "j", "j", "enter")
        await stage.sees("3 of 4", "userName       carla")
        await stage.pilot.resize_terminal(*LARGE)
        await stage.press("escape")
        await stage.sees("3 of 4", "userName       carla", "USER NAME")
        assert marked(stage).startswith("› carla")


async def test_an_empty_directory_says_where_people_would_come_from(tmp_path: Path) -> None:
    async with staged(tmp_path, provider=MemoryProvider()) as stage:
        await stage.press("4")
        await stage.sees("[Users 0]", "No users yet.", "2 has the token", "5 shows what it sent")
        await stage.press("tab")
        await stage.sees("No groups yet.")
        await stage.press("enter")
        assert not page(stage).full, "there is nothing to open"


async def test_what_was_found_for_an_older_text_is_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gates: dict[str, asyncio.Event] = {}
    view_of = Directory.view

    async def slow(self: Directory, kind: Kind, text: str = "", sort: str = "") -> View:
        if text:
            await gates.setdefault(text, asyncio.Event()).wait()
        return await view_of(self, kind, text, sort)

    monkeypatch.setattr(Directory, "first_rows", slow)
    monkeypatch.setattr(Directory, "view", slow)
    async with staged(tmp_path, provider=directory(WORDS)) as stage:
        await stage.press("4")
        await stage.sees("dora")
        await stage.press("slash", "r", "l")
        gates["r"].set()
        await stage.until(lambda: "rl" in gates)
        await stage.pilot.pause()
        assert rows(stage) == list(WORDS)
        gates["rl"].set()
        await stage.until(lambda: rows(stage) == ["carla"])


async def test_of_five_thousand_rows_a_key_reads_a_screenful_and_searches_off_the_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    searched: list[bool] = []
    rows_of, find = View.rows, Index.find

    def counted(view: View, first: int, count: int) -> list[Row]:
        read.append(count)
        return rows_of(view, first, count)

    def watched(index: Index, kind: Kind, text: str, sort: str) -> "array[int]":
        searched.append(threading.current_thread() is threading.main_thread())
        return find(index, kind, text, sort)

    monkeypatch.setattr(View, "rows", counted)
    monkeypatch.setattr(Index, "find", watched)
    provider = directory([f"person{number:05}" for number in range(5_000)], page_size=500)
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("4")
        await stage.sees("[Users 5,000]")
        for key in ("G", "home", "pagedown", "j"):
            read.clear()
            await stage.press(key)
            assert sum(read) <= 150, key
        await stage.press("slash")
        read.clear()
        await type_in(stage, "person04")
        await stage.sees("1,000 of 5,000", "person04000")
        await stage.press("escape", "s", "j", "enter")
        await stage.until(lambda: len(page(stage).table.source) == 5_000)
        assert sum(read) < 5_000
        assert searched
        assert not any(searched)


async def test_hostile_names_are_shown_and_do_nothing(tmp_path: Path) -> None:
    evil = person(HOSTILE, name=f"[@click=quit]{HOSTILE}\u202egnp", id="id-1")
    evil["title"] = HOSTILE
    evil[f"x{HOSTILE}"] = {"y\x1b[2J": [HOSTILE]}
    group = {"id": "id-2", "displayName": HOSTILE}
    provider = MemoryProvider(users=[evil], groups=[group], memberships=[("id-2", "id-1")])
    for size in ((80, 24), LARGE):
        async with staged(tmp_path, provider=provider, size=size) as stage:
            await stage.press("4")
            await stage.sees(SHOWN[:9])
            for keys in (["enter"], ["l"], ["l"], ["escape"], ["slash"], ["tab", "tab", "enter"]):
                await stage.press(*keys)
                await stage.pilot.pause()
                assert all(row.isprintable() for row in stage.text().split("\n"))
            assert stage.app.is_running
