"""CPU of keys in our table and in the DataTable of the framework, without a terminal.

From the key to the frame as it goes to the terminal: what the framework makes of it, and for ours
also what is left of that once only changes are sent.
"""

import asyncio
import gc
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median
from typing import cast

from textual import events
from textual._compositor import CompositorUpdate
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import DataTable

from benchmarks.report import Report, ms, times
from scim_tui.core.directory.api import View
from scim_tui.model.directory import Kind, UserRow
from scim_tui.tui.directory.fields import USERS
from scim_tui.tui.directory.rows import row_cells
from scim_tui.tui.terminal.frame_diff import FrameDiff
from scim_tui.tui.widgets.sources import LazySource
from scim_tui.tui.widgets.table import Table

_SIZE = (120, 40)
_NOW = datetime(2026, 11, 23, tzinfo=UTC)
_PEER = 10_000
"""Rows of the DataTable; with 100,000 it takes seconds to fill."""


KEYS = {"pagedown": 10.0, "down": 3.0}
"""Keys, each with the milliseconds it may take."""


@dataclass
class Found:
    """What a table took."""

    name: str
    rows: int
    build: float
    """CPU seconds until the rows are on the screen."""
    keys: dict[str, list[float]] = field(default_factory=dict)
    """CPU seconds of each key."""

    def median(self, key: str) -> float:
        """Of one key."""
        return median(self.keys[key])


async def keys_down(report: Report, sizes: tuple[int, ...], keys: int) -> None:
    """Print what both take."""
    found = []
    for size in sizes:
        view = _view(size)
        with closing(view._index):
            if size <= _PEER:
                found.append(await _measure("DataTable", view, keys, _theirs))
            found.append(await _measure("our table over the index", view, keys, _ours))
    peer = found[0]
    rows = [
        [
            each.name,
            f"{each.rows:,}",
            ms(each.build),
            *(ms(time) for key in KEYS for time in (each.median(key), max(each.keys[key]))),
            times(each.median("pagedown") / peer.median("pagedown")),
        ]
        for each in found
    ]
    head = [
        "120x40, CPU",
        "rows",
        "build",
        "page down p50",
        "max",
        "cursor down p50",
        "max",
        "page down of DataTable",
    ]
    report.table(head, rows)
    largest = found[-1]
    for (key, most), name in zip(KEYS.items(), ("page down", "cursor down"), strict=True):
        report.at_most(f"{name} at {largest.rows:,} rows", largest.median(key) * 1e3, most, " ms")


def _view(size: int) -> View:
    from benchmarks.directory import filled

    index, _ = filled(size)
    return View(Kind.USERS, "", "", index.find(Kind.USERS, "", ""), index)


class _Host(App[None]):
    CSS = "Screen { overflow: hidden; }"

    def __init__(self, table: Widget, thrift: FrameDiff | None) -> None:
        super().__init__()
        self._table, self._thrift = table, thrift

    def get_default_screen(self) -> "_Watched":
        return _Watched(self._thrift)

    def compose(self) -> ComposeResult:
        yield self._table


class _Watched(Screen[None]):
    """Makes each frame what a terminal gets, which the framework leaves out without one."""

    def __init__(self, thrift: FrameDiff | None) -> None:
        super().__init__()
        self.painted = asyncio.Event()
        self._thrift = thrift

    def _compositor_refresh(self) -> None:
        update = cast("CompositorUpdate | None", self._compositor.render_update())
        self._dirty_widgets.clear()
        if update is not None:
            text = update.render_segments(self.app.console)
            if self._thrift is not None:
                self._thrift.shorten(text)
            self.painted.set()


async def _measure(
    name: str, view: View, keys: int, make: Callable[[View], tuple[Widget, Callable[[], None]]]
) -> Found:
    table, show = make(view)
    async with _Host(table, FrameDiff() if make is _ours else None).run_test(size=_SIZE) as pilot:
        table.focus()
        await _settled(pilot)
        start = time.process_time()
        show()
        await _settled(pilot)
        found = Found(name, len(view), time.process_time() - start)
        # What filling and the tables before left behind is nobody's garbage while keys are pressed.
        gc.collect()
        gc.freeze()
        for key in KEYS:
            await pilot.press("home")
            await _settled(pilot)
            found.keys[key] = [await _key(pilot, key) for _ in range(keys)]
    return found


async def _key(pilot: Pilot[None], key: str) -> float:
    screen = pilot.app.screen
    assert isinstance(screen, _Watched)
    screen.painted.clear()
    start = time.process_time()
    pilot.app.post_message(events.Key(key, None))
    await screen.painted.wait()
    taken = time.process_time() - start
    await _settled(pilot)
    return taken


async def _settled(pilot: Pilot[None]) -> None:
    for _ in range(3):
        await pilot.pause()


def _ours(view: View) -> tuple[Widget, Callable[[], None]]:
    table = Table([column for _, column in USERS])
    source = LazySource(
        len(view),
        view.users,
        key=lambda row: row.id,
        cells=lambda row: row_cells(row, _NOW),
        find=view.position,
    )
    return table, lambda: table.show(source)


def _theirs(view: View) -> tuple[Widget, Callable[[], None]]:
    table: DataTable[str] = DataTable(cursor_type="row")
    rows = [_texts(row) for row in view.users(0, len(view))]

    def show() -> None:
        table.add_columns(*(column.title for _, column in USERS))
        table.add_rows(rows)

    return table, show


def _texts(row: UserRow) -> list[str]:
    """The same cells, made before the clock runs."""
    return [span.text for span in row_cells(row, _NOW)]
