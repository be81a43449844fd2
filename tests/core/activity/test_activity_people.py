"""The refused people of a directory, with the holder of a value, and the text for a ticket."""

from datetime import timedelta

import pytest

from scim_tui.core.activity import api as module
from scim_tui.core.activity.api import Activity
from scim_tui.core.activity.holders import FRESH, Holders
from scim_tui.core.activity.refused_person import FixKind
from scim_tui.core.activity.ticket import ticket_text
from scim_tui.core.workspace import Workspace
from scim_tui.model.activity import Event
from scim_tui.model.directory import Kind
from scim_tui.model.unknown_values import UNKNOWN
from tests.fakes.memory import MemoryProvider
from tests.fakes.sample import START


def refusal(number: int, rule: str, target: str, **fields: object) -> Event:
    at = START - timedelta(minutes=60 - number)
    plain = {"id": number, "at": at, "operation": "CreateUser", "status": 409, "client": "Okta"}
    return Event.model_validate(plain | {"constraint": rule, "target": target} | fields)


def first_user(provider: MemoryProvider) -> dict[str, object]:
    return next(iter(provider.resources[Kind.USERS].values()))


async def test_who_has_a_user_name_is_looked_up_by_value(
    space: Workspace, provider: MemoryProvider
) -> None:
    user = first_user(provider)
    provider.log = [refusal(1, "userName.unique", str(user["userName"]))]
    (found,) = (await space.activity.refused_people()).people
    assert (found.holder.id, found.holder.certain) == (user["id"], True)  # type: ignore[union-attr]
    assert found.fix.kind is FixKind.HOLDER
    assert found.why_whole.startswith(f"userName is taken by {user['userName']}")


async def test_the_recorded_holder_wins_over_the_value(
    space: Workspace, provider: MemoryProvider
) -> None:
    user = first_user(provider)
    user.pop("externalId", None)
    provider.log = [refusal(1, "externalId.unique", "new@example.com", holder_id=user["id"])]
    (found,) = (await space.activity.refused_people()).people
    assert found.why_whole == f"externalId is taken by {user['userName']} (made by hand)"


async def test_an_address_is_found_among_the_kept_rows_and_said_to_be_probable(
    space: Workspace, provider: MemoryProvider
) -> None:
    user = first_user(provider)
    user["emails"] = [{"value": "Held@example.com", "primary": True}]
    provider.log = [refusal(1, "emails.unique", "held@example.com")]
    now = [START]
    holders = Holders(space.directory, lambda: now[0])
    activity = Activity(provider, space.clock, holders)
    (before,) = (await activity.refused_people()).people
    assert (before.holder, before.fix.kind) == (UNKNOWN, FixKind.IDP)
    await space.directory.load(Kind.USERS)
    now[0] += FRESH * 2
    (found,) = (await activity.refused_people()).people
    assert found.holder.certain is False  # type: ignore[union-attr]
    assert "by probably" in found.why_whole


async def test_values_that_are_not_known_are_not_guessed(
    space: Workspace, provider: MemoryProvider
) -> None:
    user = first_user(provider)
    name = str(user["userName"])
    provider.log = [
        refusal(1, "userName.unique", name, operation="PatchUser", resource_id="u-other"),
        refusal(2, "externalId.unique", f"x{name}"),
    ]
    found = (await space.activity.refused_people()).people
    assert [each.holder for each in found] == [UNKNOWN, UNKNOWN]


async def test_a_value_is_looked_up_once_a_minute(
    space: Workspace, provider: MemoryProvider
) -> None:
    provider.log = [refusal(1, "userName.unique", str(first_user(provider)["userName"]))]
    for _ in range(3):
        await space.activity.refused_people()
    assert provider.calls.count("users") == 1


async def test_only_the_window_counts_and_a_short_look_says_so(
    space: Workspace, provider: MemoryProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.log = [refusal(number, "emails.single", f"u{number}") for number in range(1, 31)]
    found = await space.activity.refused_people(hours=0.75)
    assert ([each.person for each in found.people][-1], found.whole) == ("u15", True)
    monkeypatch.setattr(module, "_AT_ONCE", 10)
    monkeypatch.setattr(module, "MOST_LOOKED_THROUGH", 20)
    short = await space.activity.refused_people()
    assert (len(short.people), short.whole) == (20, False)


async def test_the_ticket_says_what_who_when_why_and_fix(
    space: Workspace, provider: MemoryProvider
) -> None:
    bad = "ana\x1b[2J@example.com"
    provider.log = [
        refusal(1, "emails.single", bad),
        refusal(2, "emails.single", bad, request_id="req-2"),
    ]
    (found,) = (await space.activity.refused_people()).people
    lines = {
        name: rest.strip()
        for name, _, rest in (
            line.partition(":") for line in ticket_text(found, "AWS").splitlines()
        )
    }
    assert lines["Who"] == "ana\\x1b[2J@example.com"
    assert lines["When"].startswith("newest 2026-11-23T17:44:07Z, first 2026-11-23T17:43:07Z")
    assert lines["When"].endswith("(2 tries)")
    assert lines["Why"].startswith("more than one e-mail address")
    assert lines["Fix"] == "Map one primary address only."
    assert lines["Request id"] == "req-2"
