"""Servers without groups, with small pages, wrong endpoints, odd totals, or without an end."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.network.listing_kit import Start, people
from tests.network.listing_server import (
    Answer,
    Json,
    Listings,
    Query,
    group,
    numbers,
    page,
    refused,
    user,
)

REFUSED = 5
CORE = "urn:ietf:params:scim:schemas:core:2.0:"
NOT_FOUND = refused(404, "TENANT does not exist.")


# F6: no groups, or no tenant


def test_a_wrong_tenant_is_not_called_a_server_without_groups(start: Start) -> None:
    server = Listings(lambda _: NOT_FOUND, lambda _: NOT_FOUND)
    shown = start(server)("groups", "list")
    assert shown.code == 1
    assert "TENANT does not exist" in shown.err
    assert "knows users only" not in shown.err


def test_a_server_that_lists_users_and_no_groups_knows_users_only(start: Start) -> None:
    server = Listings(lambda _: page([user(1)], 1), lambda _: NOT_FOUND)
    shown = start(server)("groups", "list")
    assert shown.code == REFUSED
    assert "knows users only" in shown.err


def test_a_server_that_names_no_groups_knows_users_only(start: Start) -> None:
    types = page([{"name": "User", "endpoint": "/Users", "schema": f"{CORE}User"}], 1)
    server = Listings(lambda _: NOT_FOUND, lambda _: NOT_FOUND, {"/ResourceTypes": types})
    assert "knows users only" in start(server)("groups", "list").err


# F8: the largest page


def limited(most: int, status: int = 400, **error: object) -> Callable[[Query], Answer]:
    def users(query: Query) -> Answer:
        if int(query.get("count") or 100) > most:
            return refused(status, **error)  # type: ignore[arg-type]
        return page([user(number) for number in numbers(query, 130)], 130)

    return users


@pytest.mark.parametrize(
    "config",
    [
        {"pagination": {"cursor": True, "index": True, "maxPageSize": 50}},
        {"filter": {"supported": True, "maxResults": 50}},
    ],
)
def test_the_largest_page_that_a_server_names_is_asked_for(start: Start, config: Json) -> None:
    server = Listings(limited(50), more={"/ServiceProviderConfig": config})
    shown = start(server)("users", "list", "--json")
    assert (shown.code, len(shown.ids)) == (0, 130)
    assert all("count=50" in query for query in server.lists())


@pytest.mark.parametrize("most", [10, 25, 50])
@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, {"scimType": "invalidCount", "detail": "count is larger than maxPageSize"}),
        (400, {"detail": "bad request"}),
        (422, {"detail": "ensure this value is less than or equal to 50"}),
    ],
)
def test_a_refused_count_is_asked_for_smaller(
    start: Start, most: int, status: int, error: dict[str, str]
) -> None:
    server = Listings(limited(most, status, **error))
    shown = start(server)("users", "list", "--json")
    assert (shown.code, len(shown.ids)) == (0, 130)


def test_a_refused_count_is_asked_for_smaller_by_cursor(start: Start) -> None:
    def users(query: Query) -> Answer:
        if "startIndex" in query:
            return refused(400, "only cursors")
        if int(query["count"]) > 50:
            return refused(400, "invalidCount")
        first = int(query["cursor"] or 1)
        found = [user(n) for n in range(first, min(first + 50, 131))]
        following = str(first + 50) if first + 50 < 131 else None
        return page(found, None, nextCursor=following)

    shown = start(Listings(users))("users", "list", "--json")
    assert (shown.code, len(shown.ids)) == (0, 130)


def test_a_refused_filter_is_not_asked_for_smaller(start: Start) -> None:
    def users(query: Query) -> Answer:
        return refused(400, "that filter is not for us") if "filter" in query else page([], 0)

    server = Listings(users)
    shown = start(server)("users", "list", "--filter", 'title sw "x"')
    assert shown.code == REFUSED
    assert "that filter is not for us" in shown.err
    assert {query.split("&")[1] for query in server.lists()} == {"count=100"}


# F9: endpoints that hold nothing


def types(users: str, groups: str) -> Json:
    return page(
        [
            {"name": "User", "endpoint": users, "schema": f"{CORE}User"},
            {"name": "Group", "endpoint": groups, "schema": f"{CORE}Group"},
        ],
        2,
    )


def with_types(users: str, groups: str, **more: Answer) -> Listings:
    return Listings(
        lambda query: page([user(n) for n in numbers(query, 3)], 3),
        lambda query: page([group(n) for n in numbers(query, 2)], 2),
        {"/ResourceTypes": types(users, groups), **more},
    )


def test_a_wrong_endpoint_gives_way_to_the_usual_one(start: Start) -> None:
    server = with_types("/User", "/Group")
    server.more |= {"/Users/u1": user(1), "/Groups/g1": group(1), "/Groups/g2": group(2)}
    scim = start(server)
    assert scim("users", "list", "--json").ids == people(1, 2, 3)
    assert scim("groups", "list", "--json").ids == ["g1", "g2"]
    assert scim("users", "show", "u1").code == 0
    found = {each["name"]: each for each in json.loads(scim("doctor", "--json").out)["findings"]}
    assert "names /Group for Groups, which was answered: 404" in str(found["ResourceTypes"])


def test_an_endpoint_that_holds_people_is_used(start: Start) -> None:
    server = with_types("/People", "/Groups", **{"/People": page([user(7)], 1)})
    assert start(server)("users", "list", "--json").ids == ["u7"]
    assert server.lists() == []


# F10: a total that counts its page


@pytest.mark.parametrize("size", [50, 51, 100, 130])
def test_a_total_equal_to_the_page_asks_for_the_next_place(start: Start, size: int) -> None:
    def users(query: Query) -> Answer:
        found = [user(number) for number in numbers(query, size, cap=50)]
        return page(found, len(found), int(query.get("startIndex") or 1))

    shown = start(Listings(users))("users", "list", "--json")
    assert (shown.code, len(shown.ids)) == (0, size)


@pytest.mark.parametrize("status", [400, 404, 416, 500])
def test_a_server_that_refuses_a_place_beyond_its_end_is_whole(start: Start, status: int) -> None:
    def users(query: Query) -> Answer:
        first = int(query.get("startIndex") or 1)
        return refused(status) if first > 7 else page([user(n) for n in range(1, 8)], 7, first)

    server = Listings(users)
    shown = start(server)("users", "list", "--json")
    assert (shown.code, len(shown.ids)) == (0, 7)
    assert server.lists()[-1] == "startIndex=8&count=100"


# Bounds


def test_a_number_of_400_digits_is_not_a_total(start: Start) -> None:
    rows: list[Any] = [user(number) for number in range(1, 101)]
    server = Listings(lambda _: page(rows, 10**400, 1, itemsPerPage=-5))
    shown = start(server)("users", "list", "--json")
    assert (shown.code, len(shown.ids)) == (REFUSED, 100)
    assert "a page that it had given before" in shown.err


def test_a_cursor_too_long_to_send_ends_it(start: Start) -> None:
    server = Listings(lambda _: page([user(1)], None, nextCursor="x" * 100_000))
    shown = start(server)("users", "list", "--json")
    assert (shown.code, shown.ids) == (REFUSED, ["u1"])
    assert "gave a cursor of 100,000 characters" in shown.err


def endless(query: Query) -> Answer:
    first = int(query.get("startIndex") or 1)
    return page([user(n) for n in range(first, first + 100)], 10**9, first)


@pytest.mark.parametrize("form", ["--json", "--jsonl"])
def test_a_server_without_an_end_ends_at_the_deadline(start: Start, form: str) -> None:
    shown = start(Listings(endless))("users", "list", form, "--deadline", "2s")
    assert shown.code == REFUSED
    assert "stopped at its deadline" in shown.err
    assert "u1" in shown.out


@pytest.mark.parametrize("command", ["findings", "diff --since 1d", "list --search user"])
def test_each_listing_command_has_a_deadline(start: Start, command: str) -> None:
    shown = start(Listings(endless))("users", *command.split(), "--deadline", "1")
    assert shown.code == REFUSED
    assert "stopped at its deadline" in shown.err


@pytest.mark.parametrize("text", ["soon", "-1", "1y"])
def test_a_deadline_is_a_time(start: Start, text: str) -> None:
    assert start(Listings())("users", "list", f"--deadline={text}").code == 2
