"""How long an event loop lets a task wait that wants a turn all the time."""

import asyncio
import time
from contextlib import suppress

_BEAT = 0.001


class Beat:
    """A task that wants a turn every millisecond, and notes how long it had to wait."""

    def __init__(self) -> None:
        self.worst = self.own = 0.0
        """Seconds on the clock, and of work of this very thread; the rest is the machine's."""
        self._task = asyncio.create_task(self._go())

    async def _go(self) -> None:
        before, worked = time.perf_counter(), time.thread_time()
        while True:
            await asyncio.sleep(_BEAT)
            now, work = time.perf_counter(), time.thread_time()
            self.worst = max(self.worst, now - before - _BEAT)
            self.own = max(self.own, work - worked)
            before, worked = now, work

    async def stop(self) -> dict[str, float]:
        """The longest waits in milliseconds."""
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        return {"stall_ms": self.worst * 1000, "own_ms": self.own * 1000}
