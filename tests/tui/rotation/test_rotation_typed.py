"""The core checks the word that was typed in a dialog of the wizard, and takes no other one."""

from datetime import timedelta
from pathlib import Path

from tests.tui.rotation.rotation_stage import QUICK, Lab, rotating, to_proven, to_watching
from tests.tui.rotation.test_rotation_ways import swapping


async def test_the_old_token_stays_without_its_word(tmp_path: Path, slips: list[str]) -> None:
    lab = Lab(tmp_path)
    await lab.begin()
    old = lab.provider.access_tokens[0].id
    async with rotating(lab) as stage:
        await to_proven(stage, lab, tmp_path / "new.secret")
        await stage.press("enter")
        await stage.sees("needs the word DELETE; nothing was done", "ROTATE 6/8")
    assert old in [token.id for token in lab.provider.access_tokens]


async def test_the_new_token_stays_without_its_word(tmp_path: Path, slips: list[str]) -> None:
    lab = Lab(tmp_path)
    await lab.begin()
    async with rotating(lab) as stage:
        await stage.press("R")
        await stage.sees("ROTATE 2/8")
        await stage.press("enter")
        await stage.sees("ROTATE 3/8", "accepted: E1")
        await stage.press("D")
        await stage.sees("needs the word DELETE; nothing was done")
        await stage.press("A")
        await stage.sees("stop, and delete")
        await stage.press("j", "enter")
        await stage.sees("Nothing was stopped:", "needs the word DELETE")
    assert len(lab.provider.access_tokens) == 2


async def test_a_spare_token_stays_without_its_word(tmp_path: Path, slips: list[str]) -> None:
    lab = Lab(tmp_path)
    await lab.begin()
    await lab.provider.create_token()
    async with rotating(lab) as stage:
        await stage.press("R")
        await stage.sees("ROTATE 1/8")
        await stage.press("enter")
        await stage.sees("which one is not needed?")
        await stage.press("enter")
        await stage.sees("needs the word DELETE; nothing was done")
    assert len(lab.provider.access_tokens) == 2


async def test_less_proof_is_not_accepted_without_both_words(
    tmp_path: Path, slips: list[str]
) -> None:
    lab = Lab(tmp_path, policy=QUICK.model_copy(update={"cycle": timedelta(hours=1)}))
    await lab.begin()
    async with rotating(lab) as stage:
        await to_watching(stage, lab, tmp_path / "new.secret")
        await stage.press("O")
        await stage.sees("Why is E2 enough here?")
        await stage.press(*"emergency", "enter")
        await stage.sees("Without proof two words are needed; nothing was done.")
    assert len(slips) == 2
    assert len(lab.provider.access_tokens) == 2


async def test_the_only_token_stays_without_its_word(tmp_path: Path, slips: list[str]) -> None:
    async with swapping(tmp_path, (80, 24)) as (stage, lab):
        old = lab.provider.access_tokens[0].id
        await stage.press("R")
        await stage.sees("ROTATE 2/8")
        await stage.press("enter")
        await stage.sees("where will the new secret go?")
        await stage.press("enter")
        await stage.sees("which needs the word DELETE; nothing was")
        assert [token.id for token in lab.provider.access_tokens] == [old]


async def test_nothing_is_taken_over_without_its_words(tmp_path: Path, slips: list[str]) -> None:
    lab = Lab(tmp_path)
    await lab.begin()
    other = lab.space(actor="bob@bastion-2")
    await other.rotations.start()
    async with rotating(lab) as stage:
        await stage.press("R")
        await stage.sees("Taking over needs the words TAKE OVER; nothing was done.")
