"""End the process without the event loop: a thread of its own reads the signals."""

import os
import signal
import threading
from collections.abc import Callable, Collection
from contextlib import suppress

from scim_tui.tui.terminal.watchdog import SignalPipe

LEAVE_SECONDS = 1.5
"""How long the app may take to exit before the process is ended."""
_RESTORE_SECONDS = 0.3


class ProcessExit:
    """Ends the process: by the app's own exit, or after `LEAVE_SECONDS` by force."""

    def __init__(self, ask: Callable[[int], None], restore_terminal: Callable[[], None]) -> None:
        self._ask = ask
        """Asks the app to exit; may be called from any thread."""
        self._restore_terminal = restore_terminal
        """Makes the terminal usable again, by system calls alone."""
        self._numbers: frozenset[int] = frozenset()

    def watch(self, numbers: Collection[signal.Signals], pipe: SignalPipe) -> None:
        """End on these signals, except those ignored already (nohup). Main thread only."""
        if self._numbers:
            return
        wanted = [each for each in numbers if signal.getsignal(each) is not signal.SIG_IGN]
        self._numbers = frozenset(int(each) for each in wanted)
        # Python's handler in C writes the number there even if the main thread is blocked.
        signal.set_wakeup_fd(pipe.writing, warn_on_full_buffer=False)
        for number in wanted:
            signal.signal(number, _noted)
        threading.Thread(target=self._read, args=(pipe,), name="signals", daemon=True).start()

    def _read(self, pipe: SignalPipe) -> None:
        for number in pipe.numbers():
            if number in self._numbers:
                self.leave(128 + number)

    def leave(self, code: int) -> None:
        """Ask the app to exit, and end the process after `LEAVE_SECONDS`. From any thread."""
        self.end_unless(lambda: False, code)
        with suppress(RuntimeError):
            self._ask(code)

    def end_unless(self, handled: Callable[[], bool], code: int) -> None:
        """End the process after `LEAVE_SECONDS` unless `handled()` is true by then."""

        def end_if_pending() -> None:
            if not handled():
                self._end(code)

        timer = threading.Timer(LEAVE_SECONDS, end_if_pending)
        timer.daemon = True
        timer.start()

    def _end(self, code: int) -> None:
        # In a thread: a write to a terminal that does not read would block for ever.
        restoring = threading.Thread(target=self._restore_terminal, daemon=True)
        restoring.start()
        restoring.join(_RESTORE_SECONDS)
        os._exit(code)


def _noted(number: int, frame: object) -> None:
    """Do nothing here: the thread that reads the number acts on the signal."""
