"""The search in the store finds what the search over one event finds, page by page."""

import random
from datetime import timedelta

import pytest

from scim_tui.model.activity import Event
from scim_tui.model.event_search import parse
from scim_tui.model.unknown_values import UNKNOWN
from scim_tui.service.store import event_conditions, event_search, history
from scim_tui.service.store.event_search import group_events, search_events
from scim_tui.service.store.ledger import Ledger
from scim_tui.service.store.store import Store
from tests.service.scim.scim_kit import Clock

ID = "00000000-0000-4000-8000-{:012x}"
RULES = (
    ("emails.unique", "Duplicate primary email"),
    ("text.empty", "1 validation error detected: Value at 'name.familyName' failed"),
    ("", "Odd"),
)
TEXTS = (
    "",
    "outcome:refused",
    "outcome:accepted op:create",
    "op:user -op:create",
    "who:ana",
    "who:ÉRIC",
    "éric outcome:refused",
    "rule:emails",
    "rule:e -rule:emails.unique",
    "familyname",
    "duplicate ana",
    "client:okta",
    "client:t token:2",
    "status:409",
    "status:201 who:person1",
    "409",
    "-status:409 -client:okta",
    "since:3m",
    "until:3m person",
    "since:4m until:2m outcome:refused",
    ID.format(3),
    f"who:{ID.format(4)}",
    "nothing-like-it",
    "-nothing-like-it",
    '"primary email" op:createuser',
    "%",
    "_",
)


@pytest.fixture
async def events(store: Store, clock: Clock) -> list[Event]:
    dice, book = random.Random(5), Ledger(store, store.now)
    names = [f"person{n}@x.org" for n in range(9)] + ["Ana Ö@x.org", "Éric@x.org"]
    for number in range(400):
        clock.advance(timedelta(seconds=1))
        refused, who = dice.random() < 0.3, dice.randrange(len(names) + 1)
        code, message = dice.choice(RULES) if refused else ("", "")
        book.record(
            operation=dice.choice(("CreateUser", "PatchUser", "ListUsers", "CreateGroup")),
            status=dice.choice((400, 409)) if refused else 201,
            target=names[who] if who < len(names) else None,
            resource_id=ID.format(who) if dice.random() < 0.5 else None,
            token_id=dice.choice(("tok-1", "tok-2")),
            client=dice.choice(("Okta/1", "Entra/2", None)),
            constraint=code,
            message=message,
            request_id=ID.format(number + 1000),
        )
    await book.aclose()
    return list(history.events(store.reader(), limit=1000).events)


@pytest.fixture(params=["by index", "many names", "very many names"])
def _ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param != "by index":
        monkeypatch.setattr(event_conditions, "MOST_CHOICES", 2)
    if request.param == "very many names":
        monkeypatch.setattr(event_conditions, "MOST_NAMES", 2)


def searched(store: Store, text: str, limit: int = 1000) -> list[Event]:
    found: list[Event] = []
    before = None
    while True:
        search = parse(text, store.clock())
        page = search_events(store.reader(), search, limit=limit, before=before)
        found += page.events
        assert len(page.events) <= limit
        if page.older is None:
            return found
        assert before is None or page.older < before, "each page goes further back"
        before = page.older


@pytest.mark.usefixtures("_ways")
@pytest.mark.parametrize("text", TEXTS)
async def test_it_finds_what_matches_newest_first(
    store: Store, events: list[Event], text: str
) -> None:
    search = parse(text, store.clock())
    wanted = [event.id for event in events if search.matches(event)]
    assert [event.id for event in searched(store, text)] == wanted
    assert [event.id for event in searched(store, text, limit=7)] == wanted


async def test_a_page_is_given_when_the_time_is_up_and_the_next_goes_on(
    store: Store, events: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_search, "SECONDS", -1.0)
    monkeypatch.setattr(event_search, "_FIRST_STRETCH", 10)
    monkeypatch.setattr(event_search, "_LONGEST_SCAN", 10)
    first = search_events(store.reader(), parse("-client:okta", store.clock()), limit=1000)
    assert (first.more, len(first.events) < 10) == (True, True)
    wanted = [event.id for event in events if event.client != "Okta/1"]
    assert [event.id for event in searched(store, "-client:okta")] == wanted


async def test_since_finds_the_event_of_strangers_that_was_moved(
    store: Store, clock: Clock
) -> None:
    book = Ledger(store, store.now)
    clock.advance(timedelta(seconds=600 - store.now() % 600))
    for minutes in (0, 4, 4):
        clock.advance(timedelta(minutes=minutes))
        book.record(operation="ListUsers", status=401, client="curl")
        book.record(operation="GetUser", status=200, token_id="t")
        await book.flush()
    await book.aclose()
    assert [event.operation for event in searched(store, "since:1m")] == ["GetUser", "ListUsers"]


async def test_groups_by_person(store: Store, events: list[Event]) -> None:
    search = parse("outcome:refused", store.clock())
    found = group_events(store.reader(), search, by_person=True, limit=100)
    for each in found.groups:
        of_one = [
            event
            for event in events
            if event.operation.endswith("User")
            and event.refused
            and each.key in (event.target, event.resource_id)
            and (event.target is not UNKNOWN or each.key == event.resource_id)
        ]
        assert (each.requests, each.newest_id) == (len(of_one), of_one[0].id)
    assert found.whole
    assert [each.newest_id for each in found.groups] == sorted(
        (each.newest_id for each in found.groups), reverse=True
    )


async def test_groups_by_cause(
    store: Store, events: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = group_events(store.reader(), parse("", store.clock()), by_person=False, limit=100)
    causes = {each.key: each.requests for each in found.groups}
    for code in ("emails.unique", "text.empty"):
        assert causes[code] == sum(1 for event in events if event.constraint == code)
    assert causes[UNKNOWN] == sum(1 for event in events if event.message == "Odd")
    monkeypatch.setattr(event_search, "MOST_GROUPED", 10)
    short = group_events(store.reader(), parse("", store.clock()), by_person=False, limit=100)
    assert short.whole is False
    assert sum(each.requests for each in short.groups) <= 10
