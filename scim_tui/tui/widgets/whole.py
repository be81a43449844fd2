"""Screens that are painted when they are complete, since every paint too early is sent as well."""

import asyncio
from collections.abc import Callable
from typing import ClassVar, TypeVar

from textual import events
from textual.screen import UPDATE_PERIOD, Screen
from textual.timer import Timer

R = TypeVar("R")
TURNS = 12
"""Turns of the loop until a message has gone up from a widget, and its effects down again."""


class Whole(Screen[R]):
    """A screen that stays unpainted until its widgets have their size and their first content.

    Textual 8.2 paints a new screen up to five times while it mounts and lays out its widgets;
    at 120x40 each of these paints is some ten kilobytes on the line.
    """

    TAKES_KEYS_AHEAD: ClassVar[bool] = True
    """Whether keys count that were pressed before the screen could be seen."""
    was_seen = False
    """Whether the screen was painted at least once."""
    _laid_out = False
    _complete = False
    _painter: Timer | None = None
    _waiting: Callable[[bool], None] | None = None

    def seen(self) -> None:
        """The screen was painted for the first time."""

    def when_seen(self, then: Callable[[bool], None]) -> None:
        """Call `then` after the first paint, with `TAKES_KEYS_AHEAD`."""
        self._waiting = then

    def _compositor_refresh(self) -> None:
        if not self._complete:
            return
        super()._compositor_refresh()
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
        """One paint for one key: what it changes comes in messages, some of them under way."""
        for _ in range(TURNS):
            await asyncio.sleep(0)
        self._on_timer_update()

    def on_resize(self, event: events.Resize) -> None:
        """The first layout is done; what it makes the widgets do comes before the paint."""
        if not self._laid_out:
            self._laid_out = True
            self.call_after_refresh(self._paint)

    def _paint(self) -> None:
        self._complete = True
        self._refresh_layout()
