"""Screens whose first paint waits for their layout, since every earlier paint would be sent too."""

import asyncio
from collections.abc import Callable
from typing import ClassVar, TypeVar

from textual import events
from textual._callback import invoke
from textual.screen import UPDATE_PERIOD, Screen
from textual.timer import Timer

from scim_tui.tui.faults.guarded import is_going, report_fault

R = TypeVar("R")
LOOP_ROUNDS = 12
"""Rounds of the event loop in which a message bubbles up and its effects reach the widgets."""


class DeferredPaintScreen(Screen[R]):
    """A screen that is not painted until its widgets have their size and first content.

    Textual 8.2 paints a new screen up to five times while it mounts and lays out its widgets;
    at 120x40 each of these paints sends about ten kilobytes.
    """

    TAKES_KEYS_AHEAD: ClassVar[bool] = True
    """Whether keys that were pressed before the first paint are kept."""
    was_seen = False
    """Whether the screen was painted at least once."""
    _laid_out = False
    _complete = False
    _painter: Timer | None = None
    _waiting: Callable[[bool], None] | None = None

    @property
    def drawable(self) -> bool:
        """Whether all its widgets exist: from the end of mounting until the first is removed."""
        return self.is_mounted and self.is_attached and not (is_going(self) or self._closing)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether a key may do something here: only while its widgets are all there."""
        return self.drawable and super().check_action(action, parameters)

    def say_fault(self, words: str) -> None:
        """Show that something inside the program failed."""

    def seen(self) -> None:
        """Called after the first paint."""

    def when_seen(self, then: Callable[[bool], None]) -> None:
        """Call `then` after the first paint, with `TAKES_KEYS_AHEAD`."""
        self._waiting = then

    def _compositor_refresh(self) -> None:
        if not self._complete:
            return
        try:
            super()._compositor_refresh()
        except Exception as error:
            self._dirty_widgets.clear()
            self._compositor._dirty_regions.clear()
            report_fault(self, error)
        if self.was_seen:
            return
        self.was_seen = True
        self.seen()
        if self._waiting is not None:
            self._waiting(self.TAKES_KEYS_AHEAD)
            self._waiting = None

    @property
    def _update_timer(self) -> Timer:
        if self._painter is None:
            self._painter = self.set_interval(UPDATE_PERIOD, self._paint_soon, pause=True)
        return self._painter

    async def _paint_soon(self) -> None:
        """Paint once for one key: its effects arrive in several messages, so wait for them."""
        for _ in range(LOOP_ROUNDS):
            await asyncio.sleep(0)
        self._on_timer_update()

    async def _invoke_and_clear_callbacks(self) -> None:
        """Run each callback that waited for a paint; in Textual one that raises ends the rest."""
        callbacks = self._callbacks.copy() if self.drawable else []
        self._callbacks.clear()
        for callback, sender in callbacks:
            try:
                with sender._context():
                    await invoke(callback)
            except Exception as error:
                self.app._handle_exception(error)

    def on_resize(self, event: events.Resize) -> None:
        """After the first layout, paint once the widgets have reacted to it."""
        if not self._laid_out:
            self._laid_out = True
            self.call_after_refresh(self._paint)

    def _paint(self) -> None:
        self._complete = True
        self._refresh_layout()
