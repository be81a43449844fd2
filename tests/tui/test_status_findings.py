"""From a count on the Status screen to the list behind it."""

from pathlib import Path

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
        await stage.sees("Findings", "Inactive users", "users active:no", "unknown")
        await stage.press(*"jjjjjjj", "enter")
        await stage.sees("[4 Directory]", "filter: active:no", "1 of 3")
        await stage.until(lambda: rows(stage) == ["zacharias"])
