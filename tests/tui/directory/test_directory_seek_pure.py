"""Going to a row by typing, and the keys of the map that lead on from a row."""

from pathlib import Path

import pytest

from scim_tui.model.errors import Unreachable
from scim_tui.tui.directory import messages as directory_messages
from tests.fakes.memory import MemoryProvider
from tests.tui.lists_kit import (
    WORDS,
    directory,
    directory_page,
    marked,
    person,
    request,
    rows,
    type_in,
)
from tests.tui.stage import staged


async def test_the_cursor_goes_where_typing_leads_and_back_with_escape(tmp_path: Path) -> None:
    provider = directory([*WORDS, "carlo", "zoë"])
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("4")
        await stage.sees("zoë")
        await stage.press("j", "apostrophe")
        await type_in(stage, "CARL")
        await stage.until(lambda: marked(stage).startswith("› carla"))
        await type_in(stage, "o")
        await stage.until(lambda: marked(stage).startswith("› carlo"))
        assert len(rows(stage)) == 6, "nothing is filtered"
        await stage.press("escape")
        await stage.until(lambda: marked(stage).startswith("› bert"))
        await stage.press("apostrophe")
        await type_in(stage, "zoe")
        await stage.until(lambda: marked(stage).startswith("› zoë"))
        await stage.press("enter", "k")
        assert marked(stage).startswith("› dora")
        await stage.press("apostrophe")
        await type_in(stage, "bz")
        await stage.sees("No user name begins with that; it would be here.")
        assert marked(stage).startswith("› carla")


async def test_filter_and_go_to_share_one_line(tmp_path: Path) -> None:
    async with staged(tmp_path, provider=directory(WORDS)) as stage:
        await stage.press("4")
        await stage.sees("dora")
        await stage.press("apostrophe", "d", "enter", "slash")
        await type_in(stage, "-bert")
        await stage.sees("filter: -bert", "3 of 4")
        await stage.press("enter", "apostrophe")
        await type_in(stage, "dora")
        await stage.until(lambda: marked(stage).startswith("› dora"))
        assert "filter: -bert" in stage.text()


async def test_the_order_that_was_chosen_decides_what_is_typed(tmp_path: Path) -> None:
    async with staged(tmp_path, provider=directory(WORDS)) as stage:
        await stage.press("4")
        await stage.sees("dora")
        page = directory_page(stage)
        page.lists.shown.sort = "-display_name"
        page.search.query_changed()
        await stage.until(lambda: rows(stage) == list(reversed(WORDS)))
        await stage.press("apostrophe")
        await type_in(stage, "name of b")
        await stage.until(lambda: marked(stage).startswith("› bert"))


async def test_reading_on_takes_up_a_listing_that_failed(tmp_path: Path) -> None:
    provider = directory(WORDS)
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("4")
        await stage.sees("dora")
        await stage.press("j", "right_square_bracket")
        await stage.sees(directory_messages.ALL_LISTED)
        await stage.press("left_square_bracket")
        assert marked(stage).startswith("› ana")
        provider.fail_next(Unreachable("No answer from there."), "users")
        await stage.press("r")
        await stage.sees("may be old: No answer from there.", "goes on by itself")
        await stage.press("right_square_bracket")
        await stage.until(lambda: "may be old" not in stage.text())


async def test_the_requests_about_a_user_are_one_key_away(tmp_path: Path) -> None:
    asked = [
        request(number, target=name, resource_id=f"id-{name}")
        for number, name in enumerate(("bert", "ana"), 1)
    ]
    provider = MemoryProvider(users=[person(name) for name in WORDS], events=asked)
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("4")
        await stage.sees("dora")
        await stage.press("j", "o")
        shown = await stage.sees("[5 Activity]", "filter: id:id-bert", "1 of 2 match")
        assert "req-2" not in shown


@pytest.mark.parametrize("key", ["tab", "shift+tab"])
async def test_both_ways_lead_to_the_groups(tmp_path: Path, key: str) -> None:
    async with staged(tmp_path, provider=directory(WORDS, ["Sales"])) as stage:
        await stage.press("4")
        await stage.sees("dora")
        await stage.press(key)
        await stage.sees("[Groups 1]")
