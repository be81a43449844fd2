"""`scim-tui tokens rotate` with a person at a terminal."""

import asyncio
import sys
from pathlib import Path

import pexpect
import pytest

from scim_tui import wiring
from scim_tui.config.profiles import Profile
from scim_tui.core.rotation.journal import Journal
from scim_tui.model.rotation.rotation import State
from tests.patience import DEADLINE

SECONDS = DEADLINE


async def begin(data: Path) -> str:
    profile = Profile(name="local", provider="local", data_dir=data)
    space = await wiring.open_workspace(profile, via="cli")
    enabled = await space.provisioning.enable()
    await space.aclose()
    assert enabled.first_token is not None
    return enabled.first_token.token.id


@pytest.fixture
def old(place: Path) -> str:
    return asyncio.run(begin(place / "data"))


class Terminal:
    """The command on a terminal, and what it shows."""

    def __init__(self, *argv: str) -> None:
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "scim_tui", "tokens", "rotate", *argv],
            cwd=str(Path(__file__).parents[3]),
            encoding="utf-8",
            timeout=SECONDS,
            dimensions=(24, 200),
        )

    def answer(self, question: str, text: str) -> None:
        self.child.expect_exact(question)
        self.child.sendline(text)

    def end(self) -> int:
        self.child.expect(pexpect.EOF)
        self.child.close()
        return int(self.child.exitstatus or 0)


def state(place: Path) -> State:
    return Journal.of(place / "data", "").all()[-1].state


def test_a_person_is_asked_step_by_step(place: Path, old: str) -> None:
    path = place / "secret"
    first = Terminal("--idp", "manual:okta", "--every", "1s")
    first.answer("Where should the new secret go?", f"file:{path}")
    first.answer("Enter goes on", "")
    first.answer("Type installed when the IdP has it", "installed")
    first.answer("own test say?", "passed")
    first.child.expect_exact("the IdP was not seen with the new token")
    first.child.sendintr()
    assert first.end() == 130
    assert state(place) is State.WATCHING
    assert path.exists()
    words = ("--accept-unproven", "nobody is home", "--old", old, "--confirm", "DELETE")
    second = Terminal("--resume", *words, "--wait-observed", "1s", "--every", "1s")
    second.child.expect_exact(f"{old} is deleted.")
    second.child.expect_exact("Look whether a client is refused")
    second.child.sendintr()
    assert second.end() == 130
    assert state(place) is State.AFTERWATCH


def test_ctrl_c_at_a_question_ends_at_once_and_makes_nothing(place: Path, old: str) -> None:
    shown = Terminal("--idp", f"command:tee {place / 'got'}")
    shown.child.expect_exact("Enter goes on")
    shown.child.sendintr()
    assert shown.end() == 130
    assert state(place) is State.CREATE_INTENT
    assert not (place / "got").exists()


def test_the_end_of_the_input_ends_it(place: Path, old: str) -> None:
    shown = Terminal("--idp", f"command:tee {place / 'got'}")
    shown.child.expect_exact("Enter goes on")
    shown.child.sendeof()
    assert shown.end() == 2
    assert state(place) is State.CREATE_INTENT


def test_the_word_is_typed_and_what_was_typed_before_does_not_count(place: Path, old: str) -> None:
    Terminal("--idp", "command:false", "--no-input").end()
    assert state(place) is State.SECRET_GONE
    shown = Terminal("--resume", "--idp", f"command:tee {place / 'got'}")
    shown.answer("type DELETE:", "delete")
    assert shown.end() == 2
    assert state(place) is State.SECRET_GONE
    shown = Terminal("--resume", "--idp", f"command:tee {place / 'got'}")
    shown.answer("type DELETE:", "DELETE")
    shown.child.expect_exact("Enter goes on")
    shown.child.sendintr()
    assert shown.end() == 130
    assert state(place) is State.CREATE_INTENT
