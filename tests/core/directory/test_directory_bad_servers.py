"""Servers that misbehave, listed into the index: a clear message, the rows so far, and an end."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from urllib.parse import parse_qs

import httpx
import pytest
from pydantic import SecretStr

from scim_tui.core.directory.api import Directory, LoadPhase
from scim_tui.model.directory import Kind
from scim_tui.providers.scim.provider import ScimProvider
from tests.fakes.sample import START

PEOPLE, PAGE = 10, 2
Change = Callable[[int, dict[str, object]], object]
"""Of the page that starts at this place: what is answered instead."""


def user(number: int, **more: object) -> dict[str, object]:
    return {"id": f"u{number}", "userName": f"n{number}", **more}


def page(start: int, *, cursors: bool) -> dict[str, object]:
    users = [user(number) for number in range(start, min(start + PAGE, PEOPLE))]
    if not cursors:
        return {"totalResults": PEOPLE, "startIndex": start + 1, "Resources": users}
    following = {"nextCursor": str(start + PAGE)} if start + PAGE < PEOPLE else {}
    return {"Resources": users, **following}


def directory_of(change: Change, *, cursors: bool) -> Directory:
    def answer(request: httpx.Request) -> httpx.Response:
        query = parse_qs(request.url.query.decode(), keep_blank_values=True)
        start = int(query["cursor"][0] or 0) if cursors else int(query["startIndex"][0]) - 1
        changed = change(start, page(start, cursors=cursors))
        body = changed if isinstance(changed, bytes) else json.dumps(changed).encode()
        return httpx.Response(200, content=body)

    provider = ScimProvider(
        "http://127.0.0.1:1/v2",
        SecretStr("s"),
        transport=httpx.MockTransport(answer),
        cursors=cursors,
    )
    return Directory(provider, lambda: START)


@pytest.fixture
async def opened() -> AsyncIterator[list[Directory]]:
    made: list[Directory] = []
    yield made
    for each in made:
        await each.aclose()


def at(place: int, changed: Callable[[dict[str, object]], object]) -> Change:
    return lambda start, found: changed(found) if start == place else found


def cursor(value: str) -> Change:
    return at(6, lambda found: {**found, "nextCursor": value})


def again(found: dict[str, object]) -> dict[str, object]:
    return {**page(4, cursors=True), "nextCursor": found["nextCursor"]}


def dropped(found: dict[str, object]) -> dict[str, object]:
    users = found["Resources"]
    assert isinstance(users, list)
    return {**found, "Resources": users[1:]}


def replaced(number: int, **more: object) -> Callable[[dict[str, object]], dict[str, object]]:
    return lambda found: {**found, "Resources": [user(number, **more), user(number + 1)]}


HTML = b"<!DOCTYPE html><title>Sign in</title>"
ODD_BYTES = json.dumps({"Resources": [user(8, displayName="??")]}).encode().replace(b"?", b"\xff")


@pytest.mark.parametrize(
    ("change", "cursors", "rows", "told"),
    [
        pytest.param(cursor("4"), True, 8, "same cursor twice", id="a cursor again"),
        pytest.param(at(6, again), True, 6, "given before", id="a page twice"),
        pytest.param(at(6, dropped), False, 9, "counts 10 and gave 9", id="a resource dropped"),
        pytest.param(at(6, lambda _: HTML), True, 6, "web page", id="a web page"),
        pytest.param(
            lambda start, found: {**found, "totalResults": PEOPLE + start},
            False,
            10,
            "incomplete",
            id="a total that grows",
        ),
        pytest.param(at(6, lambda _: b'{"Resources": ['), True, 6, "not JSON", id="cut off"),
        pytest.param(
            at(6, lambda found: {**found, "Resources": [1, {"id": None}]}),
            True,
            8,
            "could not be read",
            id="no users",
        ),
    ],
)
async def test_it_ends_with_a_sentence_and_keeps_the_rows(
    opened: list[Directory], change: Change, cursors: bool, rows: int, told: str
) -> None:
    opened.append(directory := directory_of(change, cursors=cursors))
    state = await directory.load(Kind.USERS)
    assert state.phase is LoadPhase.FAILED
    assert told in str(state.error)
    assert state.error is not None
    assert state.error.hint
    assert len(await directory.view(Kind.USERS)) == directory.count(Kind.USERS) == rows


@pytest.mark.parametrize(
    ("change", "found", "odd"),
    [
        pytest.param(
            at(6, replaced(6, displayName="\x1b]0;title\x07\x1b[31m")),
            "\x1b[31m",
            "u6",
            id="escapes",
        ),
        pytest.param(at(6, replaced(6, note="x" * 5_000_000)), "n6", "u6", id="5 MB for one user"),
        pytest.param(at(8, lambda _: ODD_BYTES), "\N{REPLACEMENT CHARACTER}", "u8", id="no UTF-8"),
        pytest.param(
            at(6, replaced(6, displayName="\ud83d half")), "half", "u6", id="half a character"
        ),
    ],
)
async def test_what_can_be_read_is_read(
    opened: list[Directory], change: Change, found: str, odd: str
) -> None:
    opened.append(directory := directory_of(change, cursors=True))
    state = await directory.load(Kind.USERS)
    assert (state.phase, state.error) == (LoadPhase.READY, None)
    view = await directory.view(Kind.USERS, f'"{found}"')
    assert view.ids(0, 2) == [odd]


async def test_a_listing_that_was_stopped_goes_on_where_it_was(opened: list[Directory]) -> None:
    asked: list[int] = []
    stopped = asyncio.Event()

    def endless(start: int, found: dict[str, object]) -> object:
        asked.append(start)
        if start >= 6:
            stopped.set()
        return {**found, "totalResults": 10**9, "Resources": [user(start), user(start + 1)]}

    opened.append(directory := directory_of(endless, cursors=False))
    listing = asyncio.create_task(directory.load(Kind.USERS))
    await stopped.wait()
    listing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await listing
    kept = directory.count(Kind.USERS)
    assert kept
    asked.clear()
    stopped.clear()
    listing = asyncio.create_task(directory.load(Kind.USERS))
    await stopped.wait()
    listing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await listing
    assert asked[0] == kept
