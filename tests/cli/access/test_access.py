"""`scim-tui access`: crawl, list, report and findings, as a person runs them."""

import json
from pathlib import Path

from scim_tui.model.errors import NotAllowed
from tests.cli.conftest import Command
from tests.fakes.memory_access import MemoryAccess


def test_nothing_is_claimed_before_a_crawl(command: Command) -> None:
    answer = command("access", "list")
    assert (answer.code, answer.out) == (2, "")
    assert "not known yet" in answer.err
    assert "scim-tui access crawl" in answer.err


def test_a_crawl_reads_everything_and_the_list_answers_from_what_is_kept(
    command: Command, provider: MemoryAccess
) -> None:
    crawled = command("access", "crawl", "--json")
    assert crawled.code == 0
    assert crawled.json["assignments"] == 5
    assert crawled.json["as_of"] == "2026-11-23T18:42:07Z"
    provider.calls.clear()
    found = command("access", "list", "--user", "ANA@x.org", "--json").json
    assert provider.calls == []
    assert found["through_groups_known"] is True
    assert [(each["account_name"], each["group_name"]) for each in found["access"]] == [
        ("corp-111", "Crew"),
        ("corp-222", "Crew"),
    ]
    assert found["access"][0]["since"] is None


def test_an_account_and_a_set_are_listed_by_assignment_and_by_person(command: Command) -> None:
    command("access", "crawl")
    rows = command("access", "list", "--account", "corp-222", "--json").json["access"]
    assert {row["principal_id"]: (row["standing"], row["people"]) for row in rows} == {
        "crew": ("listed", 2),
        "empty": ("listed", 0),
        "gone": ("deleted", 0),
    }
    people = command("access", "list", "--set", "reader", "--people", "--json").json["access"]
    assert sorted((each["user_id"], each["direct"]) for each in people) == [
        ("ana", False),
        ("bob", False),
        ("cleo", True),
    ]


def test_a_name_that_is_not_kept_is_no_and_not_an_empty_list(command: Command) -> None:
    command("access", "crawl")
    answer = command("access", "list", "--account", "nowhere")
    assert (answer.code, answer.out) == (1, "")
    assert "No account that is kept" in answer.err


def test_without_members_access_through_groups_is_said_to_be_unknown(command: Command) -> None:
    command("users", "list")
    answer = command("access", "crawl", "--only-assignments")
    assert answer.code == 0
    answer = command("access", "list", "--user", "ana", "--json")
    assert answer.json["through_groups_known"] is False
    assert "members were not listed" in answer.err


def test_a_refused_crawl_names_what_was_refused(command: Command, provider: MemoryAccess) -> None:
    provider.fail_next(NotAllowed("AWS does not allow sso:ListPermissionSets."), "permission_sets")
    answer = command("access", "crawl")
    assert answer.code == 4
    assert "sso:ListPermissionSets" in answer.err


def test_accounts_without_names_are_shown_by_id(command: Command, provider: MemoryAccess) -> None:
    provider.no_names = NotAllowed("AWS does not allow organizations:ListAccounts.")
    command("access", "crawl")
    answer = command("access", "list", "--user", "cleo", "--json")
    assert [each["account_name"] for each in answer.json["access"]] == [None]
    assert "organizations:ListAccounts" in answer.err


def test_findings_exit_1_and_name_their_cases(command: Command) -> None:
    command("access", "crawl")
    answer = command("access", "findings", "--json")
    found = {each["code"]: each for each in answer.json["findings"]}
    assert answer.code == 1
    assert {code: each["count"] for code, each in found.items()} == {
        "access.disabled": 1,
        "access.deleted": 1,
        "access.empty_groups": 1,
        "access.unused_sets": 0,
        "access.direct": 1,
        "access.admins": 2,
    }
    assert found["access.disabled"]["cases"] == [{"name": "bob@x.org", "id": "bob", "where": None}]
    table = command("access", "findings")
    assert "disabled people who still hold access" in table.out


def test_the_report_escapes_html_and_runs_no_formula(command: Command, tmp_path: Path) -> None:
    command("access", "crawl")
    page, sheet, data = (tmp_path / f"access.{each}" for each in ("html", "csv", "json"))
    for file in (page, sheet, data):
        assert command("access", "report", "--out", str(file)).code == 0
    assert "=cmd|&#x27;x&#x27;!A1" in page.read_text()
    assert "<script" not in page.read_text()
    assert ",\"'=cmd|'x'!A1\"," in sheet.read_text()
    assert len(sheet.read_text().splitlines()) == 6
    found = json.loads(data.read_text())
    assert len(found["access"]) == 5
    assert found["access"][0]["since"] is None
    assert command("access", "report", "--out", "access.txt").code == 2


def test_where_there_is_no_access_the_reason_is_given(
    command: Command, provider: MemoryAccess
) -> None:
    from tests.fakes.memory import ALL_YES

    provider.capabilities = ALL_YES
    answer = command("access", "crawl")
    assert answer.code == 5
    assert "no AWS accounts and permission sets" in answer.err
