"""Shows a secret alone as one line that the terminal wraps, so that one selection copies all of it.

A text that is drawn line by line can only be copied line by line; a line that the terminal wraps
is one line for its selection, and for the copy mode of tmux. It is written to the alternate
screen, which has no scrollback, and cleared before that screen is left.
"""

import os
import select
import termios
import time
import tty
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

SECONDS = 30.0
_ENTER = "\x1b[?1049h\x1b[?7h\x1b[?25l\x1b[0m\x1b[2J\x1b[H"
_LEAVE = "\x1b[0m\x1b[2J\x1b[H\x1b[?25h\x1b[?1049l"
HINT = "(The terminal takes it as ONE line. Any key hides it.)"


@dataclass(frozen=True, slots=True)
class TerminalStreams:
    """File descriptors: where keys are read, and where the text is written."""

    keys: int = 0
    screen: int = 2
    """The error stream, since that is where the screens are drawn."""

    def why_not(self) -> str:
        """Why nothing can be shown here; empty if it can. A secret is never written into a file."""
        if os.isatty(self.keys) and os.isatty(self.screen):
            return ""
        return "There is no terminal here to show it alone on."


HERE = TerminalStreams()
showing = False
"""Whether a secret is on the terminal now; a process that ends has to clear the screen."""


def show(text: str, *, streams: TerminalStreams = HERE, seconds: float = SECONDS) -> None:
    """Show a text alone until a key is pressed, the time is over, or the terminal is closed."""
    show_lines((text,), streams=streams, seconds=seconds)


def show_lines(
    lines: Sequence[str],
    *,
    streams: TerminalStreams = HERE,
    seconds: float = SECONDS,
    hint: str = HINT,
) -> None:
    """As `show`, for several lines; the hint stands below where there is room for it."""
    global showing  # noqa: PLW0603 - there is one terminal
    with _single_keys(streams.keys), suppress(OSError):
        try:
            showing = True
            _write(
                streams.screen, _ENTER + "\r\n".join(lines) + _below(lines, hint, streams.screen)
            )
            _wait(streams.keys, seconds)
        finally:
            _write(streams.screen, _LEAVE)
            showing = False


def _below(lines: Sequence[str], hint: str, screen: int) -> str:
    columns, rows = _size(screen)
    used = sum(-(-len(line) // columns) if line.isprintable() else 1 for line in lines)
    return f"\r\n\r\n{hint[:columns]}" if used + 3 <= rows else ""


def _size(screen: int) -> tuple[int, int]:
    try:
        size = os.get_terminal_size(screen)
    except OSError:
        return 80, 24
    return size.columns or 80, size.lines or 24


@contextmanager
def _single_keys(keys: int) -> Iterator[None]:
    """Put the terminal into raw mode, and drop the input that is not read yet."""
    before = termios.tcgetattr(keys)
    try:
        tty.setraw(keys, termios.TCSAFLUSH)
        yield
    finally:
        with suppress(termios.error):
            termios.tcsetattr(keys, termios.TCSAFLUSH, before)


def _wait(keys: int, seconds: float) -> None:
    poll = select.poll()
    poll.register(keys, select.POLLIN | select.POLLHUP | select.POLLERR)
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if poll.poll(left * 1000):
            return


def _write(screen: int, text: str) -> None:
    data = text.encode()
    while data:
        data = data[os.write(screen, data) :]
