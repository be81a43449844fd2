"""Prompts at a terminal that Ctrl-C ends at once."""

import asyncio
import os
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import SecretStr

from scim_tui.model.errors import UsageError
from scim_tui.model.escaping import reveal


def at_terminal() -> bool:
    """Whether a person can be asked: stdin and stderr are a terminal."""
    return bool(sys.stdin and sys.stderr and sys.stdin.isatty() and sys.stderr.isatty())


async def ask(question: str) -> str:
    """The line that is typed. Raises `UsageError` at the end of the input."""
    return (await _line(question)).strip()


async def ask_word(question: str) -> str:
    """As `ask`, for a confirmation: input from before the prompt is dropped."""
    termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)
    return await ask(question)


async def ask_secret(question: str) -> SecretStr:
    """As `ask`, without an echo."""
    with _silent(sys.stdin.fileno()):
        text = await ask(question)
    _write("\n")
    return SecretStr(text)


async def _line(question: str) -> str:
    _write(f"{reveal(question)} ")
    loop, ready = asyncio.get_running_loop(), asyncio.Event()
    # A terminal hands over whole lines, so reading never waits once there is something.
    file = sys.stdin.fileno()
    loop.add_reader(file, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(file)
    if not (line := os.read(file, 4096)):
        raise UsageError("The input ended; nothing else was done.")
    return line.decode(errors="replace")


def _write(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


@contextmanager
def _silent(file: int) -> Iterator[None]:
    before = termios.tcgetattr(file)
    quiet = list(before)
    quiet[3] &= ~termios.ECHO
    termios.tcsetattr(file, termios.TCSADRAIN, quiet)
    try:
        yield
    finally:
        termios.tcsetattr(file, termios.TCSADRAIN, before)
