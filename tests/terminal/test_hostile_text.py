"""Whatever is in a name, the terminal never gets it raw, and nothing falls over."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.terminal.driver_app import SECRET
from tests.terminal.hostile import NEVER_RAW, TEXTS
from tests.terminal.pty_kit import LARGE, SCREENS, SMALL, App

Launch = Callable[..., App]
WALKS = {
    "1": ["j"] * 9 + ["T", "j", "\x1b", "?", "\x1b", "a", "\x1b"],
    "2": ["j", "k", "y", "D", "\x1b", "X", "?", "\x1b"],
    "4": ["\r", "l", "l", "l", "\x1b", "v", "\x1b", "s", "f", "\t", "\r", "l", "\x1b"],
    "5": ["\r", "\x1b", "\t", "j", "\r", "\x1b", "\t"],
}
DOWN = "j" * 25


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("key", WALKS)
def test_no_screen_lets_it_through(launch: Launch, key: str, size: tuple[int, int]) -> None:
    app = launch("--hostile", "--users", "0", "--groups", "0", size=size, settled=False)
    terminal = app.terminal
    terminal.shows("ENABLED")
    app.go(key)
    for step in WALKS[key]:
        terminal.send(step)
        terminal.settle(0.1)
    for step in DOWN if key in "45" else "":
        terminal.send(step)
        terminal.settle(0.02)
    terminal.send("\x1b")
    terminal.settle()
    app.go("1")
    _is_clean(app)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
def test_people_from_a_file_are_only_words(
    launch: Launch, size: tuple[int, int], tmp_path: Path
) -> None:
    people = [
        {
            "userName": text,
            "givenName": text,
            "familyName": text,
            "displayName": text,
            "email": text,
            "externalId": text,
            text: text,
        }
        for text in TEXTS
    ]
    file = tmp_path / "people.json"
    file.write_text(json.dumps(people))
    app = launch("--people", str(file), size=size)
    app.go("3")
    app.terminal.shows(f"{len(TEXTS)} checked")
    for step in [*"n" * 12, "v", *"j" * 25, "v", "f", *"k" * 25, "f", "/"]:
        app.terminal.send(step)
        app.terminal.settle(0.05)
    app.terminal.send("\x1b")
    app.terminal.settle()
    app.go("1")
    _is_clean(app)


def test_an_error_from_outside_is_only_words(launch: Launch) -> None:
    app = launch()
    app.happens("hostile_error")
    app.terminal.shows("STALE since")
    for key in SCREENS:
        app.go(key)
    app.go("4")
    app.terminal.send("r")
    app.terminal.settle()
    _is_clean(app)


def test_the_operators_audit_is_only_words(launch: Launch) -> None:
    app = launch("--hostile", settled=False)
    app.terminal.shows("ENABLED")
    app.go("2")
    app.terminal.press("D", "Type DELETE to go on")
    app.terminal.by_hand("DELETE")
    app.terminal.shows("Enter goes on")
    app.terminal.press("\r", "is deleted")
    app.go("5")
    app.terminal.press("\t", "token.delete")
    app.terminal.press("\r")
    _is_clean(app)
    lines = (app.folder / "audit.jsonl").read_text().splitlines()
    assert {json.loads(line)["phase"] for line in lines} == {"intended", "done"}


@pytest.mark.parametrize("pasted", ["\x1b[200~DELETE\x1b[201~\r", "\x1b[200~DELETE\r\x1b[201~"])
def test_a_pasted_word_confirms_nothing(launch: Launch, pasted: str) -> None:
    app = launch()
    app.go("2")
    app.terminal.press("D", "Type DELETE to go on")
    app.terminal.send(pasted)
    app.terminal.settle()
    app.terminal.press("\x1b", "Nothing was deleted")
    assert not (app.folder / "audit.jsonl").exists()


def test_a_fault_says_where_without_secrets_or_raw_text_and_the_app_goes_on(
    launch: Launch,
) -> None:
    app = launch()
    app.happens("crash")
    app.terminal.shows("This did not work: RuntimeError")
    app.terminal.press("!", "in _crash", "It is written to")
    app.terminal.press("\x1b", "[1 Status]")
    app.go("2")
    app.terminal.send("q")
    assert app.terminal.ends() == 0
    (file,) = app.folder.glob("crash-*.txt")
    for written in (bytes(app.terminal.raw), file.read_bytes()):
        assert SECRET.encode() not in written
        assert b"\x1b]0;PWN" not in written
    assert b"in _crash" in file.read_bytes()


def _is_clean(app: App) -> None:
    assert app.terminal.process.poll() is None, app.terminal.text()
    written = bytes(app.terminal.raw)
    assert [found for found in NEVER_RAW if found in written] == []
    assert b"Traceback" not in written
