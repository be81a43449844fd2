"""`users list` in its forms, `diff`, `findings` and `cache`."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scim_tui.cli.times import moment
from scim_tui.model.errors import UsageError
from scim_tui.providers.memory import MemoryProvider
from tests.cli.conftest import Command

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
def test_what_is_no_moment_is_told(text: str) -> None:
    with pytest.raises(UsageError, match="is no time"):
        moment(text, NOW)


def test_cached_asks_nobody(command: Command, provider: MemoryProvider) -> None:
    assert command("users", "list", "--cached", "--filter", 'id eq "1"').code == 2
    shown = command("users", "list", "--cached")
    assert (shown.code, shown.out) == (2, "")
    assert "listed before" in shown.err
    assert "users" not in provider.calls
