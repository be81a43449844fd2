"""Groups of a preview: from a file or a column, checked, compared, and whose memberships move."""

import json
from pathlib import Path
from typing import Any

import pytest

from scim_tui.core.mapping.api import ChangeKind, MappingPreview
from scim_tui.core.mapping.group_run import DEFAULT_RULES
from scim_tui.model.errors import UsageError
from tests.core.mapping.test_mapping_compare import RULES, person, user
from tests.fakes.memory import MemoryProvider

GROUP_RULES = f'{RULES}\n[group]\ndisplayName = "title"\nexternalId = "gid"\n'


def group(title: str | None, gid: str | None, *members: object, **more: object) -> dict[str, Any]:
    plain = {"title": title, "gid": gid, "members": list(members)} | more
    return {key: value for key, value in plain.items() if value is not None}


async def checked(
    tmp_path: Path,
    groups: list[dict[str, Any]] | str,
    people: list[dict[str, Any]] | None = None,
    *,
    provider: MemoryProvider | None = None,
    rules: str = GROUP_RULES,
) -> MappingPreview:
    """Ada (1), Bob (2) and Cyd (3), who would be refused, unless told otherwise."""
    given = [person("ada", "1"), person("bob", "2"), person("cyd", "3", last="")]
    (tmp_path / "people.json").write_text(json.dumps(people or given))
    text = groups if isinstance(groups, str) else json.dumps(groups)
    (tmp_path / "groups").write_text(text)
    (tmp_path / "rules.toml").write_text(rules)
    preview = MappingPreview(provider)
    await preview.load_people(tmp_path / "people.json")
    await preview.load_groups(tmp_path / "groups")
    await preview.load_mapping(tmp_path / "rules.toml")
    await preview.run()
    return preview


def codes(preview: MappingPreview, index: int) -> list[str]:
    found = [finding.code for finding in preview.groups.result(index).findings]
    assert tuple(found) == preview.groups.selection.codes(index), (
        "the list and the detail say the same"
    )
    return found


async def test_group_rules_make_the_payload_with_its_trace(tmp_path: Path) -> None:
    preview = await checked(tmp_path, [group("Staff", "g1", "1", {"value": "2"})])
    found = preview.groups.result(0)
    assert found.payload.user["displayName"] == "Staff"
    assert found.payload.user["externalId"] == "g1"
    assert "members" not in found.payload.user
    assert [(step.rule.target.path, step.value) for step in found.payload.trace] == [
        ("displayName", "Staff"),
        ("externalId", "g1"),
    ]
    assert found.members is not None
    assert list(found.members.names) == ["ada@x", "bob@x"]
    assert (found.findings, found.label) == ((), "Staff")


async def test_what_the_directory_refuses_in_a_group_is_found(tmp_path: Path) -> None:
    preview = await checked(
        tmp_path,
        [
            group(None, "g1"),
            group("x" * 1_025, "g2"),
            group("Administrator", "g3"),
            group("Staff", "g4"),
            group("STAFF", "g5"),
            group("Other", "G4"),
            group("Fine", "g6"),
        ],
    )
    assert [codes(preview, n) for n in range(7)] == [
        ["displayName.required"],
        ["text.length"],
        ["userName.reserved"],
        [],
        ["group.displayName.unique"],
        ["externalId.unique"],
        [],
    ]
    assert list(preview.groups.selection.failures()) == [0, 1, 2, 4, 5]
    assert preview.totals is not None
    assert [one.requests for one in preview.totals.groups] == [0, 0, 0, 0, 0, 0, 0]
    assert preview.groups.result(4).findings[0].other == 3


async def test_members_are_found_by_any_name_and_others_are_reported(tmp_path: Path) -> None:
    members = [
        "ADA@X",
        {"id": "2", "userPrincipalName": "b"},
        "3",
        "eve@x",
        {"id": "g9", "@odata.type": "#microsoft.graph.group"},
        {"value": "g1"},
    ]
    preview = await checked(
        tmp_path,
        [
            group("Staff", "g1", *members, id="g1"),
            group("Untold", "g2", members=None),
        ],
    )
    assert codes(preview, 0) == ["members.nested", "members.unknown", "members.notSent"]
    nested, unknown, unsent = preview.groups.result(0).findings
    assert (nested.value, unknown.value, unsent.value) == ("g9, g1", "eve@x", "cyd@x")
    assert codes(preview, 1) == ["members.untold"]
    found = preview.groups.result(0).members
    assert found is not None
    assert (list(found.names), found.count) == (["ada@x", "bob@x"], 2)
    assert not list(preview.groups.selection.failures())
    assert preview.totals is not None
    assert [one.as_object()["members"] for one in preview.totals.groups] == [2, None]


async def test_of_two_people_with_one_name_the_first_is_the_member(tmp_path: Path) -> None:
    people = [person("ada", "1"), person("bob", "2", mail="ada@x")]
    preview = await checked(tmp_path, [group("Staff", "g1", "ada@x")], people)
    assert list(names_of(preview, 0)) == ["ada@x"]


async def test_groups_are_matched_renamed_and_left_over(tmp_path: Path) -> None:
    provider = MemoryProvider(
        users=[user("ada", "1"), user("bob", "2"), user("old", "7"), user("out", None)],
        groups=[
            {"id": "a", "displayName": "Old name", "externalId": "g1"},
            {"id": "b", "displayName": "By hand"},
            {"id": "c", "displayName": "Taken", "externalId": "gx"},
            {"id": "d", "displayName": "Was", "externalId": "g4"},
            {"id": "e", "displayName": "Gone", "externalId": "g9"},
            {"id": "f", "displayName": "Same", "externalId": "g6"},
            {"id": "g", "displayName": "Robots"},
        ],
        memberships=[("a", "u-ada"), ("a", "u-old"), ("a", "u-out"), ("f", "u-ada")],
    )
    preview = await checked(
        tmp_path,
        [
            group("Staff", "g1", "1", "2", "out@x"),
            group("By hand", "g2"),
            group("New", "g3", "1"),
            group("Taken", "g4"),
            group(None, "g5"),
            group("Same", "g6", "1"),
        ],
        provider=provider,
    )
    totals = await preview.compare()
    groups = preview.groups
    assert [str(groups.selection.change_kind(n)) for n in range(6)] == [
        "update",
        "update",
        "create",
        "conflict",
        "not sent",
        "unchanged",
    ]
    staff = groups.result(0)
    assert staff.change is not None
    assert staff.members is not None
    assert [(d.path, d.now, d.after) for d in staff.change.differences] == [
        ("displayName", "Old name", "Staff")
    ]
    assert (staff.change.matched_by, staff.change.user_id) == ("externalId", "a")
    assert list(staff.members.added or ()) == ["bob@x"]
    assert staff.members.removed == ["old@x"]
    assert staff.members.elsewhere == ("out@x",), "nobody of the people, but in the directory"
    assert codes(preview, 0) == []
    assert codes(preview, 1) == ["directory.byHand"]
    assert codes(preview, 3) == ["group.displayName.unique"]
    assert list(groups.selection.failures()) == [3, 4]
    left = [groups.result(n).label for n in range(6, groups.selection.checked)]
    assert left == ["Taken", "Gone"]
    assert [one.requests for one in totals.groups] == [3, 1, 2, 0, 0, 0]
    assert dict(groups.totals().changes)["create"] == 1
    assert "members.unknown" not in dict(groups.totals().codes), "counted anew"
    assert await preview.compare(again=False) == totals


async def test_who_is_refused_now_and_in_the_group_already_stays(tmp_path: Path) -> None:
    people = [person("ada", "1"), person("cyd", "3", last=""), person("out", "4", assigned="no")]
    provider = MemoryProvider(
        users=[user("ada", "1"), user("cyd", "3"), user("out", "4")],
        groups=[{"id": "a", "displayName": "Staff", "externalId": "g1"}],
        memberships=[("a", "u-ada"), ("a", "u-cyd"), ("a", "u-out")],
    )
    staff = [group("Staff", "g1", "1", "3", "4")]
    preview = await checked(tmp_path, staff, people, provider=provider)
    assert codes(preview, 0) == ["members.notSent"]
    await preview.compare()
    found = preview.groups.result(0).members
    assert found is not None
    assert (found.count, list(found.added or ()), found.removed) == (2, [], ["out@x"])
    assert list(found.not_sent) == ["out@x"]


async def test_a_hundred_members_are_one_request(tmp_path: Path) -> None:
    people = [person(f"p{n}", str(n)) for n in range(201)]
    names = [str(n) for n in range(201)]
    provider = MemoryProvider()
    preview = await checked(tmp_path, [group("Staff", "g1", *names)], people, provider=provider)
    totals = await preview.compare()
    assert totals.groups[0].requests == 4, "one to make it, three for 201 members"
    assert (totals.reads, totals.writes) == (202, 205)
    found = preview.groups.result(0).members
    assert found is not None
    assert [(op, len(names)) for op, names in found.requests] == [
        ("add", 100),
        ("add", 100),
        ("add", 1),
    ]


async def test_where_members_are_not_reported_nothing_is_claimed(tmp_path: Path) -> None:
    provider = MemoryProvider(
        users=[user("ada", "1")], groups=[{"id": "a", "displayName": "Staff", "externalId": "g1"}]
    )
    preview = await checked(tmp_path, [group("Staff", "g1", members=None)], provider=provider)
    totals = await preview.compare()
    assert totals.groups[0].as_object() == {
        "name": "Staff",
        "change": "unchanged",
        "members": None,
        "added": None,
        "removed": None,
        "problem": "",
        "requests": 0,
    }


async def test_a_csv_with_one_membership_a_row(tmp_path: Path) -> None:
    rows = "Group Email,Member Email,Member Role\nstaff@x,ada@x,OWNER\nstaff@x,bob@x,MEMBER\n"
    preview = await checked(tmp_path, rows + "ops@x,ada@x,MEMBER\n", rules=RULES)
    assert [preview.groups.selection.label(n) for n in range(2)] == ["staff@x", "ops@x"]
    assert [list(names_of(preview, n)) for n in range(2)] == [["ada@x", "bob@x"], ["ada@x"]]
    assert codes(preview, 1) == ["externalId.missing"]
    assert DEFAULT_RULES in preview.notes()


async def test_groups_of_an_ldap_export(tmp_path: Path) -> None:
    people = "".join(
        f"dn: uid={name},ou=p\nobjectClass: person\nuid: {name}\ncn: {name} L\nsn: L\n"
        f"givenName: {name}\nmail: {name}@x\n\n"
        for name in ("ada", "bob")
    )
    text = people + (
        "dn: cn=Staff,ou=g\nobjectClass: groupOfNames\ncn: Staff\nmember: uid=ada,ou=p\n"
        "member: UID=bob,OU=p\n\n"
        "dn: cn=Posix,ou=g\nobjectClass: posixGroup\ncn: Posix\nmemberUid: ada\n\n"
        "dn: cn=Big,ou=g\nobjectClass: group\ncn: Big\nmember;range=0-1499: uid=ada,ou=p\n"
    )
    (tmp_path / "all.ldif").write_text(text)
    preview = MappingPreview()
    await preview.load_people(tmp_path / "all.ldif")
    await preview.load_groups(tmp_path / "all.ldif")
    await preview.load_mapping()
    totals = await preview.run()
    assert (totals.people, len(totals.groups)) == (2, 3)
    assert [sorted(names_of(preview, n)) for n in range(3)] == [
        ["ada@x", "bob@x"],
        ["ada@x"],
        ["ada@x"],
    ]
    assert "members.cut" in codes(preview, 2)
    assert any("2 people" in note for note in preview.notes())


async def test_a_rule_can_name_the_members(tmp_path: Path) -> None:
    rules = f'{GROUP_RULES}members = "staff[].key"\n'
    groups = [{"title": "Staff", "gid": "1", "staff": [{"key": "ada@x"}], "members": ["bob@x"]}]
    preview = await checked(tmp_path, groups, rules=rules)
    assert list(names_of(preview, 0)) == ["ada@x"]
    found = preview.groups.result(0).members
    assert found is not None
    assert found.source == "the rule on line 14"


async def test_distinguished_names_in_a_column_of_the_people(tmp_path: Path) -> None:
    people = [person("ada", "1", memberOf=["CN=Staff\\, all,OU=x", "CN=Ops,OU=x"])]
    people.append(person("bob", "2", memberOf="CN=Ops,OU=x"))
    (tmp_path / "people.json").write_text(json.dumps(people))
    (tmp_path / "rules.toml").write_text(RULES)
    preview = MappingPreview()
    await preview.load_people(tmp_path / "people.json")
    await preview.load_mapping(tmp_path / "rules.toml")
    totals = await preview.run()
    assert [(one.name, one.members) for one in totals.groups] == [("Ops", 2), ("Staff, all", 1)]
    assert preview.groups.source == "the column memberOf of the people"


async def test_a_broken_file_of_groups_is_reported_and_loses_nothing(tmp_path: Path) -> None:
    preview = await checked(tmp_path, [group("Staff", "g1")])
    (tmp_path / "bad").write_text('[{"title": "x"},\n{]')
    with pytest.raises(UsageError, match="bad, line 2"):
        await preview.load_groups(tmp_path / "bad")
    assert preview.groups.selection.checked == 1
    await preview.load_groups(None)
    totals = await preview.run()
    assert totals.groups == ()


async def test_a_group_of_which_nothing_is_known_in_the_directory_is_created(
    tmp_path: Path,
) -> None:
    preview = await checked(
        tmp_path, [group("Staff", "g1", "1", "eve@x")], provider=MemoryProvider()
    )
    await preview.compare()
    found = preview.groups.result(0)
    assert found.change is not None
    assert found.change.kind is ChangeKind.CREATE
    assert found.members is not None
    assert (list(found.members.added or ()), found.members.removed) == (["ada@x"], ())
    assert codes(preview, 0) == ["members.unknown"]


def names_of(preview: MappingPreview, index: int) -> list[str]:
    found = preview.groups.result(index).members
    assert found is not None
    return list(found.names)
