"""Runs a search in a thread, and interrupts it when its caller is cancelled."""

import asyncio
import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


async def stoppable(search: Callable[[], T], stop: Callable[[], None]) -> T:
    """The result of the search; calls `stop` when this is cancelled."""
    while True:
        search_on = asyncio.ensure_future(asyncio.to_thread(search))
        try:
            return await asyncio.shield(search_on)
        except asyncio.CancelledError:
            search_on.add_done_callback(_take_exception)
            stop()
            raise
        except sqlite3.OperationalError as error:
            # The interrupt was meant for the search before this one.
            if "interrupted" not in str(error):
                raise


def _take_exception(search: asyncio.Future[Any]) -> None:
    """Fetch the exception of a search without a caller, so that asyncio does not log it."""
    if not search.cancelled():
        search.exception()
