"""Why a server refuses, from every form of body that is seen, and bodies that are no UTF-8."""

import json
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scim_tui.model.directory import Kind
from scim_tui.model.errors import NotAllowed, Refused, Unreadable
from scim_tui.scim.error_words import is_error, words_in
from tests.scim.scim_kit import EMPTY, Server, client, names, ok

FIELD: dict[str, object] = {
    "loc": ["query", "count"],
    "msg": "must be 50 or less",
    "type": "value_error",
}
FORMS: list[tuple[object, str]] = [
    ({"detail": "plain"}, "plain"),
    ({"DETAIL": "in any case"}, "in any case"),
    ({"detail": [FIELD]}, "must be 50 or less (query.count)"),
    ({"detail": ["one", "two"]}, "one; two"),
    ({"detail": {"message": "nested"}}, "nested"),
    ({"detail": {"error": {"detail": "deeper"}}}, "deeper"),
    ({"detail": "", "errors": [{"detail": "JSON:API"}]}, "JSON:API"),
    ({"detail": None, "Errors": [{"description": "as Slack", "code": 3}]}, "as Slack"),
    ({"Errors": "a text"}, "a text"),
    ({"errors": {"userName": ["is taken", "is long"]}}, "userName: is taken; is long"),
    ({"errorMessage": "as GitLab", "message": "later"}, "as GitLab"),
    ({"message": "as AWS", "status": 400}, "as AWS"),
    ({"response": "as Zoom"}, "as Zoom"),
    ({"response": json.dumps({"detail": "wrapped"})}, "wrapped"),
    ({"message": json.dumps({"error": {"message": json.dumps([FIELD])}})}, "must be 50 or less"),
    ({"detail": json.dumps("a text in a text")}, "a text in a text"),
    ({"detail": "{not JSON"}, "{not JSON"),
    (
        {"message": "The whole", "details": [{"field": "a", "issue": "required"}]},
        "The whole; field",
    ),
    (
        {"error": {"message": "m", "errors": [{"message": "first"}, {"message": "second"}]}},
        "first; second",
    ),
    ({"error": "invalid_request", "error_description": "as OAuth"}, "as OAuth"),
    ({"error": "invalid_request"}, "invalid_request"),
    ({"title": "Problem"}, "Problem"),
    ([{"msg": "a list"}], "a list"),
    ([{"errorCode": "E1", "errorSummary": "Okta"}], "errorCode: E1; errorSummary: Okta"),
    ({}, ""),
    ({"status": "400", "schemas": ["x"]}, ""),
    ({"detail": 5, "message": True}, ""),
    (None, ""),
]


@pytest.mark.parametrize(("body", "words"), FORMS)
def test_the_first_text_is_said(body: object, words: str) -> None:
    found = words_in(body)
    assert found.startswith(words)
    assert bool(found) == bool(words)


@pytest.mark.parametrize(("body", "words"), [each for each in FORMS if each[1]])
async def test_an_operator_sees_it(body: object, words: str) -> None:
    found = client(Server(ok(body, 422)))
    with pytest.raises(Refused) as raised:
        await names(found)
    assert words in raised.value.message


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.sampled_from(["detail", "errors", "message", "error", "x"]), inner)
        ),
    )
)
def test_any_json_is_borne(body: Any) -> None:  # noqa: ANN401
    assert isinstance(words_in(body), str)


def test_depth_and_length_have_an_end() -> None:
    deep: object = "bottom"
    for _ in range(500):
        deep = {"detail": [deep]}
    assert words_in(deep) == ""
    wide = {"errors": [{"errors": [{"errors": ["x"] * 50}] * 50}] * 50}
    assert len(words_in(wide)) < 5000


SCIM_ERROR = {
    "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
    "status": "403",
    "detail": "Not for you",
}


@pytest.mark.parametrize(
    "body", [SCIM_ERROR, {**SCIM_ERROR, "schema": SCIM_ERROR["schemas"], "schemas": None}]
)
async def test_an_error_that_comes_as_a_success_is_an_error(body: dict[str, object]) -> None:
    assert is_error({key: value for key, value in body.items() if value})
    found = client(Server(ok({key: value for key, value in body.items() if value})))
    with pytest.raises(NotAllowed, match="Not for you"):
        await found.get(Kind.USERS, "u1")
    with pytest.raises(NotAllowed, match="Not for you"):
        await found.patch(Kind.USERS, "u1", [])
    with pytest.raises(NotAllowed, match="Not for you"):
        await found.create(Kind.USERS, {})
    with pytest.raises(Unreadable, match="refused: Not for you"):
        await names(found)


def page(name: str) -> str:
    user = {"id": "u1", "userName": name}
    return json.dumps({"totalResults": 1, "startIndex": 1, "Resources": [user]}, ensure_ascii=False)


def answer(name: str, encoding: str, charset: str, status: int = 200) -> httpx.Response:
    kind = "application/scim+json" + (f"; charset={charset}" if charset else "")
    body = page(name) if status < 300 else json.dumps({"detail": name}, ensure_ascii=False)
    return httpx.Response(status, content=body.encode(encoding), headers={"Content-Type": kind})


async def listed(found: httpx.Response) -> list[str]:
    asked = client(Server(found))
    return [row.user_name async for each in asked.users() for row in each.rows]


@pytest.mark.parametrize(
    ("name", "encoding", "charset"),
    [
        ("Zoë", "iso-8859-1", "ISO-8859-1"),
        ("Zoë €", "cp1252", "windows-1252"),
        ("Łukasz", "iso-8859-2", "iso-8859-2"),
        ("Жанна", "koi8-r", "koi8-r"),
        ("山田太郎", "shift_jis", "Shift_JIS"),
        ("王小明", "gb18030", "gb18030"),
        ("Zoë", "utf-16", "utf-16"),
        ("Zoë", "utf-16-le", "utf-16le"),
        ("Ann", "utf-16-be", ""),
        ("Zoë 😀", "utf-32", ""),
        ("Zoë", "utf-8-sig", "utf-8"),
        ("Zoë", "utf-8", "utf-8"),
        ("Zoë", "utf-8", ""),
        ("Zoë", "utf-8", "iso-8859-1"),
        ("Zoë", "utf-8", "no-such-charset"),
        ("Ann", "ascii", "utf-16"),
    ],
)
async def test_a_name_is_read_in_the_encoding_it_is_written_in(
    name: str, encoding: str, charset: str
) -> None:
    assert await listed(answer(name, encoding, charset)) == [name]


@pytest.mark.parametrize("charset", ["no-such-charset", "ascii", "zlib", "punycode", "x" * 5000])
async def test_what_cannot_be_read_so_is_said(charset: str) -> None:
    with pytest.raises(Unreadable, match="not in its encoding"):
        await listed(answer("Zoë", "iso-8859-1", charset))


async def test_what_names_no_encoding_is_marked_where_it_cannot_be_read() -> None:
    assert await listed(answer("Zoë", "iso-8859-1", "")) == ["Zo\N{REPLACEMENT CHARACTER}"]


@pytest.mark.parametrize("charset", ["iso-8859-1", "no-such-charset"])
async def test_a_refusal_is_a_refusal_in_any_encoding(charset: str) -> None:
    with pytest.raises(Refused) as raised:
        await listed(answer("Größe", "iso-8859-1", charset, 422))
    assert raised.value.status == 422
    assert ("Größe" in raised.value.message) == (charset == "iso-8859-1")


async def test_an_empty_201_names_its_user_by_its_location() -> None:
    place = "https://scim.example.com/t1/scim/v2/Users/u%2042?x=1"
    found = client(Server(httpx.Response(201, headers={"Location": place})))
    assert await found.create(Kind.USERS, {}) == {"id": "u 42"}
    elsewhere = client(Server(httpx.Response(201, headers={"Location": "/Groups/7"})))
    assert await elsewhere.create(Kind.USERS, {}) == {}
    named = client(Server(ok({"ID": "u1"}, 201, Location="/Users/u2")))
    assert await named.create(Kind.USERS, {}) == {"ID": "u1"}


async def test_no_listing_is_asked_for_twice_for_its_encoding() -> None:
    server = Server(ok(EMPTY))
    assert await names(client(server)) == []
    assert len(server.asked) == 1
