"""Fewer bytes, the same picture: judged by a terminal that nobody here wrote."""

import pyte
from hypothesis import given, settings
from hypothesis import strategies as st

from scim_tui.tui.terminal.frame_diff import FrameDiff

COLUMNS, ROWS = 20, 5
LOOKS = [
    "",
    "1;38;2;200;208;224;48;2;18;21;28",
    "38;2;107;116;137;48;2;18;21;28",
    "7",
    "1;7",
    "38;5;12;48;5;3",
    "33;44",
    "1;35",
    "4;32",
    "90",
    "48;2;40;49;80",
]
TWO_CELLS = ["ab", "  ", " x", "Z ", "[m", "›─", "é;", "山", "田", "שa", "e\u0301…"]
"""The framework never draws over half of a wide sign, so everything here takes two cells."""

texts = st.lists(st.sampled_from(TWO_CELLS), max_size=3).map("".join)
pieces = st.tuples(
    st.integers(0, ROWS - 1),
    st.integers(0, COLUMNS // 2 - 6).map(lambda half: half * 2),
    st.lists(st.tuples(st.sampled_from(LOOKS), texts), max_size=2),
)
frames = st.lists(st.lists(pieces, max_size=4), min_size=1, max_size=6)


def frame(parts: list[tuple[int, int, list[tuple[str, str]]]]) -> str:
    """A frame as the framework writes it: each text with its whole look, then plain again."""
    written = []
    for row, column, spans in parts:
        written.append(f"\x1b[{row + 1};{column + 1}H")
        written += [f"\x1b[{style}m{text}\x1b[0m" if style else text for style, text in spans]
    return "".join(written) + "\x1b[1;1H"


def picture(screen: pyte.Screen) -> list[list[tuple[str, ...]]]:
    return [[_seen(screen.buffer[y][x]) for x in range(COLUMNS)] for y in range(ROWS)]


def _seen(char: pyte.screens.Char) -> tuple[str, ...]:
    if char.data == " " and not char.reverse and not char.underscore:
        return (" ", char.bg)
    return (char.data, char.fg, char.bg, str(char.bold), str(char.reverse), str(char.underscore))


@settings(max_examples=300, deadline=None)
@given(frames)
def test_the_picture_is_the_same_after_every_frame(story: list[list[object]]) -> None:
    plain, thrifty = pyte.Screen(COLUMNS, ROWS), pyte.Screen(COLUMNS, ROWS)
    one, other = pyte.Stream(plain), pyte.Stream(thrifty)
    thrift = FrameDiff()
    for parts in story:
        written = frame(parts)  # type: ignore[arg-type]
        one.feed(written)
        other.feed(thrift.shorten(written))
        assert picture(plain) == picture(thrifty)


def test_the_same_frame_again_costs_nothing() -> None:
    thrift, again = FrameDiff(), frame([(1, 2, [(LOOKS[1], "Zoë 山田"), (LOOKS[2], "  x")])])
    assert thrift.shorten(again)
    for part in ("\x1b[?2026h", again, "\x1b[?2026l"):
        assert thrift.shorten(part) == ""


def test_a_frame_is_announced_only_when_something_is_sent() -> None:
    thrift = FrameDiff()
    sent = [
        thrift.shorten(part)
        for part in ("\x1b[?2026h", frame([(0, 0, [("", "a")])]), "\x1b[?2026l")
    ]
    assert sent[0] == ""
    assert sent[1].startswith("\x1b[?2026h")
    assert sent[2] == "\x1b[?2026l"


def test_what_was_forgotten_is_sent_again() -> None:
    thrift, again = FrameDiff(), frame([(0, 0, [("", "abc")])])
    first = thrift.shorten(again)
    thrift.forget()
    assert thrift.shorten(again) == first


def test_another_screen_is_an_unknown_one() -> None:
    thrift, again = FrameDiff(), frame([(0, 0, [("", "abc")])])
    first = thrift.shorten(again)
    assert thrift.shorten("\x1b[?1049h") == "\x1b[?1049h"
    assert thrift.shorten(again) == first


def test_a_row_with_doubtful_widths_goes_as_a_whole() -> None:
    thrift = FrameDiff()
    thrift.shorten(frame([(0, 0, [("", "👩‍💻 ab")])]))
    sent = thrift.shorten(frame([(0, 4, [("", "x")])]))
    assert sent.startswith("\x1b[1;1H\x1b[2K\x1b[1;1H👩‍💻 ax")


def test_without_colours_only_marks_are_left() -> None:
    sent = FrameDiff(coloured=False).shorten(
        frame([(0, 0, [("1;31;48;2;1;2;3", "a"), ("7", "b")])])
    )
    assert sent == "\x1b[1;1H\x1b[1ma\x1b[0;7mb\x1b[0m\x1b[1;1H"


def test_other_sequences_pass() -> None:
    for sequence in ("\x1b]52;c;YQ==\x07", "\x1b[?1003h", "\x1b[>1u", "\x07", "\x1b[?2026$p"):
        assert FrameDiff().shorten(sequence) == sequence
