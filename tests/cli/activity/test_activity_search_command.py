"""`scim-tui activity --search TERMS` and `--group`."""

from datetime import timedelta

import pytest

from scim_tui.model.activity import Event
from tests.cli.conftest import Command
from tests.fakes.memory import MemoryProvider
from tests.fakes.sample import START


@pytest.fixture(autouse=True)
def _events(provider: MemoryProvider) -> None:
    def event(number: int, **fields: object) -> Event:
        at = START - timedelta(seconds=60 - number)
        plain = {"id": number, "at": at, "token_id": "t", "client": "Okta", "status": 200}
        return Event.model_validate(plain | fields)

    taken = {"status": 409, "constraint": "userName.unique", "message": "Duplicate UserName"}
    provider.log = [
        event(1, operation="ListUsers", target="ana"),
        event(2, operation="CreateUser", target="ana", **taken),
        event(3, operation="PatchUser", target="bo"),
        event(4, operation="CreateUser", target="cy", **taken),
    ]


def test_search(command: Command) -> None:
    shown = command("activity", "--search", "who:ana")
    assert [line.split()[1] for line in shown.out.splitlines()[1:]] == ["CreateUser"]
    assert "(+1 look-up)" in shown.out
    events = command("activity", "--search", "who:ana", "--json").json["events"]
    assert [each["id"] for each in events] == [2, 1]
    assert len(command("activity", "--search", "", "--limit", "2", "--jsonl").out.splitlines()) == 2
    refused = command("activity", "--search", "op:create", "--failures", "--since", "58s", "--json")
    assert [each["id"] for each in refused.json["events"]] == [4, 2]
    assert "No request matches." in command("activity", "--search", "nothing").err


def test_groups(command: Command) -> None:
    people = command("activity", "--group", "person", "--json").json["groups"]
    assert [each["key"] for each in people] == ["cy", "bo", "ana"]
    shown = command("activity", "--failures", "--group", "cause").out
    assert shown.splitlines()[1].split()[:3] == ["userName.unique", "2", "2"]
    assert command("activity", "--group", "person").out.startswith("PERSON")


def test_what_makes_no_sense(command: Command) -> None:
    shown = command("activity", "--search", "oucome:refused")
    assert (shown.code, "outcome:" in shown.err) == (2, True)
    assert command("activity", "--people", "--search", "x").code == 2
