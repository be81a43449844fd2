"""`scim-tui users leavers`: who left, what is still there, how far it is proved, and the plan."""

import json
import os
import shlex
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from scim_tui.core.access.rows import AssignmentRow, Standing
from scim_tui.core.leavers.leaver import Evidence, GroupRef, Leaver, Leavers, Reason
from scim_tui.core.leavers.plan import plan_lines
from scim_tui.model.access import PrincipalKind
from scim_tui.model.directory import Kind
from scim_tui.model.unknown_values import UNKNOWN
from scim_tui.providers.port import SignIns
from tests.cli.access.conftest import person
from tests.cli.conftest import Command
from tests.fakes.memory import ALL_YES
from tests.fakes.memory_access import USER, MemoryAccess
from tests.fakes.sample import START


@pytest.fixture
def provider() -> MemoryAccess:
    """Bob is disabled and in Crew, Cleo has an assignment of her own, Dan has nothing."""
    made = MemoryAccess(
        users=[person("ana"), person("bob", active=False), person("cleo"), person("dan")],
        groups=[{"id": "crew", "displayName": "Crew"}],
        memberships=[("crew", "ana"), ("crew", "bob")],
    )
    made.give("crew", "Admin", "111")
    made.give("cleo", "Reader", "111", kind=USER)
    return made


def export(folder: Path, **status: str) -> Path:
    file = folder / "people.json"
    rows = [
        {"id": f"e-{name}", "login": f"{name}@x.org", "email": f"{name}@x.org", "status": each}
        for name, each in status.items()
    ]
    file.write_text(json.dumps([row | {"firstName": "A", "lastName": "B"} for row in rows]))
    return file


def test_a_disabled_person_with_a_group_is_a_leaver(command: Command) -> None:
    answer = command("users", "leavers", "--json")
    (bob,) = answer.json["leavers"]
    assert (answer.code, bob["user_id"], bob["reason"]) == (1, "bob", "disabled here")
    assert bob["evidence"] == {
        "idp_disabled": None,
        "directory_disabled": True,
        "no_group": False,
        "no_direct_assignment": True,
        "no_dangling_assignment": True,
        "silent_in_cloudtrail_since": None,
        "last_sign_in": None,
    }
    assert [each["group_name"] for each in bob["access"]] == ["Crew"]
    assert "12 hours" in answer.json["no_api_ends"][1]


def test_who_is_gone_from_the_export_or_disabled_there_is_a_leaver(
    command: Command, tmp_path: Path
) -> None:
    file = export(tmp_path, ana="DEPROVISIONED", bob="ACTIVE", dan="ACTIVE")
    files = ("--people", str(file), "--mapping", "preset:okta")
    found = command("users", "leavers", *files, "--json").json["leavers"]
    assert {
        each["user_id"]: (each["reason"], each["evidence"]["idp_disabled"]) for each in found
    } == {
        "ana": ("disabled in the IdP's export", True),
        "bob": ("disabled here", False),
        "cleo": ("gone from the IdP's export", True),
    }


def test_an_empty_export_makes_no_one_a_leaver(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "people.json"
    file.write_text("[]")
    answer = command("users", "leavers", "--people", str(file))
    assert answer.code == 2


def test_a_deleted_user_with_an_assignment_is_named_by_what_listings_saw(
    command: Command, provider: MemoryAccess
) -> None:
    command("users", "leavers")
    del provider.resources[Kind.USERS]["cleo"]
    provider.resources[Kind.USERS]["bob"]["active"] = True
    (cleo,) = command("users", "leavers", "--json").json["leavers"]
    assert (cleo["user_id"], cleo["user_name"]) == ("cleo", "cleo@x.org")
    assert cleo["reason"] == "deleted here, assignments left"
    assert cleo["evidence"]["no_dangling_assignment"] is False


def test_a_deleted_user_without_a_name_may_have_been_anyone(
    command: Command, provider: MemoryAccess
) -> None:
    provider.give("deleted-before", "Reader", "111", kind=USER)
    found = command("users", "leavers", "--json").json["leavers"]
    assert {
        each["user_id"]: (each["user_name"], each["evidence"]["no_dangling_assignment"])
        for each in found
    } == {"bob": ("bob@x.org", None), "deleted-before": (None, False)}


def test_without_access_only_groups_are_known(command: Command, provider: MemoryAccess) -> None:
    provider.capabilities = ALL_YES
    answer = command("users", "leavers", "--json")
    (bob,) = answer.json["leavers"]
    assert bob["access"] is None
    assert bob["evidence"]["no_direct_assignment"] is None
    assert "Access is not known" in answer.err


def test_nothing_kept_is_no_proof_that_no_one_left(command: Command) -> None:
    answer = command("users", "leavers", "--cached")
    assert answer.code == 2
    assert "no leaver can be found" in answer.err


def test_the_log_says_who_signed_in_and_how_far_back_it_was_read(
    command: Command, provider: MemoryAccess, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = {"bob": START - timedelta(days=2)}

    async def sign_ins(_: MemoryAccess) -> SignIns:
        return SignIns(seen, START - timedelta(days=90))

    monkeypatch.setattr(MemoryAccess, "sign_ins", sign_ins, raising=False)
    (bob,) = command("users", "leavers", "--cloudtrail", "--json").json["leavers"]
    assert bob["evidence"]["last_sign_in"] == "2026-11-21T18:42:07Z"
    assert bob["evidence"]["silent_in_cloudtrail_since"] is None
    seen.clear()
    (bob,) = command("users", "leavers", "--cloudtrail", "--json").json["leavers"]
    assert bob["evidence"]["silent_in_cloudtrail_since"] == "2026-08-25T18:42:07Z"
    assert "silent in CloudTrail" in command("users", "leavers", "--cloudtrail").out


def test_a_plan_is_commands_for_review_and_nothing_is_sent(
    command: Command, provider: MemoryAccess, tmp_path: Path
) -> None:
    command("access", "crawl")
    provider.calls.clear()
    file = tmp_path / "plan.sh"
    answer = command("users", "leavers", "--cached", "--plan", str(file))
    assert provider.calls == []
    assert "Wrote 1 commands" in answer.err
    text = file.read_text()
    assert "aws identitystore delete-group-membership" in text
    assert "12 hours" in text
    assert file.stat().st_mode & 0o777 == 0o600


def test_what_a_plan_quotes_runs_nothing(tmp_path: Path) -> None:
    evil = "a'; touch owned; '$(touch owned)`touch owned`"
    row = AssignmentRow(
        evil, "", evil, "", None, PrincipalKind.USER, evil, "", Standing.DELETED, None, 0, UNKNOWN
    )
    proof = Evidence(None, None, None, None, None)
    leaver = Leaver(
        evil, f"x\ntouch owned\n{evil}", Reason.DISABLED, proof, (GroupRef(evil, evil),), (), (row,)
    )
    plan = tmp_path / "plan.sh"
    plan.write_text("\n".join(plan_lines(Leavers((leaver,)), None, START)))
    aws = tmp_path / "aws"
    aws.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >> {shlex.quote(str(tmp_path / "said"))}\n')
    aws.chmod(0o700)
    known = {"IDENTITY_STORE_ID": "d-1", "INSTANCE_ARN": "arn:x"}
    place = {"PATH": f"{tmp_path}:{os.environ['PATH']}", **known}
    subprocess.run(["sh", plan], cwd=tmp_path, env=place, check=True)
    assert not (tmp_path / "owned").exists()
    assert (tmp_path / "said").read_text().count(f"{evil}\n") >= 4
