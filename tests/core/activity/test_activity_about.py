"""What the IdP did to one user or group, looked for among the newest events."""

import pytest

from scim_tui.core.activity import api as module
from scim_tui.core.activity.api import Activity
from scim_tui.model.activity import Event
from tests.fakes.memory import MemoryProvider
from tests.fakes.sample import START


def event(number: int) -> Event:
    return Event(
        id=number, at=START, operation="PatchUser", status=200, resource_id=f"u{number % 10}"
    )


@pytest.mark.parametrize(
    ("most", "looked", "whole", "found"),
    [(100, 25, True, [23, 13, 3]), (20, 20, False, [23, 13]), (25, 25, False, [23, 13, 3])],
)
async def test_pages_are_searched_up_to_the_limit(
    monkeypatch: pytest.MonkeyPatch, most: int, looked: int, whole: bool, found: list[int]
) -> None:
    monkeypatch.setattr(module, "_AT_ONCE", 7)
    provider = MemoryProvider(events=[event(number) for number in range(1, 26)])
    about = await Activity(provider).about("u3", most)
    assert ([each.id for each in about.events], about.looked) == (found, looked)
    assert about.whole is whole
