"""What a terminal that marks no pastes sends: keys, thousands at once."""

from pathlib import Path

import pytest
from textual import events

from scim_tui.tui.terminal.key_queue import KeyQueue
from tests.tui.lists_kit import WORDS, directory, directory_page
from tests.tui.stage import Stage, staged


def send(stage: Stage, text: str) -> None:
    for letter in text:
        key = {"\x1b": "escape", "\r": "enter", "/": "slash", " ": "space"}.get(letter, letter)
        stage.app.post_message(events.Key(key, letter))


async def test_a_long_text_is_typed_whole_and_what_follows_it_acts_at_once(tmp_path: Path) -> None:
    text = " ".join(f"{number:04}" for number in range(1_200))
    async with staged(tmp_path, provider=directory(WORDS)) as stage:
        await stage.press("4")
        await stage.sees("dora")
        send(stage, f"/{text}")
        await stage.until(lambda: directory_page(stage).lists.shown.text == text, ["the text"])
        send(stage, "\x1b")
        await stage.until(lambda: directory_page(stage).lists.shown.text == "", ["no text"])


async def test_letters_that_no_field_takes_stay_keys(tmp_path: Path) -> None:
    async with staged(tmp_path, provider=directory(WORDS)) as stage:
        await stage.press("4")
        await stage.sees("dora")
        send(stage, "jjk/do\r")
        await stage.sees("filter: do", "1 of 4")
        assert "dora" in stage.text()


async def test_a_key_that_no_widget_reports_as_handled_frees_the_queue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with staged(tmp_path) as stage:
        monkeypatch.setattr(KeyQueue, "handled", lambda queue: None)
        send(stage, "j")
        await stage.until(lambda: stage.app._keys._busy, ["the key is delivered"])
        await stage.until(lambda: not stage.app._keys._busy, ["the queue is free"])
