"""Terminals differ: no screen at all, no colour, no Unicode, another size."""

from collections.abc import Callable

import pytest

from tests.terminal.pty_kit import LARGE, SCREENS, App, colours

Launch = Callable[..., App]
LEFT_ON = {
    "alternate screen": b"\x1b[?1049",
    "mouse": b"\x1b[?1000",
    "mouse motion": b"\x1b[?1003",
    "focus reports": b"\x1b[?1004",
    "bracketed paste": b"\x1b[?2004",
}


def test_a_dumb_terminal_is_refused_in_one_line(launch: Launch) -> None:
    app = launch(environ={"TERM": "dumb"}, settled=False)
    assert app.terminal.ends() == 2
    written = bytes(app.terminal.raw)
    assert b"\x1b" not in written
    assert written.count(b"\n") == 1
    assert b"TERM=dumb" in written


def test_no_color_means_none(launch: Launch) -> None:
    app = launch("--tokens", "2", environ={"NO_COLOR": "1"}, size=LARGE)
    for key in SCREENS:
        app.go(key)
    app.go("2")
    app.terminal.press("D", "Type DELETE to go on")
    assert colours(bytes(app.terminal.raw)) == set()
    assert b"\x1b[7m" in app.terminal.raw or b"\x1b[1;7m" in app.terminal.raw


def test_an_empty_no_color_does_not_count(launch: Launch) -> None:
    app = launch(environ={"NO_COLOR": ""})
    assert "38" in colours(bytes(app.terminal.raw))


def test_over_ssh_sixteen_colours_and_no_mouse(launch: Launch) -> None:
    app = launch(environ={"SSH_CONNECTION": "203.0.113.24 50000 203.0.113.1 22"})
    assert not {"38", "48"} & colours(bytes(app.terminal.raw))
    assert b"\x1b[?1003h" not in app.terminal.raw


def test_plain_ascii_under_the_c_locale(launch: Launch) -> None:
    app = launch(environ={"LC_ALL": "C", "PYTHONUTF8": "1"}, size=LARGE)
    for key in SCREENS:
        app.go(key)
    app.terminal.press("?", "SCREEN")
    app.terminal.press("\x1b", SCREENS["5"])
    app.go("2")
    app.terminal.press("D", "Type DELETE to go on")
    assert bytes(app.terminal.raw).isascii()


def test_ctrl_q_does_not_quit(launch: Launch) -> None:
    app = launch()
    app.terminal.send("\x11")
    app.terminal.press("2", "[2 Tokens]")
    assert app.terminal.process.poll() is None


def test_ctrl_c_twice_quits(launch: Launch) -> None:
    app = launch()
    app.terminal.press("\x03", "Ctrl-C again leaves")
    assert app.terminal.process.poll() is None
    app.terminal.send("\x03\x03")
    assert app.terminal.ends() == 130


def test_quitting_gives_the_terminal_back(launch: Launch) -> None:
    app = launch()
    app.terminal.send("q")
    assert app.terminal.ends() == 0
    written = bytes(app.terminal.raw)
    left_on = [
        name
        for name, code in LEFT_ON.items()
        if written.rfind(code + b"h") > written.rfind(code + b"l")
    ]
    assert left_on == []
    assert written.rfind(b"\x1b[?25h") > written.rfind(b"\x1b[?25l")
    assert b"\x1b[<u" in written, "the keyboard protocol is given back"


@pytest.mark.parametrize("key", SCREENS)
def test_the_selection_survives_every_size(launch: Launch, key: str) -> None:
    app = launch("--tokens", "2")
    terminal = app.terminal
    app.go(key)
    if key != "3":  # without people there is nothing to select
        terminal.press("j")
    chosen = _cursor_line(app)
    for columns, rows in ((60, 15), (50, 10), (120, 40), (80, 24)):
        terminal.resize(columns, rows)
        if (columns, rows) == (50, 10):
            terminal.shows("needs 60x15")
        else:
            terminal.shows("? help" if columns > 60 else "?")
            terminal.hides("needs 60x15")
        terminal.settle()
        assert all(len(line) <= columns for line in terminal.lines)
    assert _cursor_line(app) == chosen


def _cursor_line(app: App) -> str:
    return next((line for line in app.terminal.lines if line.startswith("›")), "")
