"""What lives on when one of its handlers fails."""

from collections.abc import Callable

from textual import events
from textual._callback import invoke
from textual.message import Message
from textual.message_pump import MessagePump

_FROM_OUTSIDE = (events.InputEvent, events.Paste, events.Resize, events.Mount)


class Guarded(MessagePump):
    """Everything of ours that takes messages: a handler that raises ends neither it nor the app.

    In Textual 8.2 an exception in a handler ends the loop of the widget it belongs to, and the app.
    What is being taken away, alone or with the whole app, loses its widgets one by one while
    messages still wait: it is not asked to do anything more.
    """

    @property
    def _is_going(self) -> bool:
        """Whether it is being taken away, alone or with the whole app."""
        return bool(getattr(self, "_pruning", False)) or not self.app._running

    def survived(self, error: Exception) -> None:
        """Tell of a fault that was caught where it happened, so that it never ends the app."""
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
