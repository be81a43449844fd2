"""Reading the ledger: traffic in numbers, and events page by page."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scim_tui.model.activity import Traffic
from scim_tui.model.unknown_values import NEVER, UNKNOWN
from scim_tui.service.store import history
from scim_tui.service.store.ledger import Ledger
from scim_tui.service.store.store import Store
from tests.service.scim.scim_kit import Clock

HOUR = timedelta(hours=1)


@pytest.fixture
async def book(store: Store) -> AsyncIterator[Ledger]:
    book = Ledger(store)
    yield book
    await book.aclose()


def counted(store: Store, since: datetime) -> Traffic:
    return history.traffic(store.reader(), since, store.clock())


def test_nothing_happened_yet_is_never(store: Store) -> None:
    traffic = counted(store, store.clock())
    assert (traffic.last_request_at, traffic.last_write_at, traffic.last_client) == (NEVER,) * 3
    assert (traffic.accepted, traffic.refused, traffic.unauthorized, traffic.throttled) == (0,) * 4
    assert traffic.hours == ((0, 0),) * 24
    assert history.summary(store.reader()).last_write_at is NEVER


async def test_traffic_distinguishes_objects_callers_and_throttling(
    store: Store, book: Ledger, clock: Clock
) -> None:
    book.record(operation="CreateUser", status=201)
    clock.advance(2 * HOUR)
    since = clock.now
    for status in (200, 204, 400, 404, 409, 409, 500, 401, 403, 403, 429, 429, 429):
        token = None if status == 401 else "t"
        rule = f"rule.{status}"
        book.record(operation="PatchUser", status=status, constraint=rule, token_id=token)
    await book.flush()
    traffic = counted(store, since)
    counts = traffic.accepted, traffic.refused, traffic.unauthorized, traffic.throttled
    assert counts == (2, 5, 2, 3)
    assert (traffic.sign_in_failures, [each.count for each in traffic.strangers]) == (3, [1])
    assert traffic.last_write_at == since
    assert [(reason.constraint, reason.count) for reason in traffic.reasons] == [
        ("rule.409", 2),
        ("rule.400", 1),
        ("rule.404", 1),
        ("rule.500", 1),
    ]
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


async def test_an_event_keeps_the_fields_it_was_given(
    store: Store, book: Ledger, clock: Clock
) -> None:
    book.record(
        operation="CreateUser",
        status=409,
        target="ana",
        resource_id="r",
        token_id="t",
        client="c" * 1000,
        constraint="userName.unique",
        message="Duplicate UserName",
        request_id="q",
        duration_ms=1.5,
    )
    book.record(operation="ListUsers", status=200)
    await book.flush()
    plain, full = history.events(store.reader(), limit=2).events
    assert (full.at, full.status, full.target, full.resource_id) == (clock.now, 409, "ana", "r")
    assert (full.token_id, full.client, full.duration_ms) == ("t", "c" * 256, 1.5)
    assert (full.constraint, full.message) == ("userName.unique", "Duplicate UserName")
    assert (plain.target, plain.resource_id, plain.token_id, plain.client) == (UNKNOWN,) * 4
    assert plain.duration_ms is None


async def test_when_callers_were_let_in_and_when_not(
    store: Store, book: Ledger, clock: Clock
) -> None:
    book.record(operation="ListUsers", status=200)
    let_in = clock.now
    await book.flush()
    clock.advance(HOUR)
    book.record(operation="ListUsers", status=401, token_id="deleted")
    await book.flush()
    refused = clock.now
    clock.advance(HOUR)
    book.record(operation="ListUsers", status=429)
    await book.flush()
    traffic = counted(store, let_in)
    assert (traffic.last_accepted_at, traffic.last_unauthorized_at) == (let_in, refused)


async def test_a_wrong_token_never_known_here_is_not_the_idp(
    store: Store, book: Ledger, clock: Clock
) -> None:
    book.record(operation="ListUsers", status=200, token_id="t", client="Okta")
    seen = clock.now
    await book.flush()
    clock.advance(HOUR)
    for _ in range(3):
        book.record(operation="ListUsers", status=401, client="curl/8.5", address="192.0.2.7")
    await book.flush()
    traffic = counted(store, seen)
    assert (traffic.last_request_at, traffic.last_client) == (seen, "Okta")
    assert (traffic.unauthorized, traffic.last_unauthorized_at) == (0, NEVER)
    assert traffic.sign_in_failures == 3
    (who,) = traffic.strangers
    assert (who.client, who.address, who.count) == ("curl/8.5", "192.0.2.7", 3)
    assert who.last_at == clock.now
    wrong, right = history.events(store.reader(), limit=4).events
    assert (wrong.token_known, wrong.address, right.token_known) == (False, "192.0.2.7", True)


async def test_what_this_program_sends_is_not_the_idp(
    store: Store, book: Ledger, clock: Clock
) -> None:
    start = clock.now
    book.record(operation="GetUser", status=200, token_id="t", client="scim-tui/1 (rotation)")
    book.record(operation="CreateUser", status=201, token_id="t", client="scim-tui/1")
    book.record(operation="CreateUser", status=409, token_id="t", client="scim-tui/1", target="a")
    await book.flush()
    traffic = counted(store, start)
    assert (traffic.accepted, traffic.refused, traffic.refused_users) == (0, 0, 0)
    assert (traffic.own, traffic.hours[-1]) == (3, (0, 0))
    assert (traffic.last_request_at, traffic.last_write_at) == (NEVER, NEVER)
    assert history.summary(store.reader()).last_write_at == start, "yet the directory changed"


async def test_refused_objects_are_counted_beside_their_requests(
    store: Store, book: Ledger, clock: Clock
) -> None:
    for target in ("ana", "Ana", "bo", None):
        book.record(operation="CreateUser", status=409, target=target)
    book.record(operation="PatchGroup", status=400, resource_id="g1")
    book.record(operation="Unsupported", status=404)
    await book.flush()
    traffic = counted(store, clock.now)
    assert (traffic.refused, traffic.refused_users, traffic.refused_groups) == (6, 2, 1)
    assert traffic.refused_unnamed == 2
