"""A dropped connection ends the process, whatever is on the screen, and leaves whole files."""

import json
from collections.abc import Callable

import pytest

from tests.patience import DEADLINE
from tests.terminal.pty_kit import App

Launch = Callable[..., App]
GONE_SECONDS = DEADLINE

STATES = {
    "list": (),
    "dialog": (("2", "[2 Tokens]"), ("D", "Type DELETE to go on")),
    "secret": (("2", "[2 Tokens]"), ("C", "shown once")),
    "typing": ((":", "Command"),),
}


@pytest.mark.parametrize("ignored", [False, True], ids=["hangup", "hangup ignored"])
@pytest.mark.parametrize("state", STATES)
def test_it_is_gone_in_two_seconds(launch: Launch, state: str, ignored: bool) -> None:
    app = launch(ignore_hangup=ignored)
    for key, text in STATES[state]:
        app.terminal.press(key, text)
    app.terminal.hang_up()
    app.terminal.ends(within=GONE_SECONDS)
    trail = app.folder / "audit.jsonl"
    lines = trail.read_text().splitlines() if trail.exists() else []
    assert all(json.loads(line)["hash"] for line in lines)
    assert bool(lines) == (state == "secret")
