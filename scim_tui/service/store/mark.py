"""A file beside the database with two counters, to notice when part of the database is lost.

SQLite does not notice that its write-ahead log is missing or damaged; it continues with what is
left. So two counters that only grow are also written to this file, and whether the last process
closed the database. After it was closed, a missing log is right.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from scim_tui.config.process import boot_id

_SUFFIX = "-mark"
_OPEN, _CLEAN = "open", "clean"


class DatabaseProgress(NamedTuple):
    """Counters of a database that only grow."""

    rows: int
    """How many users, groups and events were ever created."""
    durable: int
    """How many commits were synced to the disk: those of tenants, tokens and keys."""


class Mark(NamedTuple):
    """The content of the file."""

    clean: bool
    """Whether the last process closed the database."""
    progress: DatabaseProgress
    boot: str
    """The id of the machine's boot during which it was written; empty: not known."""

    @property
    def of_this_boot(self) -> bool:
        """Whether the machine was not restarted since, so that no power cut can explain a loss."""
        return bool(self.boot) and self.boot == boot_id()


def mark_path(database: Path) -> Path:
    """The mark file of a database."""
    return database.with_name(database.name + _SUFFIX)


def read_mark(database: Path) -> Mark | None:
    """The content of the file; None: it is missing or cannot be read."""
    try:
        state, rows, durable, *boot = mark_path(database).read_text("ascii").split()
        progress = DatabaseProgress(int(rows), int(durable))
    except (OSError, ValueError):
        return None
    return Mark(state == _CLEAN, progress, boot[0] if boot else "")


class MarkFile:
    """The mark file, while a process has the database open. Errors of writing it are ignored."""

    def __init__(self, database: Path) -> None:
        self._boot = boot_id()
        self._file: int | None = None
        self._progress: DatabaseProgress | None = None
        with suppress(OSError):
            flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
            self._file = os.open(mark_path(database), flags, 0o600)

    def note(self, progress: DatabaseProgress, *, clean: bool = False) -> None:
        """Write the counters of the database. It costs a few microseconds."""
        if self._file is None or (progress == self._progress and not clean):
            return
        state = _CLEAN if clean else _OPEN
        # Always of the same length, so that nothing of an older note is left behind it.
        text = f"{state:5} {progress.rows:020d} {progress.durable:020d} {self._boot:36}\n"
        with suppress(OSError):
            os.pwrite(self._file, text.encode("ascii"), 0)
            self._progress = progress

    def close(self, progress: DatabaseProgress | None) -> None:
        """Close the file; with `progress`, record that the database was closed."""
        if progress is not None:
            self.note(progress, clean=True)
        if self._file is not None:
            os.close(self._file)
            self._file = None
