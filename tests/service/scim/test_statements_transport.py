"""Statements 1 to 6, 32 and 36: addresses, tokens, headers, errors, rates and discovery."""

import re
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from scim_tui.service.app import build_app
from scim_tui.service.refusals import CATCH_ALL
from scim_tui.service.scim.throttle import Limits, Throttle
from scim_tui.service.store import tokens
from scim_tui.service.store.store import Store
from tests.service.scim.scim_kit import ENTERPRISE, Clock, Json, Service, person, serving

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
CORE = "urn:ietf:params:scim:schemas:core:2.0:"


def without_ids(answer: httpx.Response) -> Json:
    body: Json = answer.json()
    assert str(UUID(body.pop("exceptionRequestId"))) == answer.headers["x-amzn-RequestId"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}", body.pop("timeStamp"))
    return body


async def test_01_another_tenant(service: Service) -> None:
    assert (await service.call("GET", "/Users")).status_code == 200
    wrong = await service.http.get("/f3vd2aa29dc-223c-4e5c-91b9-8ca1bb1faf7b/scim/v2/Users")
    assert wrong.status_code == 401


async def test_02_bad_tokens_are_refused_alike(service: Service) -> None:
    base = f"/{service.tenant_id}/scim/v2/Users"
    bodies = [without_ids(await service.http.get(base.replace(service.tenant_id, "other")))]
    for header in (
        "",
        "Bearer",
        "Bearer ",
        "Bearer unknown",
        f"Basic {service.secret}",
        service.secret,
        f"Bearer {service.secret}x",
        f"Bearer {service.token_id}",
        "Bearer \xff",
    ):
        answer = await service.http.get(base, headers={b"Authorization": header.encode("latin-1")})
        assert answer.status_code == 401
        bodies.append(without_ids(answer))
    await service.store.write(lambda connection: tokens.delete(connection, service.token_id))
    deleted = await service.call("GET", "/Users")
    assert deleted.status_code == 401
    bodies.append(without_ids(deleted))
    assert all(body == bodies[0] for body in bodies)


async def test_02_two_tokens_are_one_too_many(service: Service) -> None:
    base = f"/{service.tenant_id}/scim/v2/Users"
    good, other = f"Bearer {service.secret}", "Bearer unknown"
    for pair in ((good, other), (other, good), (good, good), (good, ""), ("", "")):
        headers = [("Authorization", value) for value in pair]
        answer = await service.http.get(base, headers=headers)
        assert answer.status_code == 400, pair
        assert without_ids(answer)["detail"] == CATCH_ALL
    assert (await service.call("GET", "/Users")).status_code == 200


async def test_02_the_scheme_is_read_in_any_case(service: Service) -> None:
    headers = {"Authorization": f"bearer {service.secret}"}
    assert (await service.call("GET", "/Users", headers=headers)).status_code == 200


async def test_02_expired_token(service: Service) -> None:
    service.clock.advance(timedelta(days=365, seconds=-1))
    assert (await service.call("GET", "/Users")).status_code == 200
    service.clock.advance(timedelta(seconds=1))
    assert (await service.call("GET", "/Users")).status_code == 401


async def test_02_token_deleted_by_another_process(service: Service) -> None:
    assert (await service.call("GET", "/Users")).status_code == 200
    other = Store(service.store.path, service.clock)
    try:
        await other.write(lambda connection: tokens.delete(connection, service.token_id))
    finally:
        other.close()
    assert (await service.call("GET", "/Users")).status_code == 401


async def test_03_headers_of_every_answer(service: Service) -> None:
    user = await service.create_user()
    group = await service.create_group()
    answers = [
        await service.call("GET", "/Users"),
        await service.call("POST", "/Users", {}),
        await service.call("GET", f"/Users/{user['id']}"),
        await service.call("GET", "/Users/none"),
        await service.patch(f"/Groups/{group['id']}", {"op": "remove", "path": "externalId"}),
        await service.call("DELETE", f"/Users/{user['id']}"),
        await service.call("GET", "/Me"),
        await service.call("GET", "/Schemas"),
        await service.http.get("/elsewhere/scim/v2/Users"),
        await service.http.get("/elsewhere"),
    ]
    ids = {str(UUID(answer.headers["x-amzn-RequestId"])) for answer in answers}
    assert len(ids) == len(answers)
    assert {answer.headers["content-type"] for answer in answers} == {"application/json"}
    assert not any("location" in answer.headers or "etag" in answer.headers for answer in answers)


@pytest.mark.parametrize(
    "media", ["application/json", "application/scim+json", "application/scim+json; charset=utf-8"]
)
async def test_04_body_types(service: Service, media: str) -> None:
    headers = {"Content-Type": media, "Accept": "application/scim+json"}
    answer = await service.call("POST", "/Users", person(), headers=headers)
    assert answer.status_code == 201


async def test_05_error_body(service: Service) -> None:
    answer = await service.call("GET", "/Users/none")
    assert answer.json() == {
        "schema": [ERROR],
        "schemas": [ERROR],
        "detail": "The resource or the endpoint does not exist.",
        "status": "404",
        "exceptionRequestId": answer.headers["x-amzn-RequestId"],
        "timeStamp": "2026-03-04 05:06:07.089",
    }


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/Me"),
        ("POST", "/Bulk"),
        ("POST", "/.search"),
        ("POST", "/Users/.search"),
        ("PUT", "/Groups/some"),
        ("DELETE", "/Users"),
        ("HEAD", "/Users"),
        ("GET", "/Users/a/b"),
        ("GET", "/users"),
        ("GET", "Users"),
        ("GET", "Groups/x"),
        ("GET", ""),
        ("GET", "/"),
        ("POST", "/ServiceProviderConfig"),
    ],
)
async def test_06_what_is_not_there(service: Service, method: str, path: str) -> None:
    answer = await service.call(method, path, {} if method == "POST" else None)
    assert answer.status_code == (405 if method == "PUT" else 404)


class Steps:
    """A monotonic clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 50.0

    def __call__(self) -> float:
        return self.now


def test_32_rates() -> None:
    steps = Steps()
    throttle = Throttle(Limits(), steps)
    writes = [throttle.allows("CreateUser", writes=True) for _ in range(26)]
    reads = [throttle.allows("GetUser", writes=False) for _ in range(41)]
    assert (writes, reads) == ([True] * 25 + [False], [True] * 40 + [False])
    assert throttle.allows("PatchUser", writes=True)
    steps.now += 0.2
    assert [throttle.allows("CreateUser", writes=True) for _ in range(6)] == [True] * 5 + [False]
    steps.now += 3600
    assert sum(throttle.allows("CreateUser", writes=True) for _ in range(99)) == 25


def test_32_members_are_counted_apart() -> None:
    steps = Steps()
    throttle = Throttle(Limits(), steps)
    assert throttle.allows_members(60)
    assert not throttle.allows_members(41)
    assert throttle.allows_members(40)
    assert throttle.allows("PatchGroup", writes=True)
    steps.now += 1
    assert throttle.allows_members(100)


def test_32_no_limits() -> None:
    throttle = Throttle(None)
    assert all(throttle.allows("CreateUser", writes=True) for _ in range(1000))
    assert throttle.allows_members(10_000)


async def test_32_over_the_rate(store: Store, clock: Clock) -> None:
    """Rates so low that no pause of the machine can refill them."""
    async with serving(store, clock, Limits(writes=2, reads=1e-9, memberships=1e-9)) as service:
        assert (await service.call("GET", "/Users")).status_code == 429
        refused = await service.call("GET", "/Users/some")
        assert (refused.status_code, refused.json()["status"]) == (429, "429")
        assert refused.headers["retry-after"] == "1"
        event = await service.event()
        assert (event["operation"], event["violated"]) == ("GetUser", "rate.exceeded")
        assert event["token_id"] == service.token_id
        user = await service.create_user()
        group: Json = {"displayName": "Crew", "members": [{"value": user["id"]}]}
        assert (await service.call("POST", "/Groups", group)).status_code == 429
        del group["members"]
        assert (await service.call("POST", "/Groups", group)).status_code == 201


async def test_36_and_49_service_provider_config(service: Service) -> None:
    body = (await service.call("GET", "/ServiceProviderConfig")).json()
    assert body["schemas"] == [CORE + "ServiceProviderConfig"]
    assert body["patch"] == {"supported": True}
    assert body["bulk"] == {"supported": False, "maxOperations": 1, "maxPayloadSize": 1048576}
    assert body["filter"] == {"supported": True, "maxResults": 50}
    assert not any(body[name]["supported"] for name in ("changePassword", "sort", "etag"))
    (scheme,) = body["authenticationSchemes"]
    assert scheme["description"]
    assert (scheme["type"], scheme["name"]) == ("oauthbearertoken", "OAuth Bearer Token")
    assert scheme["specUri"] == "https://www.rfc-editor.org/info/rfc6750"
    assert scheme["primary"] is True


async def test_36_schemas(service: Service) -> None:
    body = (await service.call("GET", "/Schemas")).json()
    assert body["totalResults"] == 3
    schemas = {schema["id"]: schema for schema in body["Resources"]}
    assert list(schemas) == [CORE + "User", CORE + "Group", ENTERPRISE]
    for urn, schema in schemas.items():
        assert (await service.call("GET", f"/Schemas/{urn}")).json() == schema
        assert schema["meta"] == {"resourceType": "Schema", "location": f"/v2/Schemas/{urn}"}
    user = {attribute["name"]: attribute for attribute in schemas[CORE + "User"]["attributes"]}
    assert user["userName"]["required"] is True
    assert user["userName"]["uniqueness"] == "server"
    assert user["displayName"]["required"] is False
    assert {"roles", "groups", "addresses", "phoneNumbers", "timezone"} <= set(user)
    (name, _) = schemas[CORE + "Group"]["attributes"]
    assert (name["required"], name["uniqueness"]) == (True, "none")
    assert (await service.call("GET", "/Schemas/urn:none")).status_code == 404


async def test_36_resource_types_behind_a_proxy(service: Service) -> None:
    app = build_app(service.store, admin_open=True, base_url="https://scim.x.org")
    headers = {"Authorization": f"Bearer {service.secret}"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), headers=headers) as http:
        url = f"http://inside/{service.tenant_id}/scim/v2/ResourceTypes"
        (user, _) = (await http.get(url)).json()["Resources"]
    home = f"https://scim.x.org/{service.tenant_id}/scim/v2/ResourceTypes"
    assert user["meta"]["location"] == f"{home}/User"


async def test_36_resource_types(service: Service) -> None:
    body = (await service.call("GET", "/ResourceTypes")).json()
    assert body["totalResults"] == 2
    user, group = body["Resources"]
    assert (user["endpoint"], group["endpoint"]) == ("/Users", "/Groups")
    assert user["schemaExtensions"] == [{"schema": ENTERPRISE, "required": True}]
    base = f"http://service.test/{service.tenant_id}/scim/v2/ResourceTypes"
    assert user["meta"] == {"resourceType": "ResourceType", "location": f"{base}/User"}
    assert group["meta"]["location"] == f"{base}/Group"
