"""Only one watch at a time reports for a data folder: two would report everything twice."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scim_tui.model.errors import Conflict

FILE = "watch.lock"


@contextmanager
def one_watch(folder: Path) -> Iterator[None]:
    """Hold the lock of this folder. Raises `Conflict` while another process holds it."""
    file = os.open(folder / FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Conflict(
                f"Another scim-tui watch runs with the data folder {folder}.",
                "Stop it, or name its profiles there.",
            ) from None
        yield
    finally:
        os.close(file)
