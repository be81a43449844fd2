"""Data folders of our service with many users, written through its store before it is started."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.people import users
from scim_tui.service.store import folder, tokens
from scim_tui.service.store.store import Connection, Store
from scim_tui.service.store.users import insert_user

_AT_ONCE = 100
"""Users in one piece of writing; the store commits many pieces together."""
_CACHE = "PRAGMA cache_size = -262144"
"""Kibibytes for this load alone: what is read and written again and again stays in memory."""
_NOW = "2026-01-01T00:00:00Z"
_SAMPLE = 1_000


@dataclass(frozen=True, slots=True)
class Filled:
    """A data folder, the token for it, and some of those who are in it."""

    path: Path
    size: int
    secret: str
    some: list[tuple[str, str]]
    """Ids and userNames, by chance."""


def fill(folders: Path, sizes: Sequence[int]) -> Iterator[Filled]:
    """A folder of each size, from small to large; each starts as a copy of the one before."""
    people, secret, before = users(), "", None
    for size in sorted(sizes):
        path = folders / str(size)
        if before is not None:
            shutil.copytree(before.path, path)
        with closing(Store(folder.database(path))) as store:
            store.submit(lambda connection: connection.execute(_CACHE)).result()
            secret = secret or _enable(store)
            _add(store, people, size - (before.size if before else 0))
            sample = "SELECT id, user_name FROM users ORDER BY random() LIMIT ?"
            some = store.reader().execute(sample, (_SAMPLE,)).fetchall()
        before = Filled(path, size, secret, some)
        yield before


def _enable(store: Store) -> str:
    first = store.submit(lambda db: tokens.enable_with_token(db, store.now())).result()
    assert first is not None
    return first.secret.get_secret_value()


def _add(store: Store, people: Iterator[dict[str, Any]], number: int) -> None:
    waiting = []
    while number > 0:
        batch = list(islice(people, min(number, _AT_ONCE)))
        number -= len(batch)
        waiting.append(store.submit(_inserting(batch)))
    for each in waiting:
        each.result()


def _inserting(batch: list[dict[str, Any]]) -> Callable[[Connection], None]:
    def work(connection: Connection) -> None:
        for user in batch:
            insert_user(connection, user, _NOW)

    return work
