"""A long pass in one line: what is told, and what goes first where there is no room."""

import pytest

from scim_tui.model.unknown_values import UNKNOWN
from scim_tui.tui.directory import messages as directory_messages
from scim_tui.tui.drawing import progress as bars
from scim_tui.tui.drawing import text
from scim_tui.tui.drawing.progress import Progress, bar, duration, progress_line
from scim_tui.tui.drawing.text import width

WHOLE = Progress("loading", 12_300, 50_000, 410.4, 92.0, slowed=True, resumed_at=4_000)


def drawn(progress: Progress, cells: int = 120) -> str:
    line = progress_line(progress, cells)
    assert width(line) <= cells
    return "".join(span.text for span in line)


def test_everything_is_shown_where_there_is_room() -> None:
    assert drawn(WHOLE) == (
        " ██·········· loading 12,300 of 50,000  410/s  2 min left  slowed by 429"
        "  went on at 4,000  Ctrl-C stops"
    )


def test_where_it_is_narrow_the_rate_goes_before_the_way_to_stop() -> None:
    narrow = drawn(WHOLE, 64)
    assert "12,300 of 50,000" in narrow
    assert "slowed by 429" in narrow
    assert "Ctrl-C stops" in narrow
    assert "/s" not in narrow
    assert "12,300 of 50,000" in drawn(WHOLE, 30)


def test_what_is_not_known_is_not_drawn() -> None:
    assert drawn(Progress("loading", 0)) == " loading 0  Ctrl-C stops"
    assert drawn(Progress("loading", 7, UNKNOWN)) == " loading 7  Ctrl-C stops"
    assert drawn(Progress("counting")) == " counting  Ctrl-C stops"
    assert drawn(Progress(directory_messages.LISTING_MEMBERS, 3, 9, unit="groups")).startswith(
        " ████········ listing members of 3 of 9 groups"
    )


@pytest.mark.parametrize(
    ("done", "total", "full"), [(0, 9, 0), (9, 9, 12), (12, 9, 12), (1, 24, 0), (2, 24, 1)]
)
def test_the_bar_is_as_full_as_the_share(done: int, total: int, full: int) -> None:
    assert bar(done, total).text == " " + "█" * full + "·" * (12 - full)


def test_a_bar_of_plain_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bars, "GLYPHS", text.ASCII)
    assert bar(3, 6).text == " ######------"


def test_an_empty_total_has_no_bar() -> None:
    assert not bar(0, 0).text
    assert not bar(1, UNKNOWN).text


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.4, "0 s"), (89, "89 s"), (90, "2 min"), (5_400, "2 h")]
)
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words
