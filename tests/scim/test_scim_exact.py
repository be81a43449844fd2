"""What is read on the short way is what the long way reads."""

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scim_tui.model.directory import GroupRow, UserRow
from scim_tui.scim.fast_decode import read_users as short_way
from scim_tui.scim.wire import (
    Received,
    _read_page,
    group_row,
    read_groups,
    read_users,
    user_row,
)

TEXTS = st.sampled_from(["", "a", "Zoë", "\N{PILE OF POO}", "line\nline", '"quoted"', "\x1b[31m"])
ODD: st.SearchStrategy[object] = st.one_of(
    st.none(), st.integers(-3, 3), st.booleans(), st.just([]), st.just({})
)
VALUES = st.one_of(TEXTS, TEXTS, TEXTS, ODD)


def named(*names: str) -> st.SearchStrategy[str]:
    return st.sampled_from([*names, *names, *names, *(name.upper() for name in names)])


EMAIL = st.dictionaries(named("value", "primary", "type"), VALUES | st.booleans(), max_size=3)
NAME = st.dictionaries(named("givenName", "familyName"), VALUES, max_size=2)
META = st.dictionaries(named("created", "lastModified"), VALUES, max_size=2)
PARTS = {
    "id": VALUES,
    "userName": VALUES,
    "displayName": VALUES,
    "externalId": VALUES,
    "active": st.booleans() | VALUES,
    "name": NAME | ODD,
    "meta": META | ODD,
    "emails": st.lists(EMAIL, max_size=3) | ODD,
    "title": VALUES,
}


@st.composite
def items(draw: st.DrawFn) -> dict[str, object]:
    names = draw(st.lists(named(*PARTS), max_size=9))
    by_lower = {name.lower(): name for name in PARTS}
    return {"id": draw(TEXTS), **{name: draw(PARTS[by_lower[name.lower()]]) for name in names}}


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    around = draw(
        st.dictionaries(named("totalResults", "nextCursor", "startIndex"), VALUES, max_size=3)
    )
    return orjson.dumps({**around, "Resources": draw(st.lists(items(), max_size=4))})


@settings(max_examples=300, deadline=None)
@given(bodies())
def test_both_ways_give_the_same(body: bytes) -> None:
    users, groups = _read_page(body, "", user_row), _read_page(body, "", group_row)
    assert _told(read_users(body, "")) == _told(users)
    assert _told(read_groups(body, "")) == _told(groups)


def _told(page: Received[UserRow] | Received[GroupRow]) -> tuple[object, ...]:
    """Where cursors lead on, nobody looks at the index, nor at a total before the last page."""
    around = None if page.next_cursor else (page.start_index, page.total)
    return page.rows, page.items, page.next_cursor, around


USER = {
    "id": "1",
    "userName": "a",
    "displayName": "A",
    "externalId": "x",
    "active": True,
    "name": {"givenName": "g", "familyName": "f"},
    "emails": [{"value": "m"}],
    "meta": {"created": "c", "lastModified": "l"},
}


def test_what_is_written_as_in_the_rfc_goes_the_short_way() -> None:
    body = orjson.dumps({"Resources": [USER], "totalResults": 1, "startIndex": 1})
    found = short_way(body)
    assert found is not None
    assert found.rows == [("1", "a", "A", "g", "f", "m", "x", True, "c", "l")]


@pytest.mark.parametrize("name", ["userName", "active", "name", "emails", "meta"])
def test_an_attribute_in_another_case_is_found_although_others_have_it_right(name: str) -> None:
    other = {key.upper() if key == name else key: value for key, value in USER.items()}
    body = orjson.dumps({"Resources": [USER, other], "totalResults": 2})
    assert short_way(body) is None
    rows = read_users(body, "").rows
    assert rows[0] == rows[1]


def test_text_that_is_no_utf8_goes_the_long_way_where_it_is_shown() -> None:
    body = orjson.dumps({"Resources": [USER], "totalResults": 1}).replace(b'"A"', b'"\xff"')
    assert read_users(body, "").rows[0].display_name == "\N{REPLACEMENT CHARACTER}"
