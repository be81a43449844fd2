"""Bytes that are no keys: they end nothing, and a crash never ends with 0."""

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.terminal.pty_kit import App

Launch = Callable[..., App]
ODD = (
    b"\x1b[48;0;0;0;0t",
    b"\x1b[48;99999;99999;0;0t",
    b"\x1b[<0;99999999;99999999M",
    b"\x1b[<35;1;1M",
    b"\x1b[1114112u",
    b"\x1b[55296u",
    b"\x1b[99999;99999R",
    b"\x1b[200~\x00\xff\x1b[201~",
    b"\x1b]52;c;AAAA\x07",
    b"\xfc\xe4\xf6",
    b"\xc3",
)
ASKED_FOR = (b"q", b"\x03", b"\x1a")
"""Keys that end it, or put it aside."""


def test_a_letter_of_a_latin_1_terminal(launch: Launch) -> None:
    app = launch()
    app.go("4")
    app.terminal.press("/", " / ")
    os.write(app.terminal.master, b"\xfc")
    app.terminal.shows("\N{REPLACEMENT CHARACTER}")
    app.terminal.press("\x1b", "200")
    app.terminal.send("q")
    assert app.terminal.ends() == 0


@pytest.mark.parametrize("seed", range(3))
def test_bytes_of_every_kind(launch: Launch, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    app = launch(environ={"EDITOR": "true", "VISUAL": "true", "HOME": str(tmp_path)})
    for _ in range(40):
        odd = chance.random() < 0.5
        piece = chance.choice(ODD) if odd else chance.randbytes(chance.randrange(1, 9))
        for key in ASKED_FOR:
            piece = piece.replace(key, b"x")
        os.write(app.terminal.master, piece)
        app.terminal.settle(quiet=0.05)
        assert app.terminal.process.poll() is None, app.terminal.text()
    app.terminal.send("\x1b[201~")
    for _ in range(4):
        app.terminal.send("\x1b")
        app.terminal.settle(quiet=0.3)
    os.write(app.terminal.master, b"\x03")
    app.terminal.settle()
    os.write(app.terminal.master, b"\x03\x03")
    assert app.terminal.ends() == 130
