"""Listings that are incomplete, empty or repeat rows: what is shown, and how the command ends."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.network.listing_kit import Start, people
from tests.network.listing_server import (
    COUNT,
    Answer,
    Listings,
    Query,
    numbers,
    page,
    refused,
    user,
)

REFUSED = 5
CORE = "urn:ietf:params:scim:schemas:core:2.0:"
NOT_FOUND = refused(404, "TENANT does not exist.")


# F1: an incomplete listing


def leaving_out(size: int, missing: int) -> Callable[[Query], Answer]:
    """Counts `size`, and gives what is at the positions asked for without one of them."""

    def users(query: Query) -> Answer:
        rows = [user(number) for number in numbers(query, size) if number != missing]
        return page(rows, size, int(query.get("startIndex") or 1))

    return users


@pytest.mark.parametrize(("size", "missing"), [(30, 7), (250, 207), (250, 7), (100, 100)])
def test_an_incomplete_listing_is_refused_each_time(start: Start, size: int, missing: int) -> None:
    scim = start(Listings(leaving_out(size, missing)))
    for _ in range(4):
        shown = scim("users", "list", "--json")
        assert shown.code == REFUSED
        assert f"counts {size} and gave {size - 1}" in shown.err
        assert len(shown.ids) == size - 1


def test_what_a_later_listing_leaves_out_did_not_go(start: Start) -> None:
    whole = Listings(leaving_out(30, 0))
    scim = start(whole)
    assert scim("users", "list", "--json").code == 0
    whole.users = leaving_out(30, 7)
    for _ in range(3):
        shown = scim("users", "list", "--json")
        assert (shown.code, len(shown.ids)) == (REFUSED, 30)
    assert scim("users", "diff", "--since", "1d", "--cached").out == ""
    whole.users = leaving_out(29, 0)
    assert scim("users", "list", "--json").ids == people(*range(1, 30))


def test_a_listing_that_was_dropped_counts_no_user_twice(start: Start) -> None:
    """The page after the drop holds again what came before it, in the place of what is missing."""
    served = {1: [*range(1, 51)], 51: [*range(51, 100), 50]}
    dropped = [True]

    def users(query: Query) -> Answer:
        first = int(query.get("startIndex") or 1)
        if first == 51 and dropped:
            dropped.clear()
            return refused(500, "down")
        return page([user(number) for number in served.get(first, [])], 100, first)

    scim = start(Listings(users))
    assert scim("users", "list").code == REFUSED
    shown = scim("users", "list", "--json")
    assert (shown.code, len(shown.ids)) == (REFUSED, 99)
    assert "counts 100 and gave 99" in shown.err


# F2: an empty answer that is none


def test_an_empty_answer_to_a_bare_cursor_is_asked_for_once_more(start: Start) -> None:
    def users(query: Query) -> Answer:
        if "startIndex" not in query:
            return page([], 0, 1)
        return page([user(number) for number in numbers(query, 3)], 3, int(query["startIndex"]))

    server = Listings(users)
    scim = start(server)
    assert scim("users", "list", "--json").ids == people(1, 2, 3)
    assert server.lists()[:2] == ["cursor&count=100", COUNT + "100"]
    assert all(query.startswith(("cursor", "startIndex")) for query in server.lists())


def test_no_users_are_said_once_both_ways_agree(start: Start) -> None:
    server = Listings(lambda _: page([], 0, 1))
    shown = start(server)("users", "list")
    assert (shown.code, shown.err) == (0, "There are no users.\n")
    assert server.lists() == ["cursor&count=100", COUNT + "100"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 422, 500, 501])
def test_a_bare_cursor_may_be_refused_with_anything(start: Start, status: int) -> None:
    def users(query: Query) -> Answer:
        if "cursor" in query:
            return refused(status)
        return page([user(number) for number in numbers(query, 130)], 130)

    shown = start(Listings(users))("users", "list", "--json")
    assert (shown.code, len(shown.ids)) == (0, 130)


# F4: rows that come twice, and rows that are missing


def test_what_the_server_counts_twice_is_whole_with_a_warning(start: Start) -> None:
    server = Listings(lambda _: page([user(1), user(1), user(2)], 3, 1))
    scim = start(server)
    for more in ((), ("--search", "user")):
        shown = scim("users", "list", "--json", *more)
        assert (shown.code, shown.ids) == (0, people(1, 2))
        assert "1 row came twice, and the server counts that" in shown.err
    shown = scim("users", "list", "--jsonl")
    assert (shown.code, len(shown.out.splitlines())) == (0, 2)
    assert "1 row came twice" in shown.err


def test_duplicates_in_pages_that_were_each_asked_for_once_count(start: Start) -> None:
    everybody = [user(n) for n in [*range(1, 101), 100, *range(101, 150)]]

    def users(query: Query) -> Answer:
        found = [everybody[number - 1] for number in numbers(query, len(everybody))]
        return page(found, len(everybody), int(query.get("startIndex") or 1))

    scim = start(Listings(users))
    for _ in range(2):
        shown = scim("users", "list", "--json")
        assert (shown.code, len(shown.ids)) == (0, 149)
        assert "1 row came twice" in shown.err


def test_a_server_that_gives_its_first_page_for_each_place_is_not_whole(start: Start) -> None:
    shown = start(
        Listings(lambda query: page([user(n) for n in range(1, int(query["count"]) + 1)], 200))
    )("users", "list", "--json")
    assert (shown.code, len(shown.ids)) == (REFUSED, 100)


def missing_two(query: Query) -> Answer:
    if int(query.get("startIndex") or 1) > 1:
        return page([], 5)
    return page([user(1), user(2), user(3)], 5, 1)


@pytest.mark.parametrize(
    "more",
    [(), ("--search", "user"), ("--filter", "active eq true"), ("--sort", "id")],
)
@pytest.mark.parametrize("form", ["--json", "--jsonl", "--csv", ""])
def test_where_rows_are_missing_the_others_are_shown(
    start: Start, form: str, more: tuple[str, ...]
) -> None:
    shown = start(Listings(missing_two))("users", "list", *([form] if form else []), *more)
    assert shown.code == REFUSED
    assert "counts 5 and gave 3" in shown.err
    assert all(f"user{number}@corp.example" in shown.out for number in (1, 2, 3))


def test_where_rows_are_missing_the_others_are_written(start: Start, tmp_path: Path) -> None:
    out = tmp_path / "people.csv"
    shown = start(Listings(missing_two))("users", "list", "--out", str(out))
    assert shown.code == REFUSED
    assert "has 3 users" in shown.err
    assert "counts 5 and gave 3" in shown.err
    assert len(list(csv.reader(out.read_text().splitlines()))) == 4


def test_where_rows_are_missing_findings_are_shown(start: Start) -> None:
    shown = start(Listings(missing_two))("users", "findings")
    assert shown.code == REFUSED
    assert "counts 5 and gave 3" in shown.err
    assert "      3  No mail address" in shown.out
    assert "unknown  Inactive users" in shown.out, "none of three is not none of five"


def test_where_nothing_came_nothing_is_said_of_how_many_there_are(start: Start) -> None:
    shown = start(Listings(lambda _: page([], 5)))("users", "list")
    assert (shown.code, shown.out) == (REFUSED, "")
    assert "There are no users" not in shown.err
    assert "counts 5 and gave 0" in shown.err


def test_rows_without_an_id_are_missing_also_where_nothing_is_kept(start: Start) -> None:
    server = Listings(lambda query: page([user(1), {"userName": "x"}], 2, 1))
    shown = start(server)("users", "list", "--jsonl")
    assert (shown.code, len(shown.out.splitlines())) == (REFUSED, 1)
    assert "could not be read" in shown.err
