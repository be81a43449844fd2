"""The file of an index: kept in the data folder, or unnamed and deleted with the process.

A file of another schema, or one that cannot be read, is replaced by an empty one, since all of it
can be listed again.
"""

import fcntl
import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from scim_tui.config.paths import private_folder
from scim_tui.config.profiles import Profile
from scim_tui.core.index.query import fold
from scim_tui.model.directory import GroupRow, Kind, UserRow
from scim_tui.model.errors import UsageError

SCHEMA = 10
"""Number of the tables' layout; a file of the layout before is upgraded by `_ADDED`."""
_ACCESS = (
    "CREATE TABLE access_sets (id TEXT PRIMARY KEY, name TEXT, description TEXT, session TEXT,"
    " admin INTEGER, sweep INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE access_accounts (id TEXT PRIMARY KEY, name TEXT, email TEXT, status TEXT)"
    " WITHOUT ROWID",
    "CREATE TABLE access_assigned (principal TEXT, account TEXT, pset TEXT, kind TEXT, since TEXT,"
    " sweep INTEGER NOT NULL, PRIMARY KEY (principal, account, pset)) WITHOUT ROWID",
    "CREATE INDEX access_by_account ON access_assigned (account, pset)",
    "CREATE INDEX access_by_set ON access_assigned (pset)",
    "CREATE TABLE access_strangers (principal TEXT PRIMARY KEY, name TEXT) WITHOUT ROWID",
    "CREATE TABLE access_work (pass INTEGER, pset TEXT, account TEXT, done INTEGER NOT NULL,"
    " PRIMARY KEY (pass, pset, account)) WITHOUT ROWID",
)
"""Who has which permission set in which account; `core/access` says what the columns hold."""
ACCESS_TABLES = tuple(sql.split()[2] for sql in _ACCESS if sql.startswith("CREATE TABLE"))
_COUNTED = (
    "repeated INTEGER NOT NULL DEFAULT 0",
    "skipped INTEGER NOT NULL DEFAULT 0",
    "total INTEGER",
)
_WALKED = "CREATE TABLE walked (pass INTEGER, id TEXT, PRIMARY KEY (pass, id)) WITHOUT ROWID"
_ADDED = _ACCESS
"""The statements that upgrade the layout before to this one."""
FOLDER = "directory"
"""Name of the folder in a profile's data folder."""
FIELDS: dict[Kind, tuple[str, ...]] = {Kind.USERS: UserRow._fields, Kind.GROUPS: GroupRow._fields}
_BESIDE = ("", "-wal", "-shm")


def kept_at(profile: Profile) -> Path | None:
    """The file for the index of a profile; None: the index is not kept on disk.

    The name also depends on the endpoints, so that a profile whose endpoint is changed does not
    show the rows of the old directory.
    """
    if not profile.cache or profile.provider == "demo":
        return None
    place = "\n".join((profile.provider, profile.endpoint, profile.admin_endpoint))
    mark = hashlib.sha256(place.encode()).hexdigest()[:8]
    return profile.data_dir / FOLDER / f"{quote(profile.name, safe='')[:80]}-{mark}.sqlite"


@dataclass(frozen=True, slots=True)
class Connections:
    """One connection for each kind of work, so that painting never waits for a search or a load."""

    writer: sqlite3.Connection
    finder: sqlite3.Connection
    first: sqlite3.Connection
    painter: sqlite3.Connection
    builder: sqlite3.Connection
    counter: sqlite3.Connection
    notice: str = ""
    """What was wrong with the file, and what was done about it."""

    def all(self) -> tuple[sqlite3.Connection, ...]:
        """Every one."""
        return self.writer, self.finder, self.first, self.painter, self.builder, self.counter


def open_file(path: Path | None, notice: str = "") -> Connections:
    """Open the index in this file; for None, in a temporary file that is unlinked at once."""
    if path is None:
        return _unnamed(notice)
    try:
        private_folder(path.parent)
        with _alone(path):
            return _open_or_make(path, notice)
    except (OSError, sqlite3.Error, UsageError) as error:
        return _unnamed(f"The list cannot be kept in {path}: {error}.")


def _unnamed(notice: str) -> Connections:
    with tempfile.TemporaryDirectory(prefix="scim-tui-") as folder:
        return _open(Path(folder) / "index", "OFF", notice)


def _open_or_make(path: Path, notice: str) -> Connections:
    try:
        return _open(path, "NORMAL", notice)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        delete_file(path)
        return _open(path, "NORMAL", "The kept list could not be read and is made anew.")


def delete_file(path: Path) -> int:
    """Delete the file and SQLite's files beside it; return how many bytes that freed."""
    freed = size_of(path)
    for ending in _BESIDE:
        Path(f"{path}{ending}").unlink(missing_ok=True)
    return freed


def size_of(path: Path) -> int:
    """Bytes on disk."""
    files = (Path(f"{path}{ending}") for ending in _BESIDE)
    return sum(file.stat().st_size for file in files if file.exists())


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """A lock between processes, so that only one of them makes the tables."""
    lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _open(path: Path, synchronous: str, notice: str) -> Connections:
    if not path.exists():
        # To close a file drops the locks of this process on it: never one that is in use.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    os.chmod(path, 0o600)
    made: list[sqlite3.Connection] = []
    try:
        made.append(_connect(path, synchronous))
        other = _make(made[0])
        made += [_connect(path, synchronous) for _ in range(5)]
    except BaseException:
        for each in made:
            each.close()
        raise
    writer, finder, first, painter, builder, counter = made
    return Connections(writer, finder, first, painter, builder, counter, notice or other)


def _connect(path: Path, synchronous: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, check_same_thread=False, timeout=30, cached_statements=32, isolation_level=None
    )
    connection.create_function("fold", 1, fold, deterministic=True)
    connection.executescript(
        f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; PRAGMA temp_store=FILE;"
        "PRAGMA cache_size=-4096; PRAGMA wal_autocheckpoint=4000;"
    )
    # WAL and its index are opened by the first read; a name may be gone after that.
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return connection


def _make(db: sqlite3.Connection) -> str:
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if version == SCHEMA:
        return ""
    db.execute("BEGIN IMMEDIATE")
    kept = version == SCHEMA - 1
    if not kept:
        _drop_all(db)
    for statement in _ADDED if kept else _schema():
        db.execute(statement)
    db.execute(f"PRAGMA user_version={SCHEMA}")
    db.execute("COMMIT")
    return "The kept list was of another version and is made anew." if version and not kept else ""


def _drop_all(db: sqlite3.Connection) -> None:
    names = db.execute("SELECT name FROM sqlite_master WHERE type='table'").fetchall()
    for (name,) in names:
        if not name.startswith("sqlite_"):
            db.execute(f'DROP TABLE IF EXISTS "{name}"')


def _schema() -> Iterator[str]:
    yield "CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID"
    yield (
        "CREATE TABLE passes (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL,"
        " cursor TEXT NOT NULL DEFAULT '', loaded INTEGER NOT NULL DEFAULT 0, ended TEXT,"
        f" owner TEXT NOT NULL, beat REAL NOT NULL, {', '.join(_COUNTED)})"
    )
    yield _WALKED
    yield from _ACCESS
    yield (
        "CREATE TABLE seen (kind TEXT, id TEXT, name TEXT, what TEXT, field TEXT, was TEXT,"
        " now TEXT, at TEXT)"
    )
    yield "CREATE INDEX seen_by_id ON seen (kind, id, at)"
    yield "CREATE INDEX seen_by_time ON seen (kind, at)"
    yield (
        "CREATE TABLE members (g INTEGER, u INTEGER, sweep INTEGER, PRIMARY KEY (g, u))"
        " WITHOUT ROWID"
    )
    yield "CREATE INDEX members_by_user ON members (u)"
    yield (
        "CREATE TABLE strays (kind TEXT, id TEXT, origin TEXT, PRIMARY KEY (kind, id))"
        " WITHOUT ROWID"
    )
    for kind in Kind:
        columns = ", ".join(
            f"{name} TEXT" if name != "active" else "active INTEGER" for name in FIELDS[kind][1:]
        )
        yield (
            f"CREATE TABLE {kind} (n INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, {columns},"
            " sweep INTEGER NOT NULL, gone INTEGER NOT NULL DEFAULT 0)"
        )
        yield f"CREATE INDEX {kind}_gone ON {kind} (gone) WHERE gone"
        yield f"CREATE TABLE {kind}_dirty (n INTEGER PRIMARY KEY, stamp INTEGER NOT NULL)"
        yield from text_tables(kind)


def text_tables(kind: Kind, ending: str = "") -> Iterator[str]:
    """The statements for the tables of a text index; see `text_index`."""
    yield f"CREATE TABLE {kind}_text{ending} (r INTEGER PRIMARY KEY, n INTEGER, haystack TEXT)"
    yield (
        f"CREATE VIRTUAL TABLE {kind}_grams{ending} USING fts5"
        "(haystack, content='', detail=none, columnsize=0, tokenize='trigram case_sensitive 1')"
    )
    yield (
        f"CREATE TABLE {kind}_order{ending} (field TEXT, chunk INTEGER, data BLOB,"
        " PRIMARY KEY (field, chunk)) WITHOUT ROWID"
    )
