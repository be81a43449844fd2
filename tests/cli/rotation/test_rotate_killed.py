"""A rotation in a process of its own, stopped or killed where it hurts, and gone on with."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from scim_tui import wiring
from scim_tui.config.profiles import Profile
from tests.patience import DEADLINE

ENDED = DEADLINE


class Lab:
    """A local profile with one token, and an IdP whose install can be made to wait."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder, folder / "data"
        self.gate, self.got = folder / "gate", folder / "got"
        os.mkfifo(self.gate)
        asyncio.run(self._begin())

    async def _begin(self) -> None:
        profile = Profile(name="local", provider="local", data_dir=self.data)
        space = await wiring.open_workspace(profile, via="cli")
        await space.provisioning.enable()
        await space.aclose()

    @property
    def idp(self) -> str:
        return f"command:tee {self.got}"

    @property
    def slow(self) -> str:
        """Says through a pipe that it has begun, takes the secret, and never ends."""
        code = "import sys,time; open(sys.argv[1],'w').write('begun'); time.sleep(600)"
        return f'command:{sys.executable} -c "{code}" {self.gate}'

    def start(self, *argv: str) -> "subprocess.Popen[str]":
        words = [sys.executable, "-m", "scim_tui", "tokens", *argv]
        return subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[3],
        )

    def run(self, *argv: str) -> tuple[int, str, str]:
        child = self.start(*argv)
        out, err = child.communicate(timeout=ENDED)
        return child.returncode, out, err

    def json(self, *argv: str) -> Any:  # noqa: ANN401 - raw JSON
        return json.loads(self.run(*argv, "--json")[1])

    def ids(self) -> list[str]:
        return [token["id"] for token in self.json("list")["tokens"]]

    @contextmanager
    def installing(self) -> Iterator["subprocess.Popen[str]"]:
        """A rotation that is just handing over its secret."""
        child = self.start("rotate", "--idp", self.slow)
        try:
            assert self.gate.read_text() == "begun"
            yield child
        finally:
            child.kill()
            child.communicate()


@pytest.fixture
def lab(place: Path) -> Lab:
    return Lab(place)


def test_after_a_kill_while_the_secret_is_handed_over_nothing_is_lost(lab: Lab) -> None:
    (old,) = lab.ids()
    with lab.installing() as child:
        os.kill(child.pid, signal.SIGKILL)
        child.wait(ENDED)
    assert len(lab.ids()) == 2
    standing = lab.json("rotate", "--status")
    assert (standing["open"], standing["rotation"]["old"]["id"]) == (True, old)
    assert standing["held_by"] is None
    new = standing["rotation"]["new"]["id"]
    code, _, err = lab.run("rotate", "--resume", "--idp", lab.idp)
    assert (code, lab.json("rotate", "--status")["rotation"]["state"]) == (1, "delivered"), err
    again = ("rotate", "--resume", "--idp", lab.idp, "--not-arrived", new, "--confirm", "DELETE")
    code, _, err = lab.run(*again)
    assert code == 1, err
    standing = lab.json("rotate", "--status")
    assert standing["rotation"]["state"] == "watching"
    assert sorted(lab.ids()) == sorted([old, standing["rotation"]["new"]["id"]])
    assert new not in lab.ids()
    words = ("--accept-unproven", "a test", "--old", old, "--confirm", "DELETE")
    code, _, err = lab.run("rotate", "--resume", *words)
    assert code == 0, err
    assert lab.ids() == [standing["rotation"]["new"]["id"]]
    assert lab.got.read_text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_to_end_leaves_it_open_and_says_how_to_go_on(
    lab: Lab, number: signal.Signals
) -> None:
    with lab.installing() as child:
        child.send_signal(number)
        _, err = child.communicate(timeout=ENDED)
        assert child.returncode == 130, err
    assert "tokens rotate --resume" in err
    standing = lab.json("rotate", "--status")
    assert (standing["open"], standing["held_by"]) == (True, None)
    assert len(lab.ids()) == 2
