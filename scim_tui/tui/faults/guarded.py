"""What lives on when one of its handlers fails."""

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

_FROM_OUTSIDE = (events.InputEvent, events.Paste, events.Resize, events.Mount)


class Lasting(MessagePump):
    """Everything of ours that takes messages: a handler that raises ends neither it nor the app.

    In Textual 8.2 an exception in a handler ends the loop of the widget it belongs to, and the app.
    What is being taken away, alone or with the whole app, loses its widgets one by one while
    messages still wait: it is not asked to do anything more.
    """

    @property
    def _is_going(self) -> bool:
        """Whether it is being taken away, alone or with the whole app."""
        return bool(getattr(self, "_pruning", False)) or not self.app._running

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
        """Run work beside it; what is being taken away, and whose work was ended, begins none."""
        if self._is_going:
            node = cast("DOMNode", self)
            worker: Worker[T] = Worker(node, work, group=group, description=description)
        else:
            # Textual's own, of the class beside this one: a second base that is a node of its tree
            # would hide the other's styles.
            worker = super().run_worker(  # type: ignore[misc]
                work, name, group, description, exit_on_error, start, exclusive, thread
            )
        if inspect.iscoroutine(work):
            # One that is ended before it began would complain that it was never awaited.
            if worker._task is None:
                work.close()
            else:
                worker._task.add_done_callback(lambda _: work.close())
        return worker

    def survived(self, error: Exception) -> None:
        """Show a fault that was caught where it happened, and that never ends the app."""
        tell: Callable[[Exception], None] = getattr(
            self.app, "survived", self.app._handle_exception
        )
        tell(error)

    async def _dispatch_message(self, message: Message) -> None:
        if self._is_going and _is_for_us(message):
            return
        try:
            await super()._dispatch_message(message)
        except Exception as error:
            self.app._handle_exception(error)

    async def _flush_next_callbacks(self) -> None:
        """Run what was put off, each of it: in Textual the first that raises ends the rest."""
        callbacks = self._next_callbacks.copy()
        self._next_callbacks.clear()
        for callback in callbacks:
            try:
                with self.prevent(*callback._prevent):
                    await invoke(callback.callback)
            except Exception as error:
                self.app._handle_exception(error)


def _is_for_us(message: Message) -> bool:
    """Whether it is from a person, or of our own; the rest is how Textual closes."""
    ours = type(message).__module__.startswith(("scim_tui.", "textual.widgets."))
    return ours or isinstance(message, _FROM_OUTSIDE)
