"""The ledger: cheap to write to, always current to read, and never larger than agreed."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scim_tui.model.absent import NEVER, UNKNOWN
from scim_tui.model.activity import Traffic
from scim_tui.service import history, ledger, tokens
from scim_tui.service.ledger import Ledger
from scim_tui.service.store import Store, Work
from tests.service.scim_kit import Clock

HOUR = timedelta(hours=1)


@pytest.fixture
async def book(store: Store) -> AsyncIterator[Ledger]:
    book = Ledger(store)
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
        await asyncio.wait_for(_until(store, expected), 1.5)


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


def test_nothing_happened_yet_is_never(store: Store) -> None:
    traffic = counted(store, store.clock())
    assert (traffic.last_request_at, traffic.last_write_at, traffic.last_client) == (NEVER,) * 3
    assert (traffic.accepted, traffic.refused, traffic.unauthorized, traffic.throttled) == (0,) * 4
    assert traffic.hours == ((0, 0),) * 24
    assert history.summary(store.reader()).last_write_at is NEVER


async def test_traffic_tells_objects_callers_and_throttling_apart(
    store: Store, book: Ledger, clock: Clock
) -> None:
    book.record(operation="CreateUser", status=201)
    clock.advance(2 * HOUR)
    since = clock.now
    for status in (200, 204, 400, 404, 409, 409, 500, 401, 403, 403, 429, 429, 429):
        book.record(operation="PatchUser", status=status, constraint=f"rule.{status}")
    await book.flush()
    traffic = counted(store, since)
    counts = traffic.accepted, traffic.refused, traffic.unauthorized, traffic.throttled
    assert counts == (2, 5, 3, 3)
    assert traffic.last_write_at == since
    assert [(reason.constraint, reason.count) for reason in traffic.reasons] == [
        ("rule.409", 2), ("rule.400", 1), ("rule.404", 1), ("rule.500", 1),
    ]  # fmt: skip
    assert traffic.hours[-3:] == ((1, 0), (0, 0), (2, 5))


async def test_an_accepted_read_is_no_write_and_neither_is_a_refused_write(
    store: Store, book: Ledger, clock: Clock
) -> None:
    book.record(operation="DeleteGroup", status=204)
    written = clock.now
    clock.advance(HOUR)
    book.record(operation="ListUsers", status=200)
    book.record(operation="CreateUser", status=409)
    await book.flush()
    traffic = counted(store, written)
    assert (traffic.last_write_at, traffic.last_request_at) == (written, clock.now)


async def test_reasons_are_the_twenty_most_frequent(store: Store, book: Ledger) -> None:
    for rule in range(25):
        for _ in range(rule + 1):
            book.record(operation="CreateUser", status=400, constraint=f"r{rule}", message="no")
    await book.flush()
    reasons = counted(store, store.clock()).reasons
    assert [reason.constraint for reason in reasons] == [f"r{rule}" for rule in range(24, 4, -1)]


async def test_hours_end_with_the_current_one_however_late_since_is(
    store: Store, book: Ledger, clock: Clock
) -> None:
    clock.now = datetime(2026, 5, 5, 0, 0, tzinfo=UTC)
    for hour in range(26):
        clock.now = datetime(2026, 5, 5, tzinfo=UTC) + hour * HOUR
        for _ in range(hour):
            book.record(operation="GetUser", status=200)
        book.record(operation="GetUser", status=404)
    clock.advance(timedelta(minutes=59, seconds=59))
    await book.flush()
    traffic = counted(store, clock.now)
    assert traffic.hours == tuple((hour, 1) for hour in range(2, 26))
    assert (traffic.accepted, traffic.refused) == (0, 0)


async def test_events_page_both_ways(store: Store, book: Ledger, clock: Clock) -> None:
    for number in range(10):
        clock.advance(HOUR)
        book.record(operation="GetUser", status=404 if number % 3 == 0 else 200)
    await book.flush()

    def ids(**which: Any) -> list[int]:  # noqa: ANN401 - the parameters of `events`
        page = history.events(store.reader(), **{"limit": 100, **which})
        return [event.id for event in page.events]

    assert ids(limit=3) == [10, 9, 8]
    assert ids(limit=3, before=8) == [7, 6, 5]
    assert ids(after=7) == [10, 9, 8]
    assert ids(refused=True) == [10, 7, 4, 1]
    assert ids(since=clock.now - HOUR) == [10, 9]
    assert history.events(store.reader(), limit=2).total == 10
    assert history.events(store.reader(), limit=2, refused=True).total == 4
    assert history.events(store.reader(), limit=1, since=clock.now - HOUR).total == 2


async def test_an_event_keeps_what_it_was_told(store: Store, book: Ledger, clock: Clock) -> None:
    book.record(
        operation="CreateUser", status=409, target="ana", resource_id="r", token_id="t",
        client="c" * 1000, constraint="userName.unique", message="Duplicate UserName",
        request_id="q", duration_ms=1.5,
    )  # fmt: skip
    book.record(operation="ListUsers", status=200)
    await book.flush()
    plain, full = history.events(store.reader(), limit=2).events
    assert (full.at, full.status, full.target, full.resource_id) == (clock.now, 409, "ana", "r")
    assert (full.token_id, full.client, full.duration_ms) == ("t", "c" * 256, 1.5)
    assert (full.constraint, full.message) == ("userName.unique", "Duplicate UserName")
    assert (plain.target, plain.resource_id, plain.token_id, plain.client) == (UNKNOWN,) * 4
    assert plain.duration_ms is None
