"""An event loop that is stuck: signals and a lost terminal still end the process, in time."""

import os
import signal
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.patience import DEADLINE
from tests.terminal.pty_kit import App, Late
from tests.terminal.test_signals import is_plain, state_of

Launch = Callable[..., App]
GONE_SECONDS = 2.0
SLACK = 2.0
"""For a machine on which the endless loop has to share its processor."""


def stuck(launch: Launch, where: str = "stuck", **options: bool) -> App:
    app = launch(**options)
    app.happens(where)
    app.terminal.send("2")
    with pytest.raises(Late):
        app.terminal.shows("[2 Tokens]", within=1.0)
    return app


@pytest.mark.parametrize("where", ["stuck", "stuck_in_c"])
@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_it_and_gives_the_terminal_back(
    launch: Launch, sent: signal.Signals, where: str
) -> None:
    app = stuck(launch, where)
    assert not is_plain(app.terminal)
    os.kill(app.terminal.process.pid, sent)
    code = app.terminal.ends(within=GONE_SECONDS + SLACK)
    # A busy machine may keep the thread from it for so long that the process is killed.
    assert code == -signal.SIGKILL or (where == "stuck" and code == 128 + sent)
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


@pytest.mark.parametrize("where", ["stuck", "stuck_in_c"])
@pytest.mark.parametrize("ignored", [False, True], ids=["hangup", "hangup ignored"])
def test_a_lost_terminal_ends_it(launch: Launch, ignored: bool, where: str) -> None:
    app = stuck(launch, where, ignore_hangup=ignored)
    app.terminal.hang_up()
    # The signals that come with it may let a thread run for a moment.
    assert app.terminal.ends(within=GONE_SECONDS + SLACK) in (129, -signal.SIGKILL)


def eventually(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def children(pid: int) -> set[int]:
    """The processes that this one started and that live."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {int(each) for each in found if state_of(int(each)) != "Z"}


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, None])
def test_the_second_process_ends_with_the_first(launch: Launch, how: signal.Signals | None) -> None:
    app = launch()
    pid = app.terminal.process.pid
    [second] = children(pid)
    if how is None:
        app.terminal.send("q")
    else:
        os.kill(pid, how)
    app.terminal.ends()
    eventually(lambda: not Path(f"/proc/{second}").exists())


def test_without_the_second_process_a_signal_ends_it_as_well(launch: Launch) -> None:
    app = launch()
    pid = app.terminal.process.pid
    [second] = children(pid)
    os.kill(second, signal.SIGKILL)
    eventually(lambda: state_of(second) == "Z")
    os.kill(pid, signal.SIGTERM)
    assert app.terminal.ends() == 128 + signal.SIGTERM
    assert is_plain(app.terminal)


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
