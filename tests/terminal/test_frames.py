"""Every screen at every size: who and where first, help always there, nothing over the edge."""

import unicodedata
from collections.abc import Callable

import pytest

from tests.terminal.pty_kit import SCREENS, App

Launch = Callable[..., App]
SIZES = [(60, 15), (79, 20), (80, 24), (100, 30), (120, 40), (200, 50)]


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_profile_and_help_on_every_screen(launch: Launch, size: tuple[int, int]) -> None:
    app = launch(size=size)
    for key in SCREENS:
        app.go(key)
        lines = app.terminal.lines
        assert lines[0].startswith(" prod-aws [PROD]")
        assert "?" in lines[-1].split()
        assert all(_cells(line) <= size[0] for line in lines)
        assert any(lines[3:-2]), "there is something between the frames"


def test_below_the_least_size_one_line_says_what_would_help(launch: Launch) -> None:
    app = launch(size=(59, 14), settled=False)
    app.terminal.shows("prod-aws", "[!!]", "needs 60x15")
    app.terminal.settle()
    assert [line for line in app.terminal.lines if line] == app.terminal.lines[:1]


def _cells(line: str) -> int:
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in line)
    return len(line) + wide - line.count("\x00")
