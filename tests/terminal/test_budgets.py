"""Bytes that the screens put on the line; the numbers are the project's budget for slow links."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.terminal.pty_kit import LARGE, SMALL, App, resident_mb

Size = tuple[int, int]
Launch = Callable[..., App]

START = {SMALL: 30_000, LARGE: 45_000}
ARROW = {SMALL: 1_500, LARGE: 2_000}
PAGE_DOWN = {SMALL: 8_000, LARGE: 14_000}
SCREEN = {SMALL: 25_000, LARGE: 40_000}
CONFIRM = {SMALL: 30_000, LARGE: 47_000}
ONE_ROW = {SMALL: 800, LARGE: 1_000}
LEAN_START = {SMALL: 16_000, LARGE: 24_000}
LEAN_ARROW = {SMALL: 800, LARGE: 1_200}
LEAN_CONFIRM = {SMALL: 19_000, LARGE: 35_000}
MEMORY_MB = 80
IDLE_SECONDS = 10.0


def test_start(launch: Launch, size: Size) -> None:
    app = launch(size=size)
    assert app.terminal.taken() <= START[size]


def test_arrow_in_a_list_with_detail(launch: Launch, size: Size) -> None:
    app = launch("--tokens", "2", size=size)
    app.go("2")
    assert 0 < app.terminal.press("j", "9ab25e77") <= ARROW[size]
    app.go("4")
    app.terminal.shows("200")
    app.terminal.settle()
    costs = [app.terminal.press("\x1b[B") for _ in range(4)]
    assert max(costs) <= ARROW[size], costs


def test_page_down(launch: Launch, size: Size) -> None:
    app = launch(size=size)
    app.go("4")
    app.terminal.shows("200")
    app.terminal.settle()
    app.terminal.taken()
    assert 0 < app.terminal.press("\x1b[6~") <= PAGE_DOWN[size]


@pytest.mark.parametrize("key", ["2", "3", "4", "5"])
def test_change_of_screen(launch: Launch, size: Size, key: str) -> None:
    app = launch(size=size)
    assert app.go(key) <= SCREEN[size]
    assert app.go("1") <= SCREEN[size]
    assert app.go(key) <= SCREEN[size]


def test_opening_a_confirmation(launch: Launch, size: Size) -> None:
    app = launch(size=size)
    app.go("2")
    assert app.terminal.press("D", "Type DELETE to go on") <= CONFIRM[size]


@pytest.mark.parametrize("size", [None], ids=["both"])
def test_ten_idle_seconds_cost_nothing(launch: Launch, size: None) -> None:
    apps = [launch("--still", size=each) for each in ((80, 24), (120, 40))]
    for app in apps:
        app.go("4")
        app.terminal.shows("200", "live")
    for app in apps:
        app.terminal.settle(quiet=1)
        app.terminal.taken()
    assert not apps[0].terminal.read(IDLE_SECONDS), bytes(apps[0].terminal.raw[-200:])
    assert not apps[1].terminal.read(0), bytes(apps[1].terminal.raw[-200:])


def test_a_refresh_with_one_changed_row(launch: Launch, size: Size) -> None:
    app = launch("--tokens", "2", size=size)
    app.go("2")
    app.terminal.press("j", "9ab25e77-0002")
    app.terminal.taken()
    app.happens("use")
    app.terminal.shows("48,212")
    app.terminal.settle()
    assert app.terminal.taken() <= ONE_ROW[size]


def test_lean(launch: Launch, size: Size) -> None:
    app = launch("--lean", "--tokens", "2", size=size)
    start = app.terminal.taken()
    app.go("2")
    arrow = app.terminal.press("j", "9ab25e77")
    confirm = app.terminal.press("D", "Type DELETE to go on")
    assert start <= LEAN_START[size]
    assert arrow <= LEAN_ARROW[size]
    assert confirm <= LEAN_CONFIRM[size]


def test_memory_after_ten_thousand_users(launch: Launch) -> None:
    app = launch("--stream", "10000", size=LARGE)
    app.go("4")
    app.terminal.shows("10,000")
    app.terminal.settle()
    app.terminal.press("G", "user09999")
    assert resident_mb(app.terminal.process.pid) <= MEMORY_MB


def test_the_first_paint_waits_for_no_slow_import(launch: Launch, tmp_path: Path) -> None:
    loaded = tmp_path / "modules"
    launch("--modules", str(loaded))
    names = set(loaded.read_text().split())
    assert "textual.app" in names
    slow = {
        "httpx",
        "pydantic",
        "starlette",
        "uvicorn",
        "orjson",
        "sqlite3",
        "scim_tui.wiring",
        "scim_tui.core.workspace",
        "scim_tui.tui.directory.screen",
    }
    if "coverage" in names:
        slow.discard("sqlite3")  # it measures with it
    assert slow & names == set()
