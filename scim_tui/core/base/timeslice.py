"""Long work, on the event loop or in a thread, cut into slices so that a screen stays alive."""

import asyncio
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

SLICE = 0.005
"""Seconds of work before the event loop gets its turn."""
TELL = 0.1
"""Seconds between two reports of progress."""
_ASIDE = 0.0001
"""Seconds that a thread steps aside: enough for the loop to wake up and go on."""


class Slices:
    """The clock of one long piece of work."""

    def __init__(self) -> None:
        self.started = self._turn = self._told = time.monotonic()

    @property
    def due(self) -> bool:
        """Whether the loop should have its turn."""
        return time.monotonic() - self._turn > SLICE

    @property
    def news(self) -> bool:
        """Whether it is time to tell the progress again; true once for each such time."""
        if (now := time.monotonic()) - self._told < TELL:
            return False
        self._told = now
        return True

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return time.monotonic() - self.started

    async def turn(self) -> None:
        """Let the loop have its turn."""
        await asyncio.sleep(0)
        self._turn = time.monotonic()


def giving_way(items: Iterable[T]) -> Iterator[T]:
    """Go through something in a thread, and let the loop have its turn on the way.

    A thread that reads or writes in small pieces lets go of the interpreter's lock for some
    microseconds each time: too short for the loop to take it, and each time the 5 ms after which
    the interpreter would force the thread to give way begin anew. Without this the loop starves.
    """
    turn = time.monotonic()
    for item in items:
        if time.monotonic() - turn > SLICE:
            time.sleep(_ASIDE)
            turn = time.monotonic()
        yield item
