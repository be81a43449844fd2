"""Lines by themselves: cut to the width, scrolled by keys, painted only where they changed."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.pilot import Pilot

from scim_tui.tui.drawing.text import Line, line
from scim_tui.tui.widgets.lines import Lines
from tests.tui.lists_kit import HOSTILE, SHOWN


class Spy(Lines):
    """Lines that keep what was painted."""

    def __init__(self, lines: Sequence[Line]) -> None:
        super().__init__(lines, can_focus=True)
        self.painted: list[int] = []
        self.whole = 0

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> "Spy":
        self.painted += [region.y for region in regions]
        self.whole += not regions
        super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
        return self


class Host(App[None]):
    def __init__(self, lines: Sequence[Line], css: str) -> None:
        super().__init__()
        self._shown = lines
        self._css = css

    def compose(self) -> ComposeResult:
        block = Spy(self._shown)
        block.styles.height = self._css
        yield block


@asynccontextmanager
async def shown(
    lines: Sequence[Line], height: str = "1fr", size: tuple[int, int] = (30, 5)
) -> AsyncIterator[tuple[Spy, Pilot[None]]]:
    async with Host(lines, height).run_test(size=size) as pilot:
        block = pilot.app.query_one(Spy)
        block.focus()
        await pilot.pause()
        block.painted.clear()
        block.whole = 0
        yield block, pilot


def numbered(count: int) -> list[Line]:
    return [line(f"line {number}") for number in range(count)]


def text(block: Lines) -> list[str]:
    return [block.render_line(y).text for y in range(block.size.height)]


async def test_every_line_fills_the_width_and_no_more() -> None:
    lines = [line("山" * 40), line("short"), (), line(("a" * 29, "bad"), ("山山", "good"))]
    async with shown(lines) as (block, _):
        assert all(cell_len(row) == 30 for row in text(block))


async def test_no_control_character_is_drawn() -> None:
    async with shown([line(HOSTILE)]) as (block, _):
        assert text(block)[0].rstrip() == SHOWN


async def test_keys_scroll_and_stop_at_the_ends() -> None:
    async with shown(numbered(12)) as (block, pilot):
        for key, first in (
            ("j", 1),
            ("pagedown", 5),
            ("G", 7),
            ("down", 7),
            ("k", 6),
            ("pageup", 2),
            ("home", 0),
            ("up", 0),
        ):
            await pilot.press(key)
            assert text(block)[0].rstrip() == f"line {first}", key
        assert block.has_more
        await pilot.press("end")
        assert not block.has_more


async def test_only_lines_that_differ_are_painted() -> None:
    async with shown(numbered(5)) as (block, _):
        block.show(numbered(5))
        assert (block.painted, block.whole) == ([], 0)
        changed = numbered(5)
        changed[3] = line("other")
        block.show(changed)
        assert (block.painted, block.whole) == ([3], 0)


async def test_a_block_as_high_as_its_lines_paints_only_what_differs_too() -> None:
    async with shown(numbered(3), "auto") as (block, pilot):
        assert block.size.height == 3
        block.show([line("other"), *numbered(3)[1:]])
        assert (block.painted, block.whole) == ([0], 0)
        block.show(numbered(4))
        await pilot.pause()
        assert block.size.height == 4


async def test_the_place_is_kept_or_given_up_as_asked() -> None:
    async with shown(numbered(20)) as (block, pilot):
        await pilot.press("pagedown")
        block.show(numbered(19))
        assert text(block)[0].rstrip() == "line 4"
        block.show(numbered(19), keep_place=False)
        assert text(block)[0].rstrip() == "line 0"


async def test_more_room_shows_more_lines() -> None:
    async with shown(numbered(8)) as (block, pilot):
        await pilot.press("G")
        assert text(block)[0].rstrip() == "line 3"
        await pilot.resize_terminal(30, 8)
        await pilot.pause()
        assert text(block)[0].rstrip() == "line 0"
