"""Keeps what refused requests sent, in a thread of its own: it never fails or delays a request."""

import logging
import sqlite3
import threading
from collections import deque
from enum import StrEnum
from typing import NamedTuple

import orjson

from scim_tui.model.sent_request import SentRequest
from scim_tui.service.masking import Masking
from scim_tui.service.store.kept_requests import KeptRequests, KeptRow, is_damage

NOT_JSON = "The body is no JSON, so a secret in it could not be found: it is not kept."
TOO_DEEP = "The body is nested too deeply to be masked: it is not kept."
NOT_READ = "The service refused the request before it read a body."
TOO_LARGE = "The body is larger than 1 MB: it is not kept."
_MOST_WAITING = 16 * 1024 * 1024
"""Bytes of bodies that wait to be written; with more than that a body is dropped."""
_AT_ONCE = 2 * 1024 * 1024
_WRITES = ("POST", "PUT", "PATCH")
_LOG = logging.getLogger(__name__)


class Keep(StrEnum):
    """How refused requests are kept."""

    MASKED = "masked"
    FULL = "full"


class Refused(NamedTuple):
    """A refused request, as it came; it is masked before it reaches the disk."""

    request_id: str
    at: float
    method: str
    path: str
    query: str
    body: bytes | None
    """None: it was not read."""
    own: str
    """The secret it came with, which may be repeated in it."""
    too_large: bool = False


class Keeper:
    """Takes refused requests from the event loop and writes them behind."""

    def __init__(self, file: KeptRequests, keep: Keep) -> None:
        self._file, self._full = file, keep is Keep.FULL
        self._waiting: deque[Refused] = deque()
        self._bytes = 0
        self._busy = False
        self._ended = False
        self._failed = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)
        self._thread.start()

    def keep(self, refused: Refused) -> None:
        """Take one; it only waits in memory. What finds no room there is not kept."""
        size = len(refused.body or b"")
        with self._changed:
            if self._ended or self._bytes + size > _MOST_WAITING:
                return
            self._waiting.append(refused)
            self._bytes += size
            self._changed.notify_all()

    def flush(self, seconds: float = 1.0) -> None:
        """Wait until what was taken is written, for a reader; not longer than that."""
        with self._changed:
            self._changed.wait_for(lambda: not (self._waiting or self._busy), seconds)

    def find(self, request_id: str) -> SentRequest | None:
        """What was kept of a request, the newest included. Raises `sqlite3.Error`."""
        self.flush()
        return self._file.find(request_id)

    def close(self) -> None:
        """Write what waits, and let go of the file."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()
        self._thread.join(5)

    def _run(self) -> None:
        while batch := self._take():
            try:
                self._write(batch)
            except Exception as error:
                # Without the message and the traceback, which could carry personal values.
                _LOG.error("Refused requests cannot be kept: %s.", type(error).__name__)
            with self._changed:
                self._busy = False
                self._changed.notify_all()
        self._file.close()

    def _take(self) -> list[Refused]:
        """The oldest that wait; none at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._ended)
            batch, size = list[Refused](), 0
            while self._waiting and size < _AT_ONCE:
                batch.append(self._waiting.popleft())
                size += len(batch[-1].body or b"")
            self._bytes -= size
            self._busy = bool(batch)
            return batch

    def _write(self, batch: list[Refused]) -> None:
        rows = [_row(refused, full=self._full) for refused in batch]
        try:
            self._add(rows, batch[-1].at)
        except (sqlite3.Error, OSError) as error:
            if not self._failed:
                _LOG.warning("Refused requests cannot be kept: %s. Requests go on.", error)
            self._failed = True
        else:
            self._failed = False

    def _add(self, rows: list[KeptRow], now: float) -> None:
        try:
            self._file.add(rows, now)
        except sqlite3.Error as error:
            if not is_damage(error):
                raise
            self._file.begin_anew()
            self._file.add(rows, now)


def _row(refused: Refused, *, full: bool) -> KeptRow:
    masking = Masking(full=full, own=refused.own)
    body, note = _body(refused, masking)
    return KeptRow(
        refused.request_id,
        refused.at,
        refused.method,
        masking.path(refused.path),
        masking.query(refused.query),
        not full,
        len(refused.body or b""),
        note,
        body,
    )


def _body(refused: Refused, masking: Masking) -> tuple[bytes | None, str]:
    """The JSON to keep, or why there is none."""
    if refused.too_large:
        return None, TOO_LARGE
    if refused.body is None:
        return None, NOT_READ if refused.method in _WRITES else ""
    try:
        return orjson.dumps(masking.body(orjson.loads(refused.body))), ""
    except RecursionError:
        return None, TOO_DEEP
    except (ValueError, TypeError):
        return None, NOT_JSON
