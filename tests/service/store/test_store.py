"""The store: what shares a commit, what a failure undoes, and whose file it is."""

import asyncio
import sqlite3
import stat
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from scim_tui.model.errors import UsageError
from scim_tui.model.unknown_values import UNKNOWN
from scim_tui.service.store import history, tokens
from scim_tui.service.store import store as store_module
from scim_tui.service.store.schema import VERSION
from scim_tui.service.store.store import Connection, Store
from tests.patience import DEADLINE
from tests.service.scim.scim_kit import Clock


def put(key: str, failure: Exception | None = None) -> Callable[[Connection], str]:
    def work(connection: Connection) -> str:
        connection.execute("INSERT INTO meta VALUES (?, 'x')", (key,))
        if failure is not None:
            raise failure
        return key

    return work


def keys(store: Store) -> list[str]:
    return [row[0] for row in store.reader().execute("SELECT key FROM meta ORDER BY key")]


async def held(store: Store) -> threading.Event:
    """Stop the writer in the middle of a job, so that what follows waits for it together."""
    loop, begun, go = asyncio.get_running_loop(), asyncio.Event(), threading.Event()

    def hold(connection: Connection) -> None:
        loop.call_soon_threadsafe(begun.set)
        go.wait(DEADLINE)

    store.submit(hold)
    async with asyncio.timeout(DEADLINE):
        await begun.wait()
    return go


async def test_a_job_that_fails_undoes_itself_only(store: Store) -> None:
    go = await held(store)
    jobs = [store.write(put("a")), store.write(put("b", RuntimeError("no"))), store.write(put("c"))]
    waiting = [asyncio.ensure_future(job) for job in jobs]
    await asyncio.sleep(0)
    go.set()
    first, second, third = await asyncio.gather(*waiting, return_exceptions=True)
    assert (first, third) == ("a", "c")
    assert isinstance(second, RuntimeError)
    assert keys(store) == ["a", "c"]


async def test_nothing_is_acknowledged_before_its_commit(store: Store) -> None:
    """A reader sees what was acknowledged, and nothing of a job that still runs."""
    go = await held(store)
    waiting = asyncio.ensure_future(store.write(put("a")))
    await asyncio.sleep(0)
    assert keys(store) == []
    go.set()
    await waiting
    assert keys(store) == ["a"]


async def test_when_the_commit_fails_every_job_of_it_fails(store: Store) -> None:
    """A deferred foreign key is checked by COMMIT, so the job itself has succeeded by then."""

    def orphan(connection: Connection) -> None:
        connection.execute("PRAGMA defer_foreign_keys = ON")
        connection.execute("INSERT INTO memberships VALUES (1, 1)")

    go = await held(store)
    waiting = [asyncio.ensure_future(store.write(work)) for work in (put("a"), orphan, put("b"))]
    await asyncio.sleep(0)
    go.set()
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert all(isinstance(outcome, sqlite3.IntegrityError) for outcome in outcomes)
    assert keys(store) == []
    assert await store.write(put("c"), durable=True) == "c"


async def test_a_caller_that_gave_up_does_not_stop_the_writer(store: Store) -> None:
    go = await held(store)
    waiting = asyncio.ensure_future(store.write(put("a")))
    await asyncio.sleep(0)
    waiting.cancel()
    go.set()
    assert await store.write(put("b")) == "b"
    assert "b" in keys(store)


def commits(store: Store, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of the commits of the writer thread from now on."""
    sizes: list[int] = []
    commit = store_module._commit

    def counted(connection: Connection, batch: list[Any]) -> list[Any]:
        sizes.append(len(batch))
        return commit(connection, batch)

    monkeypatch.setattr(store_module, "_commit", counted)
    return sizes


async def test_small_writes_do_without_the_thread(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = commits(store, monkeypatch)
    monkeypatch.setattr(store_module, "_SMALL_IN_A_ROW", 20)
    for number in range(19):
        assert await store.write_small(put(f"{number:02}")) == f"{number:02}"
    assert (len(keys(store)), sizes) == (19, [])
    await store.write_small(put("twentieth"))
    await store.write_small(put("next"))
    assert (len(keys(store)), sizes) == (21, [1])


async def test_small_writes_keep_the_log_small(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "_SMALL_IN_A_ROW", 20)
    log = store.path.with_name(store.path.name + "-wal")
    for number in range(1000):
        await store.write_small(put(f"{number:03}" + "x" * 3000))
    assert log.stat().st_size < 8 * 1024 * 1024


async def test_a_small_write_waits_for_the_thread(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also while the thread has a job but no transaction yet, so that none is overtaken."""
    go, commit = threading.Event(), store_module._commit

    def late(connection: Connection, batch: list[Any]) -> list[Any]:
        go.wait(DEADLINE)
        return commit(connection, batch)

    monkeypatch.setattr(store_module, "_commit", late)
    waiting = [asyncio.ensure_future(store.write(put("a")))]
    await asyncio.sleep(0)
    waiting.append(asyncio.ensure_future(store.write_small(put("b"))))
    await asyncio.sleep(0)
    assert not waiting[1].done()
    go.set()
    assert await asyncio.gather(*waiting) == ["a", "b"]


async def test_a_small_write_waits_for_another_process(store: Store) -> None:
    await store.write_small(put("a"))
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waiting = asyncio.ensure_future(store.write_small(put("b")))
    await asyncio.sleep(0)
    assert not waiting.done()
    other.execute("COMMIT")
    other.close()
    assert await waiting == "b"


async def test_a_small_write_that_fails_undoes_itself(store: Store) -> None:
    with pytest.raises(RuntimeError):
        await store.write_small(put("a", RuntimeError("no")))
    assert keys(store) == []
    assert await store.write_small(put("a")) == "a"


async def test_readers_cannot_write(store: Store) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        store.reader().execute("INSERT INTO meta VALUES ('a', 'b')")


async def test_each_thread_reads_with_a_connection_of_its_own(store: Store) -> None:
    assert store.reader() is store.reader()
    assert await asyncio.to_thread(store.reader) is not store.reader()


def test_two_stores_on_one_file(tmp_path: Path, clock: Clock) -> None:
    one, two = Store(tmp_path / "s.db", clock), Store(tmp_path / "s.db", clock)
    try:
        one.submit(put("a")).result(5)
        two.submit(put("b")).result(5)
        assert keys(one) == keys(two) == ["a", "b"]
    finally:
        one.close()
        two.close()


def test_closing_finishes_what_was_submitted(tmp_path: Path, clock: Clock) -> None:
    store = Store(tmp_path / "s.db", clock)
    jobs = [store.submit(put(f"{number:03}")) for number in range(300)]
    store.close()
    store.close()
    assert all(job.done() for job in jobs)
    with pytest.raises(UsageError, match="closed"):
        store.submit(put("late"))
    with pytest.raises(UsageError, match="closed"):
        asyncio.run(store.write_small(put("late")))
    again = Store(tmp_path / "s.db", clock)
    assert len(keys(again)) == 300
    again.close()


def test_the_file_is_its_owners_only(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "folder" / "s.db"
    store = Store(path, clock)
    store.submit(put("a")).result(5)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert modes == dict.fromkeys(["s.db", "s.db-wal", "s.db-shm", "s.db-mark"], 0o600)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    store.close()


def test_a_file_of_another_version_is_refused(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "s.db"
    Store(path, clock).close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    with pytest.raises(UsageError, match=f"version {VERSION + 1}"):
        Store(path, clock)


VERSION_1 = """
ALTER TABLE tokens DROP COLUMN suspended_at;
ALTER TABLE tokens DROP COLUMN own_used_at;
ALTER TABLE events DROP COLUMN token_known;
ALTER TABLE events DROP COLUMN address;
DROP TABLE former_tokens;
DROP INDEX events_own;
DROP INDEX events_strangers;
DROP INDEX events_by_target;
DROP INDEX events_by_operation;
DROP INDEX events_by_token;
DROP INDEX events_by_client;
DROP INDEX events_by_rule;
DROP TABLE event_names;
ALTER TABLE events DROP COLUMN holder;
ALTER TABLE events DROP COLUMN times;
PRAGMA user_version = 1;
"""
"""What makes a file of today one of the first version."""


def test_a_file_of_the_version_before_is_brought_up_to_date(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "s.db"
    with closing(Store(path, clock)) as store:
        new = store.submit(lambda c: tokens.enable_with_token(c, 1.0)).result(5)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(VERSION_1)
        connection.execute(
            "UPDATE tokens SET last_used_at = 9, requests = 2, last_client = 'scim-tui/1.0'"
        )
        last = '{"request_at": 9.0, "client": "curl", "unauthorized_at": 9.0}'
        connection.execute("INSERT INTO meta VALUES ('traffic.last', ?)", (last,))
        connection.execute(
            "INSERT INTO events (at, operation, status, target) VALUES (9, 'GetUser', 200, 'ana')"
        )
        connection.commit()
    with closing(Store(path, clock)) as store:
        found = tokens.listed(store.reader())
        assert new is not None
        assert [(each.id, each.suspended) for each in found] == [(new.token.id, False)]
        assert [(each.last_used_at, each.own_used_at) for each in found] == [
            (UNKNOWN, tokens.moment(9))
        ]
        traffic = history.traffic(store.reader(), tokens.moment(0), clock())
        assert traffic.last_request_at is UNKNOWN, "it was not kept whose request it was"
        assert traffic.last_unauthorized_at is UNKNOWN
        version = store.reader().execute("PRAGMA user_version").fetchone()[0]
        names = store.reader().execute("SELECT name FROM event_names").fetchall()
    assert names == [("ana",)], "a search finds the events from before"
    assert version == VERSION


def test_a_file_of_something_else_is_refused(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("no database at all, but long enough to be read as one" * 30)
    path.chmod(0o600)
    with pytest.raises(UsageError, match="not a database"):
        Store(path, clock)
    assert path.read_text().startswith("no database")
