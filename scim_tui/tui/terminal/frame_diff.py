"""The difference between two frames as terminal output, to send few bytes over a slow link.

Textual 8.2 repaints complete regions and sets both colours for every piece of text. Here each
frame is drawn into a grid of cells; a cell that the terminal shows already is not sent again, and
neither is a colour that is set already.
"""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, groupby, pairwise, repeat
from operator import is_not, itemgetter
from typing import NamedTuple, cast

from rich.cells import split_graphemes

from scim_tui.tui.terminal.sgr import (
    PLAIN,
    SEEN_ON_BLANKS,
    CellStyle,
    blank,
    style_of_sgr,
    transition,
)

_TOKEN = re.compile(
    r"\x1b\[([0-9;:?<>=!$ ]*)([@-~])"
    r"|(\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1bP(?s:.*?)\x1b\\|\x1b[^\[\]])"
    r"|([^\x00-\x1f\x7f]+)|([\x00-\x1f\x7f])"
)
_LATIN = " -~\xa0-\xac\xae-\u02ff\u2026\u203a\u2500-\u257f\u2588"
_ONE_CELL_EACH = re.compile(f"[{_LATIN}]*")
"""Latin letters, box drawing and our marks: one cell each. Others have their width looked up."""
_PIECES = re.compile(f"((?:[{_LATIN}](?=[{_LATIN}]|$))+)|[{_LATIN}]?[^{_LATIN}]+")
"""Splits a text into one-cell runs and the rest, which a character before it may combine with."""
_UNCERTAIN_WIDTH = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0590-\u200f\u20d0-\u20ff\u2c00-\U0010ffff]"
)
_UNKNOWN = 2
_CHANGED = re.compile(rb"\x01(?:\x00{0,6}\x01)*")
"""A run of changed cells; up to six unchanged ones are cheaper to send than a cursor move."""
_MOST_SIGNS = 4096
"""Cells kept for one style; names may contain any number of different characters."""
_SYNC_ON, _SYNC_OFF = "\x1b[?2026h", "\x1b[?2026l"


class Cell(NamedTuple):
    """A character and its style; the second cell of a wide character is empty."""

    sign: str
    style: CellStyle
    unsure: bool = False
    """Whether terminals may draw the character with another width than we assume."""


Row = list[Cell | None]
"""None: what the terminal shows there is not known."""


class FrameDiff:
    """Keeps what the terminal shows, so that only differences are sent."""

    def __init__(self, *, coloured: bool = True) -> None:
        self._coloured = coloured
        self._rows: dict[int, Row] = {}
        self._uncertain: set[int] = set()
        """Rows with characters of an uncertain width."""
        self._resting = ""
        """The sequence that moved the cursor last."""
        self._sync = False
        """Whether a synchronized update began and nothing of it was sent yet."""

    def forget(self) -> None:
        """Assume nothing about what the terminal shows."""
        self._rows.clear()
        self._uncertain.clear()
        self._resting = ""

    def shorten(self, data: str) -> str:
        """What to send instead of `data`, which starts and ends in the plain style."""
        if data == _SYNC_ON:
            self._sync = True
            return ""
        if data == _SYNC_OFF and self._sync:
            self._sync = False
            return ""
        sent = self._frame(data)
        if sent and self._sync:
            self._sync = False
            return _SYNC_ON + sent
        return sent

    def _frame(self, data: str) -> str:
        before: dict[int, Row] = {}
        passed, row, column, style = [], 0, 0, PLAIN
        rest = ""
        for token in _TOKEN.finditer(data):
            parameters, final, other, text, control = token.groups()
            if text:
                rest = ""
                column = self._write(row, column, text, style, before)
            elif final == "m" and parameters[:1] not in {"<", ">", "=", "?"}:
                style = style_of_sgr(parameters, self._coloured)
            elif final == "H":
                rest = token.group()
                row, column = _place(parameters)
            elif control in {"\r", "\n"}:
                row, column = row + (control == "\n"), 0
            else:
                passed.append(other or token.group())
                self._notice(token.group())
        changes = "".join(_changes(before, self._rows, self._uncertain))
        self._uncertain = {row for row in self._uncertain if _is_uncertain(self._rows[row])}
        home = rest if rest and (changes or rest != self._resting) else ""
        self._resting = rest or self._resting
        return "".join(passed) + changes + home

    def _notice(self, sequence: str) -> None:
        """Forget the contents when the alternate screen is entered or left, or at a reset."""
        if sequence.startswith("\x1b[?1049") or sequence in {"\x1bc", "\x1b[2J"}:
            self.forget()

    def _write(
        self, row: int, column: int, text: str, style: CellStyle, before: dict[int, Row]
    ) -> int:
        cells = self._rows.setdefault(row, [])
        if row not in before:
            before[row] = list(cells)
        fresh = _cells(text, style)
        if not text.isascii() and (len(fresh) != len(text) or _UNCERTAIN_WIDTH.search(text)):
            self._uncertain.add(row)
        end = column + len(fresh)
        cells += [None] * (end - len(cells))
        _break_halves(cells, column, end)
        cells[column:end] = fresh
        return end


def _break_halves(cells: Row, start: int, end: int) -> None:
    """Mark the other half of a wide character that is half drawn over as unknown."""
    for half, other in ((start, start - 1), (end, end)):
        if half < len(cells) and other >= 0 and (cell := cells[half]) and not cell.sign:
            cells[other] = None


def _place(parameters: str) -> tuple[int, int]:
    row, _, column = parameters.partition(";")
    return int(row or 1) - 1, int(column or 1) - 1


class _Alphabet(dict[str, Cell]):
    """The cells of one style, made once: a screen has thousands of cells and a few styles."""

    def __init__(self, style: CellStyle) -> None:
        super().__init__()
        self._style = style
        plain = (
            style if SEEN_ON_BLANKS & set(style.attributes) else CellStyle((), "", style.background)
        )
        self[" "] = _blank_cell(plain)

    def __missing__(self, sign: str) -> Cell:
        if len(self) >= _MOST_SIGNS:
            space = self[" "]
            self.clear()
            self[" "] = space
        cell = self[sign] = Cell(sign, self._style, _is_unsure(sign))
        return cell


@lru_cache(256)
def _blank_cell(style: CellStyle) -> Cell:
    """One cell for all styles that look the same without a letter."""
    return Cell(" ", style)


_alphabet = lru_cache(256)(_Alphabet)
_sign_of, _style_of_cell, _unsure_of = itemgetter(0), itemgetter(1), itemgetter(2)


def _cells(text: str, style: CellStyle) -> list[Cell]:
    """The cells of a text; a character without width shares the cell before it."""
    cell_of = _alphabet(style).__getitem__
    if _ONE_CELL_EACH.fullmatch(text):
        return list(map(cell_of, text))
    made: list[Cell] = []
    for piece in _PIECES.finditer(text):
        made += map(cell_of, piece[1] or _signs(piece[0]))
    return made


@lru_cache(4096)
def _signs(text: str) -> tuple[str, ...]:
    """The characters of a text, each wide one followed by an empty cell."""
    found: list[str] = []
    for start, end, wide in split_graphemes(text)[0]:
        found += (text[start:end], *[""] * (wide - 1))
    return tuple(found)


def _changes(
    before: dict[int, Row], after: dict[int, Row], uncertain: Container[int]
) -> Iterator[str]:
    now = PLAIN
    for row in sorted(before):
        old, new = before[row], after[row]
        if old == new:
            continue
        if row in uncertain:
            yield f"{transition(now, PLAIN)}\x1b[{row + 1};1H\x1b[2K"
            now = PLAIN
        for start, end in _known(new) if row in uncertain else _runs(old, new):
            yield f"\x1b[{row + 1};{start + 1}H"
            text, now = _draw(cast("list[Cell]", new[start:end]), now)
            yield text
    if now != PLAIN:
        yield "\x1b[0m"


def _runs(old: Row, new: Row) -> list[tuple[int, int]]:
    """Runs of cells to send; a short gap between two runs is sent as well."""
    # Equal cells are nearly always the same object, so identity is enough; an equal cell that is
    # sent again does no harm.
    others = bytearray(map(is_not, new, chain(old, repeat(None))))
    for at in _unknown(new):
        others[at] = _UNKNOWN
    return [found.span() for found in _CHANGED.finditer(others)]


def _known(row: Row) -> list[tuple[int, int]]:
    """Runs of a row whose content is known."""
    places = [-1, *_unknown(row), len(row)]
    return [(start + 1, end) for start, end in pairwise(places) if end > start + 1]


def _unknown(row: Row) -> list[int]:
    return [at for at, cell in enumerate(row) if cell is None] if None in row else []


def _is_uncertain(row: Sequence[Cell | None]) -> bool:
    """Whether the row has a character of an uncertain width.

    Such a row is erased and sent completely, so that nothing old is left at its end.
    """
    return any(map(_unsure_of, filter(None, row)))


def _is_unsure(sign: str) -> bool:
    return len(sign) != 1 or (sign >= "\u0590" and not "\u2010" <= sign <= "\u2bff")


def _draw(cells: Iterable[Cell], now: CellStyle) -> tuple[str, CellStyle]:
    """The text of known cells, with the changes of style between them."""
    parts: list[str] = []
    for style, group in groupby(cells, _style_of_cell):
        text = "".join(map(_sign_of, group))
        if style is not now and text:
            wanted = style if style.attributes or text.strip(" ") else blank(now, style)
            parts.append(transition(now, wanted))
            now = wanted
        parts.append(text)
    return "".join(parts), now
