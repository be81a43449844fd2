"""The file of kept requests: beside the database, so that no write of an IdP waits for it.

It holds a number of bytes at most, its log included; the oldest go first. What is damaged is begun
anew, since it is there to look at what failed, and for nothing else.
"""

import json
import logging
import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

from scim_tui.model.sent_request import SentRequest
from scim_tui.service.store.tokens import moment

FILE = "requests.sqlite3"
"""Name of the file in a data folder."""
MOST_BYTES = 256 * 1024 * 1024
KEEP_SECONDS = 90 * 86400.0
"""How long a request is kept, as its event."""
_BUSY_SECONDS = 2.0
_LOG_PAGES = 64
_PAGE = 4096
_TABLE = """
CREATE TABLE IF NOT EXISTS requests (
    number     INTEGER PRIMARY KEY,
    request_id TEXT NOT NULL UNIQUE,
    at         REAL NOT NULL,
    method     TEXT NOT NULL,
    path       TEXT NOT NULL,
    query      TEXT NOT NULL,
    masked     INTEGER NOT NULL,
    size       INTEGER NOT NULL,
    note       TEXT NOT NULL,
    body       BLOB
)"""
_INSERT = (
    "INSERT OR REPLACE INTO requests"
    " (request_id, at, method, path, query, masked, size, note, body)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_FIND = (
    "SELECT request_id, at, method, path, query, masked, size, note, body FROM requests"
    " WHERE request_id = ?"
)
_OLDEST = (
    "DELETE FROM requests WHERE number IN (SELECT number FROM requests ORDER BY number LIMIT ?)"
)
_OVER_AGE = (
    "DELETE FROM requests WHERE number IN (SELECT number FROM requests WHERE at < ? LIMIT 500)"
)
_LOG = logging.getLogger(__name__)


class KeptRow(NamedTuple):
    """One row of the table, its fields in the order of the insert."""

    request_id: str
    at: float
    method: str
    path: str
    query: str
    masked: bool
    size: int
    note: str
    body: bytes | None
    """JSON; None: see `note`."""


class KeptRequests:
    """The file. One thread writes; any thread reads."""

    def __init__(self, path: Path, most_bytes: int = MOST_BYTES) -> None:
        self.path, self._most = path, most_bytes
        self._connection: sqlite3.Connection | None = None

    def add(self, rows: Sequence[KeptRow], now: float) -> None:
        """Keep rows, and let the oldest go where there is no room. Raises `sqlite3.Error`."""
        connection = self._connection = self._connection or self._open()
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(_OVER_AGE, (now - KEEP_SECONDS,))
            self._make_room(connection, sum(_size(row) for row in rows))
            connection.executemany(_INSERT, rows)
            connection.execute("COMMIT")
        except sqlite3.Error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def find(self, request_id: str) -> SentRequest | None:
        """One request, or None. Raises `sqlite3.Error`."""
        if not self.path.exists():
            return None
        uri = f"{self.path.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS)) as reader:
            row = reader.execute(_FIND, (request_id,)).fetchone()
        if row is None:
            return None
        kept = KeptRow(*row)
        body = None if kept.body is None else json.loads(kept.body)
        return SentRequest.model_validate({**kept._asdict(), "at": moment(kept.at), "body": body})

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def begin_anew(self) -> None:
        """Remove the file, which cannot be read any more."""
        self.close()
        _LOG.warning("%s cannot be read any more: it is begun anew.", self.path)
        for suffix in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                self.path.with_name(self.path.name + suffix).unlink()

    def _open(self) -> sqlite3.Connection:
        os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = sqlite3.connect(
            self.path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            for pragma in (
                "journal_mode = WAL",
                "synchronous = NORMAL",
                "secure_delete = FAST",
                f"wal_autocheckpoint = {_LOG_PAGES}",
                f"journal_size_limit = {self._most // 32}",
            ):
                connection.execute(f"PRAGMA {pragma}")
            connection.execute(_TABLE)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _make_room(self, connection: sqlite3.Connection, needed: int) -> None:
        """An eighth is left to the log, which is folded into the file after each commit."""
        most = self._most - self._most // 8 - needed
        while _used(connection) > most:
            number = connection.execute("SELECT count(*) FROM requests").fetchone()[0]
            if not connection.execute(_OLDEST, (max(number // 64, 1),)).rowcount:
                return


def is_damage(error: Exception) -> bool:
    """Whether the file itself is no database any more."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _size(row: KeptRow) -> int:
    """Bytes that a row takes at most, in whole pages."""
    texts = len(row.path) + len(row.query) + len(row.note)
    return (len(row.body or b"") + 4 * texts + 2 * _PAGE) // _PAGE * _PAGE


def _used(connection: sqlite3.Connection) -> int:
    def pragma(name: str) -> int:
        found: int = connection.execute(f"PRAGMA {name}").fetchone()[0]
        return found

    return (pragma("page_count") - pragma("freelist_count")) * pragma("page_size")
