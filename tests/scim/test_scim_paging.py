import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scim_tui.model.directory import GroupRow, Page
from scim_tui.model.errors import (
    NotAllowed,
    Refused,
    ScimTuiError,
    Throttled,
    Unreachable,
    Unreadable,
    UsageError,
)
from scim_tui.model.unknown_values import UNKNOWN
from scim_tui.scim.paging import BY_INDEX, FIRST, PagedListing, PageStart, read_place
from scim_tui.scim.wire import Received

COUNT = 10
Serve = Callable[[PageStart], Received[GroupRow]]


def group(number: int) -> GroupRow:
    return GroupRow(f"g{number}", "", "", "", "")


def given_page(
    numbers: Sequence[int],
    total: int | None = None,
    start: int | None = None,
    cursor: str | None = None,
) -> Received[GroupRow]:
    return Received([group(number) for number in numbers], len(numbers), total, start, cursor)


@dataclass
class Run:
    """What a listing gave before it ended, and how it ended."""

    pages: list[Page[GroupRow]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    error: Refused | None = None
    by_index: bool = False

    @property
    def ids(self) -> list[str]:
        return [row.id for page in self.pages for row in page.rows]


def run(serve: Serve, start: PageStart = BY_INDEX, most: int = 500) -> Run:
    found = Run()

    async def fetch(place: PageStart, _count: int) -> Received[GroupRow]:
        found.asked.append(place.query())
        assert len(found.asked) < most, "it goes on for ever"
        return serve(place)

    async def follow() -> None:
        pages = PagedListing(fetch, start, "GET /Groups", COUNT)
        try:
            async for page in pages.read():
                found.pages.append(page)
        except Unreadable as error:
            found.error = error
        found.by_index = pages.by_index

    asyncio.run(follow())
    return found


def all_of(number: int) -> list[str]:
    return [f"g{each}" for each in range(number)]


def by_index(size: int, lengths: Sequence[int] = (COUNT,), *, total: bool = True) -> Serve:
    """A good server with `size` groups whose pages have these lengths in turn."""
    answers = iter(range(10_000))

    def serve(place: PageStart) -> Received[GroupRow]:
        first, length = place.number - 1, lengths[next(answers) % len(lengths)]
        numbers = range(first, min(first + length, size))
        return given_page(numbers, size if total else None, place.number)

    return serve


def by_cursor(size: int, lengths: Sequence[int] = (COUNT,)) -> Serve:
    answers = iter(range(10_000))

    def serve(place: PageStart) -> Received[GroupRow]:
        first, length = int(place.cursor or 0), lengths[next(answers) % len(lengths)]
        last = min(first + length, size)
        return given_page(range(first, last), cursor=str(last) if last < size else None)

    return serve


def test_index_paging_goes_on_after_what_was_received() -> None:
    found = run(by_index(25))
    assert found.asked == ["startIndex=1", "startIndex=11", "startIndex=21"]
    assert found.ids == all_of(25)
    assert [page.total for page in found.pages] == [25, 25, 25]
    assert [page.next_cursor for page in found.pages] == ["i11", "i21", None]
    assert found.error is None


def test_short_pages_lose_nothing() -> None:
    found = run(by_index(25, (3, 1, 7)))
    assert found.ids == all_of(25)
    assert found.error is None


def test_without_a_total_only_an_empty_page_ends_it() -> None:
    found = run(by_index(20, total=False))
    assert found.asked == ["startIndex=1", "startIndex=11", "startIndex=21"]
    assert found.ids == all_of(20)
    assert found.pages[0].total is UNKNOWN


def test_a_total_that_only_counts_the_page_is_not_believed() -> None:
    def serve(place: PageStart) -> Received[GroupRow]:
        numbers = range(place.number - 1, min(place.number + COUNT - 1, 35))
        return given_page(numbers, len(numbers), place.number)

    found = run(serve)
    assert found.ids == all_of(35)
    assert found.error is None


def test_a_server_that_has_just_one_full_page_is_not_blamed_for_giving_it_again() -> None:
    found = run(lambda _: given_page(range(COUNT), COUNT, 1))
    assert found.ids == all_of(COUNT)
    assert found.error is None
    assert len(found.asked) == 2


def test_a_server_that_ignores_the_index_is_reported_after_what_it_gave() -> None:
    found = run(lambda _: given_page(range(COUNT), 30, 1))
    assert found.ids == all_of(COUNT)
    assert found.error is not None
    assert "GET /Groups came to no end" in found.error.message
    assert found.error.hint


def test_nothing_is_printed_twice() -> None:
    pages = {1: range(10), 11: range(5, 15), 21: range(15, 20)}
    found = run(lambda place: given_page(pages[place.number], 25))
    assert found.ids == all_of(20)


def test_an_empty_directory_is_one_empty_page() -> None:
    for serve in (by_index(0), by_index(0, total=False), by_cursor(0)):
        found = run(serve)
        assert [page.rows for page in found.pages] == [[]]
        assert found.pages[0].next_cursor is None


def test_unreadable_items_count_as_received_and_are_reported() -> None:
    def serve(place: PageStart) -> Received[GroupRow]:
        if place.number == 1:
            return Received([group(0)], 4, 5, 1, None)
        assert place.number == 5
        return given_page([4], 5, 5)

    found = run(serve)
    assert found.ids == ["g0", "g4"]
    assert [page.skipped for page in found.pages] == [3, 0]


def test_cursors_are_followed_to_the_page_without_one() -> None:
    found = run(by_cursor(25), FIRST)
    assert found.asked == ["cursor", "cursor=10", "cursor=20"]
    assert found.ids == all_of(25)
    assert not found.by_index


def test_a_cursor_is_encoded() -> None:
    pages = {"": given_page([0], cursor="a+/=: b"), "a+/=: b": given_page([1])}
    found = run(lambda place: pages[place.cursor or ""], FIRST)
    assert found.asked[1] == "cursor=a%2B%2F%3D%3A%20b"
    assert found.ids == all_of(2)


def test_an_empty_page_with_a_cursor_is_not_the_end() -> None:
    found = run(by_cursor(20, (10, 0, 10)), FIRST)
    assert found.error is not None  # the same cursor comes again
    pages = [given_page([0], cursor="a"), given_page([], cursor="b"), given_page([1])]
    answers = iter(pages)
    found = run(lambda _: next(answers), FIRST)
    assert found.ids == all_of(2)
    assert found.error is None


def test_the_same_cursor_twice_ends_it_after_what_was_given() -> None:
    numbers = iter(range(10_000))
    found = run(lambda _: given_page([next(numbers)], cursor="same"), FIRST)
    assert found.ids == ["g0", "g1"]
    assert found.error is not None
    assert "the same cursor twice" in found.error.message


def test_ever_new_cursors_without_people_come_to_an_end() -> None:
    numbers = iter(range(10_000))
    found = run(lambda _: given_page([], cursor=f"c{next(numbers)}"), FIRST)
    assert found.error is not None
    assert len(found.asked) == 50


def test_a_page_with_nothing_new_ends_it_although_its_cursor_is_new() -> None:
    numbers = iter(range(10_000))
    found = run(lambda _: given_page([0, 1], cursor=f"c{next(numbers)}"), FIRST)
    assert found.ids == all_of(2)
    assert found.error is not None
    assert len(found.asked) == 2


def test_a_server_that_ignores_cursors_is_read_by_index() -> None:
    index = by_index(25)
    found = run(lambda place: index(PageStart(None, place.number)), FIRST)
    assert found.asked == ["cursor", "startIndex=11", "startIndex=21"]
    assert found.ids == all_of(25)
    assert found.by_index


def test_a_server_that_refuses_the_parameter_is_read_by_index() -> None:
    index = by_index(25)

    def serve(place: PageStart) -> Received[GroupRow]:
        if place.cursor is not None:
            raise Refused("no cursor here", status=400)
        return index(place)

    found = run(serve, FIRST)
    assert found.asked == ["cursor", "startIndex=1", "startIndex=11", "startIndex=21"]
    assert found.ids == all_of(25)
    assert found.by_index


@pytest.mark.parametrize("status", [401, 403, 404, 405, 422, 500, 501, 503])
def test_a_bare_cursor_that_is_refused_with_anything_is_followed_by_an_index(status: int) -> None:
    index = by_index(25)

    def serve(place: PageStart) -> Received[GroupRow]:
        if place.cursor is not None:
            kind = NotAllowed if status in {401, 403} else Refused
            raise kind("it is broken", status=status)
        return index(place)

    found = run(serve, FIRST)
    assert (found.ids, found.by_index, found.error) == (all_of(25), True, None)


@pytest.mark.parametrize("error", [Throttled("slow down"), Unreachable("no answer")])
def test_a_server_that_has_no_time_is_not_asked_in_another_way(error: ScimTuiError) -> None:
    asked: list[PageStart] = []

    def serve(place: PageStart) -> Received[GroupRow]:
        asked.append(place)
        raise error

    with pytest.raises(type(error)):
        run(serve, FIRST)
    assert asked == [FIRST]


def test_a_server_that_refuses_both_ways_is_asked_twice() -> None:
    asked: list[PageStart] = []

    def serve(place: PageStart) -> Received[GroupRow]:
        asked.append(place)
        raise Refused("it is broken", status=500)

    with pytest.raises(Refused, match="it is broken"):
        run(serve, FIRST)
    assert asked == [FIRST, BY_INDEX]


def test_a_refusal_in_the_middle_is_reported_after_what_was_given() -> None:
    seen: list[str] = []

    async def fetch(place: PageStart, _count: int) -> Received[GroupRow]:
        if place.cursor == "":
            return given_page([0], cursor="next")
        raise Refused("the cursor is too old", status=400)

    async def follow() -> None:
        async for page in PagedListing(fetch, FIRST, "GET /Groups", COUNT).read():
            seen.extend(row.id for row in page.rows)

    with pytest.raises(Refused, match="too old"):
        asyncio.run(follow())
    assert seen == ["g0"]


@pytest.mark.parametrize("serve", [by_index(35), by_cursor(35)])
def test_a_listing_goes_on_from_a_page(serve: Serve) -> None:
    start = FIRST if serve(FIRST).start_index is None else BY_INDEX
    first = run(serve, start)
    token = first.pages[1].next_cursor
    assert token is not None
    rest = run(serve, read_place(token))
    assert rest.ids == all_of(35)[20:]


@pytest.mark.parametrize("token", ["", "x", "i", "i0", "i-1", "ix", "i1.5", "i" + "9" * 30, "i²"])
def test_what_no_page_gave_is_refused(token: str) -> None:
    with pytest.raises(UsageError):
        read_place(token)


BAD = ("none", "lies", "repeats", "drops_total", "overlaps", "same_cursor", "empty_pages")


@settings(max_examples=300, deadline=None)
@given(
    size=st.integers(0, 60),
    lengths=st.lists(st.integers(1, COUNT), min_size=1, max_size=4),
    cursors=st.booleans(),
    ask_cursor=st.booleans(),
    faults=st.lists(st.sampled_from(BAD), max_size=8),
)
def test_whatever_a_server_does_it_ends_and_nothing_comes_twice(
    size: int, lengths: list[int], cursors: bool, ask_cursor: bool, faults: list[str]
) -> None:
    left = iter(faults)
    good = by_cursor(size, lengths) if cursors else by_index(size, lengths)

    def serve(place: PageStart) -> Received[GroupRow]:
        if not cursors:
            place = PageStart(None, place.number)
        elif place.cursor is None:
            place = PageStart("")
        elif not re.fullmatch(r"[0-9]*", place.cursor):
            place = PageStart("0")
        return misbehave(next(left, "none"), good(place))

    found = run(serve, FIRST if ask_cursor else BY_INDEX)
    assert len(found.ids) == len(set(found.ids))
    assert set(found.ids) <= set(all_of(max(size, 1)))
    fair = all(fault == "none" for fault in faults)
    if fair and (ask_cursor or not cursors):
        assert found.error is None
        assert found.ids == all_of(size)


def misbehave(fault: str, page: Received[GroupRow]) -> Received[GroupRow]:
    faults: dict[str, dict[str, Any]] = {
        "none": {},
        "lies": {"total": 10_000},
        "repeats": {"rows": [group(0)] * page.items},
        "drops_total": {"total": None, "start_index": None},
        "overlaps": {"rows": [group(0), *page.rows], "items": page.items + 1},
        "same_cursor": {"next_cursor": "5"},
        "empty_pages": {"rows": [], "items": 0},
    }
    return page._replace(**faults[fault])
