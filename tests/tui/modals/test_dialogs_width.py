"""A dialog wraps its text for the width there is, also when the pane changes under it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scim_tui.tui.drawing.text import wrap
from scim_tui.tui.faults.crash_file import Fault
from scim_tui.tui.modals.dialog import WIDTH, Dialog
from scim_tui.tui.modals.prompt import Prompt
from scim_tui.tui.modals.typed_confirm import TypedConfirm
from scim_tui.tui.shell.actions import SCREENS
from scim_tui.tui.shell.fault_dialog import FaultDialog
from scim_tui.tui.shell.help_dialog import HelpDialog
from tests.tui.stage import staged

WARNING = (
    "Every request with this token is refused from the moment it is gone, at once and for all."
)
DIALOGS: dict[str, Callable[[], Dialog[Any]]] = {
    "help": lambda: HelpDialog("status", [replace(SCREENS[0], help=WARNING)]),
    "fault": lambda: FaultDialog(Fault(WARNING, "")),
    "typed confirm": lambda: TypedConfirm("Delete", (), [WARNING], "DELETE"),
    "prompt": lambda: Prompt("What", [WARNING]),
}
ROOM = {"help": 61, "fault": 76, "typed confirm": WIDTH - 7, "prompt": WIDTH - 4}
"""Cells for the sentence in a pane of 80 columns."""
NARROW, WIDE = (18, 40), (80, 80)


@pytest.mark.parametrize("name", DIALOGS)
async def test_a_dialog_that_is_widened_wraps_anew(tmp_path: Path, name: str) -> None:
    async with staged(tmp_path, size=NARROW) as stage:
        stage.app.push_screen(DIALOGS[name]())
        await stage.sees(WARNING.split(maxsplit=1)[0])
        await stage.pilot.resize_terminal(*WIDE)
        await stage.sees(*wrap(WARNING, ROOM[name]))


@pytest.mark.parametrize("name", DIALOGS)
async def test_a_dialog_that_is_narrowed_loses_no_word(tmp_path: Path, name: str) -> None:
    async with staged(tmp_path, size=WIDE) as stage:
        stage.app.push_screen(DIALOGS[name]())
        await stage.sees(*wrap(WARNING, ROOM[name]))
        await stage.pilot.resize_terminal(30, 60)
        await stage.sees(*WARNING.split())


async def test_what_is_wrong_with_an_answer_wraps_anew(tmp_path: Path) -> None:
    async with staged(tmp_path, size=WIDE) as stage:
        stage.app.push_screen(Prompt("What", check=lambda text: WARNING))
        await stage.sees("What")
        await stage.press("enter")
        await stage.sees(*wrap(WARNING, WIDTH - 4))
        await stage.pilot.resize_terminal(30, 60)
        await stage.sees(*WARNING.split())
