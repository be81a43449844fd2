"""The access that is lost, beside the changes that would take it."""

import json
from pathlib import Path

import pytest

from scim_tui.model.directory import Kind
from tests.cli.conftest import Command
from tests.fakes.memory_access import MemoryAccess


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """Ana is disabled, Cleo has another externalId, Bob and Dan stay as they are."""
    rows = [
        {"id": "e-ana", "mail": "ana@x.org", "status": "DEPROVISIONED"},
        {"id": "e-bob", "mail": "bob@x.org", "status": "DEPROVISIONED"},
        {"id": "another", "mail": "cleo@x.org", "status": "ACTIVE"},
        {"id": "e-dan", "mail": "dan@x.org", "status": "ACTIVE"},
    ]
    file = tmp_path / "people.json"
    more = {"firstName": "A", "lastName": "B"}
    file.write_text(
        json.dumps([row | more | {"login": row["mail"], "email": row["mail"]} for row in rows])
    )
    return file


def check(command: Command, people: Path, *more: str) -> tuple[str, ...]:
    files = ("--people", str(people), "--mapping", "preset:okta")
    return ("mapping", "check", *files, "--against", "directory", *more)


def test_a_comparison_says_who_would_lose_what(command: Command, people: Path) -> None:
    command("access", "crawl")
    found = command(*check(command, people, "--json")).json["access_lost"]
    assert {
        each["user_id"]: (
            each["cause"],
            [(way["account_name"], way["permission_set_name"]) for way in each["lost"]],
        )
        for each in found["people"]
    } == {
        "ana": ("deactivated", [("corp-111", "AdminAccess"), ("corp-222", "Reader")]),
        "cleo": ("made anew", [("corp-111", "Reader")]),
    }
    assert (found["count"], found["whole"]) == (3, True)
    table = command(*check(command, people))
    assert "2 people lose 3 permission sets in 2 accounts" in table.err
    assert "AdminAccess in corp-111" in table.out


def test_the_limit_of_lost_access_is_a_gate(command: Command, people: Path) -> None:
    unknown = command(*check(command, people, "--max-access-lost", "9"))
    assert unknown.code == 2
    assert "scim-tui access crawl" in unknown.err
    command("access", "crawl")
    for limit, code in (("3", 0), ("2", 1)):
        answer = command(*check(command, people, "--max-access-lost", limit))
        assert answer.code == code, answer.err


def test_a_limit_is_not_met_by_what_is_not_known(command: Command, people: Path) -> None:
    command("users", "list")
    command("access", "crawl", "--only-assignments")
    answer = command(*check(command, people, "--max-access-lost", "99"))
    assert answer.code == 2
    assert "Not all access of these people is known" in answer.err


def test_without_a_crawl_lost_access_is_null(command: Command, people: Path) -> None:
    answer = command(*check(command, people, "--json"))
    assert (answer.code, answer.json["access_lost"]) == (0, None)


def test_who_would_leave_a_group_loses_what_it_gives(
    command: Command, people: Path, tmp_path: Path
) -> None:
    command("access", "crawl")
    file = tmp_path / "groups.json"
    group = {"id": "g-crew", "profile": {"name": "Crew"}, "members": [{"value": "e-bob"}]}
    file.write_text(json.dumps([group]))
    rows = json.loads(people.read_text())
    rows[0]["status"] = "ACTIVE"
    people.write_text(json.dumps(rows))
    answer = command(*check(command, people, "--groups", str(file), "--json"))
    lost = {each["user_id"]: each["cause"] for each in answer.json["access_lost"]["people"]}
    assert lost == {"ana": "left groups", "cleo": "made anew"}


def test_a_diff_says_what_those_who_went_had(command: Command, provider: MemoryAccess) -> None:
    command("access", "crawl")
    del provider.resources[Kind.USERS]["ana"]
    answer = command("users", "diff", "--since", "1d", "--json", "--max-access-lost", "1")
    found = answer.json["access_lost"]
    assert [(each["user_name"], each["cause"]) for each in found["people"]] == [
        ("ana@x.org", "deleted")
    ]
    assert (answer.code, found["count"]) == (1, 2)


def test_a_push_that_disables_says_what_is_lost(command: Command, people: Path) -> None:
    command("access", "crawl")
    files = ("--people", str(people), "--mapping", "preset:okta")
    answer = command("mapping", "push", *files, "--person", "ana@x.org")
    assert answer.code == 2
    assert "1 person loses 2 permission sets" in answer.err
    anew = command("mapping", "push", *files, "--person", "cleo@x.org", "--json").json
    assert anew["access_lost"] is None
