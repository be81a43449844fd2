"""The way out that needs no event loop: signals are read by a thread of their own."""

import os
import signal
import threading
from collections.abc import Callable, Collection
from contextlib import suppress

LEAVE_SECONDS = 1.5
"""What an orderly end may take before the process ends without one."""
_GIVE_BACK_SECONDS = 0.3


class ProcessExit:
    """Ends the process: in order while the loop turns, else without order, but in time."""

    def __init__(self, ask: Callable[[int], None], give_back: Callable[[], None]) -> None:
        self._ask = ask
        """Asks for an orderly end, from any thread."""
        self._give_back = give_back
        """Makes the terminal usable again, by system calls alone."""
        self._numbers: frozenset[int] = frozenset()

    def watch(self, numbers: Collection[signal.Signals]) -> None:
        """Leave on these signals, but for one that is ignored already (nohup). Main thread only."""
        if self._numbers:
            return
        wanted = [each for each in numbers if signal.getsignal(each) is not signal.SIG_IGN]
        self._numbers = frozenset(int(each) for each in wanted)
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        # Python's own handler in C writes the number there, whatever the main thread is doing.
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        for number in wanted:
            signal.signal(number, _noted)
        threading.Thread(target=self._read, args=(reader,), name="signals", daemon=True).start()

    def _read(self, reader: int) -> None:
        while numbers := os.read(reader, 64):
            for number in numbers:
                if number in self._numbers:
                    self.leave(128 + number)

    def leave(self, code: int) -> None:
        """Ask for an orderly end, and do not wait for it for long. From any thread."""
        self.end_unless(lambda: False, code)
        with suppress(RuntimeError):
            self._ask(code)

    def end_unless(self, answered: Callable[[], bool], code: int) -> None:
        """End the process in a while, if until then nothing answered."""

        def last() -> None:
            if not answered():
                self._end(code)

        timer = threading.Timer(LEAVE_SECONDS, last)
        timer.daemon = True
        timer.start()

    def _end(self, code: int) -> None:
        # The terminal may take no more bytes, so that a write to it would wait for ever.
        giving = threading.Thread(target=self._give_back, daemon=True)
        giving.start()
        giving.join(_GIVE_BACK_SECONDS)
        os._exit(code)


def _noted(number: int, frame: object) -> None:
    """What a signal does is done by the thread that reads its number."""
