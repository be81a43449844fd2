"""A table by itself on a screen, and what it paints and tells."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.pilot import Pilot

from scim_tui.tui.drawing.text import Line, line
from scim_tui.tui.widgets.table import Column, ListSource, Table

COLUMNS = (Column("NAME", 6, 1), Column("COUNT", 5, right=True), Column("NOTE", 10, rank=1))


class Spy(Table):
    """A table that keeps what was painted and told."""

    def __init__(self) -> None:
        super().__init__(COLUMNS)
        self.painted: list[Region] = []
        self.told: list[str] = []

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> "Spy":
        self.painted += regions
        super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
        return self


class Host(App[None]):
    CSS = "Screen { overflow: hidden; }"

    def compose(self) -> ComposeResult:
        yield Spy()

    def on_table_highlighted(self, event: Table.Highlighted) -> None:
        assert isinstance(event.table, Spy)
        event.table.told.append(f"{type(event).__name__} {event.index}")

    on_table_near_end = on_table_opened = on_table_highlighted


@asynccontextmanager
async def shown(
    rows: Sequence[str], size: tuple[int, int] = (40, 11)
) -> AsyncIterator[tuple[Spy, Pilot[None]]]:
    async with Host().run_test(size=size) as pilot:
        table = pilot.app.query_one(Spy)
        table.show(source(rows))
        table.focus()
        await pilot.pause()
        yield table, pilot


def source(names: Sequence[str]) -> ListSource:
    return ListSource([(name, cells(name)) for name in names])


def cells(name: str) -> Line:
    return line(name, str(len(name)), f"note {name}")


def text(table: Table) -> list[str]:
    return [table.render_line(y).text for y in range(table.size.height)]


def people(count: int) -> list[str]:
    return [f"p{number:04}" for number in range(count)]
