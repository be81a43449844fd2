"""No screen draws before its widgets are there, or after they are gone."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual import events, work
from textual.widget import Widget

from scim_tui.tui.activity.screen import ActivityPage
from scim_tui.tui.directory.screen import DirectoryPage
from scim_tui.tui.mapping.screen import MappingPage
from scim_tui.tui.modals.choice import Choice
from scim_tui.tui.modals.prompt import Prompt
from scim_tui.tui.modals.question import ConfirmDialog
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


class Slow(Prompt):
    """A prompt that is not there yet while `ready` is not set, and works beside."""

    def __init__(self) -> None:
        super().__init__("What")
        self.ready = asyncio.Event()
        self.steps: list[str] = []

    async def mount_composed_widgets(self, widgets: list[Widget]) -> None:
        """Wait, as on a busy machine."""
        await self.ready.wait()
        await super().mount_composed_widgets(widgets)

    @work
    async def toil(self) -> None:
        """Wait for what does not come."""
        self.steps.append("began")
        await asyncio.Event().wait()


@pytest.mark.parametrize("key", ["tab", "escape", "enter"])
async def test_a_key_does_nothing_in_a_dialog_that_is_opening(tmp_path: Path, key: str) -> None:
    async with staged(tmp_path) as stage:
        dialog = Slow()
        stage.app.push_screen(dialog)
        await stage.until(lambda: stage.app.screen is dialog)
        try:
            await stage.app._check_bindings(key, priority=True)
            await stage.app._check_bindings(key)
            assert dialog.is_current
        finally:
            dialog.ready.set()
        await stage.sees("What")
        await stage.until(lambda: dialog.drawable)
        await stage.press("escape")
        await stage.sees("[1 Status]")


async def test_a_key_for_one_screen_is_none_for_the_dialog_that_came_meanwhile(
    tmp_path: Path,
) -> None:
    async with staged(tmp_path) as stage:
        question, answers = ConfirmDialog("Send it?", ()), list[bool | None]()

        async def on_key(page: Page, event: events.Key) -> None:
            if event.key == "y" and not question.is_attached:
                await stage.app.push_screen(question, answers.append)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Page, "on_key", on_key)
            stage.app.post_message(events.Key("y", "y"))
            await stage.sees("Send it?")
            await stage.until(lambda: not stage.app._keys._busy)
        assert answers == []
        await stage.press("y")
        await stage.until(lambda: answers == [True])


async def test_a_dialog_that_closes_ends_its_work(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        dialog = Slow()
        dialog.ready.set()
        await stage.app.push_screen(dialog)
        working = dialog.toil()
        await stage.until(lambda: "began" in dialog.steps)
        dialog.dismiss(None)
        dialog.dismiss(None)
        await stage.until(lambda: working not in stage.app.workers)
        assert working.is_cancelled
        await stage.sees("[1 Status]")


def test_only_one_place_draws_a_screen() -> None:
    callers = [
        path.name
        for path in sorted([*SOURCES.glob("shell/*.py"), *SOURCES.glob("*/screen.py")])
        for row in path.read_text(encoding="utf-8").splitlines()
        if row.strip() == "self.draw()"
    ]
    assert callers == ["page.py"]
