"""Who is in a group, as files of groups tell it, and how large a group may be."""

import json
from typing import Any

import pytest

from scim_tui.mapping.base.bounds import OF_GROUPS
from scim_tui.mapping.base.errors import BadPeople
from scim_tui.mapping.read.groups import groups_of, merged
from scim_tui.mapping.read.members import Member, common_name, is_cut, members_in
from scim_tui.mapping.read.people import people_in

MANY = 12_000


def shown(group: dict[str, Any]) -> list[str] | None:
    found = members_in(group)
    return None if found is None else [member.shown for member in found]


@pytest.mark.parametrize(
    ("group", "members"),
    [
        ({"members": "a@x; b@x"}, ["a@x", "b@x"]),
        ({"members": "a@x, b@x"}, ["a@x", "b@x"]),
        ({"members": ""}, []),
        ({"members": []}, []),
        ({"members": ["Love, Ada", " b@x "]}, ["Love, Ada", "b@x"]),
        ({"member": "CN=Love\\, Ada,OU=x;CN=Bob,OU=x"}, ["CN=Love\\, Ada,OU=x", "CN=Bob,OU=x"]),
        ({"uniqueMember": ["uid=a,ou=p", "uid=b,ou=p"]}, ["uid=a,ou=p", "uid=b,ou=p"]),
        ({"members": [{"value": "1", "display": "Ada"}, {"value": "2"}]}, ["Ada", "2"]),
        ({"_embedded": {"users": [{"id": "00u", "profile": {"login": "a@x"}}]}}, ["a@x"]),
        ({"members": [{}]}, ["(no name)"]),
        ({"members": 12}, None),
        ({"members": None}, None),
        ({"displayName": "x"}, None),
    ],
)
def test_members_are_read_as_they_are_written(
    group: dict[str, Any], members: list[str] | None
) -> None:
    assert shown(group) == members


def test_a_member_is_known_by_every_name_and_may_be_a_group() -> None:
    one = (members_in({"members": [{"id": "A1", "mail": "Ada@X", "value": "v"}]}) or [])[0]
    assert set(one.names) == {"a1", "ada@x", "v"}
    for group in (
        {"value": "g", "$ref": "https://x/Groups/g"},
        {"value": "g", "type": "Group"},
        {"id": "g", "@odata.type": "#microsoft.graph.group"},
    ):
        assert (members_in({"members": [group]}) or [Member((), "")])[0].group


def test_a_range_of_active_directory_is_cut_unless_it_is_the_last() -> None:
    assert is_cut({"member;range=0-1499": "x"})
    assert not is_cut({"member;range=0-1499": "x", "member;range=1500-*": "y"})
    assert shown({"member;range=0-1": ["cn=a,o=x"], "member;range=2-*": "cn=b,o=x"}) == [
        "cn=a,o=x",
        "cn=b,o=x",
    ]


def test_names_of_groups_in_a_column() -> None:
    assert common_name("CN=Staff\\, all,OU=x") == "Staff, all"
    assert common_name("Staff, all") == "Staff, all"
    assert list(groups_of({"groups": "a;b", "memberOf": ["CN=c,OU=x", {"display": "d"}]})) == [
        "a",
        "b",
        "c",
        "d",
    ]


def test_rows_of_one_membership_are_put_together_and_others_are_left() -> None:
    source = people_in(b"groupId,group,member\n1,Staff,a\n2,Ops,b\n1,Staff,c\n", "f", OF_GROUPS)
    groups = list(merged(iter(source), source.columns))
    assert [(one.source["id"], one.source["members"], one.line) for one in groups] == [
        ("1", ["a", "c"], 2),
        ("2", ["b"], 3),
    ]
    plain = people_in(b"displayName,members\nStaff,a;b\nStaff,c\n", "f", OF_GROUPS)
    assert len(list(merged(iter(plain), plain.columns))) == 2, "two groups of one name stay two"


@pytest.mark.parametrize("layout", ["json", "jsonl", "csv", "ldif"])
def test_a_group_may_be_larger_than_a_person(layout: str) -> None:
    names = [f"user{n:06}@{'x' * 80}.example" for n in range(MANY)]
    group = {"displayName": "All", "members": names}
    text = {
        "json": json.dumps({"groups": [group, group]}),
        "jsonl": f"{json.dumps(group)}\n{json.dumps(group)}\n",
        "csv": f"displayName,members\nAll,{';'.join(names)}\n",
        "ldif": "dn: cn=All\nobjectClass: group\ncn: All\n"
        + "".join(f"member: {one}\n" for one in names),
    }[layout]
    source = people_in(text.encode(), "groups", OF_GROUPS)
    assert source.format == ("json" if layout == "jsonl" else layout), "read alike"
    assert len(members_in(next(iter(source)).source) or ()) == MANY
    with pytest.raises(BadPeople, match=r"groups, line \d+"):
        list(people_in(text.encode(), "groups"))
