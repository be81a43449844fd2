"""What we take from Textual's private parts, and why: a test here fails once one is not needed.

Textual is pinned. At an update, a test of the first kind names the module to look at because a name
is gone; one of the second kind says that Textual does by itself what one of our modules does.
"""

import ast
import inspect
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual import _styles_cache, events
from textual.app import App, ComposeResult
from textual.drivers import linux_driver
from textual.drivers.linux_driver import LinuxDriver
from textual.screen import Screen
from textual.widgets import Input, Label, Static

import scim_tui.tui
from scim_tui.tui.terminal.first_paint import DeferredPaintScreen
from scim_tui.tui.terminal.key_reader import KeyReader

ROOT = Path(scim_tui.tui.__path__[0])
OVERRIDDEN = {
    "app.py": (App, ("_shutdown", "_handle_exception", "_fatal_error")),
    "faults/guarded.py": (Screen, ("_dispatch_message", "_flush_next_callbacks")),
    "terminal/first_paint.py": (
        Screen,
        ("_compositor_refresh", "_update_timer", "_invoke_and_clear_callbacks"),
    ),
    "terminal/driver.py": (LinuxDriver, ("_sigcont_application",)),
}
"""Private methods that ours replace."""
USED = {
    "app.py": {"_close_messages_no_wait", "_driver", "_exit", "_push_result_callback"},
    "faults/guarded.py": {"_next_callbacks", "_prevent", "_task"},
    "terminal/driver.py": {"_auto_restart", "_loop", "_must_signal_resume", "_writer_thread"},
    "terminal/first_paint.py": {
        "_callbacks",
        "_closing",
        "_compositor",
        "_context",
        "_dirty_regions",
        "_dirty_widgets",
        "_on_timer_update",
        "_refresh_layout",
    },
    "widgets/lines.py": {"_cache", "_dirty_lines", "_styles_cache"},
}
"""Private attributes that ours read or call, but do not define."""
OF_THE_SYSTEM = {"_exit"}
"""`os._exit` has no public name."""


@pytest.mark.parametrize("module", OVERRIDDEN)
def test_a_replaced_method_is_still_one_of_textual(module: str) -> None:
    owner, names = OVERRIDDEN[module]
    assert [name for name in names if not hasattr(owner, name)] == []


def test_every_private_name_of_textual_is_in_the_table() -> None:
    trees = {
        str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(ROOT.rglob("*.py"))
    }
    ours = {name for tree in trees.values() for name in _defined(tree)}
    found = {
        module: names
        for module, tree in trees.items()
        if (names := _private(tree) - ours - (set() if module == "app.py" else OF_THE_SYSTEM))
    }
    assert found == USED


def _defined(tree: ast.Module) -> Iterator[str]:
    for each in ast.walk(tree):
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield each.name
        elif isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store):
            yield each.attr
        elif isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            yield each.id


def _private(tree: ast.Module) -> set[str]:
    names = {each.attr for each in ast.walk(tree) if isinstance(each, ast.Attribute)}
    return {name for name in names if name.startswith("_") and not name.startswith("__")}


class Raises(App[None]):
    """An app without our guard."""

    def key_x(self) -> None:
        raise ValueError("a handler failed")


async def test_guarded_is_needed_while_a_handler_that_raises_ends_the_app() -> None:
    with pytest.raises(ValueError, match="a handler failed"):
        async with Raises().run_test() as pilot:
            await pilot.press("x")


class CountsPaints(App[None]):
    """Counts the paints of each screen."""

    def __init__(self) -> None:
        super().__init__()
        self.paints: Counter[str] = Counter()

    def _display(self, screen: Screen[object], renderable: object) -> None:
        self.paints[type(screen).__name__] += 1
        super()._display(screen, renderable)  # type: ignore[arg-type]


class Plain(Screen[None]):
    """A screen of a few widgets."""

    def compose(self) -> ComposeResult:
        yield Label("a")
        yield Static("b")
        yield Input("c")


class Deferred(DeferredPaintScreen[None]):
    """The same, painted once it is laid out."""

    def compose(self) -> ComposeResult:
        yield from Plain.compose(self)  # type: ignore[arg-type]


async def test_deferred_paint_is_needed_while_a_new_screen_is_painted_more_than_once() -> None:
    app = CountsPaints()
    async with app.run_test() as pilot:
        for screen in (Plain(), Deferred()):
            await app.push_screen(screen)
            for _ in range(20):
                await pilot.pause()
    assert app.paints["Plain"] > app.paints["Deferred"] > 0


class OpensAField(App[None]):
    """A key opens a field to type into; the next one would be typed there."""

    BINDINGS = [("f", "open", "field"), ("d", "delete", "delete")]  # noqa: RUF012
    deleted = False

    def action_open(self) -> None:
        self.call_later(self._open)

    async def _open(self) -> None:
        await self.mount(field := Input())
        field.focus()

    def action_delete(self) -> None:
        self.deleted = True


async def test_the_key_queue_is_needed_while_a_key_goes_to_what_has_the_focus_now() -> None:
    app = OpensAField()
    async with app.run_test() as pilot:
        for letter in "fd":
            app.post_message(events.Key(letter, letter))
        for _ in range(20):
            await pilot.pause()
        assert app.deleted, "Textual waits for the effects of a key by itself"


def test_the_frame_diff_is_needed_while_the_driver_sends_what_it_is_given() -> None:
    source = inspect.getsource(LinuxDriver.write)
    assert "self._writer_thread.write(data)" in source


def test_the_key_reader_is_needed_while_invalid_bytes_end_the_input_thread() -> None:
    source = inspect.getsource(linux_driver.LinuxDriver.run_input_thread)
    assert 'getincrementaldecoder("utf-8")().decode' in source
    assert "replace" not in source
    assert list(KeyReader().feed(b"\xff\xfea"))


def test_drawing_into_the_cache_of_lines_is_needed_while_textual_styles_every_line() -> None:
    source = inspect.getsource(_styles_cache.StylesCache.render_widget)
    assert "self.render(" in source
    cache = _styles_cache.StylesCache()
    assert {"_cache", "_dirty_lines", "_width"} <= set(vars(cache))
