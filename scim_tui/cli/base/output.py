"""Prints data on stdout and messages on stderr: tables for people, stable JSON for programs."""

import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from scim_tui.cli.base.cells import cell_width, cut_to, pad_to, wrap_cells
from scim_tui.cli.base.streams import silence
from scim_tui.model.errors import ScimTuiError
from scim_tui.model.escaping import ODD, few_marks, reveal

MAX_CELL = 60
"""Cells after which a column is cut on a terminal, but for the last one."""
WIDEST_CELL = 500
"""Cells after which any column of a table is cut anywhere: its width is paid for in every row."""
LEAST_CELL = 10
"""Cells that are left of a column at least, where a line does not fit the terminal: a day fits."""
LEAST_TEXT = 20
"""The same for the last column, which is wrapped."""
LONGEST_WORD = 40
"""A word of this length, such as an id, is never broken there."""
GAP = "  "


def say(text: str) -> None:
    """Print a message for a person, on stderr."""
    try:
        print(reveal(text), file=sys.stderr, flush=True)  # noqa: T201 - where words go out
    except OSError:
        silence(sys.stderr)  # Words that reach no reader do not change what the command does.


def complain(error: ScimTuiError) -> None:
    """An error as a sentence, with what to do next below it."""
    say(error.message)
    if error.hint:
        say(f"  {error.hint}")


def line(text: str = "") -> None:
    """One line of data on stdout."""
    print(text)  # noqa: T201 - this is where data goes out


def as_json(data: object, *, indent: int | None = 2) -> str:
    """The data as JSON with people's names readable and odd characters escaped.

    What is not known or does not exist is null, times are UTC to the second (`json_value`).
    """
    import json

    from scim_tui.cli.base.json_values import json_value

    plain = json.dumps(json_value(data), indent=indent, ensure_ascii=False)
    text = few_marks(plain, _escaped)
    # Inside JSON, what is odd and not a line break of the layout can stand in a string only.
    return ODD.sub(lambda found: _escape(found.group()), text)


def _escape(sign: str) -> str:
    return sign if sign == "\n" else _escaped(sign)


def _escaped(signs: str) -> str:
    import json

    return json.dumps(signs)[1:-1]


def print_json(data: object) -> None:
    """One JSON document."""
    line(as_json(data))


def print_jsonl(rows: Iterable[object]) -> None:
    """One JSON object a line."""
    for row in rows:
        line(as_json(row, indent=None))


def print_text(parts: Iterable[str]) -> None:
    """Print a text in parts; on a terminal without control characters."""
    shown = sys.stdout.isatty()
    for part in parts:
        sys.stdout.write(reveal(part, keep="\n") if shown else part)


def print_table(
    heads: Sequence[str], rows: Iterable[Sequence[str]], *, right: str = "", whole: str = ""
) -> None:
    """Aligned columns under upper-case heads, as wide as the terminal allows.

    On a terminal the widest are cut until a line fits, the last one is wrapped between words, and
    what then still has no room is left out with a word. Ids are shown whole or not at all, and so
    are the numbers, which `right` names, and what `whole` names. In a pipe nothing is cut.
    """
    kept, numbers = set(whole.split(",")), set(right.split(","))
    shown = [[cut_to(reveal(text), WIDEST_CELL) for text in row] for row in rows]
    columns = [
        _Column(head.upper(), cells, right=head in numbers, whole=_is_whole(head, numbers | kept))
        for head, *cells in zip(heads, *shown, strict=True)
    ]
    room = room_on_terminal()
    if room is not None:
        columns, left_out = _that_fit(columns, room)
        if left_out:
            say(f"Not shown for want of room: {', '.join(left_out)}.")
    widths = _widths(columns, room)
    for number in range(-1, len(shown)):
        for text in _lines(columns, widths, number, cut=room is not None):
            line(text)


def print_fields(fields: Iterable[tuple[str, str]]) -> None:
    """Labels with their values, one below the other."""
    shown = [(cut_to(reveal(label), WIDEST_CELL), reveal(value)) for label, value in fields]
    widest = max((cell_width(label) for label, _ in shown), default=0)
    for label, value in shown:
        line(f"{pad_to(label, widest, False)}  {value}".rstrip())


def flatten(value: object, path: str = "") -> Iterable[tuple[str, str]]:
    """A JSON value as paths with texts: `name.givenName`, `emails[0].value`."""
    import json

    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flatten(inner, f"{path}.{key}" if path else _plain(key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from flatten(inner, f"{path}[{number}]")
    else:
        yield path, value if isinstance(value, str) else json.dumps(value)


def _plain(key: str) -> str:
    return re.sub(r"^urn:.*:", "", key)


class _Column:
    def __init__(self, head: str, cells: list[str], *, right: bool, whole: bool) -> None:
        self.head, self.cells, self.right = head, cells, right
        self.whole = whole
        """Whether none of it may be cut or wrapped: ids and numbers."""

    @cached_property
    def natural(self) -> int:
        """The cells it takes uncut."""
        return max(cell_width(text) for text in (self.head, *self.cells))

    @cached_property
    def word(self) -> int:
        """The cells of its longest word."""
        words = (cell_width(word) for text in self.cells for word in text.split())
        return max(words, default=0)

    def floor(self, last: bool) -> int:
        """The cells it has to have."""
        if self.whole:
            return self.natural
        if not last:
            return min(self.natural, LEAST_CELL)
        return min(self.natural, max(LEAST_TEXT, min(self.word, LONGEST_WORD)))


def _is_whole(head: str, named: set[str]) -> bool:
    return head == "id" or head.endswith((" id", "_id")) or head in named


def room_on_terminal() -> int | None:
    """The width of the terminal; None: stdout is no terminal."""
    if not sys.stdout.isatty():
        return None
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def _that_fit(columns: list[_Column], room: int) -> tuple[list[_Column], list[str]]:
    """The columns that fit, and the heads of the others; the first column and ids are kept."""
    found, out = list(columns), list[str]()
    while _total(_floors(found)) > room:
        free = [each for each in found[1:] if not each.whole] or [
            each for each in found[1:] if each.right
        ]
        if not free:
            break
        found.remove(free[-1])
        out.insert(0, free[-1].head.lower())
    return found, out


def _floors(columns: list[_Column]) -> list[int]:
    return [each.floor(each is columns[-1]) for each in columns]


def _widths(columns: list[_Column], room: int | None) -> list[int]:
    widths = [each.natural for each in columns]
    if room is None:
        return widths
    floors = _floors(columns)
    for place, each in enumerate(columns[:-1]):
        if not each.whole:
            widths[place] = min(widths[place], MAX_CELL)
    while _total(widths) > room:
        spare = [place for place, width in enumerate(widths) if width > floors[place]]
        if not spare:
            break
        widths[max(spare, key=lambda place: widths[place])] -= 1
    return widths


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + len(GAP) * (len(widths) - 1)


def _lines(columns: list[_Column], widths: list[int], number: int, *, cut: bool) -> Iterator[str]:
    """The lines of a row; -1 is that of the heads."""
    texts = [each.head if number < 0 else each.cells[number] for each in columns]
    last = columns[-1]
    rest: list[str] = []
    if cut:
        texts[:-1] = [
            text if each.whole else cut_to(text, width)
            for each, text, width in zip(columns[:-1], texts[:-1], widths[:-1], strict=True)
        ]
        if not last.whole and cell_width(texts[-1]) > widths[-1]:
            lines = wrap_cells(texts[-1], widths[-1])
            texts[-1], *rest = [cut_to(text, widths[-1]) for text in lines]
    cells = zip(columns, texts, widths, strict=True)
    yield GAP.join(pad_to(text, width, each.right) for each, text, width in cells).rstrip()
    before = " " * (_total(widths) - widths[-1])
    for text in rest:
        yield f"{before}{text}"
