"""One piece of work that runs beside the screen and can be stopped."""

import asyncio
from collections.abc import Coroutine
from typing import Protocol, TypeVar

from textual.worker import Worker

from scim_tui.tui.directory.host import Runner

T = TypeVar("T")


class Stoppable(Protocol):
    """A part of the screen that runs something."""

    @property
    def busy(self) -> bool:
        """Whether something runs that Ctrl-C should stop."""
        ...

    def stop(self) -> str:
        """Stop it; returns a sentence that says so."""
        ...


class Job:
    """A Textual worker, at most one at a time: the next one of the same group cancels it."""

    def __init__(self, runner: Runner, group: str, description: str) -> None:
        self._runner, self._group, self._description = runner, group, description
        self._worker: Worker[object] | None = None

    def start(self, work: Coroutine[None, None, T]) -> Worker[T]:
        """Run this, and cancel what ran before."""
        worker = self._runner.run_worker(
            work, group=self._group, description=self._description, exclusive=True
        )
        self._worker = worker  # type: ignore[assignment]
        return worker

    @property
    def busy(self) -> bool:
        """Whether it runs, and was not cancelled."""
        worker = self._worker
        return worker is not None and not (worker.is_finished or worker.is_cancelled)

    def stop(self) -> None:
        """Cancel what runs."""
        if self._worker is not None:
            self._worker.cancel()


def run_dialog(runner: Runner, work: Coroutine[None, None, None], description: str) -> None:
    """Run a coroutine that asks with dialogs; it may wait for its turn behind another one."""
    runner.run_worker(work, group="dialog", description=description, exclusive=False)


def loop_seconds() -> float:
    """Seconds of the event loop's clock."""
    return asyncio.get_running_loop().time()
