"""Every screen and widget of ours goes on when one of its handlers raises."""

import importlib
import pkgutil

from textual.message_pump import MessagePump

import scim_tui.tui
from scim_tui.tui.faults.guarded import Guarded
from scim_tui.tui.terminal.first_paint import DeferredPaintScreen


def test_every_widget_and_screen_of_ours_lives_on() -> None:
    for module in pkgutil.walk_packages(scim_tui.tui.__path__, "scim_tui.tui."):
        importlib.import_module(module.name)
    ours = [each for each in _all_below(MessagePump) if each.__module__.startswith("scim_tui.")]
    assert len(ours) > 30
    unguarded = {each for each in ours if not issubclass(each, Guarded)}
    assert unguarded == {DeferredPaintScreen}, "it is a part of screens that are guarded themselves"


def _all_below(kind: type) -> list[type]:
    below: list[type] = kind.__subclasses__()
    return [*below, *(found for each in below for found in _all_below(each))]
