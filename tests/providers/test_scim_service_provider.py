"""How the adapter for our own service speaks its admin API, and reads what comes back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from scim_tui.model.errors import (
    Conflict,
    NotAllowed,
    OutcomeUnknown,
    Refused,
    Unreadable,
    UsageError,
)
from scim_tui.providers.service import ServiceProvider
from scim_tui.scim.limits import Retry
from scim_tui.scim.transport import ClientOptions

ADMIN = "http://127.0.0.1:8765/admin/v1"
NOBODY = httpx.Response(401, json={"detail": "no"}, headers={"x-amzn-RequestId": "abc"})
Serve = Callable[[httpx.Request], httpx.Response]


class Service:
    """Answers by path and keeps what was asked."""

    def __init__(self, **answers: httpx.Response | Exception) -> None:
        self.answers = answers
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers[request.url.path.rpartition("/")[2]]
        if isinstance(answer, Exception):
            raise answer
        return answer


def provider(serve: Serve, endpoint: str = ADMIN) -> ServiceProvider:
    options = ClientOptions(retry=Retry(attempts=1))
    transport = httpx.MockTransport(serve)
    return ServiceProvider(endpoint, SecretStr("key"), transport=transport, options=options)


def ok(body: Any = None, status: int = 200) -> httpx.Response:  # noqa: ANN401
    return httpx.Response(status, json=body or {})


@pytest.mark.parametrize(
    "endpoint", [ADMIN, ADMIN + "/", "http://127.0.0.1:8765", "http://127.0.0.1:8765/"]
)
async def test_the_endpoint_may_be_given_with_and_without_its_path(endpoint: str) -> None:
    service = Service(tokens=ok({"tokens": []}))
    assert await provider(service, endpoint).tokens() == []
    request = service.asked[0]
    assert str(request.url) == f"{ADMIN}/tokens"
    assert request.headers["authorization"] == "Bearer key"


def test_the_key_does_not_travel_unencrypted() -> None:
    with pytest.raises(UsageError):
        provider(Service(), "http://service.example.com/admin/v1")


async def test_the_probe_asks_the_scim_side_as_a_stranger_of_a_tenant_that_is_none() -> None:
    service = Service(health=ok(), ServiceProviderConfig=NOBODY)
    probe = await provider(service).probe()
    assert (probe.ok, probe.status, probe.message) == (True, 401, "")
    health, stranger = service.asked
    assert health.url.path == "/admin/v1/health"
    assert stranger.url.path == "/probe/scim/v2/ServiceProviderConfig"
    assert "authorization" not in stranger.headers


async def test_a_stranger_that_is_slowed_is_turned_away_too() -> None:
    slowed = httpx.Response(429, headers={"x-amzn-RequestId": "abc", "Retry-After": "1"})
    probe = await provider(Service(health=ok(), ServiceProviderConfig=slowed)).probe()
    assert (probe.ok, probe.status, probe.message) == (True, 429, "")


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        (ok(), 200, "lets strangers in"),
        (httpx.Response(401, text="proxy"), 401, "Something else answers"),
        (httpx.Response(502, text="<html>"), 502, "502 Bad Gateway"),
        (httpx.ConnectError("no"), None, "cannot be reached"),
    ],
)
async def test_the_probe_says_what_is_wrong_with_the_scim_side(
    answer: httpx.Response | Exception, status: int | None, words: str
) -> None:
    probe = await provider(Service(health=ok(), ServiceProviderConfig=answer)).probe()
    assert (probe.ok, probe.status) == (False, status)
    assert words in probe.message


async def test_a_service_that_is_not_well_is_not_asked_further() -> None:
    service = Service(health=ok({"error": {"message": "No.", "hint": "Try."}}, 500))
    probe = await provider(service).probe()
    assert (probe.ok, probe.status, probe.message) == (False, 500, "No.")


async def test_a_listing_follows_its_cursor() -> None:
    def serve(request: httpx.Request) -> httpx.Response:
        assert request.url.params["filter"] == 'userName eq "a&b"'
        match request.url.params.get("cursor"):
            case None:
                return ok({"users": [{"id": "a"}, {}], "next_cursor": "7"})
            case "7":
                return ok({"users": [{"id": "b"}], "next_cursor": None})
        raise AssertionError

    pages = [page async for page in provider(serve).users('userName eq "a&b"')]
    assert [[row.id for row in page.rows] for page in pages] == [["a"], ["b"]]
    assert [page.next_cursor for page in pages] == ["7", None]
    assert [page.skipped for page in pages] == [1, 0]


async def test_a_listing_that_leads_in_a_circle_ends() -> None:
    pages = provider(Service(groups=ok({"groups": [{"id": "a"}], "next_cursor": "7"}))).groups()
    await anext(pages)
    await anext(pages)
    with pytest.raises(Unreadable):
        await anext(pages)


@pytest.mark.parametrize("body", [{}, {"users": 3}, [], "x"])
async def test_a_listing_of_another_shape_is_unreadable(body: object) -> None:
    with pytest.raises(Unreadable):
        await anext(provider(Service(users=httpx.Response(200, json=body))).users())


@pytest.mark.parametrize("body", ["<html>", "{}", '{"tokens":[{"id":3}]}', ""])
async def test_an_answer_of_another_shape_is_unreadable(body: str) -> None:
    found = provider(Service(provisioning=httpx.Response(200, text=body)))
    with pytest.raises(Unreadable) as raised:
        await found.status()
    assert raised.value.message.startswith("GET /admin/v1/provisioning was not answered")
    assert raised.value.__cause__ is None


async def test_a_secret_in_an_answer_of_another_shape_is_not_shown() -> None:
    found = provider(Service(tokens=ok({"token": {}, "secret": "s3cr3t"}, 201)))
    with pytest.raises(Unreadable) as raised:
        await found.create_token()
    assert "s3cr3t" not in repr(raised.value) + str(raised.value.__cause__)
    assert raised.value.__suppress_context__


async def test_the_services_own_words_are_shown() -> None:
    body = {"error": {"code": "conflict", "message": "Two tokens exist.", "hint": "Delete one."}}
    with pytest.raises(Conflict) as raised:
        await provider(Service(tokens=ok(body, 409))).create_token()
    assert (raised.value.message, raised.value.hint) == ("Two tokens exist.", "Delete one.")


async def test_another_server_in_its_place_is_reported_with_the_request() -> None:
    with pytest.raises(Refused, match="GET /admin/v1/directory was refused: 502 Bad Gateway"):
        await provider(Service(directory=httpx.Response(502, text="<html>"))).summary()
    with pytest.raises(NotAllowed, match="GET /admin/v1/directory was refused: 403 Forbidden"):
        await provider(Service(directory=httpx.Response(403))).summary()


@pytest.mark.parametrize("error", [httpx.ReadTimeout("x"), httpx.ReadError("x")])
async def test_a_token_that_may_have_been_made_or_deleted_is_reported_as_unknown(
    error: Exception,
) -> None:
    service = Service(tokens=error, t1=error)
    with pytest.raises(OutcomeUnknown):
        await provider(service).create_token()
    with pytest.raises(OutcomeUnknown):
        await provider(service).delete_token("t1")
    assert len(service.asked) == 2


async def test_only_what_was_given_is_asked_of_events() -> None:
    service = Service(events=ok({"events": []}))
    found = provider(service)
    await found.events()
    since = datetime(2026, 11, 23, 12, tzinfo=timezone(timedelta(hours=2)))
    await found.events(limit=5, before=9, after=0, since=since, refused=True)
    assert dict(service.asked[0].url.params) == {"limit": "200"}
    assert dict(service.asked[1].url.params) == {
        "limit": "5",
        "before": "9",
        "after": "0",
        "refused": "true",
        "since": "2026-11-23T10:00:00Z",
    }


async def test_times_and_absences_survive_the_way() -> None:
    body = {"since": "2026-11-23T10:00:00Z", "last_client": "unknown", "last_write_at": "never"}
    traffic = await provider(Service(traffic=ok(body))).traffic(datetime.now(UTC))
    assert repr(traffic.last_client) == "<Absent.UNKNOWN: 'unknown'>"
    assert repr(traffic.last_write_at) == "<Absent.NEVER: 'never'>"
    assert traffic.since == datetime(2026, 11, 23, 10, tzinfo=UTC)


def test_only_a_service_that_ends_with_this_program_is_called_embedded() -> None:
    here = ServiceProvider(ADMIN, embedded=True)
    elsewhere = ServiceProvider(ADMIN)
    assert here.title == "embedded service / 127.0.0.1:8765"
    assert elsewhere.title == "provisioning service / 127.0.0.1:8765"
