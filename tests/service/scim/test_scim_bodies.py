"""Bodies and requests that nobody should send, and what the service answers all the same."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.types import Message

from scim_tui.model.violations import group_violations, user_violations
from scim_tui.service.refusals import Refusal
from scim_tui.service.scim import user_calls
from scim_tui.service.scim.body import MAX_BYTES, parse_object
from scim_tui.service.scim.group_patch import plan_group_patch
from scim_tui.service.scim.patch import read_operations
from scim_tui.service.scim.shapes import group_from, user_from
from scim_tui.service.scim.user_patch import patch_user
from scim_tui.service.store.resources import Identity, serve_user
from tests.patience import DEADLINE
from tests.service.scim.scim_kit import ENTERPRISE, Service, email, person

DEEP = b'{"a":' * 5000 + b"1" + b"}" * 5000
HUGE = b'{"userName":"' + b"a" * MAX_BYTES + b'"}'
BAD = [
    b"",
    b"null",
    b"[]",
    b'"text"',
    b"{",
    b"{'a': 1}",
    b'{"a": NaN}',
    b'{"a": Infinity}',
    b'{"a": -Infinity}',
    b'{"a": 1e999}',
    b'{"a": 1, "a": 2}',
    b'{"name": {"givenName": "a", "givenName": "b"}}',
    b'{"a": [{"b": 1, "b": 1}]}',
    b'{"userName": "\xff"}',
    b'{"userName": "\xed\xa0\x80"}',
    b'{"userName": "\\ud800"}',
    b'{"\\udfff": 1}',
    b"\xef\xbb\xbf{}",
    b"\xff\xfe{\x00}\x00",
    b'{"a": ' + b"9" * 5000 + b"}",
    b"{} {}",
    b"[" * 100_000,
    DEEP,
    HUGE,
]


@pytest.mark.parametrize("body", BAD, ids=lambda body: repr(body[:24]))
async def test_unreadable_bodies(service: Service, body: bytes) -> None:
    for method, path in (("POST", "/Users"), ("POST", "/Groups"), ("PATCH", "/Groups/x")):
        answer = await service.call(method, path, content=body)
        assert answer.status_code == 400
        assert answer.json()["status"] == "400"
        event = await service.event()
        assert event["violated"] == "json.invalid"
        assert event["message"] == "Invalid JSON from RequestBody"


async def test_the_largest_body(service: Service) -> None:
    rest = b'{"userName":"a","displayName":"a","name":{"givenName":"a","familyName":"b"}'
    padding = b" " * (MAX_BYTES - len(rest) - 1)
    assert len(rest + padding + b"}") == MAX_BYTES
    answer = await service.call("POST", "/Users", content=rest + padding + b"}")
    assert answer.status_code == 201


async def test_a_body_without_end_is_not_read_to_it(service: Service) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 65536
            yield b" " * 65536

    url = f"/{service.tenant_id}/scim/v2/Users"
    answer = await service.http.post(url, content=endless())
    assert answer.status_code == 400
    assert sent < 2 * MAX_BYTES


async def test_without_token_no_body_is_read(service: Service) -> None:
    parts: list[bytes] = []

    async def watched() -> AsyncIterator[bytes]:
        parts.append(b"{}")
        yield b"{}"

    url = f"/{service.tenant_id}/scim/v2/Users"
    answer = await service.http.post(url, content=watched(), headers={"Authorization": ""})
    assert (answer.status_code, parts) == (401, [])


async def test_the_answer_to_a_fault_reveals_nothing(
    service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> bytes:
        raise RuntimeError("private words")

    monkeypatch.setattr(user_calls, "read_user", broken)
    with caplog.at_level(logging.ERROR):
        answer = await service.call("GET", "/Users/x")
    assert answer.status_code == 500
    assert "private words" not in answer.text
    assert answer.json()["detail"] == "The service failed to carry out the request."
    assert answer.headers["x-amzn-RequestId"] in caplog.text
    assert (await service.event())["status"] == 500


async def test_a_client_that_leaves_is_not_answered(service: Service) -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    app: Any = service.http._transport.app  # type: ignore[attr-defined]
    path = f"/{service.tenant_id}/scim/v2/Users"
    headers = [(b"authorization", f"Bearer {service.secret}".encode())]
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": headers,
        "root_path": "",
    }
    async with asyncio.timeout(DEADLINE):
        await app(scope, receive, send)
    assert sent == []
    assert await service.listed("/Users") == []


leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.just("")
words = st.sampled_from(
    [
        "userName",
        "displayName",
        "name",
        "givenName",
        "familyName",
        "emails",
        "value",
        "type",
        "primary",
        "display",
        "active",
        "addresses",
        "roles",
        "manager",
        "department",
        "members",
        "externalId",
        "photos",
        ENTERPRISE,
        "schemas",
        "id",
        "NAME",
        "$ref",
    ]
)
trees = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=5),
    max_leaves=12,
)
objects = st.dictionaries(words, trees, max_size=8)
paths = (
    st.none()
    | words
    | st.sampled_from(
        [
            "",
            "name.givenName",
            "name.nothing",
            'emails[type eq "work"].value',
            "emails.value",
            "emails[primary eq true]",
            'addresses[type eq "x"].locality',
            f"{ENTERPRISE}:manager",
            f"{ENTERPRISE}:department",
            "manager.value",
            "manager.$ref",
            "manager.displayName",
            "emails[",
            'members[value eq "x"]',
            'emails[type sw "w"]',
            "urn:x:y",
            "..",
            "a.b.c",
        ]
    )
)
operations = st.lists(
    st.fixed_dictionaries(
        {"op": st.sampled_from(["add", "Replace", "remove"])},
        optional={"path": paths, "value": trees},
    ),
    min_size=1,
    max_size=4,
)
IDENTITY = Identity("id", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z")


def refused(work: Callable[[], object]) -> Refusal | None:
    """The refusal that ends a piece of work, if one does; anything else that is raised fails."""
    try:
        work()
    except Refusal as refusal:
        return refusal
    return None


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(objects, objects)
def test_any_body_is_kept_or_refused(more: dict[str, Any], group: dict[str, Any]) -> None:
    def keep(raw: dict[str, Any]) -> None:
        user = user_from(raw)
        if not list(user_violations(user)):
            served = serve_user(user, IDENTITY)
            assert serve_user(user_from(served), IDENTITY) == served

    outcomes = [
        refused(lambda: keep(more)),
        refused(lambda: keep({**person(), **more})),
        refused(lambda: list(group_violations(group_from(group)))),
    ]
    assert {outcome.code for outcome in outcomes if outcome} <= {"json.invalid"}


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(operations)
def test_any_patch_is_carried_out_or_refused(raw: list[dict[str, Any]]) -> None:
    more = {"emails": [email("a@x.org")], ENTERPRISE: {"manager": {"value": "boss"}}}
    before = serve_user(user_from(person(**more)), IDENTITY)
    body = orjson.dumps(before)

    def patch() -> None:
        after = user_from(patch_user(before, read_operations({"Operations": raw})))
        if not list(user_violations(after)):
            serve_user(after, IDENTITY)

    outcomes = [
        refused(patch),
        refused(lambda: plan_group_patch(read_operations({"Operations": raw}))),
    ]
    assert {outcome.status for outcome in outcomes if outcome} <= {400}
    assert orjson.dumps(before) == body


@given(st.binary(max_size=60))
def test_any_bytes_are_an_object_or_refused(body: bytes) -> None:
    outcome = refused(lambda: parse_object(body))
    assert outcome is None or outcome.code == "json.invalid"
