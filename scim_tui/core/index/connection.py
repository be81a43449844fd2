"""The file of an index held open, and what becomes of a search or a pass when the file fails.

A file that turns out to be damaged is put aside for a new one at once: what it held can be listed
again. Whoever ran into it is told; what only paints goes on with no rows.
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
"""Searches that were to end, and mistakes of this program."""
_PRIMARY = 0xFF


class Damaged(ScimTuiError):
    """The file was damaged while it was open, and is made anew, without rows."""

    def __init__(self) -> None:
        super().__init__(
            "The kept list was damaged and is made anew, without rows.", "List it again."
        )


class Opened:
    """Connections to one file; once closed there are none."""

    def __init__(self, file: Path | None) -> None:
        self.file = file
        self._closed = False
        self._renewing = threading.Lock()
        self._left: list[Connections] = []
        self.renewals = 0
        """How often a damaged file was put aside; also where a paint ran into it, which goes on."""
        self._take(open_file(file))

    def _take(self, connections: Connections) -> None:
        locks = {id(each): threading.Lock() for each in connections.all()}
        self._open, self._locks = connections, {**getattr(self, "_locks", {}), **locks}

    @property
    def told(self) -> str:
        """What was wrong with the file, and what was done about it."""
        return self._open.told

    @contextmanager
    def reading(self, which: str = "painter") -> Iterator[sqlite3.Connection | None]:
        """A connection for as long as the block lasts; None once all are closed.

        Raises `Damaged`, and `ScimTuiError` where the disk does not do its part.
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
                    raise Damaged from error
                if code in _OUR_OWN:
                    raise
                raise ScimTuiError(
                    f"The list cannot be kept in {self.file or 'a file of its own'}: {error}.",
                    "Look at the disk: space, permissions; or set cache = false in the profile.",
                ) from error

    @contextmanager
    def writing(self, which: str = "writer") -> Iterator[sqlite3.Connection | None]:
        """As `reading`, in a transaction that takes hold of the file at once."""
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
        """Let what runs on this connection end at once."""
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
        """Let go of the file."""
        for which in ("finder", "first", "builder", "counter"):
            self.interrupt(which)
        self._closed = True
        # The last one puts everything into one file, which an interrupted one would not.
        for connections in (*self._left, self._open):
            for each in reversed(connections.all()):
                with self._locks[id(each)]:
                    each.close()

    def _renew(self, damaged: Connections) -> None:
        """A new file in the place of this one, unless there is one by now.

        The old connections stay open to the end: somebody may be in the middle of using one.
        """
        with self._renewing:
            if self._open is damaged and not self._closed:
                if self.file is not None:
                    delete_file(self.file)
                self._left.append(damaged)
                self.renewals += 1
                self._take(open_file(self.file, "The kept list was damaged and is made anew."))
