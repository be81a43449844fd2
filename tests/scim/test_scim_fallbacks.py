"""What is done where a server has no filters, ignores or refuses them, or has no PATCH."""

from typing import Any
from urllib.parse import parse_qs

import httpx
import orjson
import pytest
from pydantic import SecretStr

from scim_tui.model.errors import Refused, UsageError
from scim_tui.model.unknown_values import UNKNOWN
from scim_tui.providers.scim.provider import ScimProvider
from scim_tui.scim.filters import equals, matches
from scim_tui.scim.put_fallback import replaced

Json = dict[str, Any]
AWS = "https://scim.eu-west-1.amazonaws.com/t1/scim/v2"


class Awkward:
    """A directory of 250 with the bad habits that `how` names."""

    def __init__(self, how: str = "") -> None:
        self.how = how
        self.config: Json = {"patch": {"supported": True}, "pagination": {"cursor": False}}
        self.users: list[Json] = [
            {"id": f"u{n}", "userName": f"user{n}", "externalId": f"e{n}"} for n in range(250)
        ]
        self.groups: list[Json] = [
            {"id": f"g{n}", "displayName": f"Group {n}", "members": [{"value": f"u{n % 7}"}]}
            for n in range(130)
        ]
        self.asked: list[httpx.Request] = []

    @property
    def targets(self) -> list[str]:
        return [f"{one.method} {one.url.raw_path.decode()}" for one in self.asked]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.rpartition("/v2/")[2]
        if path in {"ServiceProviderConfig", "Schemas", "ResourceTypes"}:
            found = self.config if path == "ServiceProviderConfig" else {}
            return httpx.Response(200, json=found)
        self.asked.append(request)
        kind, _, resource_id = path.partition("/")
        everybody = self.users if kind == "Users" else self.groups
        if resource_id:
            return self._one(request, next(each for each in everybody if each["id"] == resource_id))
        return self._page(everybody, parse_qs(request.url.query.decode()), kind)

    def _one(self, request: httpx.Request, found: Json) -> httpx.Response:
        if request.method == "PATCH":
            return httpx.Response(int(self.how.removeprefix("patch ")), json={"detail": "no"})
        if request.method == "PUT":
            found.update(orjson.loads(request.content))
        return httpx.Response(200, json=found)

    def _page(
        self, everybody: list[Json], query: dict[str, list[str]], kind: str
    ) -> httpx.Response:
        if "filter" in query:
            if self.how.startswith("refuse "):
                return httpx.Response(int(self.how[7:]), json={"detail": "no"})
            if self.how != "ignore":
                everybody = [each for each in everybody if matches(each, query["filter"][0])]
        if kind == "Groups" and self.how == "bare":
            everybody = [{k: v for k, v in one.items() if k != "members"} for one in everybody]
        first = int(query["startIndex"][0]) - 1
        page = {"totalResults": len(everybody), "Resources": everybody[first : first + 100]}
        return httpx.Response(200, json=page)

    def provider(self, endpoint: str = "https://scim.example.com/v2") -> ScimProvider:
        return ScimProvider(endpoint, SecretStr("x"), transport=httpx.MockTransport(self))


async def found(provider: ScimProvider, filter: str) -> list[str]:
    return [row.id async for page in provider.users(filter) for row in page.rows]


@pytest.mark.parametrize("how", ["", "ignore", "refuse 400", "refuse 501", "none"])
@pytest.mark.parametrize("asked", ["userName", "externalId", "id"])
async def test_one_user_is_found_whatever_the_server_does_with_filters(
    how: str, asked: str
) -> None:
    server = Awkward(how)
    if how == "none":
        server.config["filter"] = {"supported": False}
    value = {"userName": "USER203", "externalId": "e203", "id": "u203"}[asked]
    assert await found(server.provider(), equals(asked, value)) == ["u203"]
    assert await found(server.provider(), equals(asked, "nobody")) == []


async def test_a_refusal_is_remembered_so_that_it_is_asked_for_once() -> None:
    server = Awkward("refuse 400")
    provider = server.provider()
    for _ in range(2):
        assert await found(provider, equals("userName", "user3")) == ["u3"]
    filtered = [target for target in server.targets if "filter=" in target]
    assert len(filtered) == 1
    assert len(server.asked) == 1 + 2 * 3


async def test_an_odd_name_that_is_refused_does_not_slow_down_the_next_one() -> None:
    server = Awkward("refuse 400")
    provider = server.provider()
    assert await found(provider, equals("userName", 'a "b" \\')) == []
    server.how = ""
    assert await found(provider, equals("userName", "user3")) == ["u3"]
    assert server.targets[-1].endswith("filter=userName%20eq%20%22user3%22")


@pytest.mark.parametrize("filter", ['userName sw "a"', 'emails.value eq "a"', "active eq true"])
async def test_a_filter_that_only_the_server_can_do_is_refused_by_it(filter: str) -> None:
    with pytest.raises(Refused):
        await found(Awkward("refuse 400").provider(), filter)


async def test_identity_center_means_what_it_refuses() -> None:
    server = Awkward("refuse 400")
    with pytest.raises(Refused):
        await found(server.provider(AWS), equals("userName", "user3"))
    assert all("filter=" in target for target in server.targets)


async def test_rows_that_hide_what_was_asked_for_are_believed() -> None:
    server = Awkward()
    server.how = "ignore"
    server.users = [{"id": "u1", "userName": "ana"}]
    pages = [page async for page in server.provider().users(equals("externalId", "e1"))]
    assert [row.id for row in pages[0].rows] == ["u1"]


async def test_how_many_match_is_not_known_where_the_filter_was_ignored() -> None:
    pages = [page async for page in Awkward("ignore").provider().users(equals("id", "u3"))]
    assert {page.total for page in pages} == {UNKNOWN}


@pytest.mark.parametrize("how", ["", "ignore", "refuse 400", "bare", "none"])
async def test_groups_of_a_user_are_read_from_all_groups_where_nothing_else_has_them(
    how: str,
) -> None:
    server = Awkward(how)
    if how in {"bare", "none"}:
        server.config["filter"] = {"supported": False}
    pages = [page async for page in server.provider().groups_of("u3")]
    assert [row.id for page in pages for row in page.rows] == [f"g{n}" for n in range(3, 130, 7)]


@pytest.mark.parametrize("how", ["patch 501", "patch 405", "none"])
async def test_a_server_without_patch_is_sent_the_whole_user(how: str) -> None:
    server = Awkward(how)
    if how == "none":
        server.config["patch"] = {"supported": False}
    provider = server.provider()
    [page async for page in provider.users()]
    server.asked.clear()
    operations = [{"op": "replace", "path": "active", "value": False}]
    assert (await provider.patch_user("u3", operations)).attributes["active"] is False
    assert server.users[3] == {
        "id": "u3",
        "userName": "user3",
        "externalId": "e3",
        "active": False,
    }
    await provider.patch_user("u4", operations)
    methods = [one.method for one in server.asked]
    assert methods == ([] if how == "none" else ["PATCH"]) + ["GET", "PUT"] * 2


async def test_a_patch_that_is_refused_for_what_it_says_stays_refused() -> None:
    server = Awkward("patch 400")
    with pytest.raises(Refused):
        await server.provider().patch_user("u3", [{"op": "remove", "path": "title"}])
    assert [one.method for one in server.asked] == ["PATCH"]


USER: Json = {
    "id": "u1",
    "meta": {"version": "1"},
    "groups": [{"value": "g"}],
    "userName": "ana",
    "name": {"givenName": "Ana"},
    "title": "x",
    "emails": [{"value": "a@b.c", "type": "work"}, {"value": "h@b.c", "type": "home"}],
    "urn:x:ext:User": {"a": 1},
}


@pytest.mark.parametrize(
    ("operation", "changed"),
    [
        (("replace", "displayName", "A"), {"displayName": "A"}),
        (("Add", "name.familyName", "B"), {"name": {"givenName": "Ana", "familyName": "B"}}),
        (("remove", "title", None), {"title": None}),
        (("replace", "title", None), {"title": None}),
        (("replace", None, {"title": "y", "nickName": "n"}), {"title": "y", "nickName": "n"}),
        (
            ("replace", 'emails[type eq "work"].value', "n@b.c"),
            {"emails": [{"value": "n@b.c", "type": "work"}, {"value": "h@b.c", "type": "home"}]},
        ),
        (
            ("add", 'phoneNumbers[type eq "work"].value', "1"),
            {"phoneNumbers": [{"type": "work", "value": "1"}]},
        ),
        (
            ("remove", 'emails[type eq "home"]', None),
            {"emails": [{"value": "a@b.c", "type": "work"}]},
        ),
        (("replace", "urn:x:ext:User:b", 2), {"urn:x:ext:User": {"a": 1, "b": 2}}),
        (("replace", "urn:x:ext:User", {"b": 2}), {"urn:x:ext:User": {"a": 1, "b": 2}}),
    ],
)
def test_an_operation_is_done_on_a_copy(operation: tuple[str, str, Any], changed: Json) -> None:
    before = orjson.dumps(USER)
    op, path, value = operation
    after = replaced(USER, [{"op": op, "path": path, "value": value}])
    left = {k: v for k, v in USER.items() if k not in {"id", "meta", "groups"}}
    assert after == {k: v for k, v in (left | changed).items() if v is not None}
    assert orjson.dumps(USER) == before


@pytest.mark.parametrize(
    "operation", [{"op": "move", "path": "title"}, {"op": "remove"}, {"op": "add", "path": "a b c"}]
)
def test_an_operation_of_another_kind_is_refused(operation: Json) -> None:
    with pytest.raises(UsageError, match="has no PATCH"):
        replaced(USER, [operation])
