"""An event loop that is stuck: signals and a lost terminal still end the process, in time."""

import os
import signal
import termios
from collections.abc import Callable

import pytest

from tests.terminal.pty_kit import App, Late
from tests.terminal.test_signals import is_plain

Launch = Callable[..., App]
GONE_SECONDS = 2.0
SLACK = 2.0
"""For a machine on which the endless loop has to share its processor."""


def stuck(launch: Launch, **options: bool) -> App:
    app = launch(**options)
    app.happens("stuck")
    app.terminal.send("2")
    with pytest.raises(Late):
        app.terminal.shows("[2 Tokens]", within=1.0)
    return app


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_it_and_gives_the_terminal_back(launch: Launch, sent: signal.Signals) -> None:
    app = stuck(launch)
    assert not is_plain(app.terminal)
    os.kill(app.terminal.process.pid, sent)
    assert app.terminal.ends(within=GONE_SECONDS + SLACK) == 128 + sent
    assert is_plain(app.terminal)
    flags = termios.tcgetattr(app.terminal.master)[3]
    assert flags & termios.ECHO
    assert flags & termios.ICANON


def test_ctrl_c_twice_ends_it(launch: Launch) -> None:
    app = stuck(launch)
    app.terminal.send("\x03")
    with pytest.raises(Late):
        app.terminal.ends(within=GONE_SECONDS)
    app.terminal.send("\x03")
    assert app.terminal.ends(within=GONE_SECONDS + SLACK) == 130
    assert is_plain(app.terminal)


@pytest.mark.parametrize("ignored", [False, True], ids=["hangup", "hangup ignored"])
def test_a_lost_terminal_ends_it(launch: Launch, ignored: bool) -> None:
    app = stuck(launch, ignore_hangup=ignored)
    app.terminal.hang_up()
    assert app.terminal.ends(within=GONE_SECONDS + SLACK) == 129


def test_a_signal_while_a_secret_has_the_terminal_alone_clears_it_away(launch: Launch) -> None:
    app = launch()
    app.terminal.press("2", "[2 Tokens]")
    app.terminal.press("C", "its secret is shown once")
    app.terminal.press("4", "memory-secret")
    os.kill(app.terminal.process.pid, signal.SIGTERM)
    assert app.terminal.ends(within=GONE_SECONDS + SLACK) == 143
    assert is_plain(app.terminal)
    after = bytes(app.terminal.raw).rpartition(b"memory-secret")[2]
    assert b"\x1b[2J" in after
