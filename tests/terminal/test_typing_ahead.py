"""Keys that arrive in one piece, as over a slow line, mean what they mean one by one."""

from collections.abc import Callable

from tests.terminal.pty_kit import App

Launch = Callable[..., App]


def test_a_filter_typed_at_once(launch: Launch) -> None:
    app = launch()
    app.go("4")
    app.terminal.shows("[Users 200]")
    app.terminal.press("/lovelace1", "filter: lovelace1 ")
    app.terminal.shows("/ lovelace1")


def test_a_screen_a_row_and_its_detail_at_once(launch: Launch) -> None:
    app = launch("--tokens", "2")
    app.terminal.press("2j", "› 9ab25e77-0002")


def test_a_command_typed_at_once(launch: Launch) -> None:
    app = launch()
    app.terminal.press(":tokens\r", "[2 Tokens]")


def test_a_dialog_opened_and_closed_at_once(launch: Launch) -> None:
    app = launch()
    app.terminal.press("?\x1b", "[1 Status]")
    app.terminal.press("aj\x1b", "[1 Status]")


def test_a_word_typed_before_the_question_could_be_seen_does_not_count(launch: Launch) -> None:
    app = launch()
    app.go("2")
    app.terminal.press("DDELETE\r", "Type DELETE to go on:  [______]")
    app.terminal.press("\x1b", "Nothing was deleted")
    assert not (app.folder / "audit.jsonl").exists()


def test_fast_arrows_all_count(launch: Launch) -> None:
    app = launch()
    app.go("4")
    app.terminal.shows("[Users 200]")
    app.terminal.press("j" * 30 + "k" * 10 + "\r", "21 of 200")
