"""Members in every form that servers write them, and what of them is no user."""

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from scim_tui.model.directory import Kind
from scim_tui.providers.scim.provider import ScimProvider
from scim_tui.scim.references import NO_ID, read_references, say_left_out

TWO = ["u1", "u2"]
FORMS: dict[str, tuple[Any, list[str], dict[str, int]]] = {
    "as in the RFC": ([{"value": "u1", "type": "User"}, {"value": "u2", "type": "User"}], TWO, {}),
    "a type that is no kind": (
        [{"value": "u1", "type": "value"}, {"value": "u2", "type": "Member"}],
        TWO,
        {},
    ),
    "a type in any case": (
        [{"value": "u1", "type": "USER"}, {"value": "g1", "TYPE": "gROUP"}],
        ["u1"],
        {"Groups": 1},
    ),
    "a type as a URN": (
        [{"value": "u1", "type": "urn:ietf:params:scim:schemas:core:2.0:User"}],
        ["u1"],
        {},
    ),
    "$ref without a slash in front": (
        [{"$ref": "Users/u1", "value": "u1"}, {"$ref": "Groups/g1", "value": "g1"}],
        ["u1"],
        {"Groups": 1},
    ),
    "$ref with a slash in front": (
        [{"$ref": "/Users/u1", "value": "u1"}, {"$ref": "/Groups/g1", "value": "g1"}],
        ["u1"],
        {"Groups": 1},
    ),
    "$ref in any case": (
        [{"$REF": "https://a.example/scim/v2/users/u1"}, {"$Ref": "../GROUPS/g1/"}],
        ["u1"],
        {"Groups": 1},
    ),
    "$ref by itself": (
        [{"$ref": "https://a.example/Users/u%201?x=1"}, {"$ref": "Users/u2"}],
        ["u 1", "u2"],
        {},
    ),
    "$ref of no collection": (
        [{"$ref": "https://a.example/scim/v2/u1", "value": "u1"}],
        ["u1"],
        {},
    ),
    "other kinds": (
        [
            {"value": "u1"},
            {"$ref": "ServicePrincipals/1", "value": "1"},
            {"value": "2", "type": "ServicePrincipal"},
            {"value": "3", "type": "device"},
        ],
        ["u1"],
        {"ServicePrincipals": 1, "ServicePrincipal": 1, "device": 1},
    ),
    "as texts": (TWO, TWO, {}),
    "as texts with a path": (["Users/u1", "/Groups/g1", "a/b"], ["u1", "a/b"], {"Groups": 1}),
    "as numbers": ([1, 2], ["1", "2"], {}),
    "as an object keyed by number": ({"0": {"value": "u1"}, "1": {"value": "u2"}}, TWO, {}),
    "as texts keyed by number": ({"0": "u1", "1": "u2"}, TWO, {}),
    "as one object": ({"value": "u1"}, ["u1"], {}),
    "as one text": ("u1", ["u1"], {}),
    "names in any case": ([{"VALUE": "u1", "Display": "Ana"}], ["u1"], {}),
    "each once": ([{"value": "u1"}, "u1", {"value": "u1", "type": "User"}], ["u1"], {}),
    "without an id": ([None, {}, {"display": "x"}, [], True, {"value": "u1"}], ["u1"], {NO_ID: 5}),
    "none": (None, [], {}),
    "nothing in it": ([], [], {}),
    "an empty object": ({}, [], {}),
}


def provider(group: dict[str, Any]) -> ScimProvider:
    def answer(request: httpx.Request) -> httpx.Response:
        kind, _, one = request.url.path.removeprefix("/v2/").partition("/")
        if kind == "Groups":
            page = {"totalResults": 1, "startIndex": 1, "Resources": [group]}
            return httpx.Response(200, json=group if one else page)
        if kind == "Users" and one:
            return httpx.Response(200, json={"id": one, "userName": f"name of {one}"})
        if kind == "Users":
            return httpx.Response(200, json={"totalResults": 0, "startIndex": 1, "Resources": []})
        return httpx.Response(404, json={"detail": "no"})

    return ScimProvider(
        "https://scim.example.com/v2", SecretStr("x"), transport=httpx.MockTransport(answer)
    )


@pytest.mark.parametrize("form", FORMS)
async def test_the_members_of_a_group_are_the_right_ones(form: str) -> None:
    members, ids, left_out = FORMS[form]
    asked = provider({"id": "g1", "displayName": "Group 1", "members": members})
    pages = [page async for page in asked.members("g1")]
    assert [row.id for page in pages for row in page.rows] == ids
    told = {kind: n for page in pages for kind, n in (page.left_out or {}).items()}
    assert told == left_out


@pytest.mark.parametrize("form", FORMS)
async def test_all_memberships_are_the_same(form: str) -> None:
    members, ids, _ = FORMS[form]
    asked = provider({"id": "g1", "displayName": "Group 1", "members": members})
    pairs = [pair async for joined in asked.all_memberships() for pair in joined.pairs]
    assert pairs == [("g1", each) for each in ids]


def test_a_collection_under_another_name_is_that_of_the_users() -> None:
    found = read_references([{"$ref": "/v2/People/7"}], Kind.USERS, "/People")
    assert [each.id for each in found.listed] == ["7"]
    assert read_references([{"$ref": "/v2/People/7"}], Kind.USERS).left_out == {"People": 1}


def test_groups_of_a_user_may_be_direct_or_not() -> None:
    groups = [{"value": "g1", "type": "direct"}, {"value": "g2", "type": "indirect"}]
    assert [each.id for each in read_references(groups, Kind.GROUPS).listed] == ["g1", "g2"]


def test_what_is_left_out_is_a_sentence() -> None:
    assert say_left_out({}) == ""
    words = say_left_out({"ServicePrincipals": 1200, NO_ID: 1})
    assert words == "Left out: 1,200 of the kind ServicePrincipals, 1 without an id."


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.just("$ref"), inner),
    )
)
def test_any_json_is_read_and_every_member_counts_once(members: Any) -> None:  # noqa: ANN401
    found = read_references(members, Kind.USERS)
    assert all(each.id for each in found.listed)
    if isinstance(members, list):
        assert len(found.listed) + sum(found.left_out.values()) <= len(members)
