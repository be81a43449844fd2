"""The table by itself: what it drops when narrow, where its cursor goes, what it paints."""

from collections.abc import Sequence

from rich.cells import cell_len

from scim_tui.tui.drawing.text import line
from scim_tui.tui.widgets.sources import PAGE_ROWS, LazySource, lazy_source
from scim_tui.tui.widgets.table import ListSource, widths
from tests.tui.widgets.table_kit import COLUMNS, cells, people, shown, source, text


def test_columns_of_high_rank_go_when_it_is_narrow() -> None:
    assert widths(COLUMNS, 40) == (6 + 13, 5, 10)
    assert widths(COLUMNS, 26) == (6 + 11, 5, 0)
    assert widths(COLUMNS, 10)[1:] == (0, 0), "the first one stays"


async def test_every_line_fills_the_width_also_with_wide_signs() -> None:
    names = ["山田 花子 さん の とても 長い なまえ", "김민준", "Zoë", "👩‍👩‍👧 family", "x" * 99]
    async with shown(names) as (table, _):
        assert all(cell_len(row) == 40 for row in text(table))
        assert "…" in text(table)[1]
        assert "NOTE" in text(table)[0]


async def test_a_narrow_table_drops_a_column_and_a_wide_one_brings_it_back() -> None:
    async with shown(people(3)) as (table, pilot):
        assert "NOTE" in text(table)[0]
        await pilot.resize_terminal(24, 11)
        await pilot.pause()
        assert "NOTE" not in text(table)[0]
        assert "p0000" in text(table)[1]
        await pilot.resize_terminal(40, 11)
        await pilot.pause()
        assert "NOTE" in text(table)[0]


async def test_the_cursor_stays_on_its_row_when_rows_come_and_go() -> None:
    async with shown(people(50)) as (table, pilot):
        await pilot.press("j", "j", "j")
        line_before = next(y for y, row in enumerate(text(table)) if row.startswith("› "))
        table.show(source(["a", "b", *people(50)]))
        assert table.current == "p0003"
        assert text(table)[line_before].startswith("› p0003"), "and on its line of the screen"
        table.show(source(people(3)))
        assert table.current == "p0002", "its row is gone: the nearest one"
        table.show(source([]))
        assert table.current is None


async def test_keys_move_by_rows_pages_and_to_the_ends() -> None:
    async with shown(people(100)) as (table, pilot):
        moves = {
            "j": 1,
            "down": 2,
            "k": 1,
            "pagedown": 10,
            "ctrl+d": 15,
            "pageup": 6,
            "ctrl+u": 1,
            "G": 99,
            "home": 0,
            "up": 0,
        }
        for keys, row in moves.items():
            await pilot.press(keys)
            assert table.cursor == row, keys
            assert any(each.startswith(f"› p{row:04}") for each in text(table)), keys


async def test_it_reports_moves_the_end_and_enter() -> None:
    async with shown(people(3)) as (table, pilot):
        table.told.clear()
        await pilot.press("j", "enter", "G", "j")
        assert table.told == [
            "Highlighted 1",
            "Opened 1",
            "Highlighted 2",
            "NearEnd 2",
            "NearEnd 2",
        ]


async def test_only_lines_that_differ_are_painted() -> None:
    async with shown(people(9)) as (table, pilot):
        table.painted.clear()
        table.show(source(people(9)))
        assert not table.painted
        changed = [(name, cells(name)) for name in people(9)]
        changed[4] = ("p0004", line("p0004", "9", "changed"))
        table.show(ListSource(changed))
        assert [region.y for region in table.painted] == [5]
        table.painted.clear()
        await pilot.press("j")
        assert [region.y for region in table.painted] == [1, 2]


async def test_words_are_drawn_while_there_are_no_rows() -> None:
    async with shown([]) as (table, _):
        table.painted.clear()
        table.show_when_empty([line("  asking"), line("  r asks again")])
        assert [row.strip() for row in text(table)[1:5]] == ["", "asking", "r asks again", ""]
        assert [region.y for region in table.painted] == [2, 3]
        table.show(source(people(1)))
        assert "asking" not in "".join(text(table))


async def test_a_row_that_is_gone_leaves_a_sign_and_no_crash() -> None:
    async with shown([]) as (table, pilot):
        gone = LazySource[str](
            5, lambda first, count: [], key=str, cells=cells, find=lambda key: None
        )
        table.show(gone)
        await pilot.press("j", "enter")
        assert "…" in text(table)[1]


def test_stretches_fetch_what_is_drawn_and_no_more() -> None:
    asked: list[int] = []
    names = people(5_000)

    def fetch(first: int, count: int) -> Sequence[str]:
        asked.append(first)
        return names[first : first + count]

    rows = LazySource(len(names), fetch, key=str, cells=cells, find=lambda key: None)
    assert [row[0].text for row in rows.rows(48, 4)] == ["p0048", "p0049", "p0050", "p0051"]
    assert asked == [0, PAGE_ROWS]
    again = rows.with_cells(lambda name: line(f"<{name}>"))
    assert again.rows(48, 1)[0][0].text == "<p0048>"
    assert asked == [0, PAGE_ROWS], "another look asks for nothing"
    assert rows.item(5_000) is None
    assert not rows.rows(4_999, 10)[1:]


def test_a_source_over_values_finds_them_by_key() -> None:
    rows = lazy_source(people(30), key=str, cells=cells)
    assert rows.find("p0017") == 17
    assert rows.find("nobody") is None
    assert rows.find("") is None
