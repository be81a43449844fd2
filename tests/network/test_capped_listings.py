"""Servers that give fewer rows a page than asked for, and count a row twice or leave one out."""

import pytest

from tests.network.listing_kit import Start
from tests.network.listing_server import Answer, Listings, Query, numbers, page, user
from tests.network.test_odd_listings import REFUSED

TWICE = [*range(1, 61), 50, *range(61, 130)]
"""130 rows; the one at position 61 is that of position 50 once more."""


def capped(rows: list[int | None], cap: int) -> Listings:
    """Gives what is at the positions asked for, `cap` at most; None: counted and left out."""

    def users(query: Query) -> Answer:
        found = [rows[number - 1] for number in numbers(query, len(rows), cap)]
        first = int(query.get("startIndex") or 1)
        return page([user(each) for each in found if each is not None], len(rows), first)

    return Listings(users)


@pytest.mark.parametrize("cap", [7, 20, 50, 60, 99])
def test_what_a_capped_server_counts_twice_is_whole_with_a_warning(start: Start, cap: int) -> None:
    scim = start(capped([*TWICE], cap))
    for _ in range(2):
        shown = scim("users", "list", "--json")
        assert (shown.code, len(shown.ids)) == (0, 129), shown.err
        assert "1 row came twice" in shown.err


@pytest.mark.parametrize("cap", [7, 20, 49, 50, 51, 99])
@pytest.mark.parametrize("missing", [{7}, {50}, {7, 57}, {7, 20, 99}, {130}, {129}])
def test_what_a_capped_server_leaves_out_is_missing_each_time(
    start: Start, cap: int, missing: set[int]
) -> None:
    rows = [None if number in missing else number for number in range(1, 131)]
    scim = start(capped([*rows], cap))
    for _ in range(3):
        shown = scim("users", "list", "--json")
        assert (shown.code, len(shown.ids)) == (REFUSED, 130 - len(missing))
        assert "counts 130 and gave" in shown.err


@pytest.mark.parametrize("cap", [7, 20, 50])
def test_one_twice_does_not_make_up_for_one_left_out(start: Start, cap: int) -> None:
    rows = [None if number == 20 else number for number in TWICE]
    shown = start(capped([*rows], cap))("users", "list", "--json")
    assert (shown.code, len(shown.ids)) == (REFUSED, 128)


def test_pages_are_asked_for_again_only_where_a_row_came_twice(start: Start) -> None:
    server = capped([*range(1, 131)], 50)
    assert start(server)("users", "list", "--json").code == 0
    assert len(server.lists()) == 3
