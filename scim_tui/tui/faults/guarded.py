"""A message pump that goes on after one of its handlers has raised an exception."""

from collections.abc import Callable

from textual import events
from textual._callback import invoke
from textual.message import Message
from textual.message_pump import MessagePump

_FROM_OUTSIDE = (events.InputEvent, events.Paste, events.Resize, events.Mount)


class Guarded(MessagePump):
    """Base of the app, its screens and widgets: a handler that raises ends none of them.

    In Textual 8.2 an exception in a handler ends the message loop of its widget, and the app.
    While a widget is removed, alone or with the whole app, its children go one by one and messages
    are still queued: messages from a person, or from our own code, are then dropped.
    """

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
    """Whether it comes from a person or from our code; the rest is how Textual closes."""
    ours = type(message).__module__.startswith(("scim_tui.", "textual.widgets."))
    return ours or isinstance(message, _FROM_OUTSIDE)
