"""Statements 21 to 25, 43 to 46 and 51: groups and their members."""

from datetime import timedelta
from typing import Any

import pytest

from tests.service.scim.scim_kit import Json, Service

NOBODY = "00000000-0000-4000-8000-000000000000"


def joining(*ids: str) -> Json:
    return {"op": "add", "path": "members", "value": [{"value": user_id} for user_id in ids]}


def leaving(*ids: str) -> Json:
    return {**joining(*ids), "op": "remove"}


async def two_users(service: Service) -> tuple[str, str]:
    ana = await service.create_user("ana@x.org")
    bob = await service.create_user("bob@x.org")
    return ana["id"], bob["id"]


async def test_21_created_group(service: Service) -> None:
    ana, bob = await two_users(service)
    members = [{"value": ana, "display": "Ana", "$ref": None}, {"value": bob, "type": "User"}]
    answer = await service.call(
        "POST", "/Groups", {"displayName": "Crew", "externalId": "g-1", "members": members}
    )
    group = answer.json()
    assert answer.status_code == 201
    assert group == {
        "id": group["id"],
        "externalId": "g-1",
        "meta": {
            "resourceType": "Group",
            "created": "2026-03-04T05:06:07Z",
            "lastModified": "2026-03-04T05:06:07Z",
        },
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": "Crew",
    }
    assert await service.members(group["id"]) == {ana, bob}


@pytest.mark.parametrize("number", [100, 101])
async def test_21_members_in_one_create(service: Service, number: int) -> None:
    user = await service.create_user()
    members = [{"value": user["id"]}] * number
    answer = await service.call("POST", "/Groups", {"displayName": "Crew", "members": members})
    assert answer.status_code == (201 if number == 100 else 400)
    assert (await service.event())["violated"] == ("" if number == 100 else "members.limit")


@pytest.mark.parametrize(
    ("again", "violated"),
    [
        ({"displayName": "CREW"}, "group.displayName.unique"),
        ({"displayName": "Other", "externalId": "G-1"}, "externalId.unique"),
    ],
)
async def test_21_duplicates(service: Service, again: Json, violated: str) -> None:
    await service.create_group("Crew", externalId="g-1")
    other = await service.create_group("Third")
    created = await service.call("POST", "/Groups", again)
    assert created.status_code == 409
    assert created.json()["detail"] == "Refused to create a new, duplicate resource."
    assert (await service.event())["violated"] == violated
    operations = [{"op": "replace", "path": key, "value": value} for key, value in again.items()]
    assert (await service.patch(f"/Groups/{other['id']}", *operations)).status_code == 409


async def test_21_a_group_with_an_unknown_member_is_not_made(service: Service) -> None:
    ana, _ = await two_users(service)
    members = [{"value": ana}, {"value": NOBODY}]
    answer = await service.call("POST", "/Groups", {"displayName": "Crew", "members": members})
    assert answer.status_code == 400
    assert (await service.event())["violated"] == "members.unknown"
    assert await service.listed("/Groups") == []


async def test_22_patch_answers_nothing(service: Service) -> None:
    ana, bob = await two_users(service)
    group = await service.create_group(members=[{"value": ana}])
    path = f"/Groups/{group['id']}"
    service.clock.advance(timedelta(seconds=3))
    answer = await service.patch(
        path,
        joining(bob),
        leaving(ana),
        {"op": "replace", "path": "displayName", "value": "Sailors"},
        {"op": "replace", "path": "externalId", "value": "g-2"},
    )
    assert (answer.status_code, answer.content) == (204, b"")
    assert await service.members(group["id"]) == {bob}
    after = (await service.call("GET", path)).json()
    assert (after["displayName"], after["externalId"]) == ("Sailors", "g-2")
    assert after["meta"]["created"] == group["meta"]["created"]
    assert after["meta"]["lastModified"] == "2026-03-04T05:06:10Z"


@pytest.mark.parametrize("number", [100, 101])
async def test_22_member_changes_in_one_patch(service: Service, number: int) -> None:
    ana, bob = await two_users(service)
    group = await service.create_group()
    answer = await service.patch(
        f"/Groups/{group['id']}", joining(*[ana] * 60), leaving(*[bob] * (number - 60))
    )
    assert answer.status_code == (204 if number == 100 else 400)
    assert await service.members(group["id"]) == ({ana} if number == 100 else set())


@pytest.mark.parametrize(
    ("operation", "violated"),
    [
        ({"op": "replace", "path": "members", "value": [{"value": "new"}]}, "members.replace"),
        ({"op": "replace", "path": "members", "value": []}, "members.replace"),
        ({"op": "replace", "path": "members"}, "patch.value"),
        ({"op": "replace", "value": {"members": []}}, "members.replace"),
        ({"op": "remove", "path": "members"}, "members.removeAll"),
        ({"op": "remove", "path": "members", "value": []}, "members.removeAll"),
        ({"op": "remove", "path": "members", "value": None}, "members.removeAll"),
        ({"op": "remove", "path": "members", "value": [{}]}, "members.value"),
        ({"op": "add", "path": "members", "value": "ana"}, "type.list"),
        ({"op": "add", "path": 'members[value eq "x"]', "value": "x"}, "patch.attribute"),
        ({"op": "remove", "path": "displayName"}, "displayName.required"),
        ({"op": "replace", "path": "displayName", "value": ""}, "text.empty"),
        ({"op": "replace", "path": "members.value", "value": "x"}, "patch.attribute"),
        ({"op": "replace", "path": "id", "value": "x"}, "patch.attribute"),
        ({"op": "replace", "path": 7, "value": "x"}, "patch.path"),
        ({"op": "move", "path": "displayName", "value": "x"}, "patch.op"),
    ],
)
async def test_23_and_45_refused_changes(
    service: Service, operation: dict[str, Any], violated: str
) -> None:
    """Also 51: the change before the refused one has not happened."""
    ana, bob = await two_users(service)
    group = await service.create_group(members=[{"value": ana}])
    answer = await service.patch(f"/Groups/{group['id']}", joining(bob), operation)
    assert answer.status_code == 400
    assert (await service.event())["violated"] == violated
    assert await service.members(group["id"]) == {ana}
    assert (await service.call("GET", f"/Groups/{group['id']}")).json() == group


async def test_23_text_of_a_refused_replacement(service: Service) -> None:
    group = await service.create_group()
    answer = await service.patch(
        f"/Groups/{group['id']}", {"op": "replace", "path": "members", "value": []}
    )
    assert answer.json()["detail"] == "Replacing group memberships is not supported."


async def test_24_members_are_never_shown(service: Service) -> None:
    user = await service.create_user()
    group = await service.create_group(members=[{"value": user["id"]}])
    assert (await service.call("GET", f"/Groups/{group['id']}")).json() == group
    assert "members" not in group
    assert await service.listed("/Groups") == [{**group, "members": []}]
    assert await service.listed("/Groups?cursor") == [{**group, "members": []}]


async def test_25_groups_of_a_user(service: Service) -> None:
    ana, bob = await two_users(service)
    crew = await service.create_group("Crew", members=[{"value": ana}])
    await service.create_group("Cooks")
    unknown = await service.call("GET", f'/Groups?filter=members.value eq "{NOBODY}"')
    assert unknown.status_code == 404
    assert await service.listed(f'/Groups?filter=members.value eq "{bob}"') == []
    found = await service.listed(f'/Groups?filter=members.value eq "{ana}"')
    assert [group["id"] for group in found] == [crew["id"]]


async def test_43_joining_twice_changes_nothing(service: Service) -> None:
    ana, bob = await two_users(service)
    group = await service.create_group(members=[{"value": ana}])
    path = f"/Groups/{group['id']}"
    service.clock.advance(timedelta(seconds=3))
    answers = [await service.patch(path, change) for change in (joining(ana), leaving(bob))]
    answers.append(await service.patch(path, leaving(NOBODY)))
    assert [answer.status_code for answer in answers] == [204] * 3
    assert await service.members(group["id"]) == {ana}
    assert (await service.call("GET", path)).json() == group


@pytest.mark.parametrize("more", [{"displayName": "Sailors"}, {"externalId": "g-9"}])
@pytest.mark.parametrize("with_id", [True, False])
async def test_44_replace_without_path(service: Service, more: Json, with_id: bool) -> None:
    group = await service.create_group()
    value = {"id": group["id"], **more} if with_id else more
    answer = await service.patch(f"/Groups/{group['id']}", {"op": "replace", "value": value})
    assert answer.status_code == 204
    after = (await service.call("GET", f"/Groups/{group['id']}")).json()
    assert after == {**group, **more}


async def test_44_id_is_no_licence_for_two(service: Service) -> None:
    group = await service.create_group()
    value = {"id": group["id"], "displayName": "x", "externalId": "y"}
    answer = await service.patch(f"/Groups/{group['id']}", {"op": "replace", "value": value})
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("Current PATCH support allows omitting")


async def test_46_put_of_a_group_is_refused_and_never_404(service: Service) -> None:
    group = await service.create_group()
    for group_id in (group["id"], NOBODY):
        answer = await service.call("PUT", f"/Groups/{group_id}", {"displayName": "Other"})
        assert answer.status_code == 405
        event = await service.event()
        assert (event["operation"], event["violated"]) == ("PutGroup", "put.group")
    assert (await service.call("GET", f"/Groups/{group['id']}")).json() == group


async def test_one_member_leaves_by_filter(service: Service) -> None:
    ana, bob = await two_users(service)
    group = await service.create_group(members=[{"value": ana}, {"value": bob}])
    answer = await service.patch(
        f"/Groups/{group['id']}", {"op": "Remove", "path": f'members[value eq "{ana}"]'}
    )
    assert answer.status_code == 204
    assert await service.members(group["id"]) == {bob}


async def test_delete_group(service: Service) -> None:
    user = await service.create_user()
    group = await service.create_group(members=[{"value": user["id"]}])
    path = f"/Groups/{group['id']}"
    answer = await service.call("DELETE", path)
    assert (answer.status_code, answer.content) == (204, b"")
    gone = [await service.call(method, path) for method in ("GET", "DELETE")]
    gone.append(await service.patch(path, joining(user["id"])))
    assert [answer.status_code for answer in gone] == [404] * 3
    assert await service.listed(f'/Groups?filter=members.value eq "{user["id"]}"') == []


async def test_external_id_can_be_cleared(service: Service) -> None:
    group = await service.create_group(externalId="g-1")
    answer = await service.patch(f"/Groups/{group['id']}", {"op": "remove", "path": "externalId"})
    assert answer.status_code == 204
    assert "externalId" not in (await service.call("GET", f"/Groups/{group['id']}")).json()
    await service.create_group("Other", externalId="g-1")


async def test_a_path_may_name_the_schema(service: Service) -> None:
    group = await service.create_group()
    path = "urn:ietf:params:scim:schemas:core:2.0:Group:displayName"
    answer = await service.patch(
        f"/Groups/{group['id']}", {"op": "replace", "path": path, "value": "Sailors"}
    )
    assert answer.status_code == 204
    after = (await service.call("GET", f"/Groups/{group['id']}")).json()
    assert after["displayName"] == "Sailors"
