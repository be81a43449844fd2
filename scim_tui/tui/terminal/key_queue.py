"""A queue of keys: each is delivered once the key before it has been handled and painted.

Textual 8.2 sends a key to what has the focus when the key arrives. Over a slow line several keys
arrive at once, and "/ada" would open the filter and then run the actions behind `a` and `d`.
Queued letters for an input field are delivered as one paste: a terminal without bracketed paste
sends a paste as single keys, thousands at once.
"""

from collections import deque
from collections.abc import Callable

from textual import events
from textual.app import App
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

from scim_tui.tui.terminal.first_paint import DeferredPaintScreen

LONGEST_WAIT = 0.5
"""Seconds after which the next key is delivered even if the one before is still being handled."""
_MOST = 100_000
"""Keys that are queued; later ones are dropped."""


class KeyHandled(Message):
    """Sent after a key to the same widget; it bubbles up to the app once the key was handled."""


class KeyQueue:
    """Holds the keys that are not delivered yet, and delivers one at a time."""

    def __init__(self, app: App[int], deliver: Callable[[events.Event], object]) -> None:
        self._app = app
        self._deliver = deliver
        self._waiting: deque[events.Event] = deque()
        self._busy = False
        self._passing: events.Event | None = None
        self._timer: Timer | None = None

    def hold(self, event: events.Event) -> bool:
        """Queue an event; returns False if the caller has to deliver it now."""
        if event is self._passing:
            self._passing = None
            return False
        if not self._busy:
            self._busy = True
            self._wait()
            return False
        if len(self._waiting) < _MOST:
            self._waiting.append(event)
        return True

    def _wait(self) -> None:
        """Go on after `LONGEST_WAIT`: a widget that is removed never says that it handled a key."""
        self._timer = self._app.set_timer(LONGEST_WAIT, self._next)

    def handled(self) -> None:
        """Deliver the next key once the screen in front is painted; called after each key."""
        if not self._app._running:
            return
        screen = self._app.screen
        if isinstance(screen, DeferredPaintScreen) and not screen.was_seen:
            screen.when_seen(self._screen_painted)
        else:
            self._next()

    def _screen_painted(self, takes_keys_ahead: bool) -> None:
        if not takes_keys_ahead:
            self._waiting.clear()
        self._next()

    def _next(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if not self._waiting or not self._app._running:
            self._busy = False
            return
        self._passing = self._first()
        self._wait()
        self._deliver(self._passing)

    def _first(self) -> events.Event:
        """The oldest event; for an input field, all letters up to the next other key."""
        first, field = self._waiting.popleft(), self._app.focused
        text = _letter(first)
        if not text or field is None or not _is_field(field):
            return first
        while self._waiting and (letter := _letter(self._waiting[0])):
            text += letter
            self._waiting.popleft()
        return events.Paste(text) if len(text) > 1 else first


def _is_field(widget: Widget) -> bool:
    from textual.widgets import Input

    return isinstance(widget, Input)


def _letter(event: events.Event) -> str:
    """The character of a printable key; empty: another key."""
    if isinstance(event, events.Key) and event.is_printable:
        return event.character or ""
    return ""
