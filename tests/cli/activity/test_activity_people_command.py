"""`scim-tui activity --people` and `--ticket`."""

from datetime import timedelta

import pytest

from scim_tui.model.activity import Event
from tests.cli.conftest import Command
from tests.fakes.memory import MemoryProvider
from tests.fakes.sample import START


@pytest.fixture(autouse=True)
def _refusals(provider: MemoryProvider) -> None:
    provider.log = [
        Event(
            id=number,
            at=START - timedelta(hours=30 - number),
            operation="CreateUser",
            status=400,
            target=name,
            constraint="emails.single",
            message="List attribute emails exceeds allowed limit of 1",
            client="Okta",
            request_id=f"req-{number}",
        )
        for number, name in enumerate(["old@example.com", "bo@example.com", "ana@example.com"], 5)
    ]


def test_the_list_for_the_help_desk(command: Command) -> None:
    shown = command("activity", "--people")
    assert shown.code == 0
    head, *rows = shown.out.splitlines()
    assert head.split() == ["PERSON", "WHY", "TRIES", "NEWEST", "FIX"]
    assert [row.split()[0] for row in rows] == ["ana@example.com", "bo@example.com"]
    assert "Map one primary address only." in rows[0]
    assert len(command("activity", "--people", "--since", "7d").out.splitlines()) == 4
    assert len(command("activity", "--people", "--limit", "1").out.splitlines()) == 2


def test_the_list_as_json(command: Command) -> None:
    data = command("activity", "--people", "--json").json
    assert (data["profile"], data["whole"]) == ("local", True)
    ana = data["people"][0]
    assert (ana["user_name"], ana["rule"], ana["tries"]) == ("ana@example.com", "emails.single", 1)
    assert (ana["holder"], ana["value_taken"], ana["user_id"]) == (None, False, None)
    assert ana["fix"]["key"] == "m"
    assert len(command("activity", "--people", "--jsonl").out.splitlines()) == 2


def test_nothing_refused_is_said(command: Command, provider: MemoryProvider) -> None:
    provider.log = []
    assert "No person is refused." in command("activity", "--people").err


def test_a_ticket(command: Command) -> None:
    shown = command("activity", "--ticket", "ANA@example.com")
    assert (shown.code, "Request id: req-7" in shown.out) == (0, True)
    assert command("activity", "--ticket", "old@example.com").code == 1
    assert command("activity", "--ticket", "old@example.com", "--since", "7d").code == 0
