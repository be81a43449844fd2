"""A search read page by page, in a provider that searches and in one that does not."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from scim_tui.core.activity import search as module
from scim_tui.core.activity.api import Activity
from scim_tui.model.activity import Event, GroupBy
from scim_tui.model.errors import UsageError
from scim_tui.model.unknown_values import UNKNOWN
from scim_tui.providers.port import Provider
from scim_tui.providers.service import ServiceProvider
from scim_tui.service.app import build_app
from scim_tui.service.store.store import Store
from tests.fakes.memory import MemoryProvider
from tests.fakes.sample import START

OPERATIONS = ("CreateUser", "ListUsers", "PatchUser", "ListUsers", "ListUsers")


def given() -> list[Event]:
    return [
        Event(
            id=number,
            at=START - timedelta(minutes=100 - number),
            operation=OPERATIONS[number % len(OPERATIONS)],
            status=409 if number % 10 == 0 else 200,
            target=f"person{number // 10}",
            token_id="tok-1",
            client="Okta",
            constraint="emails.unique" if number % 10 == 0 else "",
            message="Duplicate primary email" if number % 10 == 0 else "",
        )
        for number in range(1, 101)
    ]


@pytest.fixture(params=["service", "memory"])
async def provider(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Provider]:
    if request.param == "memory":
        yield MemoryProvider(events=given())
        return
    clock = [START]
    store = Store(tmp_path / "s.db", lambda: clock[0])
    app = build_app(store, admin_open=True)
    for event in given():
        clock[0] = event.at
        app.state.ledger.record(
            operation=event.operation,
            status=event.status,
            target=str(event.target),
            token_id="tok-1",
            client="Okta",
            constraint=event.constraint,
            message=event.message,
        )
    clock[0] = START
    found = ServiceProvider("http://127.0.0.1", transport=httpx.ASGITransport(app))
    yield found
    await found.aclose()
    await app.state.ledger.aclose()
    store.close()


def activity(provider: Provider) -> Activity:
    return Activity(provider, lambda: START)


@pytest.mark.parametrize("page", [3, 200])
async def test_all_pages_together_are_what_matches(provider: Provider, page: int) -> None:
    found = activity(provider).search("outcome:refused who:person", folded=False)
    while not found.complete:
        await found.more(page)
    assert [row.event.id for row in found.rows] == list(range(100, 0, -10))
    assert await found.more() == 0


async def test_folding_does_not_depend_on_the_pages(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scim_tui.core.activity.folding.TOGETHER", timedelta(hours=2))
    rows = []
    for page in (1, 2, 7, 1000):
        found = activity(provider).search("since:3h")
        while not found.complete:
            await found.more(page)
        rows.append([[each.id for each in row.all_events] for row in found.rows])
    assert rows[0] == rows[1] == rows[2] == rows[3]
    assert [95, 94, 93] in rows[0]


async def test_reading_stops_when_there_are_enough(provider: Provider) -> None:
    found = activity(provider).search(folded=False)
    await found.until(10)
    assert len(found.rows) >= 10
    assert not found.complete or len(found.rows) == 100


async def test_groups(provider: Provider) -> None:
    here = activity(provider)
    people = await here.groups("", GroupBy.PERSON)
    assert (people.groups[0].key, people.whole) == ("person10", True)
    assert (people.groups[1].requests, people.groups[1].refused) == (4, 1)
    (cause,) = (await here.groups("", GroupBy.CAUSE)).groups
    assert (cause.key, cause.requests, cause.people) == ("emails.unique", 10, 10)
    assert people.groups[0].people is UNKNOWN


async def test_what_is_no_search_is_said_before_anything_is_asked(provider: Provider) -> None:
    with pytest.raises(UsageError):
        activity(provider).search("oucome:refused")
    with pytest.raises(UsageError):
        await activity(provider).groups("oucome:refused", GroupBy.CAUSE)


async def test_a_long_log_is_read_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_AT_ONCE", 10)
    provider = MemoryProvider(events=given())
    found = activity(provider).search("person0")
    assert (await found.more(), found.complete) == (0, False)
    await found.until(1)
    assert found.rows[0].event.target == "person0"
    monkeypatch.setattr(module, "MOST_GROUPED", 30)
    assert (await activity(provider).groups("", GroupBy.PERSON)).whole is False
