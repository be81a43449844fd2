"""The wizard by keyboard: the pause before the end, a test user, and the receipt."""

import asyncio
from pathlib import Path

import pytest
from textual.widgets import Input

from scim_tui.tui.rotation import messages as rotation_messages
from tests.tui.rotation.rotation_stage import (
    IDP,
    QUICK,
    Lab,
    rotating,
    to_proven,
    to_watching,
    typed,
)
from tests.tui.rotation.test_rotation_ways import swapping

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)])


@SIZES
async def test_the_old_token_is_off_for_a_cycle_and_then_goes(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    lab = Lab(tmp_path, policy=QUICK.model_copy(update={"suspend": True}))
    await lab.begin()
    old = lab.provider.access_tokens[0].id
    async with rotating(lab, size=size) as stage:
        await to_proven(stage, lab, tmp_path / "new.secret")
        await stage.sees("ROTATE 6/8", "Seen: E5", "Z switch off/on")
        await stage.press("enter")
        await stage.sees(f"Switch {old} off before it is deleted?", "As soon as one is")
        await stage.press("n")
        await stage.sees(rotation_messages.NOTHING_SWITCHED)
        await stage.press("Z")
        await stage.sees("off before it is deleted?")
        await stage.press("y")
        await stage.sees(
            f"{old} is off; a refusal brings it back",
            f"{old} is off for 10s more",
            "Z lets it in again",
        )
        lab.pass_(seconds=11)
        lab.push()
        await stage.press("enter")
        await stage.sees(f"DELETE the old token {old}")
        await typed(stage, "DELETE")
        await stage.sees("ROTATE 8/8", "is gone")
        assert old not in [token.id for token in lab.provider.access_tokens]


async def test_a_refusal_brings_it_back_and_so_does_a_person(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    await lab.begin()
    old = lab.provider.access_tokens[0].id
    async with rotating(lab) as stage:
        await to_proven(stage, lab, tmp_path / "new.secret")
        await stage.sees("Z switches the old token off for a cycle first")
        await stage.press("Z")
        await stage.sees("off before it is deleted?")
        await stage.press("y")
        await stage.sees(f"{old} is off for")
        lab.pass_(seconds=1)
        assert lab.provider.use(old, client=IDP) == 401
        await stage.press("r")
        await stage.sees("ROTATE 5/8", f"was refused since {old} is off.")
        assert lab.provider.use(old, client=IDP) == 200
        lab.pass_(seconds=15)
        lab.push()
        await stage.press("r")
        await stage.sees("ROTATE 6/8")
        await stage.press("Z")
        await stage.sees("off before it is deleted?")
        await stage.press("y")
        await stage.sees(f"{old} is off for")
        await stage.press("Z")
        await stage.sees(f"{old} is on again, and watched.")
        assert lab.provider.use(old, client=IDP) == 200


async def test_a_test_user_is_chosen_and_its_request_is_reported(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    lab.provider.resources = type(lab.provider).sample().resources
    await lab.begin()
    async with rotating(lab) as stage:
        await to_watching(stage, lab, tmp_path / "new.secret")
        await stage.press("u")
        await stage.sees("A test user, assigned to the app", "Change one attribute")
        stage.app.screen.query_one(Input).value = "nobody.listed@example.com"
        await stage.press("enter")
        await stage.sees("Test user", "nobody.listed@example.com: no request seen yet")
        lab.pass_(seconds=1)
        lab.push()
        newest = lab.provider.log[-1]
        lab.provider.log[-1] = newest.model_copy(update={"target": "Nobody.Listed@example.com"})
        await stage.press("r")
        await stage.sees("PatchUser 200 at", "with the new token")


async def test_the_receipt_is_copied_and_written_without_the_secret(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    await lab.begin()
    target = tmp_path / "receipt.txt"
    async with rotating(lab) as stage:
        await to_proven(stage, lab, tmp_path / "new.secret")
        await stage.press("e")
        await stage.sees("There is a receipt once the rotation is over.")
        await stage.press("enter")
        await typed(stage, "DELETE")
        await stage.sees("ROTATE 8/8", "is gone")
        lab.pass_(seconds=11)
        lab.push()
        await stage.press("r")
        await stage.sees("rot-0001 over", "deleted here", "days before the end")
        await stage.press("e")
        await stage.sees(rotation_messages.RECEIPT_TITLE)
        stage.app.screen.query_one(Input).value = str(target)
        await stage.press("enter")
        await stage.sees("The receipt is in")
        await stage.press("e", "enter")
        await stage.sees("exists and is left as it is")
    text = target.read_text()
    assert target.stat().st_mode & 0o777 == 0o600
    assert "rot-0001 of lab: overlap" in text
    assert "E5: E4, and the old token was silent" in text
    assert lab.newest_secret().get_secret_value() not in text


async def test_swap_says_for_how_long_no_idp_can_provision(tmp_path: Path) -> None:
    async with swapping(tmp_path, (80, 24)) as (stage, lab):
        await stage.press("R")
        await stage.sees("ROTATE 2/8")
        await stage.press("enter")
        await stage.sees("where will the new secret go?")
        await stage.press("j", "j", "enter")
        await stage.sees("DELETE token-0001 by making the next one")
        await typed(stage, "DELETE")
        await stage.sees(rotation_messages.SAVE_TITLE)
        lab.pass_(seconds=42)
        await stage.press("escape")
        await stage.sees("token-0001 ended", "refused for 42s", "until Enter here")


async def test_a_key_pressed_during_a_look_waits_for_it(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    await lab.begin()
    old = lab.provider.access_tokens[0].id
    async with rotating(lab) as stage:
        await to_proven(stage, lab, tmp_path / "new.secret")
        lab.provider.delay = asyncio.Event()
        await stage.press("r")
        await stage.sees(rotation_messages.LOOKING_WHO)
        await stage.press("enter")
        lab.provider.delay.set()
        await stage.sees(f"DELETE the old token {old}")
