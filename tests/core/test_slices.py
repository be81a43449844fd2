"""Long work in a thread beside the event loop."""

import pytest

from scim_tui.core.base import timeslice as slices
from scim_tui.core.base.timeslice import giving_way


def test_a_thread_steps_aside_after_each_slice_and_loses_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock, aside = 0, list[int]()
    monkeypatch.setattr(slices, "SLICE", 4)
    monkeypatch.setattr("time.monotonic", lambda: clock)
    monkeypatch.setattr("time.sleep", lambda _: aside.append(clock))
    gone_through = []
    for item in giving_way(range(20)):
        gone_through.append(item)
        clock += 1
    assert gone_through == list(range(20))
    assert aside == [5, 10, 15], "once a slice is over, and then anew"
