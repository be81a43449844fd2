"""What the ledger is told of each request, and what it is not told."""

from datetime import timedelta

import pytest

from scim_tui.service.store import tokens
from tests.service.scim.scim_kit import Json, Service, email, person

JOIN = {"op": "add", "path": "members", "value": []}
TITLE = {"op": "replace", "path": "title", "value": "x"}


async def test_every_operation_has_its_event(service: Service) -> None:
    user = await service.create_user("Ana@x.org")
    group = await service.create_group("Crew")
    user_path, group_path = f"/Users/{user['id']}", f"/Groups/{group['id']}"
    calls: list[tuple[str, str, Json | None, str, str | None, str | None]] = [
        ("POST", "/Users", person("bob@x.org"), "CreateUser", "bob@x.org", "?"),
        ("GET", user_path, None, "GetUser", "Ana@x.org", user["id"]),
        ("GET", '/Users?filter=userName eq "ana@x.org"', None, "ListUsers", "ana@x.org", None),
        ("PATCH", user_path, {"Operations": [TITLE]}, "PatchUser", "Ana@x.org", user["id"]),
        ("PUT", user_path, person("Ana@x.org"), "PutUser", "Ana@x.org", user["id"]),
        ("DELETE", user_path, None, "DeleteUser", "Ana@x.org", user["id"]),
        ("POST", "/Groups", {"displayName": "Cooks"}, "CreateGroup", "Cooks", "?"),
        ("GET", group_path, None, "GetGroup", "Crew", group["id"]),
        ("GET", "/Groups?cursor", None, "ListGroups", None, None),
        ("PATCH", group_path, {"Operations": [JOIN]}, "PatchGroup", "Crew", group["id"]),
        ("DELETE", group_path, None, "DeleteGroup", "Crew", group["id"]),
        ("GET", "/ServiceProviderConfig", None, "ServiceProviderConfig", None, None),
        ("GET", "/Schemas", None, "ListSchemas", None, None),
        ("GET", "/Schemas/urn:x", None, "GetSchema", None, "urn:x"),
        ("GET", "/ResourceTypes", None, "ListResourceTypes", None, None),
        ("GET", "/Me", None, "Unsupported", None, None),
    ]
    for method, path, body, operation, target, resource_id in calls:
        answer = await service.call(method, path, body)
        event = await service.event()
        wanted = answer.json()["id"] if resource_id == "?" else resource_id
        assert (event["operation"], event["target"]) == (operation, target)
        assert (event["resource_id"], event["status"]) == (wanted, answer.status_code)
        assert event["request_id"] == answer.headers["x-amzn-RequestId"]
        assert (event["token_id"], event["client"]) == (service.token_id, "test-idp/1")
        assert event["at"] == service.clock().timestamp()
        assert event["duration_ms"] > 0
        assert (event["violated"] == "") == (answer.status_code < 400)


async def events(service: Service) -> int:
    await service.flush()
    found: int = service.store.reader().execute("SELECT count(*) FROM events").fetchone()[0]
    return found


async def test_one_event_a_request(service: Service) -> None:
    await service.call("POST", "/Users", {})
    await service.create_user()
    await service.call("GET", "/Users")
    assert await events(service) == 3


async def test_a_bad_token_is_an_event_of_its_tenant_only(service: Service) -> None:
    headers = {"Authorization": "Bearer no", "User-Agent": "stranger/" + "9" * 500}
    await service.http.get("/another/scim/v2/Users", headers=headers)
    assert await events(service) == 0
    await service.call("GET", "/Users", headers=headers)
    event = await service.event()
    assert (event["operation"], event["status"]) == ("ListUsers", 401)
    assert event["violated"] == "token.unauthorized"
    assert event["token_id"] is None
    assert 100 < len(event["client"]) <= 256


async def test_an_event_records_whether_its_token_is_or_was_known_here(service: Service) -> None:
    async def newest() -> tuple[object, ...]:
        await service.call("GET", "/Users")
        event = await service.event()
        return event["status"], event["token_known"], event["token_id"]

    store, token_id = service.store, service.token_id
    assert await newest() == (200, 1, token_id)
    await store.write(lambda c: tokens.suspend(c, token_id, 1.0))
    assert await newest() == (401, 1, token_id)
    await store.write(lambda c: tokens.reinstate(c, token_id))
    service.clock.advance(timedelta(days=400))
    assert await newest() == (401, 1, token_id)
    await store.write(lambda c: tokens.delete(c, token_id))
    assert await newest() == (401, 1, token_id)
    wrong = {"Authorization": "Bearer " + "w" * 43}
    await service.call("GET", "/Users", headers=wrong)
    event = await service.event()
    assert (event["status"], event["token_known"], event["token_id"]) == (401, 0, None)
    assert event["address"] == "127.0.0.1"


async def test_a_deleted_token_at_a_tenant_that_is_off_is_no_event(service: Service) -> None:
    await service.store.write(lambda c: tokens.delete(c, service.token_id))
    await service.store.write(lambda c: tokens.disable(c, 1.0))
    await service.call("GET", "/Users")
    assert await events(service) == 0


@pytest.mark.parametrize(
    ("body", "target"),
    [
        (person("z" * 2000), "z" * 256),
        ({**person(), "userName": ["list"]}, None),
        ({"displayName": "only"}, None),
    ],
)
async def test_target_of_a_refused_user(service: Service, body: Json, target: str | None) -> None:
    await service.call("POST", "/Users", body)
    event = await service.event()
    assert (event["status"], event["target"]) == (400, target)


async def test_messages_name_no_person(service: Service) -> None:
    secret = "Zaphod"
    bodies = [
        {**person(), "userName": f"{secret} B"},
        {**person(), "title": f"{secret}\u0000"},
        {**person(), "name": {"givenName": secret * 300, "familyName": "\u0007"}},
        {**person(), "emails": [email(secret, display=secret)]},
        {**person(), "active": secret},
        {**person(), secret: secret, "password": secret},
    ]
    for body in bodies:
        answer = await service.call("POST", "/Users", body)
        event = await service.event()
        assert answer.status_code == 400
        assert secret not in event["message"] + answer.text + event["violated"]
    user = await service.create_user()
    for path in (f'emails[value co "{secret}"]', f'emails[{secret} eq "x"]', secret, f"x:{secret}"):
        operation = {"op": "replace", "path": path, "value": secret}
        answer = await service.patch(f"/Users/{user['id']}", operation)
        event = await service.event()
        assert answer.status_code == 400
        assert secret not in event["message"] + answer.text


async def test_several_faults_are_counted(service: Service) -> None:
    name = {"givenName": "", "familyName": "\u0007"}
    await service.call("POST", "/Users", {**person(), "name": name, "title": ""})
    message = (await service.event())["message"]
    assert message.startswith("3 validation errors detected: Value at 'title' failed")
    assert message.count("Value at '") == 3
    assert "Value at 'name.familyName'" in message


async def test_a_taken_value_is_recorded_with_the_user_who_has_it(service: Service) -> None:
    holder = await service.create_user("ana@x.org", emails=[email("mail@x.org")])
    other = await service.create_user("bo@x.org")
    await service.call("POST", "/Users", person("cy@x.org", emails=[email("mail@x.org")]))
    assert (await service.event())["holder"] == holder["id"]
    await service.patch(
        f"/Users/{other['id']}", {"op": "replace", "path": "userName", "value": "ana@x.org"}
    )
    event = await service.event()
    assert (event["violated"], event["holder"]) == ("userName.unique", holder["id"])
    await service.call("POST", "/Users", {"userName": "x"})
    assert (await service.event())["holder"] is None
