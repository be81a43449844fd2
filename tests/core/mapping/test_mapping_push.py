"""Provision on demand: what is shown is what is sent, and what is there is read back."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scim_tui.core.base.audit import AuditTrail
from scim_tui.core.base.mutation import Guard
from scim_tui.core.mapping.api import MappingPreview
from scim_tui.model.directory import Kind, Record
from scim_tui.model.errors import ReadOnly, Refused, Unreachable, UsageError
from scim_tui.tui.mapping.push import pushed_lines
from tests.core.mapping.test_mapping_compare import RULES, person, user
from tests.fakes.memory import MemoryProvider


async def ready(
    tmp_path: Path,
    people: list[dict[str, Any]],
    users: list[dict[str, Any]],
    *,
    frozen: bool = False,
    rules: str = RULES,
) -> tuple[MappingPreview, MemoryProvider, Path]:
    provider, log = MemoryProvider(users=users), tmp_path / "audit.jsonl"
    trail = AuditTrail(log, actor="me", profile="p", via="test")
    (tmp_path / "people.json").write_text(json.dumps(people))
    (tmp_path / "rules.toml").write_text(rules)
    preview = MappingPreview(provider, guard=Guard(trail, frozen))
    await preview.load_people(tmp_path / "people.json")
    await preview.load_mapping(tmp_path / "rules.toml")
    await preview.run()
    return preview, provider, log


async def test_a_new_user_is_created_as_shown(tmp_path: Path) -> None:
    preview, provider, log = await ready(tmp_path, [person("ada", "1")], [])
    shown = await preview.request(0)
    assert (shown.method, shown.path) == ("POST", "/Users")
    assert shown.body == preview.result(0).payload.user
    done = await preview.push(0, shown)
    assert (done.request, done.outcome, done.differences) == (shown, "created", ())
    assert done.record is not None
    made = dict(provider.resources[Kind.USERS][done.record.id])
    assert {key: made[key] for key in made if key not in ("id", "meta")} == shown.body
    entries = [json.loads(line) for line in log.read_text().splitlines()]
    assert [(e["action"], e["phase"]) for e in entries] == [
        ("user.push", "intended"),
        ("user.push", "done"),
    ]


async def test_an_existing_user_is_patched_in_what_differs(tmp_path: Path) -> None:
    there = user("ada", "1", displayName="Old", title="Boss")
    preview, provider, _ = await ready(tmp_path, [person("ada", "1", last="Z")], [there])
    shown = await preview.request(0)
    assert (shown.method, shown.path) == ("PATCH", "/Users/u-ada")
    assert shown.body["Operations"] == [
        {"op": "replace", "path": "displayName", "value": "Ada"},
        {"op": "replace", "path": "name.familyName", "value": "Z"},
    ]
    done = await preview.push(0)
    assert (done.outcome, done.differences) == ("changed", ())
    assert provider.resources[Kind.USERS]["u-ada"]["title"] == "Boss", "what is not sent stays"
    assert (await preview.push(0)).outcome == "nothing to do"


async def test_what_the_directory_made_otherwise_is_reported(tmp_path: Path) -> None:
    preview, provider, _ = await ready(tmp_path, [person("ada", "1")], [])
    real = provider.create_user

    async def bent(user: Mapping[str, Any]) -> Record:
        return await real({**user, "displayName": "Cut"})

    provider.create_user = bent  # type: ignore[method-assign]
    done = await preview.push(0)
    assert [(d.path, d.now, d.after) for d in done.differences] == [("displayName", "Cut", "Ada")]


async def test_read_only_sends_nothing(tmp_path: Path) -> None:
    preview, provider, log = await ready(tmp_path, [person("ada", "1")], [], frozen=True)
    assert preview.why_not_push() == "This connection is read-only."
    with pytest.raises(ReadOnly):
        await preview.push(0)
    assert not {"create_user", "users", "record"} & set(provider.calls), "nobody is asked either"
    assert not log.exists()


async def test_a_refusal_is_in_the_audit(tmp_path: Path) -> None:
    preview, provider, log = await ready(tmp_path, [person("ada", "1")], [])
    provider.fail_next(Refused("No."), "create_user")
    with pytest.raises(Refused):
        await preview.push(0)
    assert json.loads(log.read_text().splitlines()[-1])["phase"] == "failed"


async def test_a_lost_read_back_does_not_hide_that_it_was_made(tmp_path: Path) -> None:
    preview, provider, _ = await ready(tmp_path, [person("ada", "1")], [])
    provider.fail_next(Unreachable("Gone."), "record")
    done = await preview.push(0)
    assert done.outcome == "created, but not read back: Gone."
    assert done.record is None


async def test_who_would_be_refused_is_not_sent(tmp_path: Path) -> None:
    preview, provider, _ = await ready(tmp_path, [person("ada", "1", last="")], [])
    with pytest.raises(UsageError, match=r"name\.familyName is required"):
        await preview.push(0)
    assert "create_user" not in provider.calls


async def test_without_a_guard_nothing_is_sent() -> None:
    preview = MappingPreview(MemoryProvider())
    assert preview.why_not_push() == "Nothing is sent from here."
    assert MappingPreview().why_not_push() == "No directory is connected."


async def test_roles_cannot_be_patched_and_it_is_said(tmp_path: Path) -> None:
    there = user("ada", "1", title="Old", roles=[{"value": "a"}])
    rules = f'{RULES}title = "title"\n"roles.value" = "role"\n'
    preview, provider, _ = await ready(
        tmp_path, [person("ada", "1", title="New", role="b")], [there], rules=rules
    )
    shown = await preview.request(0)
    assert [one["path"] for one in shown.body["Operations"]] == ["title"]
    assert shown.left_out == ("roles",)
    assert "roles is another one there and cannot be patched" in shown.why.lower()
    done = await preview.push(0, shown)
    assert [one.path for one in done.differences] == ["roles"]
    again = await preview.request(0)
    assert (again.method, again.left_out) == ("", ("roles",))
    assert "has all of it already" not in again.why
    assert provider.calls.count("patch_user") == 1


async def test_a_user_known_from_a_comparison_is_asked_for_by_id_and_no_filter(
    tmp_path: Path,
) -> None:
    by_hand = user("hand", None, userName="other@x", emails=[{"value": "ada@x", "primary": True}])
    preview, provider, _ = await ready(tmp_path, [person("ada", "1")], [by_hand])
    await preview.compare()
    real, filters = provider.users, list[str]()

    def users(filter: str = "", resume: str = "") -> Any:  # noqa: ANN401 - as the provider
        filters.append(filter)
        return real(filter, resume)

    provider.users = users  # type: ignore[method-assign]
    shown = await preview.request(0)
    assert (shown.method, shown.user_id) == ("PATCH", "u-hand")
    assert filters == ['externalId eq "1"', 'userName eq "ada@x"']
    del provider.resources[Kind.USERS]["u-hand"]
    assert (await preview.request(0)).method == "POST", "gone meanwhile"


async def test_a_person_who_was_pushed_is_compared_again(tmp_path: Path) -> None:
    people = [person("ada", "1"), person("bob", "2")]
    preview, _, _ = await ready(tmp_path, people, [user("ada", "1", displayName="Old")])
    before = await preview.compare()
    assert (before.reads, before.writes) == (2, 2)
    await preview.push(0)
    await preview.push(1)
    totals = preview.totals
    assert totals is not None
    assert [str(preview.selection.change_kind(n)) for n in (0, 1)] == ["unchanged", "unchanged"]
    assert (dict(totals.changes)["unchanged"], totals.reads, totals.writes) == (2, 2, 0)
    change = preview.result(1).change
    assert change is not None
    assert change.matched_by == "externalId"


async def test_a_conflict_is_found_before_anything_is_sent(tmp_path: Path) -> None:
    users = [user("ada", "1", userName="was@x", emails=[]), user("bob", "2", userName="ada@x")]
    preview, provider, _ = await ready(tmp_path, [person("ada", "1")], users)
    with pytest.raises(UsageError, match="Another user has this"):
        await preview.push(0)
    assert not {"create_user", "patch_user"} & set(provider.calls)


async def test_a_name_with_quotes_stays_one_name_in_a_filter(tmp_path: Path) -> None:
    evil = 'x"or\\'
    preview, provider, _ = await ready(tmp_path, [person("ada", evil)], [user("bob", "2")])
    filters = list[str]()
    real = provider.users

    def users(filter: str = "", resume: str = "") -> Any:  # noqa: ANN401 - as the provider
        filters.append(filter)
        return real(filter, resume)

    provider.users = users  # type: ignore[method-assign]
    await preview.request(0)
    assert filters[0] == 'externalId eq "x\\"or\\\\"'


@pytest.mark.parametrize("met", [True, False, None])
async def test_the_screens_show_whether_the_wish_was_met(tmp_path: Path, met: bool | None) -> None:
    preview, _, _ = await ready(tmp_path, [person("ada", "1")], [])
    pushed = replace(await preview.push(0), met=met)
    outcome = pushed_lines(pushed, 80)[0][0]
    assert outcome.role == ("good" if met else "bad")
