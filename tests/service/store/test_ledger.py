"""The ledger: cheap to write to, always current to read, and never larger than agreed."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from scim_tui.model.activity import Traffic
from scim_tui.model.provisioning import TokenState
from scim_tui.model.unknown_values import NEVER, UNKNOWN
from scim_tui.service.store import history, ledger, tokens
from scim_tui.service.store.ledger import Ledger
from scim_tui.service.store.store import Store, Work
from tests.patience import DEADLINE
from tests.service.scim.scim_kit import Clock

HOUR = timedelta(hours=1)


@pytest.fixture
async def book(store: Store, clock: Clock) -> AsyncIterator[Ledger]:
    book = Ledger(store, store.now)
    yield book
    await book.aclose()


@pytest.fixture
def token_id(store: Store) -> str:
    new = store.submit(lambda c: tokens.enable_with_token(c, store.now())).result()
    assert new is not None
    return new.token.id


def stored(store: Store) -> int:
    return int(store.reader().execute("SELECT count(*) FROM events").fetchone()[0])


def counted(store: Store, since: datetime) -> Traffic:
    return history.traffic(store.reader(), since, store.clock())


async def test_recording_writes_nothing_until_it_is_flushed(
    store: Store, book: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes: list[Work[Any]] = []
    submit = store.submit

    def spy(work: Work[Any], *, durable: bool = False) -> Any:  # noqa: ANN401 - as it is passed on
        writes.append(work)
        return submit(work, durable=durable)

    monkeypatch.setattr(store, "submit", spy)
    for _ in range(50):
        book.record(operation="GetUser", status=200)
    assert (len(writes), stored(store)) == (0, 0)
    await book.flush()
    await book.flush()
    assert (len(writes), stored(store)) == (1, 50)


async def test_it_flushes_by_itself_within_a_second(store: Store, book: Ledger) -> None:
    assert ledger.FLUSH_SECONDS < 1
    book.start()
    for expected in (1, 2):
        book.record(operation="GetUser", status=200)
        async with asyncio.timeout(DEADLINE):
            await _until(store, expected)


async def _until(store: Store, number: int) -> None:
    while stored(store) < number:  # noqa: ASYNC110 - the store writes in a thread
        await asyncio.sleep(0.01)


async def test_it_flushes_when_it_closes(store: Store) -> None:
    book = Ledger(store)
    book.start()
    book.record(operation="GetUser", status=200)
    await book.aclose()
    assert stored(store) == 1


async def test_two_readers_at_once_write_each_event_once(store: Store, book: Ledger) -> None:
    book.record(operation="GetUser", status=200)
    await asyncio.gather(*[book.flush() for _ in range(5)])
    assert stored(store) == 1


async def test_a_reader_that_goes_away_neither_loses_nor_doubles(
    store: Store, book: Ledger
) -> None:
    book.record(operation="GetUser", status=200)
    reader = asyncio.create_task(book.flush())
    await asyncio.sleep(0)
    reader.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reader
    await book.flush()
    assert stored(store) == 1


async def test_what_could_not_be_written_is_written_later(
    store: Store, book: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.record(operation="GetUser", status=200)
    with monkeypatch.context() as broken:

        def locked(*_: object) -> None:
            raise sqlite3.OperationalError("database is locked")

        broken.setattr(ledger, "_write", locked)
        with pytest.raises(sqlite3.OperationalError):
            await book.flush()
    book.record(operation="GetGroup", status=200)
    await book.flush()
    page = history.events(store.reader(), limit=10)
    assert [event.operation for event in page.events] == ["GetGroup", "GetUser"]


async def test_memory_is_bounded_while_nothing_can_be_written(
    store: Store, book: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "_MOST_PENDING", 10)
    for status in range(200, 225):
        book.record(operation="GetUser", status=status)
    await book.flush()
    page = history.events(store.reader(), limit=100)
    assert page.events[0].status == 224
    assert len(page.events) <= 10


async def test_the_use_of_a_token_comes_with_its_events(
    store: Store, book: Ledger, clock: Clock, token_id: str
) -> None:
    start = clock.now
    book.record(operation="GetUser", status=200, token_id=token_id, client="Okta")
    clock.advance(HOUR)
    book.record(operation="GetUser", status=404, token_id=token_id, client="Okta 2")
    book.record(operation="GetUser", status=401, client="somebody")
    await book.flush()
    [token] = tokens.listed(store.reader())
    assert (token.requests, token.last_used_at, token.last_client) == (2, start + HOUR, "Okta 2")


async def test_our_own_requests_are_no_use_of_a_token_by_an_idp(
    store: Store, book: Ledger, clock: Clock, token_id: str
) -> None:
    tried = clock.now
    book.record(operation="GetUser", status=200, token_id=token_id, client="scim-tui/1 (nonce)")
    await book.flush()
    [token] = tokens.listed(store.reader())
    assert (token.last_used_at, token.last_client, token.requests) == (NEVER, NEVER, 1)
    assert (token.own_used_at, token.state(clock.now)) == (tried, TokenState.UNUSED)
    clock.advance(HOUR)
    book.record(operation="GetUser", status=200, token_id=token_id, client="Okta")
    await book.flush()
    clock.advance(HOUR)
    book.record(operation="GetUser", status=200, token_id=token_id, client="scim-tui/1")
    await book.flush()
    [token] = tokens.listed(store.reader())
    assert (token.last_used_at, token.last_client) == (tried + HOUR, "Okta")
    assert (token.own_used_at, token.requests) == (clock.now, 3)


async def test_a_refused_request_is_no_use_of_its_token(
    store: Store, book: Ledger, token_id: str
) -> None:
    book.record(operation="GetUser", status=401, token_id=token_id, client="Okta")
    await book.flush()
    [token] = tokens.listed(store.reader())
    assert (token.last_used_at, token.requests) == (NEVER, 0)


async def test_use_that_arrives_late_from_another_process_does_not_turn_time_back(
    store: Store, book: Ledger, clock: Clock, token_id: str
) -> None:
    late = Ledger(store)
    late.record(operation="GetUser", status=200, token_id=token_id, client="early")
    clock.advance(HOUR)
    book.record(operation="GetUser", status=200, token_id=token_id, client="recent")
    await book.flush()
    await late.flush()
    [token] = tokens.listed(store.reader())
    assert (token.requests, token.last_used_at, token.last_client) == (2, clock.now, "recent")
    assert counted(store, clock.now).last_client == "recent"


async def test_a_client_without_a_name_is_unknown_and_not_never(
    store: Store, book: Ledger, token_id: str
) -> None:
    book.record(operation="GetUser", status=200, token_id=token_id)
    await book.flush()
    assert tokens.listed(store.reader())[0].last_client is UNKNOWN
    assert counted(store, store.clock()).last_client is UNKNOWN


async def test_only_the_newest_are_kept(
    store: Store, book: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "MOST_EVENTS", 7)
    for _ in range(3):
        for _ in range(5):
            book.record(operation="GetUser", status=200)
        await book.flush()
    page = history.events(store.reader(), limit=100)
    assert [event.id for event in page.events] == list(range(15, 8, -1))


async def test_what_is_older_than_ninety_days_is_forgotten_but_when_it_was_is_not(
    store: Store, book: Ledger, clock: Clock
) -> None:
    written = clock.now
    book.record(operation="CreateUser", status=201, client="Okta")
    await book.flush()
    clock.advance(timedelta(days=91))
    book.record(operation="GetUser", status=200)
    await book.flush()
    assert [event.operation for event in history.events(store.reader(), limit=9).events] == [
        "GetUser"
    ]
    assert counted(store, written).last_write_at == written
    assert history.summary(store.reader()).last_write_at == written


async def test_pruning_takes_few_at_a_time(
    store: Store, book: Ledger, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(30):
        book.record(operation="GetUser", status=200)
    await book.flush()
    monkeypatch.setattr(ledger, "_PRUNE_AT_ONCE", 10)
    clock.advance(timedelta(days=91))
    book.record(operation="GetUser", status=200)
    await book.flush()
    assert stored(store) == 21


async def test_a_name_is_forgotten_with_its_last_event(
    store: Store, book: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "MOST_EVENTS", 2)
    for name in ("ana", "bo", "ana", "cy"):
        book.record(operation="CreateUser", status=201, target=name)
    await book.flush()
    assert stored(store) == 2
    assert store.reader().execute("SELECT name FROM event_names").fetchall() == [("ana",), ("cy",)]


@pytest.mark.parametrize("ticks", range(6))
async def test_a_reader_that_is_cancelled_as_its_flush_ends_is_cancelled(
    store: Store, monkeypatch: pytest.MonkeyPatch, ticks: int
) -> None:
    book = Ledger(store, store.now)
    written: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def flush() -> None:
        await written

    monkeypatch.setattr(book, "flush", flush)
    reader = asyncio.create_task(book.refresh())
    for _ in range(3):
        await asyncio.sleep(0)
    written.set_result(None)
    for _ in range(ticks):
        await asyncio.sleep(0)
    accepted = reader.cancel()
    await asyncio.wait([reader])
    assert reader.cancelled() is accepted
