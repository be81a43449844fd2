"""A monkey at the keys: whatever it presses, pastes or resizes, nothing ends that was not asked to.

First every key of every screen and dialog, with rows in every list and each tab in front; then keys
in random orders. Where the app is left, or put aside, the walk starts anew.
"""

import asyncio
import os
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual import events
from textual.drivers.headless_driver import HeadlessDriver
from textual.geometry import Size
from textual.keys import _character_to_key
from textual.pilot import Pilot

from scim_tui.tui.app import ScimApp
from scim_tui.tui.shell.page import Page
from tests.patience import until
from tests.shots import STORIES, Story
from tests.telling import app_of
from tests.tui.stage import no_faults, slow_hands

KEYS = 250
"""Keys of a seed, at least; the 20 of the suite press more than 5,000."""
SEARCHED = os.environ.get("MONKEY_SEEDS", "")
"""Other seeds, as "1000-1100" (`make search`); the suite presses the same keys each time."""
FIRST, LAST = (int(each) for each in (SEARCHED or "0-20").split("-"))
SEEDS = range(FIRST, LAST)
MOVES = (
    *"jkgGhlnNdfisvwxyzacoumbe'/ /?!:*-=[]{}.,;#@+<>%&$~^`|\\\"",
    *"ABCDEFHIJKLMOPQRSTUVWXYZ0123456789",
    *("up", "down", "left", "right", "home", "end", "pageup", "pagedown", "f1", "f5", "f12"),
    *("enter", "escape", "tab", "shift+tab", "space", "backspace", "delete", "insert"),
    *("ctrl+a", "ctrl+d", "ctrl+e", "ctrl+k", "ctrl+l", "ctrl+q", "ctrl+u", "ctrl+w", "ctrl+c"),
    *("ctrl+left", "ctrl+right", "shift+up", "alt+x", "ctrl+z", "q", "ü", "日", "\u0301"),
)
PASTES = (
    "user0001",
    "DELETE",
    "\x1b[2J\x07",
    "a\nb\n",
    "日本語" * 40,
    "\ud800",
    "%s{}[/b]",
    "~/x" * 99,
)
SIZES = ((80, 24), (120, 40), (60, 15), (20, 8), (5, 3), (1, 1), (200, 60), (18, 10), (100, 20))
WALKS = (
    (),
    ("2",),
    ("3",),
    ("3", "o"),
    ("3", "enter", "right"),
    ("3", "enter", "right", "right"),
    ("3", "V"),
    ("4",),
    ("4", "tab"),
    ("4", "enter", "right"),
    ("4", "tab", "enter", "right", "right"),
    ("4", "slash", "a", "enter"),
    ("5",),
    ("5", "enter"),
    ("5", "tab"),
    ("5", "tab", "enter"),
    ("5", "f"),
    ("R",),
)
DIALOGS = (
    ("question_mark",),
    ("a",),
    ("colon",),
    ("p",),
    ("p", "i"),
    ("T",),
    ("f",),
    ("2", "D"),
    ("2", "C"),
    ("2", "i"),
    ("2", "X"),
    ("2", "Z"),
    ("3", "u"),
    ("3", "w"),
    ("3", "f"),
    ("3", "U"),
    ("4", "f"),
    ("4", "c"),
    ("4", "s"),
    ("4", "e"),
    ("4", "apostrophe"),
)
SIGNS = {"space": " ", "enter": "\r", "tab": "\t"}
ASKED_FOR = (0, 130)
LEAVES = {"q", "ctrl+c"}
COUNTED: Counter[str] = Counter()


def prepared() -> Story:
    """A directory with rows in every list: acts, requests, people, groups, one token too few."""
    return Story((), prepare=lambda provider: provider.access_tokens.__delitem__(slice(1, None)))


@asynccontextmanager
async def walk(folder: Path) -> AsyncIterator["Monkey"]:
    """The app, opened, with the first snapshot on the screen."""
    app = app_of(prepared() if COUNTED["walks"] % 2 else STORIES[0], folder)
    COUNTED["walks"] += 1
    with slow_hands():
        async with app.run_test(size=(80, 24)) as pilot:
            await until(lambda: app.session.snapshot is not None, "a snapshot")
            yield Monkey(app, pilot)
    no_faults(app)
    assert app.return_code in (None, *ASKED_FOR)


class Monkey:
    """Presses, pastes and resizes; knows when the app was left."""

    def __init__(self, app: ScimApp, pilot: Pilot[int]) -> None:
        self.app = app
        self.pilot = pilot
        self.done: list[str] = []
        self.settled = 0
        """How many of them had their effect, the last of which did not begin to leave the app."""

    @property
    def left(self) -> bool:
        """Whether the app was left, as it may be after `q` and after Ctrl-C twice."""
        if self.app.return_code is None:
            return False
        assert self.app.return_code in ASKED_FOR, self.done[-20:]
        assert LEAVES & set(self.done[self.settled :]), self.done[-20:]
        return True

    @property
    def idle(self) -> bool:
        """Whether the app has handled every key, or was left."""
        keys = self.app._keys
        return self.app.return_code is not None or not (keys._busy or keys._waiting)

    @property
    def leaving(self) -> bool:
        """Whether the app was asked to end and has not answered yet: it may ask the server."""
        return any(each.group == "leave" and not each.is_finished for each in self.app.workers)

    async def press(self, *keys: str) -> None:
        for key in keys:
            if self.left:
                return
            self.done.append(key)
            COUNTED["keys"] += 1
            name = _character_to_key(key) if len(key) == 1 and not key.isalnum() else key
            sign = SIGNS.get(key, key if len(key) == 1 else None)
            self.app.post_message(events.Key(name, sign))
            await self.settle()

    async def paste(self, text: str) -> None:
        self.done.append(f"paste {text!r}")
        COUNTED["pastes"] += 1
        self.app.post_message(events.Paste(text))
        await self.settle()

    async def resize(self, size: tuple[int, int]) -> None:
        self.done.append(f"resize {size}")
        COUNTED["resizes"] += 1
        if isinstance(self.app._driver, HeadlessDriver):
            self.app._driver._size = Size(*size)
        self.app.post_message(events.Resize(Size(*size), Size(*size)))
        await self.settle()

    async def settle(self) -> None:
        """Let the app do what the key asked for; a fault ends the walk with the keys to it.

        Most keys come before the one before them is done; at each eighth all of them are awaited.
        """
        if len(self.done) % 8:
            await asyncio.sleep(0.003)
        else:
            await until(lambda: self.idle, f"the effect of {self.done[-8:]}")
            await asyncio.sleep(0.02)
            if self.app.return_code is None and self.idle and not self.leaving:
                self.settled = len(self.done)
        faults = self.app.faults.all
        assert not faults, f"after {self.done[-20:]}:\n{faults[0].report}"


@pytest.fixture(autouse=True)
def harmless(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The monkey edits, suspends and writes: nothing of it leaves the folder of the test."""
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    for name in ("EDITOR", "VISUAL", "PAGER"):
        monkeypatch.setenv(name, "true")
    monkeypatch.setenv("PATH", os.environ["PATH"])
    monkeypatch.chdir(tmp_path)


def keys_of(monkey: Monkey) -> list[str]:
    """Every key that does something in what is in front."""
    found: dict[str, None] = {}
    for node, bindings in monkey.app.screen._binding_chain:
        del node
        for binding in bindings.key_to_bindings.values():
            found |= {each.key: None for each in binding}
    return [key for key in found if key not in ("q", "ctrl+z")]


@pytest.mark.parametrize("way", [*WALKS, *DIALOGS], ids=" ".join)
async def test_every_key_of_every_screen_and_dialog(tmp_path: Path, way: tuple[str, ...]) -> None:
    async with walk(tmp_path) as monkey:
        await monkey.press(*way)
        keys = keys_of(monkey)
    folder = tmp_path / "again"
    folder.mkdir()
    left = iter(keys)
    pending = next(left, None)
    while pending is not None:
        async with walk(folder) as monkey:
            for _ in range(8):
                await monkey.press(*way, pending, "escape", "escape", "escape", "1")
                pending = next(left, None)
                if pending is None or monkey.left or not isinstance(monkey.app.screen, Page):
                    break


@pytest.mark.parametrize("seed", SEEDS)
async def test_keys_in_random_orders(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    pressed = 0
    while pressed < KEYS:
        async with walk(tmp_path) as monkey:
            await monkey.press(*chance.choice((*WALKS, *DIALOGS)))
            while not monkey.left and len(monkey.done) < 120:
                await one_step(monkey, chance)
            pressed += sum(" " not in each for each in monkey.done)
    sys.stdout.write(f"seed {seed}: {dict(COUNTED)}\n")


async def one_step(monkey: Monkey, chance: random.Random) -> None:
    """Mostly a key, now and then a burst of the same one, a paste, another size."""
    way = chance.random()
    if way < 0.04:
        await monkey.resize(chance.choice(SIZES))
    elif way < 0.08:
        await monkey.paste(chance.choice(PASTES))
    elif way < 0.14:
        await monkey.press(*[chance.choice(MOVES)] * chance.randrange(2, 6))
    elif way < 0.3:
        await monkey.press(chance.choice(keys_of(monkey) or ["escape"]))
    else:
        await monkey.press(chance.choice(MOVES))
