"""`activity` is ordered by the time it shows, and counts have the noun that goes with them."""

from datetime import timedelta

from scim_tui.model.activity import Event
from scim_tui.model.directory import Kind
from tests.cli.conftest import Command
from tests.fakes.memory import MemoryProvider
from tests.fakes.sample import START


def test_requests_that_are_one_event_stand_at_the_newest_of_them(
    command: Command, provider: MemoryProvider
) -> None:
    provider.log = [
        Event(id=number, at=START + timedelta(minutes=minutes), operation=name, status=401)
        for number, minutes, name in ((1, 30, "Folded"), (2, 10, "GetUser"), (3, 20, "PutUser"))
    ]
    data = command("activity", "--json").json
    assert [each["operation"] for each in data["events"]] == ["Folded", "PutUser", "GetUser"]


def test_one_is_not_several(command: Command, provider: MemoryProvider) -> None:
    for kind in Kind:
        provider.resources[kind] = dict(list(provider.resources[kind].items())[:1])
    assert command("users", "list").code == command("groups", "list").code == 0
    assert "Forgot 1 user and 1 group." in command("cache", "clear").err
