"""Statements 7 to 20: users."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.service.scim.scim_kit import ENTERPRISE, Service, email, person

CATCH_ALL = "Request is unparsable, syntactically incorrect, or violates schema."
DUPLICATE = "Refused to create a new, duplicate resource."


@pytest.mark.parametrize("missing", ["userName", "displayName", "givenName", "familyName"])
async def test_07_required_attributes(service: Service, missing: str) -> None:
    body = person()
    body.pop(missing, None)
    body["name"].pop(missing, None)
    answer = await service.call("POST", "/Users", body)
    assert (answer.status_code, answer.json()["detail"]) == (400, CATCH_ALL)
    assert (await service.event())["violated"].endswith(f"{missing}.required")


async def test_08_created_user(service: Service) -> None:
    manager = {"value": "boss-1", "$ref": "../Users/boss-1"}
    body = person(
        externalId="701984",
        profileUrl="https://x.org/ana",
        title="Captain",
        emails=[email("ana@x.org")],
        active=True,
    )
    body[ENTERPRISE] = {"department": "Sea", "manager": manager}
    answer = await service.call("POST", "/Users", body)
    assert answer.status_code == 201
    user = answer.json()
    assert str(UUID(user["id"])) == user["id"]
    assert user == {
        "id": user["id"],
        "externalId": "701984",
        "meta": {
            "resourceType": "User",
            "created": "2026-03-04T05:06:07Z",
            "lastModified": "2026-03-04T05:06:07Z",
        },
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
        "userName": "ana@x.org",
        "name": {"familyName": "B", "givenName": "Ana"},
        "displayName": "Ana B",
        "title": "Captain",
        "active": True,
        "emails": [email("ana@x.org")],
        ENTERPRISE: {"department": "Sea", "manager": {"value": "boss-1"}},
    }
    assert (await service.call("GET", f"/Users/{user['id']}")).json() == user


async def test_08_a_user_without_extension_does_not_claim_it(service: Service) -> None:
    user = await service.create_user(**{ENTERPRISE: {}})
    assert user["schemas"] == ["urn:ietf:params:scim:schemas:core:2.0:User"]


@pytest.mark.parametrize("attribute", ["emails", "phoneNumbers", "addresses", "roles"])
async def test_09_one_value_at_most(service: Service, attribute: str) -> None:
    values = [{"type": "work", "primary": True}, {"type": "home", "primary": True}]
    answer = await service.call("POST", "/Users", person(**{attribute: values}))
    assert answer.status_code == 400
    assert (await service.event())["violated"] == f"{attribute}.single"


@pytest.mark.parametrize("primary", [None, False, "false"])
async def test_10_email_must_be_primary(service: Service, primary: object) -> None:
    answer = await service.call(
        "POST", "/Users", person(emails=[{"value": "a@x.org", "primary": primary}])
    )
    assert answer.status_code == 400
    assert (await service.event())["violated"] == "emails.primary"


@pytest.mark.parametrize("value", [[], ["x"], "x"])
@pytest.mark.parametrize(
    "attribute", ["photos", "ims", "x509Certificates", "entitlements", "password", "groups"]
)
async def test_11_unsupported_attributes(service: Service, attribute: str, value: object) -> None:
    answer = await service.call("POST", "/Users", person(**{attribute: value}))
    assert (answer.status_code, answer.json()["detail"]) == (400, CATCH_ALL)
    assert (await service.event())["violated"] == "attribute.unsupported"


@pytest.mark.parametrize(
    ("again", "violated"),
    [
        ({"userName": "ANA@X.ORG"}, "userName.unique"),
        ({"emails": [email("First@x.org")]}, "emails.unique"),
        ({"externalId": "E-1"}, "externalId.unique"),
    ],
)
async def test_12_duplicates(service: Service, again: dict[str, Any], violated: str) -> None:
    await service.create_user("ana@x.org", externalId="e-1", emails=[email("first@x.org")])
    answer = await service.call("POST", "/Users", {**person("bob@x.org"), **again})
    assert (answer.status_code, answer.json()["detail"]) == (409, DUPLICATE)
    event = await service.event()
    assert event["violated"] == violated
    assert "x.org" not in event["message"]
    assert len(await service.listed("/Users")) == 1


async def test_12_a_change_must_not_duplicate_either(service: Service) -> None:
    await service.create_user("ana@x.org")
    bob = await service.create_user("bob@x.org")
    patched = await service.patch(
        f"/Users/{bob['id']}", {"op": "replace", "path": "userName", "value": "Ana@x.org"}
    )
    put = await service.call("PUT", f"/Users/{bob['id']}", person("Ana@x.org"))
    assert (patched.status_code, put.status_code) == (409, 409)


async def test_13_patch_put_delete(service: Service) -> None:
    user = await service.create_user()
    path = f"/Users/{user['id']}"
    service.clock.advance(timedelta(seconds=5))
    patched = await service.patch(path, {"op": "replace", "path": "title", "value": "Cook"})
    assert patched.status_code == 200
    changed = {**user["meta"], "lastModified": "2026-03-04T05:06:12Z"}
    assert patched.json() == {**user, "title": "Cook", "meta": changed}
    put = await service.call("PUT", path, {**person("cleo@x.org"), "id": user["id"]})
    assert put.status_code == 201
    assert put.json()["userName"] == "cleo@x.org"
    assert put.json()["id"] == user["id"]
    assert put.json()["meta"]["created"] == user["meta"]["created"]
    deleted = await service.call("DELETE", path)
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert await service.listed("/Users") == []


@pytest.mark.parametrize("value", ["false", False, "False"])
async def test_14_patch_active(service: Service, value: object) -> None:
    user = await service.create_user()
    answer = await service.patch(
        f"/Users/{user['id']}", {"op": "replace", "path": "active", "value": value}
    )
    assert answer.status_code == 200
    assert answer.json()["active"] is False


@pytest.mark.parametrize("attribute", ["userName", "active"])
async def test_15_what_cannot_be_removed_or_repeated(service: Service, attribute: str) -> None:
    user = await service.create_user()
    path = f"/Users/{user['id']}"
    removed = await service.patch(path, {"op": "remove", "path": attribute})
    assert removed.status_code == 400
    assert (await service.event())["violated"] == "patch.required"
    change = {"op": "replace", "path": attribute, "value": "true"}
    repeated = await service.patch(path, change, {**change, "op": "add"})
    assert repeated.status_code == 400
    assert (await service.event())["violated"] == "patch.repeated"
    assert (await service.call("GET", path)).json() == user


async def test_16_patch_without_path(service: Service) -> None:
    user = await service.create_user()
    path = f"/Users/{user['id']}"
    one = await service.patch(path, {"op": "replace", "value": {"active": False}})
    assert (one.status_code, one.json()["active"]) == (200, False)
    two = await service.patch(path, {"op": "replace", "value": {"active": True, "title": "x"}})
    assert two.status_code == 400
    assert two.json()["detail"] == (
        'Current PATCH support allows omitting "path" attribute only for Add and Replace'
        " operations modifying a single attribute."
    )
    assert (await service.call("GET", path)).json()["active"] is False


async def test_17_remove_without_path(service: Service) -> None:
    user = await service.create_user()
    answer = await service.patch(f"/Users/{user['id']}", {"op": "remove", "value": {"title": 1}})
    assert answer.status_code == 400
    event = await service.event()
    assert (event["violated"], event["message"]) == ("patch.path", "Missing path in PATCH request")


@pytest.mark.parametrize(
    ("more", "violated"),
    [
        ({"title": ""}, "text.empty"),
        ({"userName": ""}, "text.empty"),
        ({"name": {"givenName": "", "familyName": "B"}}, "text.empty"),
        ({"userName": "ana b"}, "userName.pattern"),
        ({"userName": "a" * 129}, "text.length"),
        ({"title": "t" * 1025}, "text.length"),
        ({"externalId": "e" * 257}, "text.length"),
        ({"title": "a\u0000b"}, "text.pattern"),
    ],
)
async def test_18_texts(service: Service, more: dict[str, Any], violated: str) -> None:
    answer = await service.call("POST", "/Users", {**person(), **more})
    assert answer.status_code == 400
    event = await service.event()
    assert event["violated"] == violated
    assert event["message"].startswith("1 validation error detected: Value at '")


async def test_18_the_longest_texts_pass(service: Service) -> None:
    user = await service.create_user("u" * 128, title="t" * 1024, externalId="e" * 256)
    assert len(user["title"]) == 1024


@pytest.mark.parametrize("user_id", ["00000000-0000-4000-8000-000000000000", "nonsense"])
async def test_19_unknown_ids(service: Service, user_id: str) -> None:
    path = f"/Users/{user_id}"
    change = {"op": "replace", "path": "title", "value": "x"}
    answers = [
        await service.call("GET", path),
        await service.patch(path, change),
        await service.call("PUT", path, person()),
        await service.call("DELETE", path),
    ]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert (await service.event())["violated"] == "resource.unknown"


async def test_20_created_again_with_another_id(service: Service) -> None:
    first = await service.create_user(externalId="1", emails=[email("ana@x.org")])
    group = await service.create_group(members=[{"value": first["id"]}])
    await service.call("DELETE", f"/Users/{first['id']}")
    second = await service.create_user(externalId="1", emails=[email("ana@x.org")])
    assert second["id"] != first["id"]
    assert await service.members(group["id"]) == set()
    counts = dict(service.store.reader().execute("SELECT name, n FROM counts").fetchall())
    assert counts == {"users": 1, "active_users": 1, "groups": 1, "memberships": 0}
