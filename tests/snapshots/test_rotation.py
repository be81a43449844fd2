"""The rotation wizard at each step, by character and style, as it is kept in this folder."""

from pathlib import Path

import pytest
from textual.widgets import Input

from scim_tui.tui.rotation import screen
from tests.snapshots.kept import compare
from tests.telling import SIZES
from tests.tui.rotation.rotation_stage import Lab, rotating
from tests.tui.stage import Stage

SECRET = Path("new.secret")


@pytest.mark.parametrize("size", SIZES)
async def test_each_step_of_a_rotation_shows_what_is_kept(
    size: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    # A look by itself, on a slow machine, would show more than these steps.
    monkeypatch.setattr(screen, "LOOK_SECONDS", 3600)
    columns, rows = (int(number) for number in size.split("x"))
    lab = Lab(Path())
    await lab.begin()
    async with rotating(lab, size=(columns, rows)) as stage:
        await _to_delivered(stage, lab, size)
        await _to_proven(stage, lab, size)
        await _to_receipt(stage, lab, size)


async def _to_delivered(stage: Stage, lab: Lab, size: str) -> None:
    await stage.press("R")
    await stage.sees("ROTATE 2/8", "Create the new token")
    await compare(stage.app, "rotation-2-create", size)
    await stage.press("enter")
    await stage.sees("ROTATE 3/8", "accepted: E1")
    await compare(stage.app, "rotation-3-deliver", size)
    await stage.press("5", "enter")
    await stage.sees("Save the secret")
    stage.app.screen.query_one(Input).value = str(SECRET)
    await stage.press("enter")
    await stage.sees("ROTATE 4/8", "Handed over (written, 0600)")
    lab.install(SECRET)
    await compare(stage.app, "rotation-4-install", size)


async def _to_proven(stage: Stage, lab: Lab, size: str) -> None:
    await stage.press("enter")
    await stage.sees("What did the IdP's own test say?")
    await compare(stage.app, "rotation-4-test", size)
    await stage.press("enter")
    await stage.sees("ROTATE 5/8")
    await compare(stage.app, "rotation-5-watch", size)
    lab.pass_(seconds=1)
    lab.push()
    await stage.press("r")
    await stage.sees("NEW token  E4")
    await compare(stage.app, "rotation-5-seen", size)
    lab.pass_(seconds=15)
    lab.push()
    await stage.press("r")
    await stage.sees("ROTATE 6/8")
    await compare(stage.app, "rotation-6-prove", size)


async def _to_receipt(stage: Stage, lab: Lab, size: str) -> None:
    await stage.press("enter")
    await stage.sees("DELETE the old token", "to go on:")
    await compare(stage.app, "rotation-7-delete", size)
    await stage.press(*"DELETE", "enter")
    await stage.sees("ROTATE 8/8", "is gone")
    lab.pass_(seconds=11)
    lab.push()
    await stage.press("r")
    await stage.sees("rot-0001 over", "deleted here", "days before the end")
    await compare(stage.app, "rotation-8-receipt", size)
