"""No body costs more than in proportion to its length, whatever it holds.

Counted in calls of functions, which no load of the computer changes.
"""

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from scim_tui.service.scim.patch import MAX_OPERATIONS
from tests.service.scim.scim_kit import ENTERPRISE, PATCH_OP, Json, Service, email, person

SMALL = 120
SLACK = 1.3
"""More than four times as much for four times as long, for what is done once a request."""


def patch(operations: list[Json]) -> Json:
    return {"schemas": [PATCH_OP], "Operations": operations}


def add(path: str, value: object) -> Json:
    return {"op": "add", "path": path, "value": value}


def emails(count: int) -> list[Json]:
    return [email(f"{number}@x.org") for number in range(count)]


def members(count: int) -> list[Json]:
    return [{"value": f"id{number}"} for number in range(count)]


def spellings(count: int) -> Json:
    return {f"unknown{number}": number for number in range(count)}


USER_PATCHES: dict[str, Callable[[int], list[Json]]] = {
    "one more value with each operation": lambda n: [add("emails", each) for each in emails(n)],
    "two long lists": lambda n: [add("emails", emails(n)), add("emails", emails(n))],
    "a long list to remove": lambda n: [{"op": "remove", "path": "emails", "value": emails(n)}],
    "long lists without a path": lambda n: [{"op": "replace", "value": {"emails": emails(n)}}] * 2,
    "values of other types": lambda n: [add(f'emails[type eq "{i}"].value', "x") for i in range(n)],
    "the same value again": lambda n: [add("emails", email("a@x.org"))] * n,
    "parts of an address": lambda n: [add("addresses.locality", "x")] * n,
    "harmless operations": lambda n: [add("title", "x")] * n,
    "parts of the name": lambda n: [add("name.familyName", f"{i}") for i in range(n)],
    "unknown parts of the name": lambda n: [add("name", spellings(n))] * 2,
    "unknown enterprise parts": lambda n: [add(ENTERPRISE, spellings(n))] * 2,
    "a long value": lambda n: [add("title", "x" * n * 100)],
    "a long path": lambda n: [add("a" * n * 100, "x")],
}
GROUP_PATCHES: dict[str, Callable[[int], list[Json]]] = {
    "one member with each operation": lambda n: [add("members", [each]) for each in members(n)],
    "two long lists": lambda n: [add("members", members(n)), add("members", members(n))],
    "members removed by path": lambda n: [
        {"op": "remove", "path": f'members[value eq "{i}"]'} for i in range(n)
    ],
    "names": lambda n: [add("displayName", f"Crew {i}") for i in range(n)],
}
USERS: dict[str, Callable[[int], Json]] = {
    "emails": lambda n: person(emails=emails(n)),
    "phoneNumbers": lambda n: person(phoneNumbers=emails(n)),
    "unknown attributes": lambda n: person(**{f"x{number}": number for number in range(n)}),
    "schemas": lambda n: person(schemas=["urn:x"] * n),
    "a deep value": lambda n: person(title=deep(n)),
}


def deep(levels: int) -> object:
    value: object = "x"
    for _ in range(min(levels, 500)):
        value = [value]
    return value


async def calls_of(service: Service, method: str, path: str, body: Json) -> int:
    """How many functions of Python or C a request calls, the client's among them."""
    count = 0

    def profile(frame: FrameType, event: str, arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(profile)
    try:
        await service.call(method, path, body)
    finally:
        sys.setprofile(None)
    return count


async def check(service: Service, method: str, path: str, body: Callable[[int], Json]) -> None:
    small = await calls_of(service, method, path, body(SMALL))
    large = await calls_of(service, method, path, body(4 * SMALL))
    assert large <= small * 4 * SLACK


@pytest.mark.parametrize("name", USER_PATCHES)
async def test_patches_of_a_user(service: Service, name: str) -> None:
    user = await service.create_user(emails=[email("a@x.org")])
    await check(service, "PATCH", f"/Users/{user['id']}", lambda n: patch(USER_PATCHES[name](n)))


@pytest.mark.parametrize("name", GROUP_PATCHES)
async def test_patches_of_a_group(service: Service, name: str) -> None:
    group = await service.create_group()
    await check(service, "PATCH", f"/Groups/{group['id']}", lambda n: patch(GROUP_PATCHES[name](n)))


@pytest.mark.parametrize("name", USERS)
async def test_whole_users(service: Service, name: str) -> None:
    user = await service.create_user("before@x.org")
    await check(service, "POST", "/Users", USERS[name])
    await check(service, "PUT", f"/Users/{user['id']}", USERS[name])


async def test_whole_groups(service: Service) -> None:
    await check(
        service, "POST", "/Groups", lambda n: {"displayName": "Crew", "members": members(n)}
    )


async def test_a_second_value_is_refused_at_once(service: Service) -> None:
    """With the first operation that makes it, although a later one would take it away."""
    user = await service.create_user(emails=[email("a@x.org")])
    answer = await service.patch(
        f"/Users/{user['id']}",
        add('emails[type eq "home"].value', "b@x.org"),
        {"op": "remove", "path": 'emails[type eq "home"]'},
    )
    assert answer.status_code == 400
    assert (await service.event())["violated"] == "emails.single"


@pytest.mark.parametrize("kind", ["Users", "Groups"])
async def test_the_number_of_operations_has_a_limit(service: Service, kind: str) -> None:
    made = await (service.create_user() if kind == "Users" else service.create_group())
    operations = [{"op": "replace", "path": "displayName", "value": "Ana"}] * MAX_OPERATIONS
    answer = await service.patch(f"/{kind}/{made['id']}", *operations)
    assert answer.status_code < 300, answer.text
    answer = await service.patch(f"/{kind}/{made['id']}", *operations, operations[0])
    assert answer.status_code == 400
    assert (await service.event())["violated"] == "patch.operations"
