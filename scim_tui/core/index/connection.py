"""Connections to the file of an index, which replace the file when it is damaged.

The new file has no rows, since they can be listed again. The call that found the damage raises
`DamagedIndex`; later calls find no rows.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scim_tui.core.index.file import Connections, delete_file, open_file, size_of
from scim_tui.model.errors import ScimTuiError

_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_OUR_OWN = frozenset({sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISUSE})
"""Errors that are not faults of the disk: an interrupted search, or a mistake in this program."""
_PRIMARY = 0xFF
"""The bits of an SQLite error code that name its kind."""


class DamagedIndex(ScimTuiError):
    """The file was damaged while it was open, and was replaced by a new one without rows."""

    def __init__(self) -> None:
        super().__init__(
            "The kept list was damaged and is made anew, without rows.", "List it again."
        )


class IndexConnections:
    """The connections to one file, each used by one thread at a time; none once it is closed."""

    def __init__(self, file: Path | None) -> None:
        self.file = file
        self._closed = False
        self.renewals = 0
        """How often a damaged file was replaced by a new one."""
        self._renewing = threading.Lock()
        self._replaced: list[Connections] = []
        self._open = open_file(file)
        self._locks = _locks(self._open)

    @property
    def notice(self) -> str:
        """What was wrong with the file, and what was done about it; empty: nothing was wrong."""
        return self._open.notice

    @contextmanager
    def reading(self, which: str = "painter") -> Iterator[sqlite3.Connection | None]:
        """A connection for the duration of the block; None after `close`.

        Raises `DamagedIndex`, and `ScimTuiError` for a full disk or missing permissions.
        """
        opened = self._open
        connection: sqlite3.Connection = getattr(opened, which)
        with self._locks[id(connection)]:
            try:
                yield None if self._closed else connection
            except sqlite3.DatabaseError as error:
                code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & _PRIMARY
                if code in _DAMAGED:
                    self._renew(opened)
                    raise DamagedIndex from error
                if code in _OUR_OWN:
                    raise
                raise ScimTuiError(
                    f"The list cannot be kept in {self.file or 'a file of its own'}: {error}.",
                    "Look at the disk: space, permissions; or set cache = false in the profile.",
                ) from error

    @contextmanager
    def one_state(self, which: str) -> Iterator[sqlite3.Connection | None]:
        """As `reading`, with all statements of the block reading the same state of the file."""
        with self.reading(which) as db:
            if db is None:
                yield None
                return
            db.execute("BEGIN")
            try:
                yield db
            finally:
                db.execute("ROLLBACK")

    @contextmanager
    def writing(self, which: str = "writer") -> Iterator[sqlite3.Connection | None]:
        """As `reading`, in a transaction that has the write lock from its start."""
        with self.reading(which) as db:
            if db is None:
                yield None
                return
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise

    def interrupt(self, which: str) -> None:
        """Interrupt the statement that runs on this connection, if any."""
        if not self._closed:
            getattr(self._open, which).interrupt()

    def size(self) -> int:
        """Bytes on disk."""
        if self.file is not None:
            return size_of(self.file)
        with self.reading() as db:
            if db is None:
                return 0
            pages, each = (
                db.execute(f"PRAGMA {what}").fetchone()[0] for what in ("page_count", "page_size")
            )
            return int(pages * each)

    def close(self) -> None:
        """Close every connection."""
        for which in ("finder", "first", "builder", "counter"):
            self.interrupt(which)
        self._closed = True
        # Closing the last one merges the WAL into the file, which an interrupted one would not.
        for connections in (*self._replaced, self._open):
            for each in reversed(connections.all()):
                with self._locks[id(each)]:
                    each.close()

    def _renew(self, damaged: Connections) -> None:
        """Replace the file by a new one, unless another thread did so already.

        The old connections stay open until `close`: another thread may be using one.
        """
        with self._renewing:
            if self._open is damaged and not self._closed:
                if self.file is not None:
                    delete_file(self.file)
                self._replaced.append(damaged)
                self.renewals += 1
                opened = open_file(self.file, "The kept list was damaged and is made anew.")
                self._locks = {**self._locks, **_locks(opened)}
                self._open = opened


def _locks(connections: Connections) -> dict[int, threading.Lock]:
    return {id(each): threading.Lock() for each in connections.all()}
