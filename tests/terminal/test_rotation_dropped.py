"""A rotation whose terminal goes away in the middle, and the person who comes back and ends it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from scim_tui.core.rotation.journal import FOLDER
from tests.patience import DEADLINE
from tests.terminal.pty_kit import Terminal, plain_environ

SCIM_TUI = (sys.executable, "-m", "scim_tui")
GONE_SECONDS = DEADLINE
IDP = {"user-agent": "Okta SCIM Client 1.0.0"}


class Desk:
    """A data folder with a service in it, and the terminals that are opened on it."""

    def __init__(self, folder: Path, cleanup: ExitStack) -> None:
        self.folder, self._cleanup = folder, cleanup
        self.environ = plain_environ(
            SCIM_TUI_DATA_DIR=str(folder / "data"), XDG_CONFIG_HOME=str(folder / "config")
        )
        first = folder / "first.secret"
        self.json("provisioning", "enable", "--secret-to", f"file:{first}")
        self.secrets = [first]

    def open(self) -> Terminal:
        terminal = Terminal.start(SCIM_TUI, environ=self.environ)
        self._cleanup.callback(terminal.stop)
        terminal.shows("ENABLED", "Token slots")
        terminal.settle()
        return terminal

    def json(self, *argv: str) -> Any:  # noqa: ANN401 - raw JSON
        done = subprocess.run(
            [*SCIM_TUI, *argv, "--json"],
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=DEADLINE,
            check=True,
        )
        return json.loads(done.stdout)

    def rotation(self) -> Any:  # noqa: ANN401 - raw JSON
        return json.loads((self.folder / "data" / FOLDER / "rot-0001.json").read_text())

    def push(self, secret: Path) -> int:
        """The IdP writes with what it was given."""
        endpoint = self.json("provisioning", "status")["scim_endpoint"]
        name = secret.stem
        mail = {"value": f"{name}@example.com", "type": "work", "primary": True}
        user = {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": name,
            "name": {"givenName": name, "familyName": "B"},
            "displayName": name,
            "emails": [mail],
        }
        bearer = {"authorization": f"Bearer {secret.read_text().strip()}"}
        return httpx.post(f"{endpoint}/Users", json=user, headers=IDP | bearer).status_code


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with ExitStack() as cleanup:
        yield Desk(tmp_path, cleanup)


def hang_up(terminal: Terminal) -> None:
    """The connection drops: SIGHUP, and nothing to write to."""
    terminal.hang_up()
    terminal.ends(within=GONE_SECONDS)


def kill(terminal: Terminal) -> None:
    """Nothing of ours runs after it."""
    os.kill(terminal.process.pid, signal.SIGKILL)
    terminal.ends()


def to_dropped(desk: Desk, new: Path, drop: Callable[[Terminal], None]) -> Terminal:
    """To step 4 in a terminal that goes away there, and back to it in the next."""
    terminal = desk.open()
    assert desk.push(desk.secrets[0]) == 201
    terminal.press("R", "ROTATE 2/8")
    terminal.press("\r", "ROTATE 3/8", "accepted: E1")
    terminal.press("5", "file")
    terminal.press("\r", "Save the secret")
    terminal.press("\x15")
    terminal.send(f"{new}\r")
    terminal.shows("ROTATE 4/8", "written, 0600")
    drop(terminal)
    assert desk.rotation()["state"] == "delivered"
    secret = new.read_text().strip().encode()
    assert secret not in bytes(terminal.raw)

    terminal = desk.open()
    terminal.shows("! rot-0001 at step 4 Install", "R resumes.")
    terminal.press("R", "ROTATE 4/8", "secret: none held")
    return terminal


def test_killed_it_is_gone_on_with_where_it_stood(desk: Desk) -> None:
    to_dropped(desk, desk.folder / "new.secret", kill)


def test_hung_up_on_it_is_gone_on_with_and_ended(desk: Desk) -> None:
    new = desk.folder / "new.secret"
    terminal = to_dropped(desk, new, hang_up)
    secret = new.read_text().strip().encode()
    terminal.press("\r", "What did the IdP's own test say?")
    terminal.press("\r", "ROTATE 5/8")
    assert desk.push(new) == 201
    terminal.press("r", "NEW token  E4")
    terminal.press("O", "Why is E4 enough here?")
    terminal.by_hand("it is a test")
    old = desk.rotation()["old"]["id"]
    terminal.press("\r", f"Type {old} to go on")
    terminal.by_hand(old)
    terminal.press("\r", "Type DELETE to go on")
    terminal.by_hand("DELETE")
    terminal.press("\r", "ROTATE 8/8", "is gone")
    assert secret not in bytes(terminal.raw)
    left = desk.json("tokens", "list")["tokens"]
    assert [token["id"] for token in left] == [desk.rotation()["new"]["id"]]
    for path in (desk.folder / "data").rglob("*"):
        assert not path.is_file() or secret not in path.read_bytes()
