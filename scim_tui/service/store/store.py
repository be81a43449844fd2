"""One SQLite file: a writer thread that commits in groups, and a reader connection per thread.

A small write runs on the caller's thread while there is no other write, because waking another
thread takes longer than the commit. Several processes may open the same file. Each write is atomic,
also where several share a commit. A killed process loses nothing that was acknowledged (WAL,
synchronous=NORMAL); tenants and tokens also survive a power cut (`durable=True`, synchronous=FULL).
"""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from scim_tui.model.clock import Clock, utc_now
from scim_tui.model.errors import UsageError
from scim_tui.service.store.mark import DatabaseProgress, MarkFile
from scim_tui.service.store.opening import (
    COUNT_DURABLE,
    connect,
    log_of,
    open_database,
    progress_of,
)

Connection = sqlite3.Connection
Cursor = sqlite3.Cursor
StoreError = sqlite3.Error
IntegrityError = sqlite3.IntegrityError
OperationalError = sqlite3.OperationalError
T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

_MOST_IN_ONE_COMMIT = 200
_SMALL_IN_A_ROW = 250
"""After so many small writes one uses the writer thread, which checkpoints the WAL."""


class Store:
    """The data of one embedded service. Raises `UsageError` when the file is not one of ours."""

    def __init__(self, path: Path, clock: Clock = utc_now) -> None:
        self.path = path
        self.clock = clock
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._unsettled: set[_Job] = set()
        self._small_writes = 0
        self._closed = False
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.notes = open_database(path)
        """Sentences for the operator about the state in which the file was found."""
        self._mark = MarkFile(path)
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    def now(self) -> float:
        """The present instant in seconds since 1970, as it is stored."""
        return self.clock().timestamp()

    def reader(self) -> sqlite3.Connection:
        """The connection of this thread for reading; every statement sees the newest commit."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._open()
            connection.execute("PRAGMA query_only = ON")
        return connection

    async def write(self, work: Work[T], *, durable: bool = False) -> T:
        """Run `work` in a transaction of the writer and return when it is committed."""
        return await asyncio.wrap_future(self.submit(work, durable=durable))

    async def write_small(self, work: Work[T]) -> T:
        """As `write`, for short work: it runs on this thread unless another write is running."""
        self._small_writes += 1
        crowded = self._closed or self._unsettled or self._small_writes % _SMALL_IN_A_ROW == 0
        connection = None if crowded else self._begin_small()
        if connection is None:
            return await self.write(work)
        try:
            result = work(connection)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return result

    def submit(self, work: Work[T], *, durable: bool = False) -> "Future[T]":
        """As `write`, for callers without an event loop."""
        if self._closed:
            raise UsageError("The store is closed.")
        job = _Job(work, durable)
        self._unsettled.add(job)
        self._jobs.put(job)
        return job.future

    def close(self) -> None:
        """Finish the submitted writes and close the file."""
        if self._closed:
            return
        self._closed = True
        self._jobs.put(None)
        self._thread.join()
        progress = self._progress()
        for connection in self._connections:
            connection.close()
        # The last process that closes the file checkpoints the log into it and deletes the log.
        self._mark.close(None if log_of(self.path).exists() else progress)

    def _progress(self) -> DatabaseProgress | None:
        with suppress(sqlite3.Error):
            return progress_of(self.reader())
        return None

    def _open(self) -> sqlite3.Connection:
        connection = connect(self.path)
        self._connections.append(connection)
        return connection

    def _begin_small(self) -> sqlite3.Connection | None:
        """The connection of this thread, in a transaction; None: another write is running."""
        connection: sqlite3.Connection | None = getattr(self._local, "writer", None)
        if connection is None:
            connection = self._local.writer = self._open()
            for pragma in ("synchronous = NORMAL", "busy_timeout = 0", "wal_autocheckpoint = 0"):
                connection.execute(f"PRAGMA {pragma}")
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return None
        return connection

    def _run(self) -> None:
        connection = connect(self.path)
        connection.execute("PRAGMA synchronous = NORMAL")
        self._note(connection)
        while True:
            job = self._jobs.get()
            if job is None:
                break
            batch, more = self._batch(job)
            outcomes = _commit(connection, batch)
            self._note(connection)
            # Before the results are set: a caller that writes again at once finds the thread idle.
            self._unsettled.difference_update(batch)
            for outcome in outcomes:
                _settle(*outcome)
            if not more:
                break
        connection.close()

    def _note(self, connection: sqlite3.Connection) -> None:
        """Write the mark file. Small writes do not; their events, which follow soon, do."""
        with suppress(sqlite3.Error):
            self._mark.note(progress_of(connection))

    def _batch(self, first: "_Job") -> tuple[list["_Job"], bool]:
        batch = [first]
        while len(batch) < _MOST_IN_ONE_COMMIT:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                return batch, False
            batch.append(job)
        return batch, True


class _Job:
    """One write, and the future of its result."""

    def __init__(self, work: Work[Any], durable: bool) -> None:
        self.work = work
        self.durable = durable
        self.future: Future[Any] = Future()


_Outcome = tuple[_Job, object, BaseException | None]


def _commit(connection: sqlite3.Connection, batch: list[_Job]) -> list[_Outcome]:
    """Run a batch in one transaction; a job that fails is rolled back alone (savepoint)."""
    if any(job.durable for job in batch):
        connection.execute("PRAGMA synchronous = FULL")
    try:
        connection.execute("BEGIN IMMEDIATE")
        outcomes: list[_Outcome] = [(job, *_attempt(connection, job)) for job in batch]
        if any(job.durable for job in batch):
            connection.execute(COUNT_DURABLE)
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        outcomes = [(job, None, error) for job in batch]
    finally:
        connection.execute("PRAGMA synchronous = NORMAL")
    return outcomes


def _settle(job: _Job, result: object, failure: BaseException | None) -> None:
    if not job.future.set_running_or_notify_cancel():
        return
    if failure is None:
        job.future.set_result(result)
    else:
        job.future.set_exception(failure)


def _attempt(connection: sqlite3.Connection, job: _Job) -> tuple[object, BaseException | None]:
    connection.execute("SAVEPOINT job")
    try:
        result = job.work(connection)
    except Exception as failure:
        if not connection.in_transaction:
            raise  # SQLite rolled back the whole transaction, as it does when the disk is full.
        # Any error is raised where the write was asked for.
        connection.execute("ROLLBACK TO job")
        connection.execute("RELEASE job")
        return None, failure
    connection.execute("RELEASE job")
    return result, None
