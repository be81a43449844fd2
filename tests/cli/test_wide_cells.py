"""A cell of a stranger's making: however long it is, the other rows do not pay for it."""

import json
from typing import Any

import pytest

from scim_tui.model.directory import Kind
from tests.cli.conftest import Command
from tests.fakes.memory import MemoryProvider

LONG = 1_000_000


def add(provider: MemoryProvider, user: dict[str, Any]) -> None:
    provider.resources[Kind.USERS]["evil"] = {"id": "evil", "userName": "evil@x", **user}


@pytest.mark.parametrize("name", ["x" * LONG, "名" * LONG, "A" + "\u0301" * LONG])
def test_a_listing_stays_small(provider: MemoryProvider, command: Command, name: str) -> None:
    add(provider, {"displayName": name})
    answer = command("users", "list", "--columns", "display_name,user_name")
    assert answer.code == 0
    assert len(answer.out) < 100_000
    rows = answer.out.splitlines()
    assert len(rows) == 32
    assert any(row.endswith("evil@x") for row in rows)


def test_the_whole_value_is_in_the_json(provider: MemoryProvider, command: Command) -> None:
    add(provider, {"displayName": "x" * LONG})
    users = command("users", "list", "--json").json["users"]
    assert {len(user["display_name"]) for user in users if user["id"] == "evil"} == {LONG}


def test_a_long_label_is_not_paid_for_in_every_line(
    provider: MemoryProvider, command: Command
) -> None:
    add(provider, {"k" * LONG: 1, "emails": [{"value": f"{n}@x"} for n in range(300)]})
    answer = command("users", "show", "evil@x")
    assert answer.code == 0
    assert len(answer.out) < 1_000_000
    assert json.loads(command("users", "show", "evil@x", "--json").out)
