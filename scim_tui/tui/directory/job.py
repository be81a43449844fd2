"""A worker of the Directory screen that can be stopped."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, ParamSpec, Protocol, TypeVar

from textual.worker import Worker

from scim_tui.tui.directory.host import Runner

P = ParamSpec("P")
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

    def start(
        self, work: Callable[P, Coroutine[Any, Any, T]], *args: P.args, **kwargs: P.kwargs
    ) -> Worker[T]:
        """Run this, and cancel what ran before.

        The coroutine is made by the worker: one that is cancelled before it begins makes none.
        """
        worker = self._runner.run_worker(
            partial(work, *args, **kwargs),
            group=self._group,
            description=self._description,
            exclusive=True,
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


def run_dialog(
    runner: Runner,
    description: str,
    work: Callable[P, Coroutine[Any, Any, None]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> None:
    """Run a coroutine function that asks with dialogs; dialogs do not cancel each other."""
    asking = partial(work, *args, **kwargs)
    runner.run_worker(asking, group="dialog", description=description, exclusive=False)


def loop_seconds() -> float:
    """Seconds of the event loop's clock."""
    return asyncio.get_running_loop().time()
