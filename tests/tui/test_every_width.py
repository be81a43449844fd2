"""Every drawing function at every width from 0 to 400: it ends, and fills a line exactly.

Which functions draw is found in the code, by their parameter; what they are given is noted while
the stories of the pictures are played, so that nothing is drawn from invented values.
"""

import importlib
import inspect
import pkgutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any

import pytest
from rich.style import Style

import scim_tui.tui
from scim_tui.core.directory.api import FieldChange
from scim_tui.core.endings import Ending
from scim_tui.tui.activity.sources import EntrySource
from scim_tui.tui.directory.history import History, _seen, history_lines
from scim_tui.tui.drawing import text
from scim_tui.tui.shell import leaving
from tests.fakes.sample import START
from tests.shots import STORIES, Step, Story, _one_token
from tests.telling import app_of, drawn

WIDTHS = range(401)
ROOMS = ("cells", "room", "width")
PLAIN = Style()
MOST_SECONDS = 60.0
EACH = 3
"""Calls that are noted of each function."""
MORE = (
    Story(
        (
            Step("", ("3",), ("7 checked",)),
            Step("", ("V",), ("deactivate",)),
            Step("", ("enter", "right", "right", "right", *"nnnnnnn"), ("Changes",)),
            Step("", ("escape", "G", "enter"), ("Changes",)),
            Step("", ("escape", "home", "enter"), ("Changes",)),
            Step("", ("escape", "slash", *"ana", "enter"), ("filter",)),
            Step("", ("4", "enter"), ("[Profile]",)),
            *[Step("", ("right",))] * 5,
            Step("", ("escape", "w", "right", "right", "w")),
            Step("", ("1", "T")),
        )
    ),
    Story((Step("", ("R",), ("ROTATE",)), Step("", ("enter",))), prepare=_one_token),
)
"""Where the pictures do not go."""
NARROW = ((70, 24), (50, 12))
WORDS = (
    "",
    "word",
    "several words of a sentence",
    "x" * 300,
    "山田 花子" * 9,
    "\u0301\u200b\x1b[2J",
)


def _modules() -> Iterator[Any]:
    for found in pkgutil.walk_packages(scim_tui.tui.__path__, "scim_tui.tui."):
        yield importlib.import_module(found.name)


def _room_of(function: Callable[..., object]) -> str:
    """The parameter that says how wide; empty: it has none."""
    if function.__name__.startswith("__"):
        return ""
    wanted = inspect.signature(function).parameters
    return next((n for n in ROOMS if n in wanted and "int" in str(wanted[n].annotation)), "")


def _drawing() -> dict[CodeType, FunctionType]:
    """All functions and methods of the screens that are told how wide to draw."""
    found: dict[CodeType, FunctionType] = {}
    for module in _modules():
        here = [each for each in vars(module).values() if _of(each, module)]
        owned = [each for kind in here if inspect.isclass(kind) for each in vars(kind).values()]
        for each in (*here, *owned):
            if isinstance(each, FunctionType) and _room_of(each) and each is not EntrySource.lines:
                found[each.__code__] = each
    return found


def _of(each: object, module: object) -> bool:
    return getattr(each, "__module__", "") == getattr(module, "__name__", None)


DRAWING = _drawing()
NOTED: dict[CodeType, list[dict[str, Any]]] = {}


@contextmanager
def noting() -> Iterator[None]:
    """Keep what drawing functions are given."""

    def look(frame: FrameType, event: str, argument: object) -> None:
        if event == "call" and (function := DRAWING.get(frame.f_code)) is not None:
            calls = NOTED.setdefault(frame.f_code, [])
            if len(calls) < EACH:
                names = inspect.signature(function).parameters
                calls.append({name: frame.f_locals[name] for name in names})

    sys.setprofile(look)
    try:
        yield
    finally:
        sys.setprofile(None)


def drawn_at_every_width(function: Callable[..., object], given: dict[str, Any]) -> None:
    """Call it at every width, and draw what comes into a line of that width."""
    room = _room_of(function)
    for width in WIDTHS:
        with in_time(f"{function.__qualname__} at {width}"):
            result = function(**(given | {room: width}))
            for line in _lines(result):
                assert text.to_strip(line, width, lambda role: PLAIN).cell_length == width


@contextmanager
def in_time(what: str) -> Iterator[None]:
    """End what hangs: one drawing takes milliseconds, so a minute is for ever."""

    def late(number: int, frame: object) -> None:
        raise TimeoutError(f"{what} does not end")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, MOST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _lines(result: object) -> Iterator[text.Line]:
    """The lines in a result, of whatever shape: a span, a line, or several."""
    if isinstance(result, text.Span):
        yield (result,)
    elif isinstance(result, list | tuple):
        if result and all(isinstance(each, text.Span) for each in result):
            yield tuple(result)
        else:
            for each in result:
                yield from _lines(each)


async def test_what_the_screens_draw(tmp_path: Path) -> None:
    for number, story in enumerate((*STORIES, *MORE)):
        folder = tmp_path / str(number)
        folder.mkdir()
        await draw(story, folder)
    seen = FieldChange(START, "email", "a@corp.example", "日本@corp.example")
    with noting():
        history_lines(History((seen, FieldChange(START, "", "", ""))), START, 80)
        leaving._lines([Ending("a secret", sentence) for sentence in WORDS], 80)
    for function in (_seen, leaving._lines):
        for given in NOTED[function.__code__]:
            drawn_at_every_width(function, given)
    never = {DRAWING[code].__qualname__ for code in set(DRAWING) - set(NOTED)}
    assert ", ".join(sorted(never)) == ""


async def draw(story: Story, tmp_path: Path) -> None:
    known = set(NOTED)
    app = app_of(story, tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        with noting():
            if story.opened:
                await drawn(app, ("users",))
            for step in story.steps:
                await pilot.press(*step.keys)
                await drawn(app, step.words)
            app.call_later(_fails)
            await pilot.press("exclamation_mark", "escape")
            for size in NARROW:
                await pilot.resize_terminal(*size)
                await pilot.press("4", "1")
        for code in set(NOTED) - known:
            for given in NOTED[code]:
                drawn_at_every_width(DRAWING[code], given)
    assert {"_fails"} == {each.report.split(", in ")[1].split()[0] for each in app.faults.all}


def _fails() -> None:
    raise RuntimeError


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("function", [text.wrap, text.chop, text.middle, text.fit, text.padded])
def test_texts(function: Callable[[str, int], object], words: str) -> None:
    cleaned = words if function is text.wrap else text.clean(words)
    for width in WIDTHS:
        with in_time(f"{function.__name__} at {width}"):
            found = function(cleaned, width)
        rows = found if isinstance(found, list) else [str(found)]
        wide = [row for row in rows if text.cells_of(text.clean(row)) > max(width, 2)]
        assert wide == []
        if function is text.fit:
            assert text.cells_of(str(found)) == width
        if function in (text.wrap, text.chop):
            assert "".join(rows).replace(" ", "") == text.reveal(cleaned).replace(" ", "")
