"""Listings of servers as they are: what is shown, what is said, and how the command ends."""

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from scim_tui.cli.main import run
from tests.network.listing_server import (
    COUNT,
    Answer,
    Json,
    Listings,
    Query,
    group,
    numbers,
    page,
    refused,
    serving,
    user,
)

REFUSED = 5
CORE = "urn:ietf:params:scim:schemas:core:2.0:"
NOT_FOUND = refused(404, "TENANT does not exist.")


class Shown(NamedTuple):
    """What a command left."""

    code: int
    out: str
    err: str

    @property
    def ids(self) -> list[str]:
        """The ids of the users or groups that are shown as JSON."""
        found = json.loads(self.out) if self.out.strip() else {}
        return sorted(row["id"] for row in found.get("users", found.get("groups", [])))


Scim = Callable[..., Shown]
Start = Callable[[Listings], Scim]


@pytest.fixture
def start(
    place: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Iterator[Start]:
    """Start a server, and give what runs commands against it."""
    with ExitStack() as stack:

        def begin(listings: Listings) -> Scim:
            stack.enter_context(serving(listings))
            config = place / "config.toml"
            config.write_text(
                'default_profile = "far"\n[profiles.far]\nprovider = "scim"\n'
                f'endpoint = "http://127.0.0.1:{listings.port}/v2"\n'
                'token_file = "' + str(place / "token") + '"\n'
            )
            (place / "token").write_text("a-secret")
            (place / "token").chmod(0o600)
            config.chmod(0o600)
            monkeypatch.setenv("SCIM_TUI_CONFIG", str(config))

            def call(*argv: str) -> Shown:
                capfd.readouterr()
                code = run(argv)
                out, err = capfd.readouterr()
                assert "Traceback" not in err
                return Shown(code, out, err)

            return call

        yield begin


def people(*numbers: int) -> list[str]:
    return sorted(f"u{number}" for number in numbers)


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


def test_a_listing_that_was_dropped_counts_nobody_twice(start: Start) -> None:
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
