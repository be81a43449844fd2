"""Finds the header of a CSV file, as tools and people write lines above it.

Excel writes `sep=;`, Windows PowerShell `#TYPE ...`, Entra's bulk templates `version:v1.0`, and
reports a title with the date of the export.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from scim_tui.mapping.base.bounds import EMPTY, MAX_EMPTY
from scim_tui.mapping.base.errors import BadPeople

DELIMITERS = ",;\t|"
_SEP = re.compile(r'"?sep=(?P<sign>\\t|tab|[^"\w\r\n])?"?[,;\t| ]*', re.IGNORECASE)
"""Also in quotes, and with the delimiters that a sheet saved again adds to each line."""
_AHEAD = 20
"""Lines in which a header is looked for, below a line that is only a title."""


@dataclass(frozen=True, slots=True)
class Start:
    """The header and the lines after it, with what the lines above it say."""

    lines: Iterator[str]
    delimiter: str
    skipped: int
    """Lines above the header."""
    title: str = ""
    """The first of the lines that were taken as a title; empty: there is none."""


def find_header(lines: Iterator[str], name: str) -> Start:
    """Find the header. Raises `BadPeople` for a file that begins with millions of empty lines."""
    delimiter = ""
    skipped = 0
    for line in lines:
        bare = line.rstrip("\r\n")
        if named := _SEP.fullmatch(bare):
            delimiter = delimiter or _sign(named["sign"] or "")
        elif bare.strip() and not bare.lower().startswith("#type "):
            return _below_titles(line, lines, delimiter, skipped)
        skipped += 1
        if skipped > MAX_EMPTY:
            raise BadPeople(name, skipped, EMPTY)
    return Start(lines, delimiter or ",", skipped)


def _sign(named: str) -> str:
    """The delimiter that a line `sep=` names; empty: it names none."""
    return "\t" if named.lower() in ("\\t", "tab") else named


def _below_titles(first: str, lines: Iterator[str], delimiter: str, skipped: int) -> Start:
    if len(_names(first, delimiter)) > 1 and not _is_label(first, delimiter):
        return Start(chain([first], lines), delimiter or _most_frequent(first), skipped)
    ahead = [first]
    for line in lines:
        ahead.append(line)
        if line.count('"') % 2 or len(ahead) > _AHEAD:
            break
        if line.strip() and _is_header(line, delimiter):
            sign = delimiter or _most_frequent(line)
            above = len(ahead) - 1
            return Start(chain([line], lines), sign, skipped + above, first.strip())
        if len(_names(line, delimiter)) > 1 and not _is_label(line, delimiter):
            break
    return Start(chain(ahead, lines), delimiter or _most_frequent(first), skipped)


def _names(line: str, delimiter: str) -> list[str]:
    """The cells of a line that are not empty."""
    sign = delimiter or _most_frequent(line)
    try:
        cells: Iterable[str] = next(csv.reader([line], delimiter=sign), ())
    except csv.Error:  # a cell is too long, which the reader of the rows says with its line
        return []
    return [name for cell in cells if (name := cell.strip())]


def _is_label(line: str, delimiter: str) -> bool:
    """Whether this is a remark such as `Report:,All users,,`."""
    return _names(line, delimiter)[0].endswith(":")


def _is_header(line: str, delimiter: str) -> bool:
    """Whether these may be names of columns: at least two, all different, no addresses, no data."""
    names = _names(line, delimiter)
    different = len(set(names)) == len(names) > 1
    return different and not names[0].endswith(":") and all(map(_is_name, names))


def _is_name(cell: str) -> bool:
    return "@" not in cell and any(map(str.isalpha, cell))


def _most_frequent(header: str) -> str:
    """The delimiter most frequent in the header, outside quotes."""
    bare = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=bare.count)
