"""The Mapping screen while very many people are checked."""

from pathlib import Path

from scim_tui.tui.mapping.screen import MappingPage
from tests.tui.stage import staged

HEAD = "userName,givenName,familyName,displayName,email,externalId\n"
MANY = 40_000
"""Long enough to be stopped by hand, also by slow hands."""


def write(folder: Path, name: str, count: int) -> str:
    """A file of people who have its name."""
    file = folder / f"{name}.csv"
    rows = (f"{name}{n}@x.example,A,B,A B,{n}@x.example,{n}\n" for n in range(count))
    file.write_text(HEAD + "".join(rows))
    return str(file)


async def test_a_long_check_tells_its_progress_and_can_be_stopped(tmp_path: Path) -> None:
    facts = {"people_file": write(tmp_path, "many", MANY)}
    async with staged(tmp_path, size=(120, 40), facts=facts) as stage:
        await stage.press("3")
        page = stage.app.screen
        assert isinstance(page, MappingPage)
        await stage.until(lambda: page.busy is not None and page.busy.of > 0, ["progress"])
        assert "Ctrl-C stops" in stage.text()
        await stage.press("ctrl+c")
        await stage.sees("The preview was stopped; what was checked stays.")
        await stage.until(lambda: page.busy is None, ["an end"])
        assert 0 < len(stage.table().source) < MANY
        assert page.totals is not None
        assert page.totals.people < MANY


async def test_other_people_are_shown_while_they_are_checked(tmp_path: Path) -> None:
    facts = {"people_file": write(tmp_path, "before", 100)}
    async with staged(tmp_path, size=(120, 40), facts=facts) as stage:
        await stage.press("3")
        await stage.sees("100 checked", "before1@x.example")
        await stage.press("G")
        page = stage.app.screen
        assert isinstance(page, MappingPage)
        files = page.with_files(lambda files: None)
        files.people = write(tmp_path, "many", MANY)
        page.load(files)
        shown = await stage.sees(f"of {MANY:,}", "› [ok]   many0@x.example")
        assert "before" not in shown
        assert page.busy is not None, "the check goes on"
        await stage.press("ctrl+c")
        await stage.sees("The preview was stopped; what was checked stays.")


async def test_a_check_that_was_begun_anew_is_drawn_before_it_ends(tmp_path: Path) -> None:
    facts = {"people_file": write(tmp_path, "many", MANY)}
    async with staged(tmp_path, size=(120, 40), facts=facts) as stage:
        await stage.press("3")
        await stage.sees("[ok]   many0@x.example")
        await stage.press("ctrl+c")
        page = stage.app.screen
        assert isinstance(page, MappingPage)
        await stage.until(lambda: page.busy is None, ["an end"])
        (tmp_path / "rules.toml").write_text('userName = { const = "everybody" }\n')
        files = page.with_files(lambda files: None)
        files.mapping = str(tmp_path / "rules.toml")
        page.load(files)
        await stage.sees("[ERR]  everybody")
        assert page.busy is not None, "the check goes on"
