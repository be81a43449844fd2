"""A secret shown alone: what the terminal gets, what is left of it, and what a copy takes."""

import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scim_tui.tui.terminal.raw_view import HINT
from tests.patience import DEADLINE
from tests.terminal.conftest import Launch
from tests.terminal.pty_kit import Terminal, plain_environ

SECRET = "memory-secret-0001-" + "x" * 40
LONG = "".join(chr(65 + number % 26) for number in range(580))
SHOW = (
    "import sys; from scim_tui.tui.terminal import raw_view; "
    "raw_view.show(sys.stdin.readline().strip() if len(sys.argv) < 2 else sys.argv[1], "
    "seconds=float(sys.argv[2]) if len(sys.argv) > 2 else 30.0); "
    "import select; print('AFTER', select.select([0], [], [], 0)[0])"
)


def to_the_secret(launch: Launch, **more: object) -> Terminal:
    terminal: Terminal = launch(**more).terminal
    terminal.press("2", "[2 Tokens]")
    terminal.press("C", "its secret is shown once")
    return terminal


def test_the_secret_is_on_the_terminal_alone_and_only_when_asked(launch: Launch) -> None:
    terminal = to_the_secret(launch)
    assert SECRET.encode() not in terminal.raw
    terminal.send("4")
    terminal.until(lambda: SECRET.encode() in terminal.raw)
    terminal.settle()
    assert [line for line in terminal.lines if line] == [SECRET, HINT]
    shown = bytes(terminal.raw)
    assert shown.rindex(b"\x1b[?7h") < shown.rindex(SECRET.encode())
    assert shown.rindex(b"\x1b[?1049h") < shown.rindex(SECRET.encode())
    terminal.press("x", "handed over: a look", "Hidden again.")
    assert SECRET not in terminal.text()
    assert bytes(terminal.raw).count(SECRET.encode()) == 1
    terminal.press("s", SECRET[:20])


@pytest.mark.parametrize("key", ["\x03", "\x1b[A", "q", "\x1a"])
def test_any_key_hides_it_and_does_nothing_else(launch: Launch, key: str) -> None:
    terminal = to_the_secret(launch)
    terminal.press("w", HINT)
    terminal.press(key, "handed over: a look")
    assert "its secret is shown once" in terminal.text()
    assert terminal.process.poll() is None


def test_the_terminal_that_goes_away_takes_the_app_with_it(launch: Launch) -> None:
    terminal = to_the_secret(launch)
    terminal.press("4", HINT)
    terminal.hang_up()
    terminal.ends()


def test_a_qr_code_is_shown_only_where_it_fits(launch: Launch) -> None:
    terminal = to_the_secret(launch, size=(80, 16))
    terminal.press("7", "A QR code of it needs")
    large = to_the_secret(launch, size=(100, 40))
    large.press("7", "Any key hides it", "\N{FULL BLOCK}")
    large.press("x", "handed over: a look")
    assert SECRET.encode() not in large.raw


@pytest.fixture
def alone() -> Iterator[Callable[..., Terminal]]:
    """The view in a program of its own."""
    started: list[Terminal] = []

    def start(*arguments: str) -> Terminal:
        command = [sys.executable, "-c", SHOW, *arguments]
        started.append(Terminal.start(command, environ=plain_environ()))
        return started[-1]

    yield start
    for terminal in started:
        terminal.stop()


def test_it_hides_by_itself(alone: Callable[..., Terminal]) -> None:
    terminal = alone(LONG, "0.3")
    terminal.shows("AFTER")
    assert LONG.encode() in terminal.raw
    assert LONG[:80] not in terminal.text()


def test_the_terminal_gets_it_in_one_piece(alone: Callable[..., Terminal]) -> None:
    terminal = alone(LONG)
    terminal.shows(HINT)
    assert LONG.encode() in terminal.raw
    assert "".join(terminal.lines[:8]) == LONG
    terminal.send("x")
    terminal.shows("AFTER")


def test_nothing_is_left_of_the_key_that_hid_it(alone: Callable[..., Terminal]) -> None:
    terminal = alone(LONG)
    terminal.shows(HINT)
    terminal.send("\x1b[A\n")
    terminal.shows("AFTER []")


def test_a_file_is_not_a_terminal() -> None:
    code = "from scim_tui.tui.terminal.raw_view import HERE; print(HERE.why_not())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert "no terminal here" in done.stdout


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
def test_tmux_takes_it_as_one_line(tmp_path: Path) -> None:
    socket = tmp_path / "tmux"
    environ = plain_environ() | {"TMUX_TMPDIR": str(tmp_path)}

    def tmux(*words: str) -> str:
        command = ["tmux", "-S", str(socket), "-f", os.devnull, *words]
        return subprocess.run(
            command, env=environ, capture_output=True, text=True, check=True
        ).stdout

    def captured() -> list[str]:
        return tmux("capture-pane", "-p", "-J").splitlines()

    run = shlex.join([sys.executable, "-c", SHOW, LONG])
    tmux("new-session", "-d", "-x", "80", "-y", "24", f"{run}; exec sleep 60")
    try:
        wait_until(lambda: any(HINT in line for line in captured()))
        assert captured()[0].rstrip() == LONG
        tmux("send-keys", "x")
        wait_until(lambda: any("AFTER" in line for line in captured()))
        everything = tmux("capture-pane", "-p", "-J", "-S", "-1000")
        assert LONG[:60] not in everything
    finally:
        tmux("kill-server")


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < end, "too late"
