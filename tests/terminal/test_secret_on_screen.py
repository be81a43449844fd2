"""What a real terminal gets of a new secret before anybody asks to see it, and in a crash."""

from tests.terminal.conftest import Launch
from tests.terminal.driver_app import SECRET as IN_A_LOCAL
from tests.terminal.pty_kit import Terminal

SECRET = b"memory-secret-0001"


def opened(launch: Launch) -> Terminal:
    terminal: Terminal = launch().terminal
    terminal.press("2", "[2 Tokens]")
    terminal.press("C", "its secret is shown once")
    return terminal


def test_a_fault_while_it_is_held_prints_none_of_it_and_keeps_it(launch: Launch) -> None:
    app = launch()
    app.terminal.press("2", "[2 Tokens]")
    app.terminal.press("C", "its secret is shown once")
    app.happens("crash")
    app.terminal.shows("! shows why: RuntimeError", "its secret is shown once")
    app.terminal.press("!", "This did not work")
    app.terminal.press("\x1b", "its secret is shown once")
    written = bytes(app.terminal.raw)
    assert SECRET not in written
    assert IN_A_LOCAL.encode() not in written
    for path in app.folder.rglob("*"):
        assert not path.is_file() or SECRET not in path.read_bytes()
    app.terminal.press("s", SECRET.decode())


def test_walking_about_with_it_sends_none_of_it(launch: Launch) -> None:
    terminal = opened(launch)
    terminal.resize(100, 30)
    terminal.settle()
    terminal.press("f", "Save the secret")
    terminal.press("\x1b", "its secret is shown once")
    terminal.press("\x1b", "neither copied nor saved")
    terminal.settle(1.0)  # a second Esc right behind the first is a bounce
    terminal.press("\x1b", "[2 Tokens]")
    assert SECRET not in bytes(terminal.raw)
    assert terminal.process.poll() is None
