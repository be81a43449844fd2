"""Ready-made filters, what is wrong with a search, and a filter for the server itself."""

from pathlib import Path

from scim_tui.model.directory import Kind
from scim_tui.tui.directory import messages as directory_messages
from tests.tui.lists_kit import WORDS, add, directory, directory_page, person, rows, type_in
from tests.tui.stage import staged


async def test_facets_are_a_menu_with_counts(tmp_path: Path) -> None:
    provider = directory(WORDS, ["Sales"])
    add(provider, person("zacharias", active=False))
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("4")
        await stage.sees("[Users 5]", "zacharias")
        await stage.press("f")
        await stage.sees("Show which users", "Inactive", "active:no", "No mail address")
        await stage.press("j", "j", "enter")
        await stage.sees("filter: active:no", "1 of 5")
        await stage.until(lambda: rows(stage) == ["zacharias"])
        await stage.press("escape")
        await stage.until(lambda: len(rows(stage)) == 5)
        await stage.press("tab", "f")
        await stage.sees("Show which groups", "empty:members", "not listed")
        await stage.press("G", "enter")
        await stage.sees("filter: empty:members", "1 of 1")


async def test_a_server_that_does_not_say_who_is_active_has_no_zero(tmp_path: Path) -> None:
    provider = directory(WORDS)
    for user in provider.resources[Kind.USERS].values():
        user.pop("active", None)
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("4")
        await stage.sees("[Users 4]", "ana")
        await stage.until(lambda: directory_page(stage).lists.users.listed_once, ["a whole list"])
        await stage.press("f")
        shown = await stage.sees("Show which users", "active:no", "active:unknown")
        row = next(each for each in shown.split("\n") if "active:no" in each)
        assert "unknown" in row
        await stage.press("j", "j", "j", "enter")
        await stage.sees("filter: active:unknown", "4 of 4")


async def test_an_invalid_search_is_reported_in_place_until_it_changes(tmp_path: Path) -> None:
    async with staged(tmp_path, provider=directory(WORDS)) as stage:
        await stage.press("4")
        await stage.sees("dora")
        await stage.press("slash")
        await type_in(stage, "missing:emial")
        await stage.sees("! this is no search", "Did you mean missing:email?")
        await stage.press(*["backspace"] * 3, "a", "i", "l")
        shown = await stage.sees("0 of 4")
        assert "Did you mean" not in shown


async def test_a_filter_for_the_server_is_sent_with_enter(tmp_path: Path) -> None:
    provider = directory(WORDS)
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("4")
        await stage.sees("dora")
        await stage.press("slash")
        await type_in(stage, 'filter:userName eq "bert"')
        await stage.sees(directory_messages.SEND_FILTER)
        await stage.press("enter")
        await stage.sees("1 found by the server")
        await stage.until(lambda: rows(stage) == ["bert"])
        await stage.press("escape")
        await stage.until(lambda: rows(stage) == list(WORDS))
