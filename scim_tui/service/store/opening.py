"""Opens a database after checks: is it ours, complete, and private? Takes constant time.

Nothing is written before all checks have passed, so a refusal leaves the files unchanged.
"""

import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path

from scim_tui.config.private import refuse_exposed
from scim_tui.model.errors import UsageError
from scim_tui.service.store.mark import DatabaseProgress, Mark, mark_path, read_mark
from scim_tui.service.store.schema import STEPS, TABLES, VERSION
from scim_tui.service.store.storage_faults import unusable

BUSY_SECONDS = 10.0
_ONE_PAGE = 4096
_TABLE_NAMES = re.findall(r"CREATE TABLE (\w+)", TABLES)
_ROWS = "SELECT coalesce(sum(seq), 0) FROM sqlite_sequence"
_DURABLE = "SELECT value FROM meta WHERE key = 'durable'"
COUNT_DURABLE = (
    "INSERT INTO meta VALUES ('durable', '1')"
    " ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1"
)
_RESTORE = "Restore a copy of the data folder"


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """A connection with our settings; none of them writes to the file."""
    connection = sqlite3.connect(
        _uri(path, read_only=read_only),
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
        uri=True,
    )
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


def _uri(path: Path, *, read_only: bool) -> str:
    """In a folder that cannot be written, a file without a log is opened as immutable."""
    uri = path.absolute().as_uri()
    if not os.access(path.parent, os.W_OK) and not log_of(path).exists():
        return f"{uri}?immutable=1"
    return f"{uri}?mode=ro" if read_only else uri


def log_of(path: Path) -> Path:
    """The write-ahead log beside a database."""
    return path.with_name(path.name + "-wal")


def open_database(path: Path) -> tuple[str, ...]:
    """Create the database or check the existing one; return notes for the operator.

    Raises `UsageError` when it is not ours, is damaged, can be read by others, or has lost data.
    """
    mark = read_mark(path)
    try:
        refuse_exposed(path, "The database")
        if _is_empty(path):
            _refuse_emptiness(path, mark)
            _make(path)
            return ()
        notes = _look(path, mark)
        _bring_up_to_date(path)
    except sqlite3.DatabaseError as error:
        raise unusable(path, error) from error
    return notes


def progress_of(connection: sqlite3.Connection) -> DatabaseProgress:
    """The counters of the database."""
    durable = connection.execute(_DURABLE).fetchone()
    return DatabaseProgress(
        connection.execute(_ROWS).fetchone()[0], int(durable[0]) if durable else 0
    )


def _is_empty(path: Path) -> bool:
    """Whether there is no file, or one without tables."""
    if not path.exists() or path.stat().st_size == 0:
        return True
    if path.stat().st_size > _ONE_PAGE:
        return False
    with closing(connect(path, read_only=True)) as connection:
        return not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]


def _refuse_emptiness(path: Path, mark: Mark | None) -> None:
    """Raise `UsageError` instead of creating a new database where one is lost."""
    log = log_of(path)
    held = mark is not None and mark.progress > (0, 0)
    without_file = not path.exists() or path.stat().st_size == 0
    if not held and not (without_file and log.exists() and log.stat().st_size > 0):
        return
    what = "is empty" if path.exists() else "is missing"
    beside = mark_path(path) if held else log
    raise UsageError(
        f"{path} {what}, and {beside.name} beside it says that it held data.",
        f"{_RESTORE}. To begin anew with nothing, move {path.parent} away.",
    )


def _make(path: Path) -> None:
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    with closing(connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN IMMEDIATE")
        # Another process may have been quicker.
        if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
            for statement in _statements(TABLES):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")


def _look(path: Path, mark: Mark | None) -> tuple[str, ...]:
    """Check a file without changing it or its log; return notes for the operator."""
    log = log_of(path)
    without_log = not log.exists() or log.stat().st_size == 0
    if without_log:
        _refuse_shortened(path)
    with closing(connect(path, read_only=True)) as connection:
        _refuse_foreign(path, connection)
        found = progress_of(connection)
    return () if mark is None else _compare(path, mark, found, without_log)


def _refuse_foreign(path: Path, connection: sqlite3.Connection) -> None:
    """Raise `UsageError` unless version and tables are known and each table can be read."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    if version == 0:
        raise UsageError(
            f"{path} is not a database of scim-tui: it holds other tables.",
            "Use another data folder, or restore a copy of this one.",
        )
    if version not in STEPS and version != VERSION:
        raise UsageError(
            f"{path} was written by version {version}, and this one is {VERSION}.",
            "Use another data folder, or the version that wrote it.",
        )
    missing = ", ".join(sorted(set(_TABLE_NAMES) - names))
    if version == VERSION and missing:
        raise UsageError(f"{path} lacks the tables {missing}.", f"{_RESTORE}.")
    for name in names & set(_TABLE_NAMES):
        connection.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone()  # noqa: S608


def _refuse_shortened(path: Path) -> None:
    """Raise `UsageError` when pages are missing that are in neither the file nor the log."""
    with path.open("rb") as file:
        header = file.read(100)
    page = int.from_bytes(header[16:18], "big")
    pages = int.from_bytes(header[28:32], "big")
    size = path.stat().st_size
    if header.startswith(b"SQLite format 3\0") and size < (65536 if page == 1 else page) * pages:
        raise UsageError(f"{path} is shorter than it was: a part is missing.", f"{_RESTORE}.")


def _compare(path: Path, mark: Mark, found: DatabaseProgress, without_log: bool) -> tuple[str, ...]:
    """Compare the counters with those in the mark file; return notes for the operator."""
    log = log_of(path).name
    behind = mark.progress.rows - found.rows
    if mark.progress.durable > found.durable or (behind > 0 and mark.of_this_boot):
        why = "is missing" if without_log else "is damaged"
        raise UsageError(
            f"{path} lacks changes that were acknowledged, and its log {log} {why}.",
            f"{_RESTORE}, or that log. To go on without those changes, remove"
            f" {mark_path(path)} and start again.",
        )
    if behind > 0:
        # Such commits are not synced to the disk, so a power cut may lose the last of them.
        return (
            f"{path} lacks the last {behind} users, groups or events that it held before the"
            " machine started anew.",
        )
    if without_log and not mark.clean:
        return (
            f"The log {log} of {path} is missing although the service did not end cleanly:"
            " the last changes before that may be lost.",
        )
    return ()


def _bring_up_to_date(path: Path) -> None:
    """Upgrade a file of an older version; one of the present version is not written to."""
    with closing(connect(path)) as connection:
        if connection.execute("PRAGMA user_version").fetchone()[0] == VERSION:
            return
        connection.execute("PRAGMA journal_mode = WAL")
        connection.create_function("casefold", 1, str.casefold, deterministic=True)
        connection.execute("BEGIN IMMEDIATE")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        for older in range(version, VERSION):
            for statement in _statements(STEPS[older]):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")


def _statements(script: str) -> list[str]:
    """Split a script, keeping triggers whole, so that it can run inside a transaction."""
    found, part = [], ""
    for line in script.splitlines(keepends=True):
        part += line
        if sqlite3.complete_statement(part):
            found.append(part)
            part = ""
    return found
