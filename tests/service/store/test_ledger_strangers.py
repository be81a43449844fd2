"""Wrong tokens by strangers: they are counted, and push nothing out of the history."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from scim_tui.service.store import history, ledger, strangers
from scim_tui.service.store.ledger import Ledger
from scim_tui.service.store.store import Store, StoreError
from scim_tui.service.store.strangers import MOST_KINDS, SEVERAL, WINDOW_SECONDS
from tests.service.scim.scim_kit import Clock, Service

FLOOD = 500


@pytest.fixture
async def book(store: Store, clock: Clock) -> AsyncIterator[Ledger]:
    book = Ledger(store, store.now)
    yield book
    await book.aclose()


def wrong(book: Ledger, client: str = "curl", operation: str = "ListUsers") -> None:
    book.record(operation=operation, status=401, client=client, constraint="token.unauthorized")


def times(store: Store) -> list[int]:
    """Of each event, newest first."""
    return [event.times for event in history.events(store.reader(), limit=1000).events]


async def test_those_that_are_alike_are_one_event(store: Store, book: Ledger, clock: Clock) -> None:
    wrong(book)
    await book.flush()
    assert times(store) == [1]
    for _ in range(3):
        for _ in range(FLOOD):
            wrong(book)
        clock.advance(timedelta(seconds=1))
        wrong(book)
        await book.flush()
    assert times(store) == [1 + 3 * (FLOOD + 1)]
    [event] = history.events(store.reader(), limit=9).events
    assert event.at == clock.now
    assert f"({event.times:,} requests alike in ten minutes)" in event.message
    clock.advance(timedelta(seconds=WINDOW_SECONDS))
    wrong(book)
    await book.flush()
    assert times(store) == [1, 1 + 3 * (FLOOD + 1)]


async def test_they_are_counted_one_by_one(store: Store, book: Ledger, clock: Clock) -> None:
    for _ in range(FLOOD):
        wrong(book)
    book.record(operation="CreateUser", status=201, token_id="t")
    await book.flush()
    traffic = history.traffic(store.reader(), clock.now, clock.now)
    assert (traffic.accepted, traffic.refused) == (1, 0)
    assert FLOOD in traffic.model_dump().values(), "each is a failure to sign in"
    assert traffic.hours[-1] == (1, 0)


async def test_many_kinds_are_one_kind(store: Store, book: Ledger) -> None:
    for number in range(FLOOD):
        wrong(book, client=f"client {number}")
    await book.flush()
    for number in range(FLOOD):
        wrong(book, client=f"another {number}")
    await book.flush()
    found = history.events(store.reader(), limit=1000).events
    assert len(found) == MOST_KINDS + 1
    assert sum(event.times for event in found) == 2 * FLOOD
    [several] = [event for event in found if event.operation == SEVERAL]
    assert several.client == "unknown"


async def test_they_push_out_no_other_event(
    store: Store, book: Ledger, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "MOST_EVENTS", 20)
    monkeypatch.setattr(strangers, "MOST_EVENTS", 5)
    for _ in range(20):
        book.record(operation="CreateUser", status=201, token_id="t")
    await book.flush()
    for _ in range(30):
        clock.advance(timedelta(seconds=WINDOW_SECONDS))
        wrong(book)
        await book.flush()
    found = history.events(store.reader(), limit=1000).events
    assert sum(event.status == 201 for event in found) == 20
    assert sum(event.status == 401 for event in found) == 5


async def test_what_could_not_be_written_is_counted_later(
    store: Store, book: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong(book)
    await book.flush()
    wrong(book)
    with monkeypatch.context() as broken:

        def full(*_: object) -> None:
            raise StoreError("database or disk is full")

        broken.setattr(ledger, "_write", full)
        with pytest.raises(StoreError):
            await book.flush()
    wrong(book)
    await book.flush()
    assert times(store) == [3]


async def test_an_event_that_is_gone_gets_a_successor(store: Store, book: Ledger) -> None:
    wrong(book)
    await book.flush()
    store.submit(lambda connection: connection.execute("DELETE FROM events")).result()
    wrong(book)
    await book.flush()
    assert times(store) == [1]


async def test_a_flood_over_http_is_a_handful_of_events(service: Service) -> None:
    for _ in range(100):
        answer = await service.call("GET", "/Users", headers={"Authorization": "Bearer wrong"})
        assert answer.status_code in (401, 429)
    await service.create_user()
    await service.flush()
    found = history.events(service.store.reader(), limit=1000).events
    assert len(found) <= 3
    assert sum(event.times for event in found if event.status == 401) == 100
    assert [event.times for event in found if event.status == 201] == [1]
