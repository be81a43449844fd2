"""Ends the process some seconds after a signal to stop, even when the event loop is stuck."""

import os
import signal
import threading
import time

STOP_SIGNALS = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP})
_LATE = (
    b"The service did not end in time, so it was stopped: a request or a lock on its database held"
    b" it up.\nNo acknowledged change is lost. Look who else has the data folder open.\n"
)


def end_in_time(seconds: float) -> None:
    """From now on a signal to stop ends this process within this many seconds.

    Python's C signal handler writes the number of the signal to a pipe, which a thread reads. That
    works while the event loop and the main thread are blocked.
    """
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    threading.Thread(target=_watch, args=(reading, seconds), name="stop", daemon=True).start()


def _watch(reading: int, seconds: float) -> None:
    while not STOP_SIGNALS & set(os.read(reading, 1)):
        pass
    time.sleep(seconds)
    os.write(2, _LATE)
    os._exit(1)
