"""Statements 41, 42, 48, 50, 52 and 53: what real clients send."""

from typing import Any

import pytest

from tests.service.scim.scim_kit import ENTERPRISE, Json, Service, email, person

ZERO_META = {"created": "0001-01-01T00:00:00Z", "location": "", "version": ""}


@pytest.mark.parametrize(
    "more",
    [
        {"id": ""},
        {"id": "of-the-client"},
        {"meta": {}},
        {"meta": ZERO_META},
        {"schemas": None},
        {"schemas": []},
        {"externalId": None, "emails": None, "name": {"middleName": None}},
        {"emails": [], "phoneNumbers": [], "addresses": [], "roles": []},
        {"favouriteColour": {"deep": [1]}},
        {"active": None},
    ],
)
async def test_41_harmless_extras(service: Service, more: dict[str, Any]) -> None:
    plain = await service.create_user("plain@x.org")
    name = {**person()["name"], **more.get("name", {})}
    user = await service.create_user("ana@x.org", **{**more, "name": name})
    assert user["id"] not in ("", "of-the-client")
    assert {**user, "id": plain["id"], "userName": "plain@x.org"} == plain
    group = await service.create_group("Crew", **{key: more[key] for key in more if key != "name"})
    assert group["meta"]["created"] == "2026-03-04T05:06:07Z"


async def test_42_put_replaces_everything(service: Service) -> None:
    user = await service.create_user(
        title="Captain",
        externalId="e",
        emails=[email("a@x.org")],
        **{ENTERPRISE: {"division": "x"}},
    )
    assert user["active"] is True
    answer = await service.call("PUT", f"/Users/{user['id']}", person())
    assert answer.status_code == 201
    assert set(answer.json()) == {
        "id",
        "meta",
        "schemas",
        "userName",
        "name",
        "displayName",
        "active",
    }
    assert answer.json()["active"] is False
    other = await service.create_user("b@x.org", externalId="e", emails=[email("a@x.org")])
    back = await service.call("PUT", f"/Users/{other['id']}", person("b@x.org", active=True))
    assert back.json()["active"] is True


async def test_48_content_type_without_content(service: Service) -> None:
    user = await service.create_user()
    headers = {
        "Content-Type": "application/scim+json; charset=utf-8",
        "Accept": "application/scim+json",
    }
    path = f"/Users/{user['id']}"
    assert (await service.call("GET", path, headers=headers)).status_code == 200
    assert (await service.call("DELETE", path, headers=headers)).status_code == 204


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("True", True), ("False", False), ("true", True), ("false", False), (False, False)],
)
async def test_50_booleans(service: Service, sent: object, kept: bool) -> None:
    user = await service.create_user(active=sent, emails=[email("a@x.org", primary="True")])
    assert user["active"] is kept
    assert user["emails"] == [email("a@x.org")]
    path = f"/Users/{user['id']}"
    put = await service.call("PUT", path, person(active=sent))
    assert put.json()["active"] is kept
    for op in ("Replace", "ADD"):
        patched = await service.patch(path, {"op": op, "path": "active", "value": sent})
        assert patched.json()["active"] is kept


@pytest.mark.parametrize("sent", ["yes", 1, [], {}])
async def test_50_what_is_no_boolean(service: Service, sent: object) -> None:
    answer = await service.call("POST", "/Users", person(active=sent))
    assert answer.status_code == 400
    assert (await service.event())["violated"] == "type.boolean"


async def test_50_members_with_more_than_a_value(service: Service) -> None:
    user = await service.create_user()
    group = await service.create_group()
    member = {"value": user["id"], "$ref": None, "display": "Ana", "type": "User"}
    answer = await service.patch(
        f"/Groups/{group['id']}", {"op": "Add", "path": "members", "value": [member]}
    )
    assert answer.status_code == 204
    assert await service.members(group["id"]) == {user["id"]}


async def test_52_foreign_schemas(service: Service) -> None:
    user = await service.create_user(
        schemas=["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE, "urn:onelogin:1.0:User"]
    )
    assert user["schemas"] == ["urn:ietf:params:scim:schemas:core:2.0:User"]


@pytest.mark.parametrize("path", ["//Users", "///Users/", "/Users/", "/Users//"])
async def test_53_doubled_slashes(service: Service, path: str) -> None:
    user = await service.create_user()
    assert await service.listed(path) == [user]
    assert (await service.call("GET", f"{path}/{user['id']}")).json() == user


async def test_attribute_names_in_any_case(service: Service) -> None:
    body: Json = {
        "USERNAME": "ana@x.org",
        "displayname": "Ana B",
        "Name": {"givenname": "Ana", "FAMILYNAME": "B"},
        "Emails": [{"Value": "a@x.org", "TYPE": "work", "Primary": True}],
        ENTERPRISE.lower(): {"Department": "Sea", "MANAGER": "boss"},
    }
    answer = await service.call("POST", "/Users", body)
    assert answer.status_code == 201
    assert answer.json()["emails"] == [email("a@x.org")]
    assert answer.json()[ENTERPRISE] == {"department": "Sea", "manager": {"value": "boss"}}
    twice = await service.call("POST", "/Users", {**person("b@x.org"), "username": "c@x.org"})
    assert twice.status_code == 400
