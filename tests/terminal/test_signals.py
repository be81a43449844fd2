"""Signals leave a terminal that can be used: ended from outside, put aside and taken up again."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.terminal.pty_kit import App, Terminal

Launch = Callable[..., App]
MODES = (b"?1049", b"?1000", b"?1003", b"?1004", b"?2004", b"?25")


def is_plain(terminal: Terminal) -> bool:
    """Whether the last word on every mode was the one a shell needs."""
    wanted = {mode: b"h" if mode == b"?25" else b"l" for mode in MODES}
    said = {
        mode: max((b"h", b"l"), key=lambda end: terminal.raw.rfind(b"\x1b[" + mode + end))
        for mode in MODES
    }
    return said == wanted


def state_of(pid: int) -> str:
    """The letter of the kernel: T is stopped."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
@pytest.mark.parametrize("keys", ["", "2D", "2C"], ids=["list", "dialog", "secret"])
def test_ended_from_outside_the_terminal_is_as_before(
    launch: Launch, sent: signal.Signals, keys: str
) -> None:
    app = launch()
    texts = {"": "[1 Status]", "2D": "Type DELETE", "2C": "shown once"}[keys]
    app.terminal.send(keys)
    app.terminal.shows(texts)
    assert not is_plain(app.terminal)
    os.kill(app.terminal.process.pid, sent)
    assert app.terminal.ends() == 128 + sent
    assert is_plain(app.terminal)


def test_an_ignored_hangup_stays_ignored(launch: Launch) -> None:
    app = launch(ignore_hangup=True)
    os.kill(app.terminal.process.pid, signal.SIGHUP)
    app.terminal.press("2", "[2 Tokens]")


@pytest.mark.parametrize("how", ["keys", "signal"])
def test_put_aside_and_taken_up_again(launch: Launch, how: str) -> None:
    app = launch()
    terminal, pid = app.terminal, app.terminal.process.pid
    if how == "keys":
        terminal.send("\x1a")
    else:
        os.kill(pid, signal.SIGSTOP)
    terminal.until(lambda: state_of(pid) == "T")
    terminal.drain()
    assert how == "signal" or is_plain(terminal)
    terminal.screen.reset()
    os.kill(pid, signal.SIGCONT)
    terminal.shows("[1 Status]", "ENABLED", "Token slots")
    terminal.settle()
    app.go("2")
    terminal.send("q")
    assert terminal.ends() == 0
    assert is_plain(terminal)
