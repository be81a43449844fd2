"""How long a test waits for a thing.

A wait ends as soon as the thing is there. The bound is for what never comes, so it is as long as a
machine with ten times the load needs.
"""

import asyncio
import time
from collections.abc import Callable

DEADLINE = 120.0
"""Seconds after which a thing that was waited for counts as missing."""


async def until(condition: Callable[[], object], what: str = "", within: float = DEADLINE) -> None:
    """Wait for a condition. Raises `AssertionError` with what was waited for."""
    end = time.monotonic() + within
    while not condition():
        assert time.monotonic() < end, f"{what or condition} did not come in {within:.0f} s"
        await asyncio.sleep(0.005)
