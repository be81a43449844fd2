"""From a count on the Status screen to the list behind it."""

from pathlib import Path

from scim_tui.model.activity import Event
from scim_tui.model.errors import Unreachable
from scim_tui.tui.activity.screen import ActivityPage
from tests.fakes.sample import START
from tests.tui.lists_kit import add, directory, person, rows, type_in
from tests.tui.stage import Stage, staged


async def test_a_count_leads_to_its_list(tmp_path: Path) -> None:
    provider = directory(("ana", "bert"), ["Sales"])
    add(provider, person("zacharias", active=False))
    async with staged(tmp_path, provider=provider) as stage:
        assert "finding" not in stage.text(), "nothing was listed yet"
        await stage.press("4")
        await stage.sees("[Users 3]", "zacharias")
        await stage.press("1")
        await stage.sees("1 finding", "f shows")
        await stage.press("f")
        await stage.sees("Findings", "Inactive users", "users active:no", "not listed")
        await stage.press(*"jjjjjjj", "enter")
        await stage.sees("[4 Directory]", "filter: active:no", "1 of 3")
        await stage.until(lambda: rows(stage) == ["zacharias"])


async def to_inactive(stage: Stage) -> None:
    """From the count on Status to its list of one."""
    await stage.press("4")
    await stage.sees("[Users 3]", "zacharias")
    await stage.press("1")
    await stage.sees("1 finding", "f shows")
    await stage.press("f")
    await stage.sees("Inactive users")
    await stage.press(*"jjjjjjj", "enter")
    await stage.sees("[4 Directory]", "filter: active:no", "1 of 3")


async def test_a_search_after_a_finding_begins_without_it_unless_that_is_asked(
    tmp_path: Path,
) -> None:
    provider = directory(("ana", "bert"), ["Sales"])
    add(provider, person("zacharias", active=False))
    async with staged(tmp_path, provider=provider) as stage:
        await to_inactive(stage)
        await stage.press("slash")
        shown = await stage.sees("Ctrl-T adds active:no")
        assert "filter:" not in stage.text(), shown
        await type_in(stage, "an")
        await stage.until(lambda: rows(stage) == ["ana"])
        await stage.press("ctrl+t")
        await stage.sees("[active:no] Ctrl-T removes", "filter: an active:no", "0 of 3")
        await stage.press("ctrl+t")
        await stage.until(lambda: rows(stage) == ["ana"])
        await stage.press("ctrl+t", "enter", "slash")
        await stage.sees("[active:no] Ctrl-T removes", "filter: an active:no")
        await stage.press("escape", "escape")
        await stage.until(lambda: len(rows(stage)) == 3)


async def test_a_facet_chosen_here_is_shown_beside_the_search_and_can_be_removed(
    tmp_path: Path,
) -> None:
    provider = directory(("ana", "bert"), ["Sales"])
    add(provider, person("zacharias", active=False))
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("4")
        await stage.sees("[Users 3]", "zacharias")
        await stage.press("f")
        await stage.sees("Show which users")
        await stage.press("j", "j", "enter")
        await stage.until(lambda: rows(stage) == ["zacharias"])
        await stage.press("slash")
        await type_in(stage, "zach")
        await stage.sees("[active:no] Ctrl-T removes", "filter: zach active:no", "1 of 3")
        await stage.press(*["backspace"] * 4, "ctrl+t")
        await stage.until(lambda: len(rows(stage)) == 3)


async def test_the_requests_about_one_object_do_not_narrow_a_later_search(tmp_path: Path) -> None:
    provider = directory(("ana", "bert"), [])
    provider.log = [
        Event(id=n, at=START, operation=name, status=200, resource_id=who)
        for n, (name, who) in enumerate((("CreateUser", "id-ana"), ("PatchUser", "id-bert")), 1)
    ]
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("5")
        await stage.sees("CreateUser", "PatchUser")
        page = stage.app.page("activity")
        assert isinstance(page, ActivityPage)
        page.show_about("id-ana")
        shown = await stage.sees("filter: id:id-ana", "CreateUser")
        assert "PatchUser" not in shown
        await stage.press("slash")
        await stage.sees("Ctrl-T adds id:id-ana", "PatchUser")
        await type_in(stage, "create")
        shown = await stage.sees("filter: create", "1 of 2 match")
        await stage.press("ctrl+t")
        await stage.sees("[id:id-ana] Ctrl-T removes", "filter: create id:id-ana")
        await stage.press("escape", "escape")
        await stage.sees("PatchUser")
        assert "filter:" not in stage.text()


async def test_what_was_not_listed_is_listed_from_the_counts(tmp_path: Path) -> None:
    provider = directory(("ana", "bert"), ["Sales"])
    add(provider, person("zacharias", active=False))
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("f")
        shown = await stage.sees("users and groups not listed yet, L lists")
        assert "unknown" not in shown
        assert "not listed" in next(row for row in shown.splitlines() if "Inactive users" in row)
        await stage.press("L")
        shown = await stage.sees("memberships not listed yet, L lists")
        inactive = next(row for row in shown.splitlines() if "Inactive users" in row)
        assert inactive.split("Inactive users")[1].split()[0] == "1"
        await stage.press("L")
        await stage.until(lambda: "not listed" not in stage.text(), ["all counted"])
        assert "3" in next(row for row in stage.text().splitlines() if "in no group" in row)
        await stage.press("escape")
        await stage.sees("[1 Status]", "f shows")


async def test_what_stops_a_listing_of_the_counts_is_said(tmp_path: Path) -> None:
    provider = directory(("ana",), ["Sales"])
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("f")
        await stage.sees("users and groups not listed yet")
        provider.fail_next(Unreachable("The line is cut."), "users")
        await stage.press("L")
        await stage.sees("The line is cut.", "not listed")
        await stage.press("L")
        await stage.sees("memberships not listed yet")


async def test_what_the_server_leaves_open_is_not_offered_for_listing_again(
    tmp_path: Path,
) -> None:
    provider = directory(("ana", "bert"), ["Sales"])
    unsaid = {name: value for name, value in person("zacharias").items() if name != "active"}
    add(provider, unsaid)
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("f")
        await stage.sees("users and groups not listed yet, L lists")
        await stage.press("L")
        await stage.sees("memberships not listed yet, L lists")
        await stage.press("L")
        await stage.until(lambda: "not listed" not in stage.text(), ["all listed"])
        inactive = next(row for row in stage.text().splitlines() if "Inactive users" in row)
        assert "unknown" in inactive
        assert "L lists" not in stage.text()
