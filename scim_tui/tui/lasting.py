"""What lives on when one of its handlers fails."""

from collections.abc import Callable

from textual._callback import invoke
from textual.message import Message
from textual.message_pump import MessagePump


class Lasting(MessagePump):
    """Everything of ours that takes messages: a handler that raises ends neither it nor the app.

    In Textual 8.2 an exception in a handler ends the loop of the widget it belongs to, and the app.
    """

    def survived(self, error: Exception) -> None:
        """Tell of a fault that was caught where it happened, so that it never ends the app."""
        tell: Callable[[Exception], None] = getattr(
            self.app, "survived", self.app._handle_exception
        )
        tell(error)

    async def _dispatch_message(self, message: Message) -> None:
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
