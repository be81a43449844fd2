"""From a count on the Status screen to the list behind it."""

from pathlib import Path

from scim_tui.model.errors import Unreachable
from tests.tui.lists_kit import add, directory, person, rows
from tests.tui.stage import staged


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
