"""A program on a new terminal, watched until a person would see something."""

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import pyte

SIZE = 80, 24
VISIBLE = 40
"""Characters from which on the screen counts as painted."""
_SECONDS = 30.0
_ANSWERS = {
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",
    b"\x1b[c": b"\x1b[?62;22c",
    b"\x1b[6n": b"\x1b[1;1R",
}
"""What a terminal is asked at the start: synchronised output, device attributes, cursor."""


class Painted(NamedTuple):
    """Seconds from the start of the process."""

    first: float
    """Until the first `VISIBLE` characters."""
    whole: float
    """Until the last line of the screen is there, or as `first` if it stays empty."""


def painted(command: Sequence[str], environ: Mapping[str, str], *, whole: bool) -> Painted:
    """Start, wait for the first paint and, if wanted, the last line; then end it."""
    with _started(command, environ) as (start, watch, screen):
        first = watch.until(lambda: _visible(screen) >= VISIBLE) - start
        last = watch.until(lambda: bool(screen.display[-1].strip())) - start if whole else first
        return Painted(first, last)


def listed(command: Sequence[str], environ: Mapping[str, str], key: str, text: str) -> float:
    """Seconds from the start of the process, with a key, to ten lines with this text."""
    with _started(command, environ) as (start, watch, screen):
        watch.until(lambda: _visible(screen) >= VISIBLE)
        watch.press(key)
        return watch.until(lambda: sum(text in line for line in screen.display) >= 10) - start


@contextmanager
def _started(
    command: Sequence[str], environ: Mapping[str, str]
) -> Iterator[tuple[float, "_Watch", pyte.Screen]]:
    start = time.perf_counter()
    process, master = pty.fork()
    if not process:
        os.execve(command[0], list(command), dict(environ))
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", SIZE[1], SIZE[0], 0, 0))
    screen = pyte.Screen(*SIZE)
    try:
        yield start, _Watch(master, screen), screen
    finally:
        os.kill(process, signal.SIGTERM)
        _end(process, master)


class _Watch:
    def __init__(self, master: int, screen: pyte.Screen) -> None:
        self._master = master
        self._screen = screen
        self._stream = pyte.ByteStream(screen)

    def press(self, key: str) -> None:
        """A key of the person."""
        os.write(self._master, key.encode())

    def until(self, condition: Callable[[], bool]) -> float:
        """The instant at which what makes the condition true was read, not when it was drawn."""
        at = time.perf_counter()
        end = at + _SECONDS
        while not condition():
            readable, _, _ = select.select([self._master], [], [], end - time.perf_counter())
            if not readable:
                raise TimeoutError("nothing was painted")
            data = self._read()
            at = time.perf_counter()
            for question, answer in _ANSWERS.items():
                if question in data:
                    os.write(self._master, answer)
            self._stream.feed(data)
        return at

    def _read(self) -> bytes:
        try:
            return os.read(self._master, 1 << 16)
        except OSError as error:  # the other end is closed
            said = "\n".join(line.rstrip() for line in self._screen.display).strip()
            raise RuntimeError(f"The program ended: {said}") from error


def _visible(screen: pyte.Screen) -> int:
    return sum(not sign.isspace() for line in screen.display for sign in line)


def _end(process: int, master: int) -> None:
    """Read what is left, so that the program can write its goodbye, and wait for its end."""
    end = time.perf_counter() + _SECONDS
    while time.perf_counter() < end and os.waitpid(process, os.WNOHANG)[0] == 0:
        if select.select([master], [], [], 0.02)[0]:
            try:
                os.read(master, 1 << 16)
            except OSError:
                break
    os.close(master)
