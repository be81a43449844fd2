"""Rows of any text, in columns of any width, take the cells they were given."""

from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style

from scim_tui.tui.drawing.text import Span, cells_of, clean, measured_strip, to_strip, width
from scim_tui.tui.widgets.columns import Column
from scim_tui.tui.widgets.row_lines import lay_out

TEXTS = st.text(
    alphabet=st.one_of(
        st.sampled_from("ab …日本語한👩é\u0301\u200d\u202e\x1b\u00ad👩🏽🇨🇳"), st.characters()
    ),
    max_size=24,
)
COLUMNS = (Column("NAME", 8, 2), Column("NOTE", 6, 1, rank=2), Column("COUNT", 4, right=True))
CELLS = st.tuples(TEXTS, TEXTS, TEXTS).map(lambda texts: tuple(map(Span, texts)))


@given(CELLS, st.integers(20, 60))
def test_a_row_takes_exactly_what_was_measured(cells: tuple[Span, ...], room: int) -> None:
    layout = lay_out(COLUMNS, room, sideways=None, cards=True)
    line = (Span("› "), *layout.first(cells))
    assert width(line) == layout.taken <= room
    drawn = measured_strip(line, layout.taken, room, lambda _: Style())
    assert drawn.text == to_strip(line, room, lambda _: Style()).text
    assert cells_of(drawn.text) == room
    assert clean(drawn.text) == drawn.text


@given(CELLS, st.integers(20, 60))
def test_what_has_no_column_is_on_the_second_line(cells: tuple[Span, ...], room: int) -> None:
    layout = lay_out(COLUMNS, room, sideways=None, cards=True)
    drawn = to_strip(layout.second(cells, room), room, lambda _: Style())
    assert cells_of(drawn.text) == room
    assert (layout.deep == 2) is (0 in layout.widths)
