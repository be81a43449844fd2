"""Long work on the event loop, cut into slices so that a screen stays alive."""

import asyncio
import time

SLICE = 0.005
"""Seconds of work before the event loop gets its turn."""
TELL = 0.1
"""Seconds between two reports of progress."""


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
