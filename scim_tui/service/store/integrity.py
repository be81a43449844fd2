"""A full check of a database: its structure, and whether every row can be decoded."""

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from scim_tui.service.store import folder, history, tokens
from scim_tui.service.store.clock_leaps import read_clock
from scim_tui.service.store.ledger import read_last
from scim_tui.service.store.opening import connect
from scim_tui.service.store.rows import checked_body
from scim_tui.service.store.storage_faults import DamagedStore, storage_refusal

MOST_PROBLEMS = 20
FIRST_SECONDS = 60.0
"""Seconds from the start of a service to the first check of its database."""
AGAIN_SECONDS = 86400.0
_LOG = logging.getLogger(__name__)
_INSTRUCTIONS = 100_000
"""SQLite virtual machine instructions between two calls of `stop`: a few milliseconds."""


class IntegrityReport(NamedTuple):
    """What was found."""

    problems: tuple[str, ...]
    finished: bool
    """Whether everything was checked; false: `stop` ended it."""


def look_through(path: Path, stop: Callable[[], bool]) -> IntegrityReport:
    """Check the whole database in its present state, until `stop` returns true."""
    found: list[str] = []
    try:
        with closing(connect(path, read_only=True)) as connection:
            connection.set_progress_handler(stop, _INSTRUCTIONS)
            for problem in _problems(connection):
                found.append(problem)
                if len(found) >= MOST_PROBLEMS or stop():
                    return IntegrityReport(tuple(found), finished=False)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            return IntegrityReport(tuple(found), finished=False)
        found.append(storage_refusal(error).message)
    except sqlite3.DatabaseError as error:
        found.append(storage_refusal(error).message)
    return IntegrityReport(tuple(found), finished=not stop())


def _problems(connection: sqlite3.Connection) -> Iterator[str]:
    for (text,) in connection.execute(f"PRAGMA integrity_check({MOST_PROBLEMS})"):
        if text != "ok":
            yield str(text)
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield f"row {row} of {table} belongs to no row of {parent}"
    for check in (_bodies, history.damaged_events, _notes):
        yield from check(connection)


def _bodies(connection: sqlite3.Connection) -> Iterator[str]:
    for table in ("users", "groups"):
        rows = connection.execute(f"SELECT seq, body FROM {table}")  # noqa: S608 - our own names
        for seq, body in rows:
            try:
                checked_body(body, f"row {seq} of {table}")
            except DamagedStore as error:
                yield str(error)


def _notes(connection: sqlite3.Connection) -> Iterator[str]:
    """Check the tokens, and the values that are stored as JSON in `meta`."""
    reads: tuple[Callable[[sqlite3.Connection], object], ...] = (
        tokens.listed,
        read_last,
        read_clock,
        folder.alive,
    )
    for read in reads:
        try:
            read(connection)
        except DamagedStore as error:
            yield str(error)


@contextmanager
def watching(path: Path) -> Iterator[None]:
    """Check the database in the background, once a day, and log what is found."""
    ended = threading.Event()
    thread = threading.Thread(target=_watch, args=(path, ended), name="integrity", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(1)


def _watch(path: Path, ended: threading.Event) -> None:
    pause = FIRST_SECONDS
    while not ended.wait(pause):
        for problem in look_through(path, ended.is_set).problems:
            _LOG.error("%s is damaged: %s.", path, problem)
        pause = AGAIN_SECONDS
