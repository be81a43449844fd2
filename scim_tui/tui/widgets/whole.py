"""Screens that are painted when they are complete, since every paint too early is sent as well."""

from typing import TypeVar

from textual import events
from textual.screen import Screen

R = TypeVar("R")


class Whole(Screen[R]):
    """A screen that stays unpainted until its widgets have their size and their first content.

    Textual 8.2 paints a new screen up to five times while it mounts and lays out its widgets;
    at 120x40 each of these paints is some ten kilobytes on the line.
    """

    _laid_out = False
    _complete = False
    _seen = False

    def seen(self) -> None:
        """The screen was painted for the first time."""

    def _compositor_refresh(self) -> None:
        if not self._complete:
            return
        super()._compositor_refresh()
        if not self._seen:
            self._seen = True
            self.seen()

    def on_resize(self, event: events.Resize) -> None:
        """The first layout is done; what it makes the widgets do comes before the paint."""
        if not self._laid_out:
            self._laid_out = True
            self.call_after_refresh(self._paint)

    def _paint(self) -> None:
        self._complete = True
        self._refresh_layout()
