"""No screen draws before its widgets are there, or after they are gone."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scim_tui.tui.activity.screen import ActivityPage
from scim_tui.tui.directory.screen import DirectoryPage
from scim_tui.tui.mapping.screen import MappingPage
from scim_tui.tui.modals.choice import Choice
from scim_tui.tui.modals.prompt import Prompt
from scim_tui.tui.registry import make
from scim_tui.tui.shell.actions import SCREENS
from scim_tui.tui.shell.help_dialog import HelpDialog
from scim_tui.tui.shell.page import Page
from scim_tui.tui.terminal.first_paint import DeferredPaintScreen
from scim_tui.tui.widgets.table import Column
from tests.tui.stage import staged

NAMES = [*(action.id for action in SCREENS), "rotation"]
SOURCES = Path(make.__code__.co_filename).parent


def drawn_in_every_way(page: Page) -> None:
    """What callbacks, workers and other screens make a screen draw."""
    page.redraw()
    page.say("something")
    page.say_fault("something")
    page.on_screen_resume()
    page.stop()
    if isinstance(page, ActivityPage):
        page.show_about("some-id")
    if isinstance(page, MappingPage):
        page.draw_state()
    if isinstance(page, DirectoryPage):
        page.view.show_progress("marks", None)


@pytest.mark.parametrize("name", NAMES)
async def test_a_screen_that_was_never_shown(tmp_path: Path, name: str) -> None:
    async with staged(tmp_path) as stage:
        page = make(name)
        page._parent = stage.app
        assert not page.drawable
        drawn_in_every_way(page)


@pytest.mark.parametrize("name", NAMES)
async def test_a_screen_that_is_gone(tmp_path: Path, name: str) -> None:
    ran: list[str] = []

    async def draws() -> None:
        ran.append(name)

    async with staged(tmp_path) as stage:
        page = stage.app.page(name)
        await stage.app.push_screen(page)
        await stage.until(lambda: page.drawable)
        stage.app.pop_screen()
        removed = page.remove()
        assert not page.drawable
        drawn_in_every_way(page)
        page.run_worker(draws(), group="change", description="late")
        await removed
        await stage.pilot.pause()
        drawn_in_every_way(page)
        assert ran == []
        del stage.app._pages[name]


DIALOGS: dict[str, Callable[[], DeferredPaintScreen[Any]]] = {
    "choice": lambda: Choice("Which", (Column("ONE", 5),), []),
    "prompt": lambda: Prompt("What"),
    "help": lambda: HelpDialog("status", ()),
}


@pytest.mark.parametrize("name", DIALOGS)
@pytest.mark.parametrize("turns", range(6))
async def test_a_dialog_that_is_closed_while_it_opens(
    tmp_path: Path, name: str, turns: int
) -> None:
    async with staged(tmp_path) as stage:
        dialog = DIALOGS[name]()
        stage.app.push_screen(dialog)
        for _ in range(turns):
            await asyncio.sleep(0)
        if dialog.is_current:
            dialog.dismiss(None)
        await stage.sees("[1 Status]")


def test_only_one_place_draws_a_screen() -> None:
    callers = [
        path.name
        for path in sorted([*SOURCES.glob("shell/*.py"), *SOURCES.glob("*/screen.py")])
        for row in path.read_text(encoding="utf-8").splitlines()
        if row.strip() == "self.draw()"
    ]
    assert callers == ["page.py"]
