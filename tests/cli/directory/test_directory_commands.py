"""`users list` in its forms, `diff`, `findings` and `cache`."""

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scim_tui.cli.base.dates import moment
from scim_tui.cli.base.load import _progress
from scim_tui.core.directory.api import LoadState
from scim_tui.model.directory import Kind
from scim_tui.model.errors import UsageError
from tests.cli.conftest import Command
from tests.fakes.memory import MemoryProvider

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def test_csv_with_chosen_columns(command: Command) -> None:
    shown = command("users", "list", "--csv", "--columns", "user_name,active", "--sort", "id")
    rows = list(csv.reader(shown.out.splitlines()))
    assert (shown.code, rows[0], len(rows)) == (0, ["user_name", "active"], 31)
    assert command("users", "list", "--csv", "--columns", "mail").code == 2
    assert command("users", "list", "--csv", "--json").code == 2


def test_a_file_is_written_once(command: Command, place: Path) -> None:
    path = place / "people.jsonl"
    shown = command("users", "list", "--search", "active:yes", "--out", str(path))
    assert (shown.code, shown.out) == (0, "")
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert f"{len(rows)} users" in shown.err
    assert all(row["active"] for row in rows)
    again = command("users", "list", "--out", str(path))
    assert (again.code, "exists" in again.err) == (2, True)
    assert command("users", "list", "--out", str(place / "x.xlsx")).code == 2


def test_columns_of_json_and_of_a_table(command: Command) -> None:
    users = command("users", "list", "--json", "--columns", "id,email").json["users"]
    assert {tuple(user) for user in users} == {("id", "email")}
    assert command("users", "list", "--columns", "email").out.splitlines()[0] == "EMAIL"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-01", "2026-11-01T00:00:00+00:00"),
        ("2026-11-01T09:00Z", "2026-11-01T09:00:00+00:00"),
        ("2026-11-01T09:00+02:00", "2026-11-01T09:00:00+02:00"),
        ("7d", "2026-11-18T12:00:00+00:00"),
    ],
)
def test_a_moment_as_people_write_it(text: str, expected: str) -> None:
    assert moment(text, NOW).isoformat() == expected


@pytest.mark.parametrize("text", ["soon", "", "2026-13-01", "9" * 400 + "d"])
def test_what_is_no_moment_is_reported(text: str) -> None:
    with pytest.raises(UsageError, match="is no time"):
        moment(text, NOW)


def test_cached_sends_no_request(command: Command, provider: MemoryProvider) -> None:
    assert command("users", "list", "--cached", "--filter", 'id eq "1"').code == 2
    shown = command("users", "list", "--cached")
    assert (shown.code, shown.out) == (2, "")
    assert "listed before" in shown.err
    assert "users" not in provider.calls


def test_what_changed_between_two_listings(command: Command, provider: MemoryProvider) -> None:
    people = provider.resources[Kind.USERS]
    assert command("users", "list").code == 0
    gone, changed, disabled = list(people)[:3]
    del people[gone]
    people[changed] = {**people[changed], "displayName": "Somebody Else"}
    people[disabled] = {**people[disabled], "active": False}
    people["new"] = {"id": "new", "userName": "new@corp.example", "active": True}
    shown = command("users", "diff", "--since", "2000-01-01", "--json")
    found = {(each["id"], each["what"]) for each in shown.json["changes"]}
    assert shown.code == 0
    assert {(gone, "went"), (changed, "changed"), (disabled, "disabled"), ("new", "came")} <= found
    assert len(found) == 4
    name = next(e for e in shown.json["changes"] if e["id"] == changed)
    assert (name["field"], name["after"]) == ("display_name", "Somebody Else")
    table = command("users", "diff", "--since", "2000-01-01", "--cached")
    assert "1 went" in table.err
    assert "Somebody Else" in table.out
    assert command("users", "diff", "--since", "soon").code == 2


def test_one_listing_has_nothing_to_be_compared_with(command: Command) -> None:
    shown = command("users", "diff", "--since", "7d")
    assert (shown.code, shown.out) == (0, "")
    assert "nothing to compare with yet" in shown.err
    assert "No listing" not in shown.err
    assert command("users", "diff", "--since", "7d", "--json", "--cached").json == {
        "profile": "local",
        "compared_since": None,
        "changes": [],
        "access_lost": None,
    }


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (LoadState(loaded=1_200), "1,200 read"),
        (
            LoadState(loaded=1_200, total=20_000, rate=400.4, seconds_left=47.0, slowed=True),
            "1,200 of 20,000 read, 400/s, 47 s left, slowed by the server",
        ),
        (LoadState(loaded=900, rate=9.0, resumed_at=800), "900 read, 9/s, went on at 800"),
    ],
)
def test_a_listing_shows_its_progress_as_far_as_it_is_known(state: LoadState, words: str) -> None:
    assert _progress(state) == words


def test_findings_are_counted_with_the_search_that_lists_them(
    command: Command, provider: MemoryProvider
) -> None:
    people = provider.resources[Kind.USERS]
    some = next(iter(people))
    people[some] = {key: value for key, value in people[some].items() if key != "emails"}
    shown = command("users", "findings", "--members", "--json")
    assert shown.code == 1
    for each in shown.json["findings"]:
        kind, query = each["kind"], each["query"]
        assert each["count"] is not None
        listed = command(kind, "list", "--cached", "--search", query, "--json").json[kind]
        assert len(listed) == each["count"], each
    assert any(each["count"] for each in shown.json["findings"])


def test_findings_name_the_products_own_page_about_comparing(
    command: Command, provider: MemoryProvider
) -> None:
    assert "own way" not in command("users", "findings").err
    assert command("users", "findings", "--json").json["reconciling"] is None
    provider.capabilities = replace(provider.capabilities, reconciling="https://x.example/page")
    assert "to compare it with the IdP: https://x.example/page" in command("users", "findings").err
    found = command("users", "findings", "--json").json["reconciling"]
    assert found == "https://x.example/page"


def test_what_is_kept_can_be_seen_and_forgotten(command: Command, place: Path) -> None:
    assert command("users", "list").code == 0
    info = command("cache", "info", "--json").json
    assert (info["users"], info["groups"]) == (30, 0)
    path = Path(info["path"])
    assert path.stat().st_mode & 0o777 == 0o600
    assert place in path.parents
    assert command("users", "list", "--cached", "--json").json["users"]
    assert "30 users" in command("cache", "clear").err
    assert command("users", "list", "--cached").code == 2
    assert "unknown" in command("cache", "info").out
