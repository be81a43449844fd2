"""All text on the screen is made here: spans with a role, cleaned and cut to cells.

Markup is never parsed. Control, format and bidirectional characters are made
visible in lists (`clean`) and spelled out in details (`reveal`).
"""

import locale
import os
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size, split_graphemes
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter
from textual.strip import Strip

from scim_tui.model import escaping as visible
from scim_tui.model.escaping import ODD, few_marks, is_crowded

reveal = visible.reveal
"""Spells odd characters out, as \\x1b or \\u202e."""
_MOST_KEPT = 1000
"""Characters of a text up to which its cleaned form is cached."""
_LONGEST = 20_000
"""Characters after which a text is cut before it is cleaned."""


class Span(NamedTuple):
    """A piece of text, and its role, which decides its style."""

    text: str
    role: str = ""


Line = tuple[Span, ...]
Styles = Mapping[str, Style]


def line(*parts: str | Span | tuple[str, str]) -> Line:
    """A line of spans; a plain text has no role."""
    return tuple(Span(part) if isinstance(part, str) else Span(*part) for part in parts)


def clean(text: str) -> str:
    """Replace invisible and control characters by a visible one."""
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]}{GLYPHS.more}"
    if _plain(text):
        return text
    return _cleaned(text) if len(text) <= _MOST_KEPT else _cleaned.__wrapped__(text)


def _plain(text: str) -> bool:
    """Whether every character is one cell: a fast test that is true for most texts."""
    return text.isascii() and text.isprintable()


@lru_cache(4096)
def _cleaned(text: str) -> str:
    return ODD.sub("\N{REPLACEMENT CHARACTER}", few_marks(text))


def cells_of(text: str) -> int:
    """The width of a text in cells."""
    return len(text) if _plain(text) else cell_len(text)


def width(spans: Iterable[Span]) -> int:
    """The width of the spans in cells."""
    return sum(cells_of(span.text) for span in spans)


def fit(text: str, cells: int, *, right: bool = False) -> str:
    """Cut or pad a clean text to exactly `cells`, with a mark where something was cut off."""
    length, cells = cells_of(text), max(cells, 0)
    if length > cells:
        room = max(cells - len(GLYPHS.more), 0)
        cut = text[:room] if _plain(text) else set_cell_size(text, room)
        return cut + GLYPHS.more[:cells]
    blanks = " " * (cells - length)
    return blanks + text if right else text + blanks


def padded(text: str, cells: int, *, right: bool = False) -> str:
    """A text from outside, cleaned, in exactly `cells`; fast for short plain ones."""
    if len(text) <= cells and _plain(text):
        return text.rjust(cells) if right else text.ljust(cells)
    return fit(clean(text), cells, right=right)


def middle(text: str, cells: int) -> str:
    """Shorten a long id in its middle, so that both ends can still be compared."""
    text = clean(text)
    if cell_len(text) <= cells:
        return text
    mark = GLYPHS.more
    end = max((cells - cell_len(mark)) // 3, 2)
    start = cells - end - cell_len(mark)
    if start < 1:
        return fit(text, cells)
    tail = text[-end:]
    while cells_of(tail) > end:
        tail = tail[1:]
    return set_cell_size(text, start) + mark + tail


def wrap(text: str, cells: int) -> list[str]:
    """Break a text between words into lines of at most `cells`, inside a word only if it must."""
    lines: list[str] = []
    for word in reveal(text).split():
        if lines and cells_of(lines[-1]) + 1 + cells_of(word) <= cells:
            lines[-1] += f" {word}"
        else:
            lines += chop(word, cells)
    return lines or [""]


def chop(text: str, cells: int) -> list[str]:
    """Cut a revealed text into lines of at most `cells`, its spaces kept.

    Each line has at least one character, even if that is too wide, so that cutting always ends.
    """
    cells = max(cells, 1)
    if _plain(text):
        return [text[at : at + cells] for at in range(0, len(text), cells)] or [""]
    lines: list[str] = []
    start = taken = 0
    for first, _, wide in split_graphemes(text)[0]:
        if taken + wide > cells and first > start:
            lines.append(text[start:first])
            start, taken = first, 0
        taken += wide
    return [*lines, text[start:]]


def to_strip(spans: Line, cells: int, styles: Callable[[str], Style], base: str = "") -> Strip:
    """Draw a line into exactly `cells`, with as few changes of style as possible."""
    kept: list[Span] = []
    left = cells
    for span in spans:
        text = clean(span.text)
        length = cells_of(text)
        if length > left:
            text, length = fit(text, left), left
        if text:
            kept.append(Span(text, span.role))
        left -= length
        if left <= 0:
            break
    return measured_strip(kept, cells - left, cells, styles, base)


def measured_strip(
    spans: Iterable[Span], taken: int, cells: int, styles: Callable[[str], Style], base: str = ""
) -> Strip:
    """As `to_strip`, of clean spans that are known to take `taken` of the cells."""
    segments: list[Segment] = []
    for text, role in (*spans, Span(" " * (cells - taken))):
        style = styles(role or base)
        alike = bool(segments) and segments[-1].style is style
        if alike:
            segments[-1] = Segment(segments[-1].text + text, style)
        elif text:
            segments.append(Segment(text, style))
    return Strip(segments, cells)


class Glyphs(NamedTuple):
    """The few special characters we draw, in Unicode or as plain ASCII."""

    more: str
    rule: str
    bar: str
    point: str
    full: str
    dot: str
    tick: str
    ascii: bool


UNICODE = Glyphs("…", "─", "│", "›", "█", "·", "✓", False)
ASCII = Glyphs("..", "-", "|", ">", "#", "-", "+", True)


def _terminal_glyphs() -> Glyphs:
    """ASCII if the locale is C or POSIX, even where Python assumes UTF-8."""
    wanted = os.environ.get("LC_ALL") or os.environ.get("LC_CTYPE") or os.environ.get("LANG") or ""
    if os.environ.get("SCIM_TUI_ASCII") or wanted.upper() in {"C", "POSIX"}:
        return ASCII
    encoding = wanted.partition(".")[2] or locale.getpreferredencoding(False)
    return UNICODE if "utf" in encoding.lower() else ASCII


GLYPHS = _terminal_glyphs()


class NoControl(LineFilter):
    """The last filter of every painted line: it removes control characters."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Drop what has no width, but for a few marks; in ASCII mode a cell is a question mark."""
        return [
            segment
            if _safe_already(segment.text)
            else Segment(_safe(segment.text), segment.style, segment.control)
            for segment in segments
        ]


def _safe_already(text: str) -> bool:
    if not text.isprintable():
        return False
    return text.isascii() or not (GLYPHS.ascii or is_crowded(text))


def _safe(text: str) -> str:
    text = ODD.sub("", few_marks(text, lambda _: ""))
    if not GLYPHS.ascii:
        return text
    return "".join(sign if sign.isascii() else "?" * cell_len(sign) for sign in text)
