"""A search off the loop that ends with the wish for it."""

import asyncio
import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


async def stoppable(search: Callable[[], T], stop: Callable[[], None]) -> T:
    """What the search finds; when this is cancelled, `stop` is called."""
    while True:
        search_on = asyncio.ensure_future(asyncio.to_thread(search))
        try:
            return await asyncio.shield(search_on)
        except asyncio.CancelledError:
            search_on.add_done_callback(_forget)
            stop()
            raise
        except sqlite3.OperationalError as error:
            # Another search was to end, and this one ran in its place by then.
            if "interrupted" not in str(error):
                raise


def _forget(search: asyncio.Future[Any]) -> None:
    """Nobody waits for it any more, nor for how it ended."""
    if not search.cancelled():
        search.exception()
