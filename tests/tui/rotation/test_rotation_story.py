"""The rotation wizard by keyboard: the way through, and the ways that end early."""

from datetime import timedelta
from pathlib import Path

import pytest

from scim_tui.model.errors import OutcomeUnknown
from scim_tui.model.rotation.rotation import Policy
from scim_tui.tui.rotation import messages as rotation_messages
from tests.tui.rotation.rotation_stage import (
    QUICK,
    Lab,
    holding,
    rotating,
    to_delivered,
    to_proven,
    to_watching,
    typed,
)

SECRET = "memory-secret-"


async def test_from_one_token_to_another_with_proof(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    await lab.begin()
    old = lab.provider.access_tokens[0].id
    async with rotating(lab) as stage:
        await to_proven(stage, lab, tmp_path / "new.secret")
        await stage.sees("E4", "silent for", f"{old} can be deleted")
        await stage.press("enter")
        await stage.sees(f"DELETE the old token {old}", "proof E5", "Last use")
        await typed(stage, "DELETE")
        await stage.sees("ROTATE 8/8", "is gone")
        assert [token.id for token in lab.provider.access_tokens] != [old]
        lab.pass_(seconds=11)
        lab.push()
        await stage.press("r")
        await stage.sees("rot-0001 over", "deleted here", "none seen")
        await stage.press("enter")
        await stage.sees("none open")


async def test_with_two_tokens_the_unused_one_is_recommended_and_deleted(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    await lab.begin()
    spare = (await lab.provider.create_token()).token.id
    async with rotating(lab) as stage:
        await stage.press("R")
        await stage.sees("ROTATE 1/8", spare, rotation_messages.MAY_GO_FIRST, "goes last")
        await stage.press("enter")
        await stage.sees("which one is not needed?", "recommended")
        await stage.press("j", "enter")
        await stage.sees("it goes last.", "ROTATE 1/8")
        assert len(lab.provider.access_tokens) == 2
        await stage.press("enter")
        await stage.sees("which one is not needed?")
        await stage.press("enter")
        await stage.sees(f"DELETE access token {spare}")
        await typed(stage, "DELETE")
        await stage.sees("a slot is free", "ROTATE 2/8")
        assert spare not in [token.id for token in lab.provider.access_tokens]


async def test_a_connection_that_went_behind_a_dialog_is_reported_and_nothing_is_done(
    tmp_path: Path,
) -> None:
    lab = Lab(tmp_path)
    await lab.begin()
    await lab.provider.create_token()
    async with rotating(lab) as stage:
        await stage.press("R")
        await stage.sees("ROTATE 1/8")
        await stage.press("enter")
        await stage.sees("which one is not needed?")
        stage.app.session.workspace = None
        await stage.press("enter")
        await stage.sees("The connection is being opened again. Try again when it is.")
        await stage.until(lambda: stage.app.session.workspace is not None, ["the connection"])
        await stage.press("enter")
        await stage.sees("which one is not needed?")
        assert len(lab.provider.access_tokens) == 2


async def test_abort_asks_and_deletes_what_was_made(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    await lab.begin()
    before = [token.id for token in lab.provider.access_tokens]
    async with rotating(lab) as stage:
        await stage.press("R")
        await stage.sees("ROTATE 2/8")
        await stage.press("enter")
        await stage.sees("ROTATE 3/8", "accepted: E1")
        await stage.press("A")
        await stage.sees("Abort rot-0001?", "stop, and delete")
        await stage.press("escape")
        await stage.sees("Nothing was stopped: you chose to go on.")
        await stage.press("A")
        await stage.sees("stop, and delete")
        await stage.press("j", "enter")
        await stage.sees("DELETE the new token")
        await typed(stage, "DELETE")
        await stage.sees("Over: These tokens exist", "Stopped.")
        assert [token.id for token in lab.provider.access_tokens] == before


async def test_at_the_receipt_abort_offers_only_what_can_be(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    await lab.begin()
    old = lab.provider.access_tokens[0].id
    async with rotating(lab) as stage:
        await to_proven(stage, lab, tmp_path / "new.secret")
        await stage.press("enter")
        await typed(stage, "DELETE")
        await stage.sees("ROTATE 8/8", "is gone")
        await stage.press("A")
        shown = await stage.sees("Abort rot-0001?", "stop; the old token is gone")
        assert "stop, and delete" not in shown
        assert f"{old} is gone" in shown
        await stage.press("j", "enter")
        await stage.sees("Stopped. These tokens exist")
    assert '"rotation.abort"' in (tmp_path / "audit.jsonl").read_text()


async def test_a_stop_that_is_refused_says_why(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    await lab.begin()
    async with rotating(lab) as stage:
        await to_watching(stage, lab, tmp_path / "new.secret")
        await stage.press("A")
        await stage.sees("Abort rot-0001?", "stop, and keep both tokens")
        (lab.folder / "rotations" / "lock.json").unlink()
        await stage.press("j", "enter")
        await stage.sees("Nothing was stopped: The rotation is not held by this session.")
    assert "not stopped: The rotation is not held" in (tmp_path / "audit.jsonl").read_text()


async def test_left_and_opened_again_it_says_where_it_stands_and_goes_on(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    await lab.begin()
    async with rotating(lab) as stage:
        await to_watching(stage, lab, tmp_path / "new.secret")
        await stage.press("escape")
        await stage.sees("OPEN", "step 5 Watch", "[1 Status]")
    async with rotating(lab) as stage:
        await stage.sees("! rot-0001 at step 5 Watch since", "R resumes.")
        await stage.press("R")
        await stage.sees("ROTATE 5/8", "secret: none held")
        await stage.press("S")
        await stage.sees("The text of the new token is not in memory.")


async def test_a_secret_lost_before_delivery_is_reported_and_made_again(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    await lab.begin()
    async with rotating(lab) as stage:
        await stage.press("R")
        await stage.sees("ROTATE 2/8")
        await stage.press("enter")
        await stage.sees("ROTATE 3/8")
        await stage.press("j")
        await stage.sees("secret: IN MEMORY")
        await stage.press("escape")
        await stage.sees("still in memory: R goes back")
    lost = lab.provider.access_tokens[-1].id
    async with rotating(lab) as stage:
        await stage.press("R")
        await stage.sees("ROTATE 2/8", f"The text of {lost} is lost for ever")
        await stage.press("enter")
        await stage.sees(f"DELETE the new token {lost}")
        await typed(stage, "DELETE")
        await stage.sees("make another one", f"their text was lost: {lost}")
        await stage.press("enter")
        await stage.sees("ROTATE 3/8", "accepted: E1")
        assert lost not in [token.id for token in lab.provider.access_tokens]


async def test_an_answer_lost_while_deleting_is_found_out(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    await lab.begin()
    old = lab.provider.access_tokens[0].id
    async with rotating(lab) as stage:
        await to_proven(stage, lab, tmp_path / "new.secret")
        lost = OutcomeUnknown("No answer came; the token may be gone.", "Look.")
        lab.provider.fail_next(lost, "delete_token")
        await stage.press("enter")
        await typed(stage, "DELETE")
        await stage.sees("ROTATE 7/8", f"{old} still exists. Type DELETE")
        await stage.press("enter")
        await typed(stage, "DELETE")
        await stage.sees("ROTATE 8/8")


async def test_without_full_proof_a_reason_and_both_words_are_asked(tmp_path: Path) -> None:
    lab = Lab(tmp_path, policy=QUICK.model_copy(update={"cycle": timedelta(hours=1)}))
    await lab.begin()
    old = lab.provider.access_tokens[0].id
    async with rotating(lab) as stage:
        await to_watching(stage, lab, tmp_path / "new.secret")
        await stage.press("D")
        await stage.sees("discard is off: Only a new token that is not in use")
        await stage.press("O")
        await stage.sees("Why is E2 enough here?")
        await stage.press("enter")
        await stage.sees(rotation_messages.GIVE_REASON)
        await stage.press(*"emergency", "enter")
        await stage.sees("WITHOUT FULL PROOF", f"Type {old}", "Needed: E4 and the old token silent")
        await typed(stage, old)
        await stage.sees("Type DELETE to go on")
        assert old in [token.id for token in lab.provider.access_tokens]
        await typed(stage, "DELETE")
        await stage.sees("ROTATE 8/8", "accepted with E2", "emergency")
        assert old not in [token.id for token in lab.provider.access_tokens]


async def test_a_second_operator_sees_the_holder_and_takes_over_by_a_typed_word(
    tmp_path: Path,
) -> None:
    lab = Lab(tmp_path)
    await lab.begin()
    other = lab.space(actor="bob@bastion-2")
    await other.rotations.start()
    async with rotating(lab) as stage:
        await stage.sees("held by bob@bastion-2")
        await stage.press("R")
        await stage.sees(rotation_messages.TAKE_OVER_TITLE, "bob@bastion-2")
        await stage.press("escape")
        await stage.sees("bob@bastion-2 (process")
        await stage.press("R")
        await typed(stage, "TAKE OVER")
        await stage.sees("ROTATE 2/8", "Create the new token")


async def test_read_only_starts_nothing(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    await lab.begin()
    async with rotating(lab, read_only=True) as stage:
        await stage.press("R")
        await stage.sees("rotate is off: This profile is open read-only.")
        await stage.press("2", "R")
        await stage.sees("rotate is off: This profile is open read-only.")
    assert not (tmp_path / "rotations").exists()


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 15)])
async def test_every_size_shows_the_step_and_what_is_next(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    lab = Lab(tmp_path)
    await lab.begin()
    async with rotating(lab, size=size) as stage:
        await stage.press("R")
        await stage.sees("Step 2 of 8", "Next: Make the new token", "Enter go on")
        await stage.press("enter")
        await stage.sees("Step 3 of 8", "Next: Hand the secret")
        await stage.press("tab")
        await stage.sees("1 Check", "8 Receipt" if size != (60, 15) else "2 Create")


async def test_the_secret_is_nowhere_but_in_its_dialog(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    await lab.begin()
    async with rotating(lab) as stage:
        await stage.press("R")
        await stage.sees("ROTATE 2/8")
        await stage.press("enter")
        await stage.sees("ROTATE 3/8", "accepted: E1")
        assert SECRET not in stage.app.export_screenshot()
        await stage.press("4", "enter")
        await stage.sees("its secret is shown once")
        assert SECRET not in stage.app.export_screenshot()
        await stage.press("escape", "escape")
        await stage.sees(rotation_messages.NOT_TAKEN)
        await stage.press("4", "enter")
        await stage.sees("its secret is shown once", "handed over: nothing yet")
        await stage.press("c")
        await stage.until(lambda: "nothing yet" not in stage.text(), ["the copy"])
        await stage.press("escape")
        await stage.sees("ROTATE 4/8")
        page = stage.app.page("rotation")
        assert SECRET not in repr(page.__dict__)
    assert not holding(tmp_path, SECRET)


async def test_looking_stands_still_behind_a_dialog_and_writes_nothing_new(tmp_path: Path) -> None:
    lab = Lab(tmp_path, policy=Policy(cycle=timedelta(hours=1)))
    await lab.begin()
    async with rotating(lab) as stage:
        await to_delivered(stage, lab, tmp_path / "new.secret")
        await stage.press("question_mark")
        await stage.sees("ROTATION SCREEN")
        asked = len(lab.provider.calls)
        page = stage.app.page("rotation")
        page._watch()  # type: ignore[attr-defined]
        await stage.pilot.pause()
        assert len(lab.provider.calls) == asked
        await stage.press("escape")
        await stage.sees("ROTATE 4/8")
        await stage.press("x")
        still = stage.text()
        page._watch()  # type: ignore[attr-defined]
        await stage.until(lambda: len(lab.provider.calls) > asked + 3, ["a look"])
        await stage.pilot.pause()
        assert stage.text() == still


async def test_on_a_small_terminal_the_word_can_be_typed_under_its_warning(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    await lab.begin()
    async with rotating(lab, size=(60, 15)) as stage:
        await stage.press("2", "D")
        await stage.sees("DELETE access token", "!! It is in use", "Type DELETE to go on")
        await typed(stage, "DELETE")
        await stage.until(lambda: not lab.provider.access_tokens, ["deleted"])


async def test_two_presses_make_one_token(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    await lab.begin()
    async with rotating(lab) as stage:
        await stage.press("R")
        await stage.sees("ROTATE 2/8")
        page = stage.app.page("rotation")
        await page.action_do("go_on")
        await page.action_do("go_on")
        await stage.sees("ROTATE 3/8")
        assert lab.provider.calls.count("create_token") == 2  # the lab's own, and ours


async def test_no_step_says_verified_or_success_without_a_level(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    await lab.begin()
    async with rotating(lab, size=(120, 40)) as stage:
        await to_proven(stage, lab, tmp_path / "new.secret")
        shown = stage.text().lower()
        await stage.press("question_mark")
        shown += (await stage.sees("ROTATION SCREEN")).lower()
        assert not {"verified", "success", "synced"} & set(shown.split())


async def test_what_was_not_looked_at_yet_is_not_shown_as_none(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    await lab.begin()
    async with rotating(lab, size=(120, 40)) as stage:
        await stage.press("R")
        shown = await stage.sees("ROTATE 2/8", "NEW none yet")
        rows = {row[:14].strip(): row[14:50].strip() for row in shown.splitlines()}
        for name in ("newest use", "since begun", "silence"):
            assert rows[name] == rotation_messages.NOT_LOOKED
        assert (rows["by us"], rows["by the IdP"]) == ("-", "-")
