"""A second process that ends this one when it is stuck in C code that holds Python's lock.

A search pattern in `re` may run for minutes, and meanwhile no thread of Python runs. The handler of
signals in C still writes a signal's number to a pipe (`signal.set_wakeup_fd`). Its other end is
read by a fork of this process that does nothing else: it passes the number on to the thread that
asks for an orderly end, and kills the process if that does not come.
"""

import os
import select
import signal
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

PLAIN = (
    b"\x18\x1b[?2026l\x1b[?2004l\x1b[?7h\x1b[?2048l\x1b[?1000l\x1b[?1003l\x1b[?1015l"
    b"\x1b[?1006l\x1b[?1016l\x1b[<u\x1b[0m\x1b[2J\x1b[?1049l\x1b[?25h\x1b[?1004l"
)
"""Resets every mode that was set; the first byte ends a sequence that was cut off."""
ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
KILL_SECONDS = 1.9
"""After how long the process is killed: later than its own orderly and hurried ends."""
_WRITE_SECONDS = 0.05
_KEYS, _SCREEN = 0, 2
_LOST = select.POLLHUP | select.POLLERR | select.POLLNVAL


class SignalPipe(NamedTuple):
    """Where signal numbers go in and come out."""

    writing: int
    """For `signal.set_wakeup_fd`."""
    reading: int
    direct: int = -1
    """Where they come out once the process between the two ends is gone."""

    def numbers(self) -> Iterator[int]:
        """The signals as they come; waits for them."""
        for end in (self.reading, self.direct):
            while end >= 0 and (found := os.read(end, 64)):
                yield from found


def plain_pipe() -> SignalPipe:
    """A pipe without a process between its ends."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    return SignalPipe(writing, reading)


def start() -> SignalPipe:
    """Start the second process. Call it before there are threads."""
    front, back = plain_pipe(), plain_pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    try:
        attributes = termios.tcgetattr(_KEYS)
        child = os.fork()
    except (OSError, termios.error):
        return front  # Only the rare case of code that is stuck in C goes without.
    if child == 0:
        with _nothing_else():
            os.setsid()  # Signals of the terminal, and its loss, are not for this process.
            for first, end in _between(_KEYS, _SCREEN, front.reading, back.writing):
                os.closerange(first, end)
            _watch(front.reading, back.writing, os.getppid(), attributes)
    os.close(back.writing)
    return SignalPipe(front.writing, back.reading, front.reading)


@contextmanager
def _nothing_else() -> Iterator[None]:
    """End the process after this, whatever happens: the rest of the program is not its own."""
    try:
        for number in (*ENDING, signal.SIGTSTP, signal.SIGWINCH, signal.SIGCONT):
            signal.signal(number, signal.SIG_IGN)
        yield
    finally:
        os._exit(0)


def _between(*kept: int) -> Iterator[tuple[int, int]]:
    first = 0
    for each in sorted(kept):
        if first < each:  # Python closes every file for an empty range.
            yield first, each
        first = each + 1
    yield first, os.sysconf("SC_OPEN_MAX")


def _watch(signals: int, relay: int, process: int, attributes: list[Any]) -> None:
    """Pass signals on until the process ends, and kill it when it is late."""
    poll = select.poll()
    latest: float | None = None
    poll.register(signals, select.POLLIN)
    poll.register(_KEYS, 0)
    while latest is None or time.monotonic() < latest:
        left = None if latest is None else max(latest - time.monotonic(), 0) * 1000
        asked = False
        for file, happened in poll.poll(left):
            if file == signals:
                if not (numbers := os.read(signals, 64)):
                    return
                with suppress(OSError):
                    os.write(relay, numbers)
                asked |= not set(ENDING).isdisjoint(numbers)
            elif happened & _LOST:
                poll.unregister(_KEYS)
                asked = True
        if asked and latest is None:
            latest = time.monotonic() + KILL_SECONDS
    if os.getppid() == process:
        _make_plain(attributes)
        os.kill(process, signal.SIGKILL)


def _make_plain(attributes: list[Any]) -> None:
    with suppress(termios.error):
        termios.tcsetattr(_KEYS, termios.TCSANOW, attributes)
    poll = select.poll()
    poll.register(_SCREEN, select.POLLOUT)
    # A write to a terminal that reads nothing would block for ever.
    with suppress(OSError):
        if any(happened & select.POLLOUT for _, happened in poll.poll(_WRITE_SECONDS * 1000)):
            os.write(_SCREEN, PLAIN)
