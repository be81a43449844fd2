"""Lists inside answers of APIs, under whatever key, and pages that are missing."""

import json
from typing import Any

import pytest

from scim_tui.mapping.base.bounds import OF_GROUPS, OF_PEOPLE
from scim_tui.mapping.read.people import PeopleSource, people_in

ADA = {"id": "1", "email": "ada@x", "firstName": "Ada"}
BOB = {"id": "2", "email": "bob@x", "firstName": "Bob", "work": {"title": "Dr"}}
GROUP = {"id": "7", "displayName": "Sales", "members": [{"value": "1", "display": "Ada"}]}


def read(value: object) -> PeopleSource:
    return people_in(json.dumps(value, indent=1).encode(), "file")


def sources(value: object) -> list[dict[str, object]]:
    return [dict(person.source) for person in read(value)]


@pytest.mark.parametrize(
    "answer",
    [
        {"employees": [ADA, BOB]},
        {"Report_Entry": [ADA, BOB]},
        {"Users": [ADA, BOB]},
        {"RESOURCES": [ADA, BOB]},
        {"success": True, "page": {"number": 1}, "workers": [ADA, BOB], "after": [1]},
        {"d": {"results": [ADA, BOB]}},
        {"data": {"org": {"members": [ADA, BOB]}}},
        {"Users": {"User": [ADA, BOB]}},
        {"_embedded": {"users": [ADA, BOB]}, "count": 2},
        {"errors": [], "tags": [{"name": "x"}], "personnel": [ADA, BOB]},
    ],
)
def test_a_list_of_people_is_found_under_any_key(answer: dict[str, Any]) -> None:
    assert sources(answer) == [ADA, BOB]
    assert read(answer).notes == ()


def test_a_list_with_keys_of_another_language_is_found() -> None:
    people = [{"メールアドレス": "a@x", "姓": "田中", "名": "太郎"}]
    assert sources({"社員": people}) == people


def test_answers_one_a_line_are_answers_and_not_people() -> None:
    lines = [json.dumps({"employees": [ADA]}), json.dumps({"employees": [BOB]})]
    source = people_in("\n".join(lines).encode(), "file")
    assert [dict(person.source) for person in source] == [ADA, BOB]
    assert source.format == "json"


@pytest.mark.parametrize(
    "person",
    [
        {"userName": "ada", "emails": [{"value": "a@x", "type": "work"}]},
        {"emails": [{"value": "a@x", "type": "work"}], "userName": "ada"},
        {"id": "1", "userPrincipalName": "ada@x", "directReports": [ADA, BOB]},
        {"login": "ada", "custom": {"reports": [ADA, BOB]}},
        {"profile": {"login": "ada"}, "contacts": [ADA]},
        {"login": "ada", "organizations": [{"name": "Corp", "title": "Dr", "id": "1"}]},
        {"login": "ada", "profile": {"users": "none", "data": {"items": [{"a": 1}]}}},
    ],
)
def test_a_person_with_lists_is_one_person(person: dict[str, Any]) -> None:
    assert sources(person) == [person]


@pytest.mark.parametrize(
    "answer",
    [{"Groups": [GROUP]}, {"teams": [GROUP]}, {"d": {"results": [GROUP]}}, {"value": [GROUP]}],
)
def test_a_list_of_groups_is_found_under_any_key(answer: dict[str, Any]) -> None:
    source = people_in(json.dumps(answer).encode(), "file", OF_GROUPS)
    assert [dict(group.source) for group in source] == [GROUP]


@pytest.mark.parametrize("group", [GROUP, {key: GROUP[key] for key in reversed(GROUP)}])
def test_a_group_with_members_is_one_group(group: dict[str, Any]) -> None:
    source = people_in(json.dumps(group).encode(), "file", OF_GROUPS)
    assert [dict(one.source) for one in source] == [group]


@pytest.mark.parametrize(
    ("around", "words"),
    [
        ({"totalResults": 250, "itemsPerPage": 2}, "only 2 of 250 people (totalResults)"),
        ({"totalCount": 3}, "only 2 of 3 people (totalCount)"),
        ({"total": "7"}, "only 2 of 7 people (total)"),
        ({"page": {"totalElements": 12, "size": 2}}, "only 2 of 12 people (totalElements)"),
        ({"count": 99}, "only 2 of 99 people (count)"),
        ({"@odata.count": 4}, "only 2 of 4 people (@odata.count)"),
        ({"@odata.nextLink": "https://x"}, "one page of more (@odata.nextLink)"),
        ({"nextPageToken": "t"}, "one page of more (nextPageToken)"),
        ({"pagination": {"after_cursor": "x", "next_link": "y"}}, "one page of more (next_link)"),
        ({"_links": {"self": {"href": "a"}, "next": {"href": "b"}}}, "one page of more (next)"),
        ({"links": {"next": "https://x"}}, "one page of more (next)"),
        ({"meta": {"has_more": True}}, "one page of more (has_more)"),
        ({"d": {"__next": "https://x"}}, "one page of more (__next)"),
    ],
)
@pytest.mark.parametrize("above", [True, False])
def test_one_page_of_more_is_said_before_all_else(
    around: dict[str, Any], words: str, above: bool
) -> None:
    people: dict[str, Any] = {"value": [ADA, BOB]}
    source = read({**around, **people} if above else {**people, **around})
    assert words in source.notes[0]
    assert source.remarks.partial == source.notes[0]


@pytest.mark.parametrize(
    "around",
    [
        {"totalResults": 2},
        {"total": None, "count": 2, "nextPageToken": None},
        {"_links": {"self": {"href": "a"}, "next": {"href": None}}},
        {"pagination": {"after_cursor": None, "next_link": ""}},
        {"hasMore": False, "next": []},
        {"_links": {"next": None}},
    ],
)
def test_a_whole_list_is_not_called_a_page(around: dict[str, Any]) -> None:
    assert read({**around, "value": [ADA, BOB]}).notes == ()


def test_pages_one_after_the_other_are_counted_together() -> None:
    first = {"totalResults": 2, "Resources": [ADA], "next": "x"}
    last = {"totalResults": 2, "Resources": [BOB], "next": None}
    whole = people_in((json.dumps(first) + json.dumps(last)).encode(), "file")
    assert whole.notes == ()
    assert len(list(whole)) == 2
    third = {**last, "totalResults": 3}
    partial = people_in((json.dumps(first) + "\n" + json.dumps(third)).encode(), "file")
    assert "2 of 3 people" in partial.notes[0]


def test_a_page_of_groups_is_said_of_groups() -> None:
    text = json.dumps({"totalResults": 9, "Resources": [GROUP]}).encode()
    assert "only 1 of 9 groups" in people_in(text, "file", OF_GROUPS).notes[0]
    assert OF_PEOPLE.words < OF_GROUPS.words
