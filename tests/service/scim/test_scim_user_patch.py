"""What a PATCH of a user does, path by path; also statement 51."""

from datetime import timedelta
from typing import Any

import pytest

from tests.service.scim.scim_kit import ENTERPRISE, Json, Service, email

CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
FULL: Json = {
    "title": "Cook",
    "externalId": "e-1",
    "emails": [email("a@x.org")],
    "addresses": [{"type": "work", "locality": "Bonn", "primary": True}],
    "roles": [{"value": "admin"}],
    ENTERPRISE: {"department": "Sea", "costCenter": "7", "manager": {"value": "boss"}},
}


async def full(service: Service, **more: object) -> Json:
    return await service.create_user("ana@x.org", **{**FULL, **more})


def change(path: str | None, value: object, op: str = "replace") -> Json:
    return {"op": op, "value": value} if path is None else {"op": op, "path": path, "value": value}


def remove(path: str, **more: object) -> Json:
    return {"op": "remove", "path": path, **more}


def work(value: str) -> list[Json]:
    return [email(value)]


ENT = FULL[ENTERPRISE]
CASES: list[tuple[Json, str, Any]] = [
    (change("title", "Captain"), "title", "Captain"),
    (change("TITLE", "Captain", "add"), "title", "Captain"),
    (change(f"{CORE}:title", "Captain"), "title", "Captain"),
    (change("title", None), "title", None),
    (remove("title"), "title", None),
    (remove("nickName"), "nickName", None),
    (change("userName", "Neu@x.org"), "userName", "Neu@x.org"),
    (change("externalId", "e-2"), "externalId", "e-2"),
    (remove("externalId"), "externalId", None),
    (change("profileUrl", "https://x.org"), "profileUrl", None),
    (change("name.familyName", "C"), "name", {"familyName": "C", "givenName": "Ana"}),
    (change("name", {"FamilyName": "C"}), "name", {"familyName": "C", "givenName": "Ana"}),
    (change(None, {"name.familyName": "C"}), "name", {"familyName": "C", "givenName": "Ana"}),
    (
        change(None, {"name": {"middleName": "M"}}, "add"),
        "name",
        {"familyName": "B", "givenName": "Ana", "middleName": "M"},
    ),
    (remove("name.middleName"), "name", {"familyName": "B", "givenName": "Ana"}),
    (change('emails[type eq "work"].value', "n@x.org"), "emails", work("n@x.org")),
    (change('emails[TYPE EQ "Work"].Value', "n@x.org", "add"), "emails", work("n@x.org")),
    (change("emails[primary eq true].value", "n@x.org"), "emails", work("n@x.org")),
    (change("emails.value", "n@x.org"), "emails", work("n@x.org")),
    (change('emails[value eq "a@x.org"]', {"value": "n@x.org"}), "emails", work("n@x.org")),
    (change("emails", work("n@x.org")), "emails", work("n@x.org")),
    (change("emails", email("n@x.org")), "emails", work("n@x.org")),
    (
        change("emails", [email("a@x.org", type="home")], "add"),
        "emails",
        [email("a@x.org", type="home")],
    ),
    (change(None, {"emails": work("n@x.org")}), "emails", work("n@x.org")),
    (change(None, {'emails[type eq "work"].value': "n@x.org"}), "emails", work("n@x.org")),
    (remove("emails"), "emails", None),
    (remove("emails", value=[{"value": "a@x.org"}]), "emails", None),
    (remove("emails", value=[{"value": "other"}]), "emails", work("a@x.org")),
    (remove('emails[type eq "work"]'), "emails", None),
    (remove('emails[type eq "home"]'), "emails", work("a@x.org")),
    (change("emails", []), "emails", None),
    (
        remove("addresses[primary eq true].locality"),
        "addresses",
        [{"type": "work", "primary": True}],
    ),
    (
        change("addresses[primary eq true].locality", "Köln"),
        "addresses",
        [{"locality": "Köln", "type": "work", "primary": True}],
    ),
    (
        change('phoneNumbers[type eq "mobile"].value', "12", "add"),
        "phoneNumbers",
        [{"value": "12", "type": "mobile"}],
    ),
    (change(f"{ENTERPRISE}:department", "Air"), ENTERPRISE, {**ENT, "department": "Air"}),
    (
        remove(f"{ENTERPRISE}:department"),
        ENTERPRISE,
        {"costCenter": "7", "manager": {"value": "boss"}},
    ),
    (change(ENTERPRISE, {"division": "D"}), ENTERPRISE, {**ENT, "division": "D"}),
    (change(None, {ENTERPRISE: {"division": "D"}}), ENTERPRISE, {**ENT, "division": "D"}),
    (change(None, {f"{ENTERPRISE}:division": "D"}), ENTERPRISE, {**ENT, "division": "D"}),
    (change(f"{ENTERPRISE}:manager", "chief"), ENTERPRISE, {**ENT, "manager": {"value": "chief"}}),
    (
        change(f"{ENTERPRISE}:manager", {"value": "chief", "$ref": "x"}),
        ENTERPRISE,
        {**ENT, "manager": {"value": "chief"}},
    ),
    (
        change(f"{ENTERPRISE}:manager.value", "chief"),
        ENTERPRISE,
        {**ENT, "manager": {"value": "chief"}},
    ),
    (change("manager.value", "chief"), ENTERPRISE, {**ENT, "manager": {"value": "chief"}}),
    (change("manager.$ref", "x"), ENTERPRISE, ENT),
    (remove(f"{ENTERPRISE}:manager"), ENTERPRISE, {"department": "Sea", "costCenter": "7"}),
    (remove(ENTERPRISE), ENTERPRISE, None),
]


@pytest.mark.parametrize(("operation", "attribute", "expected"), CASES)
async def test_accepted(
    service: Service, operation: Json, attribute: str, expected: object
) -> None:
    user = await full(service)
    answer = await service.patch(f"/Users/{user['id']}", operation)
    assert answer.status_code == 200, answer.text
    after = answer.json()
    assert after.get(attribute) == expected
    same = set(user) | set(after)
    for other in same - {attribute, "meta", "schemas"}:
        assert after.get(other) == user.get(other)
    assert (ENTERPRISE in after["schemas"]) == (ENTERPRISE in after)
    assert (await service.call("GET", f"/Users/{user['id']}")).json() == after


@pytest.mark.parametrize(
    ("operation", "violated"),
    [
        (change("roles", [{"value": "x"}]), "patch.attribute"),
        (change("photos", []), "attribute.unsupported"),
        (change("groups", []), "attribute.unsupported"),
        (change("id", "x"), "patch.attribute"),
        (change("meta.created", "x"), "patch.attribute"),
        (change("department", "x"), "patch.attribute"),
        (change("favourite", "x"), "patch.attribute"),
        (change("urn:okta:custom:1.0:user:x", "x"), "patch.attribute"),
        (change("title.sub", "x"), "patch.attribute"),
        (change("name.nothing", "x"), "patch.attribute"),
        (change('name[type eq "x"].familyName', "x"), "patch.attribute"),
        (change(f"{ENTERPRISE}:nothing", "x"), "patch.attribute"),
        (change(f"{ENTERPRISE}:department.x", "x"), "patch.attribute"),
        (change(f"{ENTERPRISE}:manager.x", "x"), "patch.attribute"),
        (change('emails[type eq "work"].nothing', "x"), "patch.attribute"),
        (change('emails[nothing eq "work"].value', "x"), "patch.attribute"),
        (change('emails[type sw "work"].value', "x"), "filter.invalid"),
        (change('emails[type eq "a" and primary eq true].value', "x"), "filter.invalid"),
        (change(r'emails[type eq "\ud800"].value', "x"), "filter.invalid"),
        (change('emails[type eq "work"]', "x"), "type.complex"),
        (change('emails[type eq "work"].display', "x"), "attribute.display"),
        (change('emails[type eq "home"].value', "b@x.org"), "emails.single"),
        (change("emails", [email("b@x.org")], "add"), "emails.single"),
        (change("emails", ["b@x.org"]), "type.complex"),
        (change("emails[primary eq true].primary", False), "emails.primary"),
        (change("name", "Ana"), "type.complex"),
        (change("name", None), "name.givenName.required"),
        (change(ENTERPRISE, "x"), "type.complex"),
        (change("manager.displayName", "x"), "attribute.unsupported"),
        (change("manager.value", ""), "text.empty"),
        (change("title", ""), "text.empty"),
        (change("title", 7), "type.text"),
        (change("userName", "a b"), "userName.pattern"),
        (change("userName", "Administrator"), "userName.reserved"),
        (change("active", "maybe"), "type.boolean"),
        (change("active", None), "patch.required"),
        (remove("displayName"), "displayName.required"),
        (remove("name.givenName"), "name.givenName.required"),
        (remove("name"), "name.givenName.required"),
        ({"op": "replace", "path": "title"}, "patch.value"),
        ({"op": "add"}, "patch.value"),
        ({"op": "replace", "value": "x"}, "patch.path"),
        ({"op": "replace", "path": "", "value": "x"}, "patch.path"),
        ({"op": "replace", "value": {}}, "patch.singleAttribute"),
        ({"op": "replace", "value": {"id": "x"}}, "patch.singleAttribute"),
        ({"op": "copy", "path": "title", "value": "x"}, "patch.op"),
        ({"path": "title", "value": "x"}, "patch.op"),
    ],
)
async def test_51_a_refused_operation_undoes_all(
    service: Service, operation: Json, violated: str
) -> None:
    user = await full(service)
    path = f"/Users/{user['id']}"
    answer = await service.patch(path, change("nickName", "Nan"), operation)
    assert answer.status_code == 400
    event = await service.event()
    assert event["violated"] == violated
    assert not any(text in event["message"] for text in ("x.org", "a b", "okta", "maybe"))
    assert (await service.call("GET", path)).json() == user


@pytest.mark.parametrize("operations", [None, [], {}, ["x"], [None]])
async def test_a_patch_without_operations(service: Service, operations: object) -> None:
    user = await full(service)
    body = {"Operations": operations}
    answer = await service.call("PATCH", f"/Users/{user['id']}", body)
    assert answer.status_code == 400
    assert (await service.event())["violated"] == "patch.op"


async def test_an_email_made_through_a_path_is_the_primary_one(service: Service) -> None:
    user = await service.create_user()
    answer = await service.patch(
        f"/Users/{user['id']}", change('emails[type eq "work"].value', "n@x.org", "Add")
    )
    assert answer.json()["emails"] == work("n@x.org")


async def test_a_freed_name_and_address_can_be_taken(service: Service) -> None:
    user = await full(service)
    answer = await service.patch(
        f"/Users/{user['id']}",
        change("userName", "new@x.org"),
        change("emails.value", "new@x.org"),
        remove("externalId"),
    )
    assert answer.status_code == 200
    await full(service)


async def test_nothing_changed_is_not_a_change(service: Service) -> None:
    user = await full(service)
    service.clock.advance(timedelta(seconds=9))
    answer = await service.patch(f"/Users/{user['id']}", change("title", "Cook"))
    assert answer.json() == user


async def test_operations_with_small_letters(service: Service) -> None:
    user = await full(service)
    body = {"operations": [change("title", "Captain")]}
    answer = await service.call("PATCH", f"/Users/{user['id']}", body)
    assert answer.json()["title"] == "Captain"
