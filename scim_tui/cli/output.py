"""Data on stdout, words on stderr: tables for people, stable JSON for programs."""

import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Sequence

from scim_tui.cli.streams import silence
from scim_tui.model.errors import ScimTuiError
from scim_tui.model.visible import ODD, few_marks, reveal

MAX_CELL = 60
"""Cells after which a column is cut on a terminal, but for the last one."""
WIDEST_CELL = 500
"""Cells after which any column of a table is cut anywhere: its width is paid for in every row."""


def say(text: str) -> None:
    """Words for the person, on stderr."""
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
    """The data as JSON with people's names readable and odd characters escaped."""
    text = few_marks(json.dumps(data, indent=indent, ensure_ascii=False, default=str), _escaped)
    # Inside JSON, what is odd and not a line break of the layout can stand in a string only.
    return ODD.sub(lambda found: _escape(found.group()), text)


def _escape(sign: str) -> str:
    return sign if sign == "\n" else _escaped(sign)


def _escaped(signs: str) -> str:
    return json.dumps(signs)[1:-1]


def print_json(data: object) -> None:
    """One JSON document."""
    line(as_json(data))


def print_jsonl(rows: Iterable[object]) -> None:
    """One JSON object a line."""
    for row in rows:
        line(as_json(row, indent=None))


def print_text(parts: Iterable[str]) -> None:
    """A text in parts, as it is; on a terminal without what could steer it."""
    shown = sys.stdout.isatty()
    for part in parts:
        sys.stdout.write(ODD.sub(_spelled, few_marks(part)) if shown else part)


def _spelled(found: "re.Match[str]") -> str:
    return found.group() if found.group() == "\n" else reveal(found.group())


def print_table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, right: str = "") -> None:
    """Aligned columns under upper-case heads; `right` names the heads aligned to the right."""
    cut = sys.stdout.isatty()
    cells = [
        [
            _cut(reveal(text), MAX_CELL if cut and n < len(heads) - 1 else WIDEST_CELL)
            for n, text in enumerate(row)
        ]
        for row in rows
    ]
    widths = [max(map(cell_width, column)) for column in zip(heads, *cells, strict=True)]
    rights = set(right.split(","))
    for row in [[head.upper() for head in heads], *cells]:
        parts = [
            _pad(text, width, head in rights)
            for text, width, head in zip(row, widths, heads, strict=True)
        ]
        line("  ".join(parts).rstrip())


def print_fields(fields: Iterable[tuple[str, str]]) -> None:
    """Labels with their values, one below the other."""
    shown = [(_cut(reveal(label), WIDEST_CELL), reveal(value)) for label, value in fields]
    widest = max((cell_width(label) for label, _ in shown), default=0)
    for label, value in shown:
        line(f"{_pad(label, widest, False)}  {value}".rstrip())


def cell_width(text: str) -> int:
    """Terminal cells the text takes: wide scripts two, combining marks none (UAX 11)."""
    if text.isascii():
        return len(text)
    return sum(_sign_width(sign) for sign in text)


def flatten(value: object, path: str = "") -> Iterable[tuple[str, str]]:
    """A JSON value as paths with texts: `name.givenName`, `emails[0].value`."""
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


def _sign_width(sign: str) -> int:
    if unicodedata.combining(sign) or unicodedata.category(sign) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(sign) in {"W", "F"} else 1


def _cut(text: str, cells: int) -> str:
    """The text in at most so many cells, with two dots where something was cut off."""
    if cell_width(text) <= cells:
        return text
    room = cells - 2
    for end, sign in enumerate(text):
        room -= _sign_width(sign)
        if room < 0:
            return f"{text[:end]}.."
    return text


def _pad(text: str, width: int, right: bool) -> str:
    space = " " * (width - cell_width(text))
    return space + text if right else text + space
