"""The way to the terminal: Textual's own, with every frame shortened to what it changes."""

import os
from typing import TYPE_CHECKING, Any

from textual.drivers.linux_driver import LinuxDriver

from scim_tui.tui.thrift import Thrift

if TYPE_CHECKING:
    from textual.app import App


class ThriftyDriver(LinuxDriver):
    """Writes only differences; a terminal that changed its size is painted anew."""

    def __init__(
        self,
        app: "App[Any]",
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._thrift = Thrift(coloured=not self._app.no_color)
        self._last_size = self._size_now()

    def _size_now(self) -> os.terminal_size | None:
        try:
            return os.get_terminal_size(self.fileno)
        except OSError:
            return None

    def forget(self) -> None:
        """Send everything again with the next frame."""
        self._thrift.forget()

    def write(self, data: str) -> None:
        """Send what is new in `data`."""
        size = self._size_now()
        if size != self._last_size:
            self._last_size = size
            self.forget()
        if shorter := self._thrift.shorten(data):
            super().write(shorter)
