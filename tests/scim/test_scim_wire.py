import orjson
import pytest

from scim_tui.model.directory import GroupRow, UserRow
from scim_tui.model.errors import Unreadable
from scim_tui.scim import names, wire

USER = {
    "id": "u1",
    "externalId": "e1",
    "userName": "ana@example.com",
    "name": {"givenName": "Ana", "familyName": "Bé"},
    "displayName": "Ana Bé",
    "active": True,
    "emails": [{"value": "ana@example.com", "type": "work", "primary": True}],
    "meta": {"created": "2026-01-02T03:04:05Z", "lastModified": "2026-02-03T04:05:06Z"},
}
ROW = UserRow(
    "u1",
    "ana@example.com",
    "Ana Bé",
    "Ana",
    "Bé",
    "ana@example.com",
    "e1",
    True,
    "2026-01-02T03:04:05Z",
    "2026-02-03T04:05:06Z",
)
EMPTY = UserRow("u1", "", "", "", "", "", "", None, "", "")


def page(*items: object, **more: object) -> bytes:
    return orjson.dumps({"Resources": list(items), **more})


def upper(value: object) -> object:
    """The same JSON with every key in capitals."""
    if isinstance(value, dict):
        return {key.upper(): upper(each) for key, each in value.items()}
    return [upper(each) for each in value] if isinstance(value, list) else value


def test_a_user_becomes_a_row() -> None:
    assert wire.user_row(USER) == ROW


def test_names_are_read_in_any_case() -> None:
    received = wire.read_users(orjson.dumps(upper({"Resources": [USER], "totalResults": 1})), "x")
    assert received.rows == [ROW]
    assert received.total == 1


def test_the_right_case_wins_over_another() -> None:
    assert wire.user_row({"ID": "no", "id": "u1", "Id": "no"}) == EMPTY


def test_the_memory_of_shapes_is_bounded() -> None:
    for number in range(3000):
        names.canonical({"id": "x", f"k{number}": 1})
    names.canonical({f"k{number}": 1 for number in range(5000)})
    assert len(names._shapes) <= 1024
    assert all(len(shape) <= 200 for shape in names._shapes)


@pytest.mark.parametrize(
    ("sent", "active"),
    [
        *((word, True) for word in (True, "True", " TRUE ", 1, 1.0, "1", "yes", "YES")),
        *((word, False) for word in (False, "false", 0, 0.0, "0", "no", "No ")),
        *((word, None) for word in (None, "", "maybe", 2, -1, 0.5, [], [True], {"value": 1})),
    ],
)
def test_booleans_also_come_as_numbers_and_words(sent: object, active: bool | None) -> None:
    row = wire.user_row({"id": "u1", "active": sent})
    assert row is not None
    assert row.active is active


@pytest.mark.parametrize("nothing", [None, [], {}, "", 1.5, True, [None], [[]], {"value": []}])
def test_null_and_odd_attributes_are_absent(nothing: object) -> None:
    odd = dict.fromkeys(
        ("userName", "displayName", "externalId", "name", "emails", "meta"), nothing
    )
    assert wire.user_row({"id": "u1", **odd}) == EMPTY


def test_a_number_is_a_usable_id_and_name() -> None:
    assert wire.user_row({"id": 7, "userName": 12}) == EMPTY._replace(id="7", user_name="12")
    assert wire.group_row({"id": 7, "displayName": 3}) == GroupRow("7", "3", "", "", "")


@pytest.mark.parametrize(
    ("emails", "chosen"),
    [
        ([{"value": "a"}, {"value": "b", "primary": "True"}], "b"),
        ([{"value": "a"}, {"value": "b", "primary": False}], "a"),
        ([{"primary": True}, {"value": "b"}], "b"),
        (["a", {"value": "b"}], "a"),
        ({"value": "a"}, "a"),
        ("a", "a"),
        ([{"VALUE": "a"}], "a"),
    ],
)
def test_the_primary_address_is_chosen_else_the_first(emails: object, chosen: str) -> None:
    assert wire.user_row({"id": "u1", "emails": emails}) == EMPTY._replace(email=chosen)


def test_items_without_an_id_are_skipped_and_counted() -> None:
    received = wire.read_users(page({"id": "u1"}, None, "x", 3, [], {"id": ""}, {"id": {}}), "x")
    assert received.rows == [EMPTY]
    assert received.items == 7


@pytest.mark.parametrize(
    ("sent", "total"),
    [
        (3, 3),
        ("3", 3),
        (3.0, 3),
        (-1, None),
        (True, None),
        ("x", None),
        (None, None),
        ("9" * 5000, None),
    ],
)
def test_totals_are_read_as_far_as_they_make_sense(sent: object, total: int | None) -> None:
    assert wire.read_groups(page(totalResults=sent), "x").total == total


def test_a_page_without_resources_is_empty_when_it_counts_none() -> None:
    assert wire.read_users(b'{"totalResults":0}', "x").rows == []
    assert wire.read_users(b'{"Resources":null}', "x").rows == []


def test_a_bare_list_is_a_page() -> None:
    assert wire.read_users(b'[{"id":"u1"}]', "x").rows == [EMPTY]


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE html><html></html>",
        b" \n<html>",
        b"",
        b"{",
        b"nonsense",
        b"1",
        b'"x"',
        b"{}",
        b'{"Resources":{}}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"1" * 5000,
        b'{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"detail":"no"}',
    ],
)
def test_what_is_no_listing_is_unreadable_with_a_sentence(body: bytes) -> None:
    with pytest.raises(Unreadable) as raised:
        wire.read_users(body, "GET /Users")
    assert raised.value.message.startswith("GET /Users was ")
    assert raised.value.message.endswith(".")
    assert raised.value.hint


def test_a_web_page_is_called_one() -> None:
    with pytest.raises(Unreadable, match="web page"):
        wire.read_object(b"<html>sign in</html>", "GET /Users")


def test_odd_json_is_read_rather_than_refused() -> None:
    assert wire.read_users(b'\xef\xbb\xbf[{"id":"u1"}]', "x").rows == [EMPTY]
    assert wire.read_users(b'[{"id":"u1","userName":"\xff"}]', "x").rows[0].user_name == "\ufffd"
    assert wire.read_users(b'[{"id":"u1","x":NaN}]', "x").rows == [EMPTY]


def test_a_lone_surrogate_does_not_get_through() -> None:
    row = wire.read_users(b'[{"id":"u1","userName":"a\\ud800b","\\ud800":1}]', "x").rows[0]
    assert row.user_name == "a\ufffdb"
    row.user_name.encode()


def test_nested_values_are_read_as_a_list_of_objects() -> None:
    assert wire.values({"members": {"value": "a"}}, "members") == [{"value": "a"}]
    assert wire.values({"MEMBERS": [{"VALUE": "a"}, 3, None]}, "members") == [{"value": "a"}]
    assert wire.values({"members": "a"}, "members") == []
