"""A full or read-only disk and a held lock: reading goes on, writing says why it cannot."""

import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from scim_tui.model.errors import UsageError
from scim_tui.service import runner
from scim_tui.service.app import build_app
from scim_tui.service.store import folder, ledger, opening, tokens
from scim_tui.service.store import store as store_module
from scim_tui.service.store.storage_faults import RETRY_SECONDS
from scim_tui.service.store.store import Store
from tests.service.scim.scim_kit import Clock, Service, opened, person, serving

Break = Callable[[sqlite3.Connection], object]


def full(connection: sqlite3.Connection) -> None:
    """As many pages as there are, and not one more."""
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")


def read_only(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA query_only = ON")


def locked(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA busy_timeout = 0")


@pytest.fixture
def breaks(monkeypatch: pytest.MonkeyPatch) -> list[Break]:
    """What is done to every connection that is made from now on, and to the writer's at once."""
    wanted: list[Break] = []
    connect, commit = opening.connect, store_module._commit

    def broken(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
        connection = connect(path, read_only=read_only)
        for each in wanted:
            each(connection)
        return connection

    def late(connection: sqlite3.Connection, batch: list[object]) -> object:
        for each in wanted:
            each(connection)
        return commit(connection, batch)  # type: ignore[arg-type]

    monkeypatch.setattr(store_module, "connect", broken)
    monkeypatch.setattr(store_module, "_commit", late)
    return wanted


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Another process in the middle of writing."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.fixture
async def service(tmp_path: Path, clock: Clock, breaks: list[Break]) -> AsyncIterator[Service]:
    with opened(tmp_path / "service.db", clock) as store:
        async with serving(store, clock, None) as service:
            yield service
            breaks.clear()


async def fails(service: Service) -> httpx.Response:
    """A write that is too large for what is left of the last page."""
    names = {"formatted": "x" * 1000, "givenName": "y" * 1000, "familyName": "z" * 1000}
    more = {"title": "t" * 1000, "nickName": "n" * 1000, "userType": "u" * 1000}
    return await service.call("POST", "/Users", {**person("big@x.org"), **more, "name": names})


CASES = [
    (full, 507, "storage.full", "is full"),
    (read_only, 503, "storage.readonly", "cannot be written"),
]


@pytest.mark.parametrize(("fault", "status", "code", "words"), CASES)
async def test_a_write_says_why_it_cannot(
    service: Service, breaks: list[Break], fault: Break, status: int, code: str, words: str
) -> None:
    await service.create_user()
    await service.flush()
    breaks.append(fault)
    service.store._local.__dict__.clear()
    answer = await fails(service)
    assert answer.status_code == status
    assert words in answer.json()["detail"]
    assert (answer.headers.get("retry-after") == str(RETRY_SECONDS)) is (status == 503)
    made = await service.http.post("/admin/v1/tokens")
    if fault is read_only:
        assert (made.status_code, made.json()["error"]["code"]) == (status, code)
        assert words in made.json()["error"]["message"]
        assert made.headers["retry-after"] == str(RETRY_SECONDS)
    breaks.clear()


async def test_a_held_lock_is_named(service: Service, breaks: list[Break], tmp_path: Path) -> None:
    breaks.append(locked)
    with held(tmp_path / "service.db"):
        answer = await service.call("POST", "/Users", person())
    assert answer.status_code == 503
    assert "Another process holds the write lock" in answer.json()["detail"]
    assert answer.headers["retry-after"] == str(RETRY_SECONDS)


READS = [
    "/tokens",
    "/events",
    "/provisioning",
    "/directory",
    "/users",
    "/traffic?since=2026-01-01T00:00:00Z",
    "/checkup",
]


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize("fault", [full, read_only])
async def test_reads_need_no_write(
    service: Service, breaks: list[Break], fault: Break, path: str
) -> None:
    """Also while what is known of the use of a token waits to be written."""
    user = await service.create_user()
    await service.flush()
    breaks.append(fault)
    assert (await service.call("GET", f"/Users/{user['id']}")).status_code == 200
    answer = await service.http.get(f"/admin/v1{path}")
    assert answer.status_code == 200, answer.text
    breaks.clear()


@pytest.mark.parametrize("path", READS)
async def test_reads_do_not_wait_for_a_held_lock(
    service: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, path: str
) -> None:
    """The bookkeeping waits for the lock for as long as the test holds it."""
    monkeypatch.setattr(ledger, "REFRESH_SECONDS", 0.05)
    user = await service.create_user()
    with held(tmp_path / "service.db"):
        assert (await service.call("GET", f"/Users/{user['id']}")).status_code == 200
        answer = await service.http.get(f"/admin/v1{path}")
        assert answer.status_code == 200, answer.text


def prepared(path: Path) -> Path:
    """A database with a tenant, that was closed."""
    with closing(Store(folder.database(path))) as store:
        store.submit(lambda c: tokens.enable(c, store.now()), durable=True).result()
    return folder.database(path)


def test_opening_a_database_of_today_writes_nothing(tmp_path: Path) -> None:
    path = prepared(tmp_path)
    with held(path), closing(Store(path)) as store:
        assert tokens.current_tenant(store.reader()) is not None


@pytest.mark.parametrize(
    ("fault", "words"), [(read_only, "cannot be written"), (locked, "holds the write lock")]
)
def test_a_start_says_what_is_wrong(
    tmp_path: Path, breaks: list[Break], fault: Break, words: str
) -> None:
    prepared(tmp_path)
    breaks.append(fault)
    with held(folder.database(tmp_path)), pytest.raises(UsageError) as error:
        runner.serve(runner.Settings(data=tmp_path, port=0, enable=True), lambda ready: None)
    assert words in error.value.message
    assert "another data folder" not in error.value.message + error.value.hint


async def test_the_end_of_a_service_says_what_could_not_be_written(
    service: Service, breaks: list[Break], caplog: pytest.LogCaptureFixture
) -> None:
    app = build_app(service.store, admin_open=True)
    app.state.ledger.record(operation="GetUser", status=200)
    breaks.append(read_only)
    with caplog.at_level(logging.WARNING):
        await app.state.ledger.aclose()
    assert "The last 1 requests are not in the history" in caplog.text
    breaks.clear()
