"""Textual's Linux driver, changed to send only the differences of a frame and to read any input."""

import asyncio
import os
import select
import signal
import sys
import termios
import threading
from contextlib import suppress
from typing import Any

from textual import events
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size
from textual.message import Message

from scim_tui.tui.terminal.detect import GONE
from scim_tui.tui.terminal.exit_signals import ProcessExit
from scim_tui.tui.terminal.frame_diff import FrameDiff
from scim_tui.tui.terminal.key_reader import KeyReader
from scim_tui.tui.terminal.watchdog import ENDING, PLAIN, SignalPipe, plain_pipe

_READ_BYTES = 4096
_POLL_SECONDS = 0.1
"""How often the input thread checks for the end of the app and for a lone Escape."""
_INTERRUPTED = 128 + signal.SIGINT


class FrameDiffDriver(LinuxDriver):
    """Writes only differences, and restores the terminal however the process ends."""

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
        signals: SignalPipe | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._frames = FrameDiff(coloured=not self._app.no_color)
        self._last_size = self._size_now()
        self._exit_process = ProcessExit(self._ask_to_exit, self._restore_terminal)
        self._signals = signals or plain_pipe()
        self._has_terminal = False
        self._ctrl_c_pending = False
        """Whether the event loop still has to handle a Ctrl-C that was read."""

    def _size_now(self) -> os.terminal_size | None:
        try:
            return os.get_terminal_size(self.fileno)
        except OSError:
            return None

    def start_application_mode(self) -> None:
        """Set the terminal's modes; from now on a signal has to reset them."""
        self._exit_process.watch(ENDING, self._signals)
        threading.excepthook = self._thread_failed
        self._has_terminal = True
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def stop_application_mode(self) -> None:
        """Reset the terminal's modes."""
        super().stop_application_mode()
        self._has_terminal = False

    def _ask_to_exit(self, code: int) -> None:
        self._loop.call_soon_threadsafe(self._app.exit, code)

    def _restore_terminal(self) -> None:
        """Restore the terminal for the shell; also called when the event loop is stuck."""
        raw_view = sys.modules.get("scim_tui.tui.terminal.raw_view")
        if not self._has_terminal and not (raw_view is not None and raw_view.showing):
            return
        # Else the kernel stops a background process that writes, and it never ends.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
        if self.attrs_before is not None:
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
        if self._file is not None:
            with suppress(OSError):
                os.write(self._file.fileno(), PLAIN)

    def _thread_failed(self, failure: threading.ExceptHookArgs) -> None:
        """End the process if the writing thread failed: nothing more would be drawn."""
        if failure.thread is not None and failure.thread is self._writer_thread:
            self._exit_process.leave(GONE if isinstance(failure.exc_value, OSError) else 1)
        else:
            threading.__excepthook__(failure)

    def run_input_thread(self) -> None:
        """Read keys until the app ends; no byte and no key ends this thread."""
        keys, poll = KeyReader(debug=self._debug), select.poll()
        poll.register(self.fileno, select.POLLIN)
        while not self.exit_event.is_set():
            ready = poll.poll(_POLL_SECONDS * 1000)
            try:
                data = os.read(self.fileno, _READ_BYTES) if ready else b""
            except BlockingIOError:
                continue
            except OSError:
                self._exit_process.leave(GONE)
                return
            if ready and not data:
                return  # end of input; `leave_when_lost` notices a closed terminal
            for event in (*keys.feed(data), *keys.tick()):
                self._deliver(event)

    def _deliver(self, event: Message) -> None:
        if isinstance(event, events.Key) and event.key == "ctrl+c":
            self._ctrl_c()
        try:
            self.process_message(event)
        except Exception as error:
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._app._handle_exception, error)

    def _ctrl_c(self) -> None:
        """End the process at a second Ctrl-C if the loop has not handled the first one yet."""
        if self._ctrl_c_pending:
            self._exit_process.end_unless(lambda: not self._ctrl_c_pending, _INTERRUPTED)
            return
        self._ctrl_c_pending = True
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._ctrl_c_handled)

    def _ctrl_c_handled(self) -> None:
        self._ctrl_c_pending = False

    def process_message(self, message: Message) -> None:
        """Take the size from the system only: input bytes that claim a size may be forged."""
        if isinstance(message, events.Resize):
            if (size := self._size_now()) is None:
                return
            cells = Size(size.columns or 80, size.lines or 24)
            message = events.Resize(cells, cells)
        super().process_message(message)

    def _sigcont_application(self, *args: object) -> None:
        """Continue after a stop; another program may have written over the screen."""
        if self._auto_restart and not self._must_signal_resume:
            # SIGSTOP cannot be handled, so the terminal was not reset before: do it now.
            self.suspend_application_mode()
        super()._sigcont_application(*args)
        asyncio.get_running_loop().call_soon_threadsafe(self._draw_again)

    def _draw_again(self) -> None:
        self.forget()
        self._app.call_later(self._app.refresh, repaint=True, layout=True)

    def forget(self) -> None:
        """Send the complete screen with the next frame."""
        self._frames.forget()

    def write(self, data: str) -> None:
        """Send the part of `data` that changes the screen."""
        size = self._size_now()
        if size != self._last_size:
            self._last_size = size
            self.forget()
        if shorter := self._frames.shorten(data):
            super().write(shorter)
