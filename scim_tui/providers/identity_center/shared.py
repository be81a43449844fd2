"""One run of a slow call, shared by all callers; a cancelled caller does not cancel it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Shared(Generic[T]):
    """A call that runs at most once at a time; all callers await the same result."""

    def __init__(self, call: Callable[[], Awaitable[T]]) -> None:
        self._call = call
        self._task: asyncio.Task[T] | None = None

    @property
    def running(self) -> bool:
        """Whether a call is under way."""
        return self._task is not None

    async def get(self) -> T:
        """The result of the call under way, else of a new one. Raises what the call raises."""
        if self._task is None:
            self._task = asyncio.ensure_future(self._run())
            self._task.add_done_callback(self._ended)
        return await asyncio.shield(self._task)

    def stop(self) -> None:
        """Cancel the call under way."""
        if self._task is not None:
            self._task.cancel()

    async def _run(self) -> T:
        return await self._call()

    def _ended(self, task: asyncio.Task[T]) -> None:
        self._task = None
        if not task.cancelled():
            task.exception()
