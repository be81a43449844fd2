"""A real terminal for tests: a pty, a screen fed by every byte, deadlines instead of sleeps."""

import contextlib
import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyte

from tests.patience import DEADLINE

QUIET = 0.35
"""Seconds of silence after which a screen counts as settled."""
SMALL, LARGE = (80, 24), (120, 40)

_WITH_TERMINAL = (
    "import fcntl, os, sys, termios\n"
    "fcntl.ioctl(0, termios.TIOCSCTTY, 0)\n"
    "os.execv(sys.argv[1], sys.argv[1:])"
)
"""A session's leader gets its controlling terminal by asking for it (tty_ioctl(4))."""
_ANSWERS = {
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",  # synchronised output: known, off
    b"\x1b[c": b"\x1b[?62;22c",  # device attributes: a VT220 with colour
    b"\x1b[6n": b"\x1b[1;1R",
}
_UNSPOKEN = re.compile(rb"\x1b\[[<>=][0-9;]*[a-z]")
"""Private sequences of the keyboard protocol, which the screen would take for text."""
SGR = re.compile(rb"\x1b\[([0-9;]*)m")


class Late(AssertionError):
    """What was waited for did not come in time."""


@dataclass
class Terminal:
    """A program on a pty, and the screen a person would see."""

    process: "subprocess.Popen[bytes]"
    master: int
    screen: pyte.Screen
    raw: bytearray = field(default_factory=bytearray)
    """Every byte written so far."""
    closed: bool = False
    _mark: int = 0
    _answered: int = 0

    def __post_init__(self) -> None:
        self._stream = pyte.ByteStream(self.screen)

    @classmethod
    def start(
        cls,
        command: Sequence[str],
        *,
        size: tuple[int, int] = SMALL,
        environ: Mapping[str, str] | None = None,
        ignore_hangup: bool = False,
        inherited: Sequence[int] = (),
    ) -> "Terminal":
        """Run a command on a new terminal of this size."""
        master, slave = os.openpty()
        _set_size(slave, size)
        before = signal.getsignal(signal.SIGHUP)
        if ignore_hangup:
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
        try:
            process = subprocess.Popen(
                [sys.executable, "-S", "-c", _WITH_TERMINAL, *command],
                stdin=slave,
                stdout=slave,
                stderr=slave,
                env=dict(environ if environ is not None else plain_environ()),
                start_new_session=True,
                pass_fds=tuple(inherited),
            )
        finally:
            signal.signal(signal.SIGHUP, before)
            os.close(slave)
        return cls(process, master, pyte.Screen(*size))

    def read(self, seconds: float) -> bool:
        """Take in what is written within this time, up to one piece; False: nothing came."""
        if not select.select([self.master], [], [], max(seconds, 0))[0]:
            return False
        try:
            data = os.read(self.master, 65536)
        except OSError:
            data = b""  # the other end is closed
        if not data:
            return False
        self.raw += data
        self._answer()
        self._stream.feed(_UNSPOKEN.sub(b"", data))
        return True

    def _answer(self) -> None:
        fresh = bytes(self.raw[self._answered :])
        self._answered = len(self.raw)
        for question, answer in _ANSWERS.items():
            if question in fresh:
                os.write(self.master, answer)

    def send(self, keys: str) -> None:
        """Type."""
        os.write(self.master, keys.encode())

    def until(self, condition: Callable[[], object], within: float = DEADLINE) -> None:
        """Read until the condition holds."""
        end = time.monotonic() + within
        while not condition():
            left = end - time.monotonic()
            if left <= 0:
                raise Late(f"not in {within} s; the screen is\n" + "\n".join(self.lines))
            if not self.read(min(left, 0.1)) and self.process.poll() is not None:
                self.drain()
                if not condition():
                    raise Late("the program ended:\n" + self.text())
                return

    def shows(self, *texts: str, within: float = DEADLINE) -> None:
        """Wait until all texts are on the screen."""
        self.until(lambda: all(text in self.text() for text in texts), within)

    def hides(self, text: str, within: float = DEADLINE) -> None:
        """Wait until a text is no longer on the screen."""
        self.until(lambda: text not in self.text(), within)

    def settle(self, quiet: float = QUIET, within: float = DEADLINE) -> None:
        """Read until nothing was written for a while."""
        end = time.monotonic() + within
        while self.read(quiet):
            if time.monotonic() > end:
                raise Late(f"not silent within {within} s")

    def drain(self) -> None:
        """Read what is left."""
        while self.read(0.05):
            pass

    def press(self, keys: str, *texts: str) -> int:
        """Type, wait for an answer and, if given, these texts; return the bytes it took."""
        self.taken()
        self.send(keys)
        if texts:
            self.shows(*texts)
        else:
            self.until(lambda: len(self.raw) > self._mark)
        self.settle()
        return self.taken()

    def by_hand(self, word: str) -> None:
        """Type a word letter by letter, each after the one before can be seen; then think."""
        for letter in word:
            self.send(letter)
            self.settle(quiet=0.03)
        self.settle()

    def taken(self) -> int:
        """Bytes written since the last call."""
        count = len(self.raw) - self._mark
        self._mark = len(self.raw)
        return count

    @property
    def lines(self) -> list[str]:
        """The screen, line by line."""
        # `Screen.display` of pyte trips over a half of a wide sign that a later paint left alone.
        cells = self.screen.buffer
        wide = range(self.screen.columns)
        return [
            "".join(cells[row][column].data for column in wide).rstrip()
            for row in range(self.screen.lines)
        ]

    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines)

    def resize(self, columns: int, rows: int) -> None:
        """Change the size, as dragging a window does."""
        self.screen.resize(rows, columns)
        _set_size(self.master, (columns, rows))

    def hang_up(self) -> None:
        """Close the terminal under the program, as a lost connection does."""
        if not self.closed:
            self.closed = True
            os.close(self.master)

    def ends(self, within: float = DEADLINE) -> int:
        """Wait for the end of the program; its exit code."""
        end = time.monotonic() + within
        while self.process.poll() is None and time.monotonic() < end:
            if self.closed:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.process.wait(0.05)
            else:
                self.read(0.05)
        code = self.process.poll()
        if code is None:
            raise Late(f"still running after {within} s:\n" + self.text())
        if not self.closed:
            self.drain()
        return code

    def stop(self) -> None:
        """End the program whatever it does, and let go of the terminal."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.hang_up()


@dataclass
class App:
    """The app on a terminal, and a wire to change the directory under it."""

    terminal: Terminal
    control: int
    folder: Path
    faults_expected: bool = False
    """Whether the program may write down a fault of its own."""

    def is_open(self) -> None:
        """Wait until the first snapshot is on the screen and nothing moves."""
        self.terminal.shows("Provisioning", "ENABLED", "Token slots")
        self.terminal.settle()

    def happens(self, word: str) -> None:
        """Let something happen to the directory; see `driver_app.Play`."""
        self.faults_expected |= word == "crash"
        os.write(self.control, f"{word}\n".encode())

    def go(self, key: str) -> int:
        """Change to another screen and wait until it is loaded; returns the bytes."""
        return self.terminal.press(key, SCREENS[key])


SCREENS = {
    "1": "[1 Status]",
    "2": "[2 Tokens]",
    "3": "[3 Mapping]",
    "4": "[4 Directory]",
    "5": "[5 Activity]",
}


def plain_environ(**more: str) -> dict[str, str]:
    """The environment of a person at a good terminal, and of this test run's coverage."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name == "PATH" or name.startswith(("COVERAGE_", "COV_"))
    }
    return {
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
        "HOME": tempfile.gettempdir(),
        "PYTHONPATH": str(Path(__file__).parents[2]),
        **kept,
        **more,
    }


def colours(raw: bytes) -> set[str]:
    """The colour codes among the style codes that were written."""
    found: set[str] = set()
    for match in SGR.finditer(raw):
        codes = match.group(1).decode().split(";")
        found |= {code for code in codes if code.isdigit() and _is_colour(int(code))}
    return found


def _is_colour(code: int) -> bool:
    return (30 <= code <= 49 and code not in {39, 49}) or 90 <= code <= 107


def resident_mb(pid: int) -> float:
    """Resident memory of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


def _set_size(fd: int, size: tuple[int, int]) -> None:
    columns, rows = size
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
