"""The wizard by keyboard where it is not two tokens and an API: swap, guided, and settling."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import Input

from scim_tui.model.capabilities import no
from scim_tui.model.errors import Unsupported
from scim_tui.model.provisioning import AccessToken, NewToken
from scim_tui.tui.rotation import messages as rotation_messages
from tests.fakes.memory import ALL_YES, MemoryProvider
from tests.tui.rotation.rotation_stage import Lab, holding, rotating, to_watching, typed
from tests.tui.stage import Stage

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)])
CONSOLE = no("Only the console can.")


class OneToken(MemoryProvider):
    """A product with one token: the next one takes its place."""

    async def create_token(self) -> NewToken:
        self.access_tokens = []
        return await super().create_token()


class Console(MemoryProvider):
    """A product whose tokens only its console knows."""

    async def tokens(self) -> list[AccessToken]:
        raise Unsupported(CONSOLE.reason)


@asynccontextmanager
async def swapping(folder: Path, size: tuple[int, int]) -> AsyncIterator[tuple[Stage, Lab]]:
    lab = Lab(folder)
    lab.provider = OneToken(clock=lambda: lab.now, capabilities=replace(ALL_YES, max_tokens=1))
    await lab.begin()
    async with rotating(lab, size=size) as stage:
        yield stage, lab


@asynccontextmanager
async def guided(folder: Path, size: tuple[int, int]) -> AsyncIterator[tuple[Stage, Lab]]:
    lab = Lab(folder)
    lab.provider = Console(clock=lambda: lab.now)
    await lab.begin()
    lab.provider.capabilities = replace(
        ALL_YES,
        list_tokens=CONSOLE,
        create_token=CONSOLE,
        delete_token=CONSOLE,
        events=CONSOLE,
        last_used=CONSOLE,
    )
    async with rotating(lab, size=size) as stage:
        yield stage, lab


def fill(stage: Stage, text: str) -> None:
    """A text pasted into the field in front."""
    stage.app.screen.query_one(Input).value = text


async def to_pasted(stage: Stage, text: str) -> None:
    """To step 3, by the person's hands: first a text that is cut off, then the whole one."""
    await stage.press("R")
    await stage.sees(rotation_messages.OLD_ID_TITLE)
    fill(stage, "6c1fd3a0")
    await stage.press("enter")
    await stage.sees("ROTATE 2/8", "make a token in the console")
    await entered(stage, text[:-1])
    await stage.sees("ROTATE 2/8", "Enter the text of b8020c1e again, whole")
    await stage.press("D")
    await stage.sees("discard is off: Here a person deletes tokens")
    await entered(stage, text)
    await stage.sees("ROTATE 3/8", "accepted: E1")


async def entered(stage: Stage, text: str) -> None:
    """The id, and the text, which is not drawn."""
    await stage.press("enter")
    await stage.sees(rotation_messages.ID_TITLE)
    fill(stage, "b8020c1e")
    await stage.press("enter")
    await stage.sees(rotation_messages.TEXT_TITLE, "not echoed")
    fill(stage, text)
    await stage.pilot.pause()
    assert text not in stage.text()
    await stage.press("enter")


async def less_is_enough(stage: Stage) -> None:
    """A reason and both words."""
    await stage.press("O")
    await stage.sees("Why is E2 enough here?")
    await stage.press(*"logged", "enter")
    await typed(stage, "6c1fd3a0")
    await stage.sees("Type DELETE to go on")
    await typed(stage, "DELETE")


@SIZES
async def test_swap_asks_for_the_way_and_the_word_before_the_old_one_ends(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with swapping(tmp_path, size) as (stage, lab):
        old = lab.provider.access_tokens[0].id
        await stage.press("R")
        await stage.sees("ROTATE 2/8", f"that ends {old} at once", "choose its way first")
        await stage.press("enter")
        await stage.sees("where will the new secret go?", rotation_messages.TO_FILE)
        await stage.press("escape")
        await stage.sees("the old token works as before")
        await stage.press("enter")
        await stage.sees("where will the new secret go?")
        for _ in range(5):
            if "› file" in stage.text():
                break
            await stage.press("j")
        await stage.press("enter")
        await stage.sees(f"DELETE {old} by making the next one", "ends at once", "Goes by")
        assert [token.id for token in lab.provider.access_tokens] == [old]
        await typed(stage, "DELETE")
        await stage.sees(rotation_messages.SAVE_TITLE)
        assert old not in [token.id for token in lab.provider.access_tokens]
        fill(stage, str(tmp_path / "new.secret"))
        await stage.press("enter")
        await stage.sees("ROTATE 4/8", "Handed over (written, 0600)")
        lab.install(tmp_path / "new.secret")
        await stage.press("enter")
        await stage.sees(rotation_messages.WHAT_TEST_SAID)
        await stage.press("enter")
        await stage.sees("ROTATE 5/8")
        lab.push()
        await stage.press("r")
        await stage.sees("ROTATE 8/8")
        assert "delete_token" not in lab.provider.calls


@SIZES
async def test_guided_the_person_makes_and_deletes_and_the_wizard_keeps_their_word(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with guided(tmp_path, size) as (stage, lab):
        text = lab.provider._new_token().secret.get_secret_value()
        await to_pasted(stage, text)
        await stage.press("5", "enter")
        await stage.sees(rotation_messages.SAVE_TITLE)
        fill(stage, str(tmp_path / "new.secret"))
        await stage.press("enter")
        await stage.sees("ROTATE 4/8")
        await stage.press("enter")
        await stage.sees(rotation_messages.WHAT_TEST_SAID)
        await stage.press("enter")
        shown = await stage.sees("ROTATE 5/8", "not recorded by this source")
        assert "0 requests by the IdP" not in shown
        assert "none seen" not in shown
        await less_is_enough(stage)
        shown = await stage.sees("ROTATE 6/8", "Delete 6c1fd3a0 in the console, then Enter.")
        assert "is gone" not in shown
        await stage.press("enter")
        await stage.sees("Delete it in the console first")
        await typed(stage, "DELETE")
        await stage.sees("ROTATE 8/8", "by your word")
        assert "delete_token" not in lab.provider.calls
    kept = [path.name for path in holding(tmp_path, text)]
    assert kept == ["new.secret"]


@SIZES
async def test_trouble_is_shown_settled_with_a_reason_and_goes_on(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    lab = Lab(tmp_path)
    await lab.begin()
    async with rotating(lab, size=size) as stage:
        await to_watching(stage, lab, tmp_path / "new.secret")
        old, new = lab.provider.access_tokens
        lab.provider.access_tokens = [new]
        await stage.press("r")
        await stage.sees(f"{old.id} is gone, and this rotation did not delete it.")
        await stage.press("O")
        await stage.sees("without full proof is off")
        await stage.press("enter")
        await stage.sees(rotation_messages.WHAT_FOUND)
        await stage.press("enter")
        await stage.sees(rotation_messages.GIVE_REASON)
        await stage.press(*"bob", "space", *"did", "enter")
        await stage.sees("ROTATE 8/8", f"{old.id} is gone")
    lines = (tmp_path / "audit.jsonl").read_text()
    assert "rotation.settle" in lines
    assert "bob did" in lines


@SIZES
async def test_another_client_with_the_new_token_is_shown_and_proves_nothing(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    lab = Lab(tmp_path)
    await lab.begin()
    async with rotating(lab, size=size) as stage:
        await to_watching(stage, lab, tmp_path / "new.secret")
        new = lab.provider.access_tokens[-1]
        lab.provider.use(new.id, client="curl/8")
        lab.pass_(hours=1)
        await stage.press("r")
        await stage.sees(
            "ROTATE 5/8",
            "curl/8 uses the new token; the old one was used by",
            rotation_messages.NOT_THE_IDP,
        )


async def test_guided_the_recorded_token_is_offered_and_its_secret_may_exist_already(
    tmp_path: Path,
) -> None:
    async with guided(tmp_path, (80, 24)) as (stage, lab):
        workspace = stage.app.session.workspace
        assert workspace is not None
        await workspace.ledger.record("6c1fd3a0", expires_at=lab.now)
        text = lab.provider._new_token().secret.get_secret_value()
        await stage.press("R")
        await stage.sees(rotation_messages.OLD_ID_TITLE, "6c1fd3a0")
        await stage.press("enter")
        await stage.sees("ROTATE 2/8", "6c1fd3a0 stays valid")
        await entered(stage, text)
        await stage.sees("ROTATE 3/8", "accepted: E1")
        await stage.press("n")
        await stage.sees("ROTATE 4/8", "by hand: by your word")
        await stage.press("n")
        await stage.sees("done by hand is off: It is for step 3")
        await stage.press("enter")
        await stage.sees(rotation_messages.WHAT_TEST_SAID)
        await stage.press("enter")
        await stage.sees("ROTATE 5/8")
        await stage.press("O")
        await stage.sees("Why is E2 enough here?")
        await stage.press(*"logged", "enter")
        shown = await stage.sees("WITHOUT FULL PROOF", "Last use")
        assert "Last use      unknown" in shown
        assert "Newest write  unknown" in shown


async def test_with_one_token_only_a_lost_text_is_made_again_by_enter(tmp_path: Path) -> None:
    async with swapping(tmp_path, (80, 24)) as (stage, lab):
        await stage.press("R")
        await stage.sees("ROTATE 2/8")
        await stage.press("enter")
        await stage.sees("where will the new secret go?")
        await stage.press("j", "j", "enter")
        await typed(stage, "DELETE")
        await stage.sees(rotation_messages.SAVE_TITLE)
        await stage.press("escape")
        await stage.sees("ROTATE 3/8", rotation_messages.NOTHING_HANDED_OVER)
        (lost,) = [token.id for token in lab.provider.access_tokens]
        lab.pass_(minutes=16)
        await stage.press("enter")
        await stage.sees("ROTATE 2/8", f"The text of {lost} is lost", "token-0001 has ended: make")
        await stage.press("enter")
        await stage.sees("where will the new secret go?")
        await stage.press("j", "j", "enter")
        await stage.sees(rotation_messages.SAVE_TITLE)
        assert [token.id for token in lab.provider.access_tokens] != [lost]
