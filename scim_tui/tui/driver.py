"""The way to the terminal: Textual's own, with every frame shortened to what it changes."""

import asyncio
import os
import signal
import threading
from typing import TYPE_CHECKING, Any

from textual.drivers.linux_driver import LinuxDriver

from scim_tui.tui.thrift import Thrift

if TYPE_CHECKING:
    from textual.app import App


ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
LEAVE_SECONDS = 1.5
"""What an orderly end may take before the process ends without one."""


class ThriftyDriver(LinuxDriver):
    """Writes only differences, and gives the terminal back whichever signal ends the process."""

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

    def start_application_mode(self) -> None:
        """Take the terminal; from now on a signal has to give it back."""
        loop = asyncio.get_running_loop()
        for number in ENDING:
            # A hangup that whoever started us wants ignored (nohup) stays ignored.
            if signal.getsignal(number) is not signal.SIG_IGN:
                loop.add_signal_handler(number, self._leave, 128 + number)
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def _leave(self, code: int) -> None:
        last = threading.Timer(LEAVE_SECONDS, os._exit, (code,))
        last.daemon = True
        last.start()
        self._app.exit(code)

    def _sigcont_application(self, *args: object) -> None:
        """Go on, on a screen that whoever had the terminal meanwhile has written over."""
        if self._auto_restart and not self._must_signal_resume:
            # Stopped by SIGSTOP, of which nobody is told: leave first, as Ctrl-Z does.
            self.suspend_application_mode()
        super()._sigcont_application(*args)
        asyncio.get_running_loop().call_soon_threadsafe(self._draw_again)

    def _draw_again(self) -> None:
        self.forget()
        self._app.call_later(self._app.refresh, repaint=True, layout=True)

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
