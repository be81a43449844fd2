"""Below 80 columns a row is a card of two lines, and nothing is dropped."""

from scim_tui.tui.widgets.columns import Column
from scim_tui.tui.widgets.row_lines import lay_out
from tests.tui.widgets.table_kit import COLUMNS, cells, people, shown, source, text

NARROW = (24, 11)


def test_what_fits_stays_on_one_line_and_wide_terminals_have_no_cards() -> None:
    assert lay_out(COLUMNS, 40, sideways=None, cards=True).deep == 1
    assert lay_out(COLUMNS, 24, sideways=None, cards=True).deep == 2
    assert lay_out(COLUMNS, 24, sideways=None, cards=False).deep == 1
    assert lay_out(COLUMNS, 24, sideways=0, cards=True).deep == 1, "scrolled: nothing is dropped"


async def test_a_card_shows_on_its_second_line_what_has_no_column() -> None:
    async with shown(people(3), NARROW) as (table, _):
        drawn = text(table)
        assert drawn[1].startswith("› p0000")
        assert drawn[2].startswith("    note note p0000")
        assert drawn[3].startswith("  p0001")
        assert drawn[7].strip() == ""
        assert all(len(line) == 24 for line in drawn)


async def test_keys_move_by_cards_and_both_lines_are_painted() -> None:
    async with shown(people(20), NARROW) as (table, pilot):
        table.painted.clear()
        await pilot.press("j")
        assert [(region.y, region.height) for region in table.painted] == [(1, 2), (3, 2)]
        await pilot.press("pagedown")
        assert table.current == "p0005", "five cards are seen, and one of them stays"
        assert text(table)[1].startswith("  p0004")
        await pilot.press("G")
        assert table.current == "p0019"
        assert any(line.startswith("› p0019") for line in text(table))
        table.mark({"p0018"})
        assert any(line.startswith(" *p0018") for line in text(table))


async def test_resizing_keeps_the_cursor_on_its_row_and_in_sight() -> None:
    async with shown(people(30), (100, 11)) as (table, pilot):
        await pilot.press("G", "k")
        assert table.current == "p0028"
        for size in (NARROW, (100, 6), (24, 5), (100, 11)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert table.current == "p0028"
            assert any(line.startswith("› p0028") for line in text(table)), size


async def test_a_card_without_more_to_show_has_an_empty_second_line() -> None:
    async with shown([], NARROW) as (table, _):
        table.show(source([""]), columns=(*COLUMNS, Column("MORE", 9, rank=2)))
        assert "note note" in text(table)[2]
        assert "more" not in text(table)[2]
        assert cells("")[0].text == ""
