"""A preview beside a directory: who is whom, what would change, and how long it would take."""

import json
from pathlib import Path
from typing import Any

import pytest

from scim_tui.core.directory.api import Directory
from scim_tui.core.mapping.api import ChangeKind, MappingPreview
from scim_tui.model.directory import Kind
from scim_tui.model.errors import UsageError
from tests.fakes.memory import MemoryProvider

RULES = """
userName = "login"
displayName = "name"
"name.givenName" = "first"
"name.familyName" = "last"
"emails.value" = "login"
"emails.primary" = { const = true }
externalId = "id"
active = "active"
"""


def user(name: str, external: str | None, **more: object) -> dict[str, Any]:
    plain = {
        "id": f"u-{name}",
        "userName": f"{name}@x",
        "displayName": name.title(),
        "name": {"givenName": name.title(), "familyName": "L"},
        "externalId": external,
        "emails": [{"value": f"{name}@x", "primary": True}],
        "active": True,
    }
    return {key: value for key, value in (plain | more).items() if value is not None}


def person(name: str, external: str, **more: object) -> dict[str, Any]:
    plain = {
        "id": external,
        "login": f"{name}@x",
        "name": name.title(),
        "first": name.title(),
        "last": "L",
        "active": True,
    }
    return plain | more


async def compared(
    tmp_path: Path,
    people: list[dict[str, Any]],
    users: list[dict[str, Any]],
    groups: list[dict[str, Any]] | None = None,
    memberships: list[tuple[str, str]] | None = None,
) -> tuple[MappingPreview, MemoryProvider]:
    provider = MemoryProvider(users=users, groups=groups or [], memberships=memberships or [])
    (tmp_path / "people.json").write_text(json.dumps(people))
    (tmp_path / "rules.toml").write_text(RULES)
    preview = MappingPreview(provider)
    await preview.load_people(tmp_path / "people.json")
    await preview.load_mapping(tmp_path / "rules.toml")
    await preview.run()
    await preview.compare()
    return preview, provider


def kinds(preview: MappingPreview, count: int) -> list[str]:
    return [str(preview.selection.change_kind(index)) for index in range(count)]


async def test_every_kind_of_change(tmp_path: Path) -> None:
    people = [
        person("new", "1"),
        person("same", "2"),
        person("moved", "3", last="Z"),
        person("off", "4", active=False),
        person("hand", "5"),
        person("thief", "6"),
        person("bad", "7", last=""),
    ]
    users = [
        user("same", "2"),
        user("moved", "3"),
        user("off", "4"),
        user("hand", None),
        user("thief", "6", userName="was@x", emails=[]),
        user("other", "8", userName="thief@x"),
        user("bad", "7"),
        user("gone", "9"),
        user("robot", None),
        user("ended", "10", active=False),
    ]
    preview, _ = await compared(tmp_path, people, users)
    assert kinds(preview, 7) == [
        "create",
        "unchanged",
        "update",
        "deactivate",
        "update",
        "conflict",
        "not sent",
    ]
    totals = preview.totals
    assert totals is not None
    assert dict(totals.changes) == {
        "create": 1,
        "update": 2,
        "deactivate": 3,
        "unchanged": 2,
        "conflict": 1,
        "not sent": 1,
    }
    assert totals.people == 7, "who is in the directory only is nobody of the people"
    moved = preview.result(2).change
    assert moved is not None
    assert (moved.matched_by, moved.user_id) == ("externalId", "u-moved")
    assert [(d.path, d.now, d.after) for d in moved.differences] == [("name.familyName", "L", "Z")]
    hand = preview.result(4)
    assert hand.change is not None
    assert hand.change.by_hand
    assert [finding.code for finding in hand.findings] == ["directory.byHand"]
    thief = preview.result(5)
    assert thief.refused
    assert thief.findings[0].code == "userName.unique"
    assert list(preview.selection.failures()) == [5, 6]
    assert totals.refused == 2


async def test_those_left_over_come_after_the_people(tmp_path: Path) -> None:
    preview, _ = await compared(tmp_path, [person("a", "1")], [user("a", "1"), user("gone", "9")])
    assert list(preview.selection.select(change="deactivate")) == [1]
    gone = preview.result(1)
    assert (gone.label, gone.person.line) == ("gone@x", 0)
    assert gone.change is not None
    assert [(d.path, d.now, d.after) for d in gone.change.differences] == [("active", True, False)]
    assert preview.selection.label(1) == "gone@x"
    with pytest.raises(UsageError, match="directory only"):
        await preview.request(1)


async def test_who_is_not_assigned_any_more_is_deactivated(tmp_path: Path) -> None:
    people = [person("a", "1", assigned="no"), person("b", "2", assigned="no")]
    people.append(person("c", "3", assigned="yes"))
    preview, _ = await compared(tmp_path, people, [user("a", "1")])
    assert kinds(preview, 3) == ["deactivate", "not sent", "create"]
    assert preview.totals is not None
    assert preview.totals.unassigned == 2
    assert preview.totals.assignment_unknown == 0
    assert [f.code for f in preview.result(0).findings] == ["assignment.none"]
    with pytest.raises(UsageError, match="not assigned"):
        await preview.request(1)


async def test_comparing_again_takes_back_what_the_comparison_before_found(tmp_path: Path) -> None:
    users = [user("thief", "6", userName="was@x"), user("other", "8", userName="thief@x")]
    preview, provider = await compared(tmp_path, [person("thief", "6")], users)
    first = preview.totals
    assert await preview.compare(again=False) == first
    del provider.resources[Kind.USERS]["u-other"]
    assert first is not None
    assert first.refused == 1
    again = await preview.compare()
    assert (again.refused, dict(again.codes)) == (0, {})


async def test_a_listing_at_hand_needs_no_request_for_users(tmp_path: Path) -> None:
    preview, provider = await compared(tmp_path, [person("a", "1")], [user("a", "1")])
    directory = Directory(provider)
    await directory.load(Kind.USERS)
    view = await directory.view(Kind.USERS)
    provider.calls.clear()
    await preview.compare(view=view)
    assert "users" not in provider.calls
    assert preview.selection.change_kind(0) is ChangeKind.UNCHANGED
    await directory.aclose()


async def test_the_requests_and_the_time_under_the_limits(tmp_path: Path) -> None:
    people = [person(f"p{n}", str(n)) for n in range(50)]
    preview, _ = await compared(tmp_path, people, [])
    totals = preview.totals
    assert totals is not None
    assert (totals.reads, totals.writes) == (50, 50)
    assert totals.push_seconds == 2.0, "50 writes at 25 a second"


async def test_groups_come_from_a_column(tmp_path: Path) -> None:
    people = [person(f"p{n}", str(n), groups="Staff;New" if n < 3 else "Staff") for n in range(230)]
    preview, _ = await compared(
        tmp_path,
        people,
        [user("p0", "0"), user("old", "x")],
        groups=[{"id": "g1", "displayName": "Staff"}],
        memberships=[("g1", "u-p0"), ("g1", "u-old")],
    )
    totals = preview.totals
    assert totals is not None
    new, staff = totals.groups
    assert (new.name, new.kind, new.members, new.requests) == ("New", ChangeKind.CREATE, 3, 2)
    assert (staff.kind, staff.members, staff.added, staff.removed) == ("update", 230, 229, 1)
    assert staff.requests == 4, "three hundreds to add, one to remove"


async def test_a_group_that_would_be_refused_is_reported(tmp_path: Path) -> None:
    preview, _ = await compared(tmp_path, [person("a", "1", groups="Administrator")], [])
    assert preview.totals is not None
    assert preview.totals.groups[0].problem.startswith("userName.reserved")
    assert preview.totals.groups[0].kind is ChangeKind.NOT_SENT


async def test_a_live_listing_is_a_source_too() -> None:
    preview = MappingPreview(MemoryProvider(users=[user("a", "1"), user("b", None)]))
    people = await preview.load_directory()
    assert (people.format, people.count) == ("scim", 2)
    await preview.load_mapping()
    totals = await preview.run()
    assert (totals.accepted, dict(totals.codes)) == (2, {"externalId.missing": 1})


async def test_what_changed_in_the_totals(tmp_path: Path) -> None:
    preview, _ = await compared(tmp_path, [person("a", "1", last="")], [])
    (tmp_path / "rules.toml").write_text(RULES.replace('"last"', '"last || first"'))
    await preview.load_mapping(tmp_path / "rules.toml")
    totals = await preview.run()
    moved = dict(totals.news())
    assert moved["accepted"] == 1
    assert moved["refused"] == -1


async def test_one_person_typed_in(tmp_path: Path) -> None:
    preview, _ = await compared(tmp_path, [person("a", "1")], [user("a", "1")])
    found = preview.what_if(person("b", "1"))
    assert [finding.code for finding in found.findings] == ["externalId.unique"]
    fine = preview.what_if(person("b", "2"))
    assert fine.change is not None
    assert fine.change.kind is ChangeKind.CREATE
    assert preview.totals is not None
    assert preview.totals.people == 1


async def test_an_unknown_change_is_reported(tmp_path: Path) -> None:
    preview, _ = await compared(tmp_path, [person("a", "1")], [])
    with pytest.raises(UsageError, match="no change 'chnage'"):
        preview.selection.select(change="chnage")
