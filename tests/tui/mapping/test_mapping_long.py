"""The Mapping screen while very many people are checked.

The check stops at a gate after some people, so that no test depends on the pace of the machine.
"""

import asyncio
from pathlib import Path

import pytest

from scim_tui.core.base.timeslice import Slices
from scim_tui.tui.mapping import messages as mapping_messages
from scim_tui.tui.mapping.screen import MappingPage
from tests.tui.stage import staged

HEAD = "userName,givenName,familyName,displayName,email,externalId\n"
MANY = 500


class Gate(Slices):
    """Gives the event loop its turn whenever the check asks, and from a number of turns on waits.

    The check asks once in 16 people, the first time after the first person.
    """

    TURNS = 10
    """Turns after which the check waits until it is cancelled."""

    def __init__(self) -> None:
        super().__init__()
        self._turns = 0

    due = news = property(lambda self: True)

    async def turn(self) -> None:
        """Go on, or wait at the gate."""
        self._turns += 1
        if self._turns > self.TURNS:
            await asyncio.Event().wait()
        await super().turn()


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every check stops at the gate, and all progress before it is painted."""
    monkeypatch.setattr("scim_tui.core.mapping.api.Slices", Gate)
    monkeypatch.setattr("scim_tui.tui.mapping.work.PAINT_SECONDS", 0.0)


def write(folder: Path, name: str, count: int) -> str:
    """A file of people who have its name."""
    file = folder / f"{name}.csv"
    rows = (f"{name}{n}@x.example,A,B,A B,{n}@x.example,{n}\n" for n in range(count))
    file.write_text(HEAD + "".join(rows))
    return str(file)


@pytest.mark.usefixtures("gate")
async def test_a_long_check_shows_its_progress_and_can_be_stopped(tmp_path: Path) -> None:
    facts = {"people_file": write(tmp_path, "many", MANY)}
    async with staged(tmp_path, size=(120, 40), facts=facts) as stage:
        await stage.press("3")
        page = stage.app.screen
        assert isinstance(page, MappingPage)
        await stage.sees(f"of {MANY}", "Ctrl-C stops", "[ok]   many0@x.example")
        await stage.press("ctrl+c")
        await stage.sees(mapping_messages.STOPPED)
        await stage.until(lambda: page.state.busy is None, ["an end"])
        await stage.until(lambda: 0 < len(stage.table().source) < MANY, ["those checked"])
        assert page.state.totals is not None
        assert page.state.totals.people < MANY


async def test_other_people_are_shown_while_they_are_checked(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    facts = {"people_file": write(tmp_path, "before", 100)}
    async with staged(tmp_path, size=(120, 40), facts=facts) as stage:
        await stage.press("3")
        await stage.sees("100 checked", "before1@x.example")
        await stage.press("G")
        page = stage.app.screen
        assert isinstance(page, MappingPage)
        request.getfixturevalue("gate")
        files = page.state.with_files(lambda files: None)
        files.people = write(tmp_path, "many", MANY)
        page.work.load(files)
        shown = await stage.sees(f"of {MANY:,}", "› [ok]   many0@x.example")
        assert "before" not in shown
        assert page.state.busy is not None, "the check goes on"
        await stage.press("ctrl+c")
        await stage.sees(mapping_messages.STOPPED)


@pytest.mark.usefixtures("gate")
async def test_a_check_that_was_begun_anew_is_drawn_before_it_ends(tmp_path: Path) -> None:
    facts = {"people_file": write(tmp_path, "many", MANY)}
    async with staged(tmp_path, size=(120, 40), facts=facts) as stage:
        await stage.press("3")
        await stage.sees("[ok]   many0@x.example")
        await stage.press("ctrl+c")
        page = stage.app.screen
        assert isinstance(page, MappingPage)
        await stage.until(lambda: page.state.busy is None, ["an end"])
        (tmp_path / "rules.toml").write_text('userName = { const = "everybody" }\n')
        files = page.state.with_files(lambda files: None)
        files.mapping = str(tmp_path / "rules.toml")
        page.work.load(files)
        await stage.sees("[ERR]  everybody")
        assert page.state.busy is not None, "the check goes on"
