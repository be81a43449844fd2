"""Keys one after the other: each goes to what is on the screen once the one before is handled.

Textual 8.2 sends a key to what has the focus when the key arrives. Over a slow line several keys
arrive at once, and "/ada" would open the filter and then run the actions behind `a` and `d`.
What waits for a field to type into goes there together: a terminal that does not mark pastes sends
them as keys, thousands at once.
"""

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import events
from textual.message import Message

from scim_tui.tui.terminal.first_paint import DeferredPaintScreen

if TYPE_CHECKING:
    from textual.app import App
    from textual.timer import Timer
    from textual.widget import Widget

PATIENCE = 0.5
"""Seconds after which a key is let go although nothing tells that the one before was handled."""
_MOST = 100_000
"""Keys that may wait; what comes after them is dropped."""


class KeyHandled(Message):
    """Follows a key on its way up to the app, and so arrives when the key has done its work."""


class KeyQueue:
    """The keys that wait for their turn."""

    def __init__(self, app: "App[int]", deliver: Callable[[events.Event], object]) -> None:
        self._app = app
        self._deliver = deliver
        self._waiting: deque[events.Event] = deque()
        self._busy = False
        self._passing: events.Event | None = None
        self._timer: Timer | None = None

    def hold(self, event: events.Event) -> bool:
        """Keep an event that has to wait; False: it is its turn."""
        if event is self._passing:
            self._passing = None
            return False
        if not self._busy:
            self._busy = True
            return False
        if len(self._waiting) < _MOST:
            self._waiting.append(event)
        if self._timer is None:
            self._timer = self._app.set_timer(PATIENCE, self._next)
        return True

    def handled(self) -> None:
        """A key was handled; the next one waits until the screen in front was painted."""
        if not self._app._running:
            return
        screen = self._app.screen
        if isinstance(screen, DeferredPaintScreen) and not screen.was_seen:
            screen.when_seen(self._seen)
        else:
            self._next()

    def _seen(self, takes_keys_ahead: bool) -> None:
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
        if self._waiting:
            self._timer = self._app.set_timer(PATIENCE, self._next)
        self._deliver(self._passing)

    def _first(self) -> events.Event:
        """The event that waits longest; into a field, all letters up to the next other key."""
        first, field = self._waiting.popleft(), self._app.focused
        text = _letter(first)
        if not text or field is None or not _is_field(field):
            return first
        while self._waiting and (letter := _letter(self._waiting[0])):
            text += letter
            self._waiting.popleft()
        return events.Paste(text) if len(text) > 1 else first


def _is_field(widget: "Widget") -> bool:
    from textual.widgets import Input

    return isinstance(widget, Input)


def _letter(event: events.Event) -> str:
    """What the key writes; empty: it does something else."""
    if isinstance(event, events.Key) and event.is_printable:
        return event.character or ""
    return ""
