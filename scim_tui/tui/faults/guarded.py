"""A message pump that goes on after one of its handlers has raised an exception."""

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar, cast

from textual import events
from textual._callback import invoke
from textual.message import Message
from textual.message_pump import MessagePump
from textual.worker import Worker, WorkType

if TYPE_CHECKING:
    from textual.dom import DOMNode

T = TypeVar("T")

_FROM_OUTSIDE = (events.InputEvent, events.Paste, events.Resize, events.Mount, events.Timer)


class Guarded(MessagePump):
    """Base of the app, its screens and widgets: a handler that raises ends none of them.

    In Textual 8.2 an exception in a handler ends the message loop of its widget, and the app.
    While a widget is removed, alone or with the whole app, its children go one by one and messages
    are still queued: messages from a person or a timer, or from our own code, are then dropped.
    """

    def run_worker(
        self,
        work: WorkType[T],
        name: str | None = "",
        group: str = "default",
        description: str = "",
        exit_on_error: bool = True,
        start: bool = True,
        exclusive: bool = False,
        thread: bool = False,
    ) -> Worker[T]:
        """Start a worker; a widget that is being removed returns one that never starts."""
        if is_going(self):
            node = cast("DOMNode", self)
            worker: Worker[T] = Worker(node, work, group=group, description=description)
        else:
            # Textual's own, of the class beside this one: a second base that is a node of its tree
            # would hide the other's styles.
            worker = super().run_worker(  # type: ignore[misc]
                work, name, group, description, exit_on_error, start, exclusive, thread
            )
        if inspect.iscoroutine(work):
            # A coroutine that is cancelled before it starts would warn that it was never awaited.
            if worker._task is None:
                work.close()
            else:
                worker._task.add_done_callback(lambda _: work.close())
        return worker

    async def _dispatch_message(self, message: Message) -> None:
        if is_going(self) and _is_for_us(message):
            return
        try:
            await super()._dispatch_message(message)
        except Exception as error:
            self.app._handle_exception(error)

    async def _flush_next_callbacks(self) -> None:
        """Run each postponed callback: in Textual the first that raises ends the rest."""
        callbacks = self._next_callbacks.copy()
        self._next_callbacks.clear()
        for callback in callbacks:
            try:
                with self.prevent(*callback._prevent):
                    await invoke(callback.callback)
            except Exception as error:
                self.app._handle_exception(error)


def is_going(pump: MessagePump) -> bool:
    """Whether it is being removed, alone or with the whole app."""
    return bool(getattr(pump, "_pruning", False)) or not pump.app._running


def report_fault(pump: MessagePump, error: Exception) -> None:
    """Report a fault that was caught where it happened, so that it does not end the app."""
    app = pump.app
    report: Callable[[Exception], None] = getattr(app, "report_fault", app._handle_exception)
    report(error)


def _is_for_us(message: Message) -> bool:
    """Whether it comes from a person or from our code; Textual closes widgets by the others."""
    ours = type(message).__module__.startswith(("scim_tui.", "textual.widgets."))
    return ours or isinstance(message, _FROM_OUTSIDE)
