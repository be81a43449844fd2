"""Makes the standard streams usable, which a shell may have closed."""

import io
import os
import sys
from contextlib import suppress
from typing import TextIO

_STREAMS = (
    ("stdin", "r", "replace"),
    ("stdout", "w", "backslashreplace"),
    ("stderr", "w", "backslashreplace"),
)
"""By number: name, mode, and the error handler for text that cannot be read or written."""


def open_streams() -> None:
    """Open the null device for each closed standard stream, and set error handlers for odd text.

    Otherwise the next file or socket would get the number of the closed stream and receive its
    output.
    """
    for number, (name, mode, errors) in enumerate(_STREAMS):
        if not _is_open(number):
            _lead_nowhere(number, os.O_RDONLY if mode == "r" else os.O_WRONLY)
        stream = getattr(sys, name)
        if stream is None or stream.closed:
            reopened = os.fdopen(number, mode, encoding="utf-8", errors=errors, closefd=False)
            setattr(sys, name, reopened)
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=errors)


def silence(stream: TextIO) -> None:
    """Replace a stream without a reader by the null device, so that flushing it cannot fail."""
    with suppress(OSError, ValueError):
        _lead_nowhere(stream.fileno(), os.O_WRONLY)


def leads_nowhere(stream: TextIO) -> bool:
    """Whether output to this stream is lost: it was closed, or is the null device."""
    try:
        return os.fstat(stream.fileno()).st_rdev == os.stat(os.devnull).st_rdev
    except (io.UnsupportedOperation, ValueError):
        return False  # A stream of a caller that has no file.


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def _lead_nowhere(number: int, how: int) -> None:
    opened = os.open(os.devnull, how)
    if opened == number:
        os.set_inheritable(number, True)
    else:
        os.dup2(opened, number)
        os.close(opened)
