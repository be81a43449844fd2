"""Marks that take no cell: a few stay on each sign, everywhere, and names keep what they need."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from textual.color import Color

from scim_tui.cli.base.cells import cell_width
from scim_tui.cli.base.output import as_json
from scim_tui.model.escaping import MOST_MARKS, few_marks, reveal
from scim_tui.tui.drawing.text import NoControl, clean, padded

MARKS = "\u0301\u0316\u20dd\ufe0f\U000e0101\u0903\u1160\u11ff\ud7c0"
NAMES = [
    "Nguyễn Thị Ánh",
    unicodedata.normalize("NFD", "Nguyễn Thị Ánh Zoë Ångström"),
    unicodedata.normalize("NFD", "김서연"),
    "हर्षवर्धन त्रिपाठी",
    "สมชาย ใจดี ณัฐวุฒิ",
    "རྒྱ་མཚོ་བསྒྲུབས",
    "שָׁלוֹם בֶּן־דָּוִד",
    "ကျော်ဇင်ဦး",
    "👩‍👩‍👧‍👦 😀😀😀😀😀😀😀 ──────────",
]


def most_marks(text: str) -> int:
    """The longest run of signs without a cell of their own."""
    longest = run = 0
    for sign in text:
        run = run + 1 if sign in MARKS or unicodedata.category(sign)[0] == "M" else 0
        longest = max(longest, run)
    return longest


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_any_script_stays_as_it_is(name: str) -> None:
    assert few_marks(name) == name


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("write", [reveal, clean, lambda text: padded(text, 30)])
def test_a_crowd_of_marks_is_cut(mark: str, write: object) -> None:
    assert callable(write)
    shown = write(f"A{mark * 10_000}na")
    assert most_marks(shown) <= MOST_MARKS
    assert shown.rstrip().endswith("na")
    assert "\N{REPLACEMENT CHARACTER}" in shown
    assert cell_width(shown) <= 40


@given(st.text(st.sampled_from("ab \u4e00😀─" + MARKS)))
def test_nothing_but_marks_goes(text: str) -> None:
    shown = few_marks(text, lambda _: "")
    assert most_marks(shown) <= MOST_MARKS
    assert [sign for sign in shown if most_marks(sign) == 0] == [
        sign for sign in text if most_marks(sign) == 0
    ]


def test_json_loses_none_of_them() -> None:
    name = "A" + "\u0301" * 1000
    text = as_json({"name": name})
    assert json.loads(text) == {"name": name}
    assert most_marks(text) <= MOST_MARKS


def test_the_net_below_all_widgets_holds_them_back() -> None:
    net = NoControl()
    found = net.apply([Segment("A" + "\u0301" * 1000 + "b")], Color.parse("black"))
    assert found[0].text == "A" + "\u0301" * MOST_MARKS + "b"
    same = [Segment("Zoë │ ──────── ok")]
    assert net.apply(same, Color.parse("black")) == same


@pytest.mark.parametrize("sign", ["x", "名", "\u0301", "\x1b"])
def test_a_cell_of_the_screens_has_a_cap(sign: str) -> None:
    assert len(clean(sign * 1_000_000)) <= 20_002
    assert cell_width(padded(sign * 1_000_000, 30)) == 30
