"""The admin API in process: provisioning, tokens, what happened, and what SCIM cannot read."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from scim_tui.service.app import build_app
from scim_tui.service.store import history
from scim_tui.service.store.store import Store
from tests.service.scim.scim_kit import Clock, Json, Service

BASE = "https://scim.example.test"


@pytest.fixture
async def admin(store: Store) -> AsyncIterator[httpx.AsyncClient]:
    """An operator of a service that nobody enabled yet."""
    app = build_app(store, admin_open=True, base_url=BASE)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://t/admin/v1") as admin:
        yield admin


async def ask(service: Service, path: str) -> Json:
    answer = await service.http.get(f"/admin/v1{path}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def refusal(answer: httpx.Response) -> tuple[int, str]:
    error = answer.json()["error"]
    assert answer.headers["content-type"] == "application/json"
    assert error.keys() == {"code", "message", "hint"}
    assert error["message"].endswith(".")
    assert error["hint"]
    return answer.status_code, error["code"]


async def test_off_is_off(admin: httpx.AsyncClient) -> None:
    status = (await admin.get("/provisioning")).json()
    assert status == {
        "state": "disabled",
        "scim_endpoint": "never",
        "tenant_id": "never",
        "enabled_at": "never",
        "listening": False,
    }


async def test_enabling_makes_tenant_endpoint_and_first_token(
    admin: httpx.AsyncClient, clock: Clock
) -> None:
    answer = await admin.post("/provisioning/enable")
    assert answer.status_code == 201
    status, first = answer.json()["status"], answer.json()["first_token"]
    assert status["scim_endpoint"] == f"{BASE}/{status['tenant_id']}/scim/v2"
    assert (status["state"], status["enabled_at"]) == ("enabled", "2026-03-04T05:06:07.089000Z")
    assert first["token"]["expires_at"] == "2027-03-04T05:06:07.089000Z"
    scim = status["scim_endpoint"].replace(BASE, "http://t")
    headers = {"Authorization": f"Bearer {first['secret']}"}
    assert (await admin.get(f"{scim}/Users", headers=headers)).status_code == 200


async def test_enabling_again_is_success_without_another_token(admin: httpx.AsyncClient) -> None:
    before = (await admin.post("/provisioning/enable")).json()["status"]
    again = await admin.post("/provisioning/enable")
    assert (again.status_code, again.json()) == (200, {"status": before, "first_token": None})


async def test_33_at_most_two_tokens_and_each_secret_once(
    admin: httpx.AsyncClient, clock: Clock
) -> None:
    await admin.post("/provisioning/enable")
    clock.advance(timedelta(seconds=1))
    second = await admin.post("/tokens")
    assert (second.status_code, second.headers["cache-control"]) == (201, "no-store")
    assert refusal(await admin.post("/tokens")) == (409, "conflict")
    listed = await admin.get("/tokens")
    assert second.json()["secret"] not in listed.text
    assert listed.json()["tokens"][1] == second.json()["token"]
    assert (await admin.delete(f"/tokens/{second.json()['token']['id']}")).status_code == 204
    assert (await admin.post("/tokens")).status_code == 201


async def test_34_disabling_waits_for_the_tokens_and_keeps_the_users(service: Service) -> None:
    await service.create_user()
    refused = await service.http.post("/admin/v1/provisioning/disable")
    assert refusal(refused) == (409, "conflict")
    assert "an access token exists" in refused.text
    assert (await service.http.delete(f"/admin/v1/tokens/{service.token_id}")).status_code == 204
    off = await service.http.post("/admin/v1/provisioning/disable")
    assert (off.status_code, off.json()["state"]) == (200, "disabled")
    assert (await ask(service, "/directory"))["users"] == 1
    assert refusal(await service.http.post("/admin/v1/tokens")) == (409, "conflict")
    anew = await service.http.post("/admin/v1/provisioning/enable")
    assert anew.json()["status"]["tenant_id"] != service.tenant_id


async def test_a_deleted_token_is_refused_at_the_next_request(service: Service) -> None:
    assert (await service.call("GET", "/Users")).status_code == 200
    await service.http.delete(f"/admin/v1/tokens/{service.token_id}")
    assert (await service.call("GET", "/Users")).status_code == 401
    again = await service.http.delete(f"/admin/v1/tokens/{service.token_id}")
    assert refusal(again) == (404, "not_found")


async def test_use_is_current_without_waiting(service: Service, clock: Clock) -> None:
    clock.advance(timedelta(hours=1))
    await service.call("GET", "/Users")
    [token] = (await ask(service, "/tokens"))["tokens"]
    assert token["last_used_at"] == "2026-03-04T06:06:07.089000Z"
    assert (token["requests"], token["last_client"]) == (1, "test-idp/1")


async def test_what_the_idp_did_is_an_event_and_what_operators_do_is_not(
    service: Service,
) -> None:
    user = await service.create_user("ana@x.org")
    await service.call("POST", "/Users", {"userName": "broken"})
    await ask(service, "/tokens")
    await ask(service, "/users")
    page = await ask(service, "/events")
    assert page["total"] == 2
    newest, oldest = page["events"]
    assert (newest["operation"], newest["status"]) == ("CreateUser", 400)
    assert newest["constraint"] == "displayName.required"
    assert (oldest["target"], oldest["resource_id"]) == ("ana@x.org", user["id"])
    assert oldest["token_id"] == service.token_id
    [refused] = (await ask(service, "/events?refused=true"))["events"]
    assert refused == newest
    assert (await ask(service, f"/events?before={newest['id']}"))["events"] == [oldest]
    assert (await ask(service, f"/events?after={newest['id']}"))["events"] == []


async def test_traffic_and_size(service: Service, clock: Clock) -> None:
    user = await service.create_user(active=False)
    await service.create_group(members=[{"value": user["id"]}])
    await service.create_user("bob@x.org")
    written = "2026-03-04T05:06:07.089000Z"
    clock.advance(timedelta(minutes=1))
    await service.call("POST", "/Groups", {"displayName": "crew"})
    traffic = await ask(service, "/traffic?since=2026-03-04T00:00:00Z")
    assert (traffic["accepted"], traffic["refused"]) == (3, 1)
    assert (traffic["last_write_at"], traffic["last_client"]) == (written, "test-idp/1")
    assert traffic["reasons"] == [
        {
            "constraint": "group.displayName.unique",
            "message": "Duplicate GroupDisplayName",
            "count": 1,
        }
    ]
    assert traffic["hours"] == [[0, 0]] * 23 + [[3, 1]]
    assert await ask(service, "/directory") == {
        "users": 2,
        "active_users": 1,
        "groups": 1,
        "memberships": 1,
        "last_write_at": written,
    }


async def test_members_and_groups_of_page_by_page(service: Service) -> None:
    users = [await service.create_user(f"u{number}") for number in range(5)]
    members = [{"value": user["id"]} for user in users]
    groups = [await service.create_group(f"g{n}", members=members) for n in range(3)]
    await service.create_group("empty")
    found = await collect(service, f"/groups/{groups[0]['id']}/members", "users", 2)
    assert [len(page) for page in found] == [2, 2, 1]
    assert [user for page in found for user in page] == users
    of_user = await collect(service, f"/users/{users[0]['id']}/groups", "groups", 2)
    assert [group["id"] for page in of_user for group in page] == [one["id"] for one in groups]


async def collect(service: Service, path: str, name: str, count: int) -> list[list[Json]]:
    pages, query = [], f"?count={count}"
    while True:
        page = await ask(service, path + query)
        pages.append(page[name])
        if page["next_cursor"] is None:
            return pages
        query = f"?count={count}&cursor={page['next_cursor']}"


async def test_the_operators_listing_and_one_of_it(service: Service) -> None:
    users = [await service.create_user(f"u{number}") for number in range(3)]
    group = await service.create_group("Crew")
    assert await collect(service, "/users", "users", 2) == [users[:2], users[2:]]
    assert (await ask(service, f"/users/{users[1]['id']}")) == users[1]
    assert (await ask(service, f"/groups/{group['id']}"))["displayName"] == "Crew"
    found = await ask(service, '/users?filter=USERNAME eq "U1"')
    assert found == {"users": [users[1]], "next_cursor": None}
    found = await ask(service, '/groups?filter=displayName eq "crew"')
    assert [one["id"] for one in found["groups"]] == [group["id"]]


@pytest.mark.parametrize(
    "path",
    [
        "/users/none",
        "/groups/none",
        "/users/none/groups",
        "/groups/none/members",
        "/nowhere",
        "/",
        "",
        "/tokens/",
        "/users/a/b",
    ],
)
async def test_what_is_not_there(admin: httpx.AsyncClient, path: str) -> None:
    assert refusal(await admin.get(path)) == (404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/provisioning", {"GET", "HEAD"}),
        ("PUT", "/tokens", {"GET", "HEAD", "POST"}),
        ("OPTIONS", "/health", {"GET", "HEAD"}),
        ("GET", "/provisioning/enable", {"POST"}),
        ("POST", "/openapi.json", {"GET", "HEAD"}),
    ],
)
async def test_wrong_method(
    admin: httpx.AsyncClient, method: str, path: str, allowed: set[str]
) -> None:
    answer = await admin.request(method, path)
    assert refusal(answer) == (405, "method_not_allowed")
    assert set(re.split(", *", answer.headers["allow"])) == allowed


async def test_head_gives_the_length_and_no_more(admin: httpx.AsyncClient) -> None:
    full, head = await admin.get("/provisioning"), await admin.head("/provisioning")
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["content-length"] == str(len(full.content))


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=1001",
        "limit=+1",
        "limit=1.0",
        "limit=",
        "limit=1&limit=1",
        "before=-1",
        "before=9223372036854775808",
        "since=yesterday",
        "since=1700000000",
        "since=2026-01-01",
        "since=2026-01-01T00:00:00",
        "since=2026-02-30T00:00:00Z",
        "refused=yes",
        "refuse=true",
    ],
)
async def test_parameters_that_make_no_sense(admin: httpx.AsyncClient, query: str) -> None:
    assert refusal(await admin.get(f"/events?{query}")) == (400, "invalid")


@pytest.mark.parametrize(
    ("since", "read"),
    [
        ("2026-01-01T00:00:00z", "2026-01-01T00:00:00Z"),
        ("2026-01-01T01:00:00.123456789%2B01:00", "2026-01-01T00:00:00.123456Z"),
        ("0001-01-01T00:00:00%2B23:59", "1970-01-01T00:00:00Z"),
        ("0000-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59-23:59", "9999-12-30T00:00:00Z"),
    ],
)
async def test_instants_are_read_as_rfc_3339_writes_them(
    admin: httpx.AsyncClient, since: str, read: str
) -> None:
    answer = await admin.get(f"/traffic?since={since}")
    assert (answer.status_code, answer.json()["since"]) == (200, read)


async def test_a_parameter_that_is_needed_is_named(admin: httpx.AsyncClient) -> None:
    answer = await admin.get("/traffic")
    assert refusal(answer) == (400, "invalid")
    assert "since" in answer.json()["error"]["message"]


async def test_foreign_text_is_not_said_back(admin: httpx.AsyncClient) -> None:
    for query in ("x\x1b[31mEVIL=1", "limit=EVIL", "since=EVIL", "refused=EVIL", "cursor=EVIL"):
        assert "EVIL" not in (await admin.get("/events", params=query)).text
    answer = await admin.get("/users", params={"filter": 'nickName eq "EVIL"'})
    assert refusal(answer) == (400, "filter.invalid")
    assert "EVIL" not in answer.text
    assert refusal(await admin.get("/users?cursor=EVIL")) == (400, "invalid")


async def test_bodies_are_bounded(admin: httpx.AsyncClient) -> None:
    assert (await admin.post("/provisioning/enable", content=b"x" * 65536)).status_code == 201

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 8192

    assert refusal(await admin.post("/tokens", content=endless())) == (413, "too_large")
    assert len((await admin.get("/tokens")).json()["tokens"]) == 1


async def test_a_fault_is_reported_without_its_insides(
    service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> None:  # noqa: ANN401 - in place of any reader
        raise RuntimeError("a secret place")

    monkeypatch.setattr(history, "summary", broken)
    answer = await service.http.get("/admin/v1/directory")
    assert refusal(answer) == (500, "internal")
    assert "secret place" not in answer.text
    assert "directory failed" in caplog.text


async def test_health(admin: httpx.AsyncClient) -> None:
    assert (await admin.get("/health")).json() == {"status": "ok"}
