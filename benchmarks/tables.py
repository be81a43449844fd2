"""CPU of a page down in our table and in the DataTable of the framework, without a terminal."""

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median

from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import DataTable

from benchmarks.report import Report, ms, times
from scim_tui.core.directory import View
from scim_tui.model.directory import Kind, UserRow
from scim_tui.tui.directory_rows import USERS, row_cells
from scim_tui.tui.widgets.sources import Stretches
from scim_tui.tui.widgets.table import Table

_SIZE = (120, 40)
_NOW = datetime(2026, 11, 23, tzinfo=UTC)
_PEER = 10_000
"""Rows of the DataTable; with 100,000 it takes seconds to fill."""


@dataclass
class Found:
    """What a table took."""

    name: str
    rows: int
    build: float
    """CPU seconds until the rows are on the screen."""
    keys: list[float] = field(default_factory=list)
    """CPU seconds of each page down."""


async def page_downs(report: Report, sizes: tuple[int, ...], keys: int) -> None:
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
            ms(median(each.keys)),
            ms(max(each.keys)),
            times(median(each.keys) / median(peer.keys)),
        ]
        for each in found
    ]
    head = ["120x40, CPU", "rows", "build", "page down p50", "max", "of DataTable"]
    report.table(head, rows)


def _view(size: int) -> View:
    from benchmarks.directory import filled

    index, _ = filled(size)
    return View(Kind.USERS, "", "", index.find(Kind.USERS, "", ""), index)


class _Host(App[None]):
    CSS = "Screen { overflow: hidden; }"

    def __init__(self, table: Widget) -> None:
        super().__init__()
        self._table = table

    def compose(self) -> ComposeResult:
        yield self._table


async def _measure(
    name: str, view: View, keys: int, make: Callable[[View], tuple[Widget, Callable[[], None]]]
) -> Found:
    table, show = make(view)
    async with _Host(table).run_test(size=_SIZE) as pilot:
        table.focus()
        await _settled(pilot)
        start = time.process_time()
        show()
        await _settled(pilot)
        found = Found(name, len(view), time.process_time() - start)
        for _ in range(keys):
            start = time.process_time()
            await pilot.press("pagedown")
            await pilot.pause()
            found.keys.append(time.process_time() - start)
    return found


async def _settled(pilot: Pilot[None]) -> None:
    for _ in range(3):
        await pilot.pause()


def _ours(view: View) -> tuple[Widget, Callable[[], None]]:
    table = Table([column for _, column in USERS])
    source = Stretches(
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
