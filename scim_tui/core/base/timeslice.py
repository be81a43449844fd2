"""Lets the event loop run during long work, so that a screen stays responsive."""

import asyncio
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

SLICE = 0.005
"""Seconds of work before the event loop gets its turn."""
REPORT = 0.1
"""Seconds between two reports of progress."""
_PAUSE = 0.0001
"""Seconds that a thread sleeps: enough for the event loop to take the interpreter's lock."""


class Slices:
    """Measures one long piece of work: when to yield, and when to report progress."""

    def __init__(self) -> None:
        self.started = self._turn = self._reported = time.monotonic()

    @property
    def due(self) -> bool:
        """Whether the event loop should run now."""
        return time.monotonic() - self._turn > SLICE

    @property
    def news(self) -> bool:
        """Whether progress is due to be reported; true once in each interval."""
        if (now := time.monotonic()) - self._reported < REPORT:
            return False
        self._reported = now
        return True

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return time.monotonic() - self.started

    async def turn(self) -> None:
        """Let the event loop run once."""
        await asyncio.sleep(0)
        self._turn = time.monotonic()


def giving_way(items: Iterable[T]) -> Iterator[T]:
    """Iterate in a thread, and let the event loop run now and then.

    A thread that does much small I/O releases the interpreter's lock for some microseconds each
    time. That is too short for the loop to take it, and it restarts the 5 ms after which the
    interpreter would force a switch. Without these pauses the loop hardly runs.
    """
    turn = time.monotonic()
    for item in items:
        if time.monotonic() - turn > SLICE:
            time.sleep(_PAUSE)
            turn = time.monotonic()
        yield item
