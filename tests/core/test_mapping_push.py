"""Provision on demand: what is shown is what is sent, and what is there is read back."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from scim_tui.core.audit import AuditTrail
from scim_tui.core.mapping import MappingPreview
from scim_tui.core.mutation import Guard
from scim_tui.model.directory import Kind, Record
from scim_tui.model.errors import ReadOnly, Refused, Unreachable, UsageError
from scim_tui.providers.memory import MemoryProvider
from tests.core.test_mapping_compare import RULES, person, user


async def ready(
    tmp_path: Path,
    people: list[dict[str, Any]],
    users: list[dict[str, Any]],
    *,
    frozen: bool = False,
) -> tuple[MappingPreview, MemoryProvider, Path]:
    provider, log = MemoryProvider(users=users), tmp_path / "audit.jsonl"
    trail = AuditTrail(log, actor="me", profile="p", via="test")
    (tmp_path / "people.json").write_text(json.dumps(people))
    (tmp_path / "rules.toml").write_text(RULES)
    preview = MappingPreview(provider, guard=Guard(trail, frozen))
    await preview.load_people(tmp_path / "people.json")
    await preview.load_mapping(tmp_path / "rules.toml")
    await preview.run()
    return preview, provider, log


async def test_somebody_new_is_created_as_shown(tmp_path: Path) -> None:
    preview, provider, log = await ready(tmp_path, [person("ada", "1")], [])
    shown = await preview.request(0)
    assert (shown.method, shown.path) == ("POST", "/Users")
    assert shown.body == preview.result(0).payload.user
    done = await preview.push(0, shown)
    assert (done.request, done.outcome, done.differences) == (shown, "created", ())
    assert done.record is not None
    assert provider.resources[Kind.USERS][done.record.id]["userName"] == "ada@x"
    entries = [json.loads(line) for line in log.read_text().splitlines()]
    assert [(e["action"], e["phase"]) for e in entries] == [
        ("user.push", "intended"), ("user.push", "done"),
    ]  # fmt: skip


async def test_somebody_known_is_patched_in_what_differs(tmp_path: Path) -> None:
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


async def test_what_the_directory_made_otherwise_is_told(tmp_path: Path) -> None:
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
    assert "create_user" not in provider.calls
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
