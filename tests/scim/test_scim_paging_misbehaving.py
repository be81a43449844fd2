"""Servers that misbehave at random: it ends, tells nobody twice, loses nobody, hides no gap."""

import asyncio
import itertools
import json
import random
from collections.abc import Sequence
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from scim_tui.model.errors import Refused
from scim_tui.scim import paging
from scim_tui.scim.client import ScimClient

FAULTS = (
    "none",
    "none",
    "again",
    "drop",
    "empty",
    "html",
    "total",
    "cursor",
    "utf8",
    "deep",
    "nan",
    "huge",
    "refused",
)
MOST_REQUESTS = 400
Json = dict[str, Any]


class Misbehaving:
    """A SCIM service (ASGI) with `size` users whose pages go wrong in turn as told."""

    def __init__(self, size: int, faults: Sequence[str], length: int, *, cursors: bool) -> None:
        self.size, self.length, self.cursors = size, length, cursors
        self.faults = itertools.cycle(faults)
        self.shown: set[str] = set()
        self.requests = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI
        self.requests += 1
        assert self.requests < MOST_REQUESTS, "it goes on for ever"
        query = httpx.QueryParams(scope["query_string"].decode())
        fault = next(self.faults)
        body = self._body(query, fault)
        status = 500 if fault == "refused" else 200
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": body})

    def _body(self, query: httpx.QueryParams, fault: str) -> bytes:
        by_cursor = self.cursors and "startIndex" not in query
        first = int(query.get("cursor") or 0) if by_cursor else int(query["startIndex"]) - 1
        if fault == "again":
            first = max(first - self.length, 0)
        numbers = list(range(first, min(first + self.length, self.size)))
        if fault == "refused":
            return b'{"detail": "not now"}'
        if fault == "html":
            return b"<html>Sign in</html>"
        if fault == "deep":
            return b"[" * 100_000
        return self._page(numbers, first, fault)

    def _page(self, numbers: list[int], first: int, fault: str) -> bytes:
        last = first + len(numbers)
        if fault == "drop":
            numbers = numbers[1:]
        if fault == "empty":
            numbers = []
        odd = {"total": self.size + 3, "nan": float("nan"), "huge": 10**400}
        total: object = odd.get(fault, self.size)
        page: Json = {"totalResults": total, "Resources": [_user(each) for each in numbers]}
        if self.cursors and last < self.size:
            page["nextCursor"] = str(first if fault == "cursor" else last)
        self.shown.update(f"u{each}" for each in numbers)
        body = json.dumps(page).encode()
        return body.replace(b"Zoe", b"Zo\xff\x1b") if fault == "utf8" else body


def _user(number: int) -> Json:
    return {"id": f"u{number}", "userName": f"Zoe{number}"}


def listed(service: Misbehaving, count: int = 100) -> tuple[list[str], Refused | None]:
    """The ids that were told, and what ended the listing early."""
    ids: list[str] = []

    async def follow() -> Refused | None:
        client = ScimClient(
            "http://127.0.0.1/v2",
            SecretStr("x"),
            via=httpx.ASGITransport(app=service),
            cursors=service.cursors,
        )
        try:
            async for page in client.users(count=count):
                ids.extend(row.id for row in page.rows)
        except Refused as error:
            return error
        finally:
            await client.aclose()
        return None

    return ids, asyncio.run(follow())


@settings(max_examples=150, deadline=None)
@given(
    size=st.integers(0, 60),
    faults=st.lists(st.sampled_from(FAULTS), min_size=1, max_size=8),
    length=st.integers(1, 20),
    cursors=st.booleans(),
)
def test_whatever_a_server_does_it_ends_and_a_gap_is_reported(
    size: int, faults: list[str], length: int, cursors: bool
) -> None:
    service = Misbehaving(size, faults, length, cursors=cursors)
    ids, error = listed(service)
    assert len(ids) == len(set(ids))
    assert set(ids) == service.shown
    if error is None and not {"nan", "huge"} & set(faults):
        assert len(ids) == size
    if error is not None:
        assert error.message
        assert error.hint


@pytest.mark.parametrize("cursors", [False, True])
def test_a_dropped_resource_is_reported_with_both_numbers(cursors: bool) -> None:
    ids, error = listed(Misbehaving(30, ["none", "drop", "none"], 10, cursors=cursors))
    assert len(ids) == 29
    assert error is not None
    assert "counts 30 and gave 29" in error.message


def test_made_up_people_without_end_come_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "_MOST_ROWS", 100)
    ids, error = listed(Misbehaving(10**9, ["none"], 1, cursors=True))
    assert len(ids) == 100
    assert error is not None
    assert "100 resources and goes on" in error.message


def test_a_user_of_five_megabytes_is_read() -> None:
    blob = random.Random(1).randbytes(1).hex() * 2_500_000
    user = _user(0) | {"displayName": blob}

    class Large(Misbehaving):
        def _page(self, numbers: list[int], first: int, fault: str) -> bytes:
            self.shown.add("u0")
            return json.dumps({"totalResults": 1, "Resources": [user]}).encode()

    assert listed(Large(1, ["none"], 1, cursors=False)) == (["u0"], None)


class Stored(Misbehaving):
    """Gives what is at the positions asked for, `cap` at most; some ids stand there repeatedly.

    It counts positions. What is `lost` is left out of each answer, and counted all the same.
    """

    def __init__(self, stored: Sequence[int], lost: set[int], cap: int) -> None:
        super().__init__(len(stored), ["none"], cap, cursors=False)
        self.stored, self.lost = stored, lost

    def _body(self, query: httpx.QueryParams, fault: str) -> bytes:
        first = int(query["startIndex"]) - 1
        length = min(self.length, int(query["count"]))
        numbers = [each for each in self.stored[first : first + length] if each not in self.lost]
        self.shown.update(f"u{each}" for each in numbers)
        return json.dumps(
            {"totalResults": self.size, "Resources": list(map(_user, numbers))}
        ).encode()


@settings(max_examples=300, deadline=None)
@given(
    stored=st.lists(st.integers(0, 12), max_size=40),
    lost=st.sets(st.integers(0, 12), max_size=3),
    cap=st.integers(1, 50),
    count=st.integers(1, 50),
)
def test_a_repeat_never_stands_for_a_person_who_is_missing(
    stored: list[int], lost: set[int], cap: int, count: int
) -> None:
    service = Stored(stored, lost, cap)
    ids, error = listed(service, count)
    assert len(ids) == len(set(ids))
    assert (error is None) <= (lost.isdisjoint(stored) and set(ids) == {f"u{n}" for n in stored})
    if not lost and cap >= count and len(stored) <= count:
        assert error is None, "what one answer says twice is counted twice"


@pytest.mark.parametrize("again", [1, 2])
def test_a_page_that_is_asked_for_again_does_not_count_its_pairs_again(again: int) -> None:
    stored = [0, 0, 1, *[2] * (again + 1), 3]
    ids, error = listed(Stored(stored, {0}, 50), 5)
    assert ids == ["u1", "u2", "u3"]
    assert error is not None
    assert f"counts {len(stored)} and gave 4." in error.message
