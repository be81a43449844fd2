"""Who is active, from servers that say it oddly or not at all: unknown is never a zero or a no."""

from typing import Any

import pytest

from tests.cli.conftest import Command
from tests.cli.wire_kit import by_path, serve


def users(monkeypatch: pytest.MonkeyPatch, *active: object) -> None:
    """Users with these values; what is no value at all is left out."""
    found: list[dict[str, Any]] = [
        {"id": f"u{n}", "userName": f"user{n}@corp.example"}
        | ({} if value is Ellipsis else {"active": value})
        for n, value in enumerate(active)
    ]
    serve(monkeypatch, by_path({"/Users": found, "/Groups": []}))


def inactive(command: Command) -> object:
    found = command("users", "findings", "--json").json["findings"]
    return next(each["count"] for each in found if each["code"] == "users.inactive")


@pytest.mark.parametrize(("yes", "no"), [(1, 0), ("1", "0"), ("yes", "no"), ("Yes", "No")])
def test_numbers_and_words_are_read(
    command: Command, monkeypatch: pytest.MonkeyPatch, yes: object, no: object
) -> None:
    users(monkeypatch, yes, no)
    listed = command("users", "list", "--json").json["users"]
    assert [user["active"] for user in listed] == [True, False]
    assert inactive(command) == 1
    found = command("users", "list", "--search", "active:no", "--json").json["users"]
    assert [user["id"] for user in found] == ["u1"]


def test_what_is_not_said_is_unknown_everywhere(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    users(monkeypatch, ..., None, "perhaps")
    listed = command("users", "list", "--json").json["users"]
    assert [user["active"] for user in listed] == [None] * 3
    assert command("users", "list").out.count("unknown") == 3
    assert ",unknown," in command("users", "list", "--csv").out
    assert inactive(command) is None
    row = next(row for row in command("users", "findings").out.splitlines() if "Inactive" in row)
    assert row.split()[0] == "unknown"


def test_a_zero_is_said_where_all_are_known(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    users(monkeypatch, True, 1)
    assert inactive(command) == 0


def test_those_that_are_known_to_be_inactive_are_counted(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    users(monkeypatch, ..., 0)
    assert inactive(command) == 1
