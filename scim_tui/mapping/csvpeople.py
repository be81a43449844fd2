"""People out of CSV, a line at a time: any usual delimiter, as Entra, Okta and Google write it."""

import csv
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import TextIO

from scim_tui.mapping.bounds import EMPTY, MAX_EMPTY, OF_PEOPLE, Bounds
from scim_tui.mapping.encoding import lines_of
from scim_tui.mapping.errors import BadPeople

MAX_COLUMNS = 1_000
_DELIMITERS = ",;\t|"
Found = Iterator[tuple[int, Mapping[str, object]]]


class CsvPeople:
    """The rows below the header, each with its line."""

    def __init__(self, text: TextIO, name: str, bounds: Bounds = OF_PEOPLE) -> None:
        csv.field_size_limit(bounds.cell)
        self._name = name
        lines, delimiter, self._skipped = _start(lines_of(text, name, bounds.text), name)
        self._reader = csv.reader(lines, delimiter=delimiter, strict=True)
        self._rows = self._cells()
        line, cells = next(self._rows, (1, []))
        self.columns = _header(cells, name, line)

    def __iter__(self) -> Found:
        columns, most = self.columns, len(self.columns)
        for line, cells in self._rows:
            if len(cells) > most and any(cells[most:]):
                raise BadPeople(
                    self._name,
                    line,
                    f"{len(cells)} cells, but the header has {most} columns.",
                    "Put quotes around cells that contain the delimiter.",
                )
            yield line, dict(zip(columns, cells, strict=False))

    def _cells(self) -> Iterator[tuple[int, list[str]]]:
        """The rows that are not empty, each with the line it starts on."""
        line, empty = 1 + self._skipped, 0
        try:
            for cells in self._reader:
                if any(cells) and any(map(str.strip, cells)):
                    yield line, cells
                elif (empty := empty + 1) > MAX_EMPTY:
                    raise BadPeople(self._name, line, EMPTY)
                line = self._reader.line_num + 1 + self._skipped
        except csv.Error as error:
            problem = f"Not readable as CSV: {error}."
            raise BadPeople(self._name, line, problem, "Check the quotes.") from error


def _start(lines: Iterator[str], name: str) -> tuple[Iterator[str], str, int]:
    """The lines from the header on, the delimiter, and how many lines stand above.

    Excel writes `sep=;` above the header, Windows PowerShell `#TYPE ...`.
    """
    skipped = 0
    for line in lines:
        named = line.strip().lower()
        if named.startswith("sep=") and len(named) == len("sep=") + 1:
            return lines, named[-1], skipped + 1
        if named and not named.startswith("#type "):
            return chain([line], lines), _delimiter(line), skipped
        skipped += 1
        if skipped > MAX_EMPTY:
            raise BadPeople(name, skipped, EMPTY)
    return lines, ",", skipped


def _delimiter(header: str) -> str:
    """The delimiter most frequent in the header, outside quotes."""
    bare = "".join(header.split('"')[::2])
    return max(_DELIMITERS, key=bare.count)


def _header(cells: list[str], name: str, line: int) -> tuple[str, ...]:
    """Names without the remarks in brackets of Google's export ("First Name [Required]")."""
    if len(cells) > MAX_COLUMNS:
        raise BadPeople(name, line, f"{len(cells):,} columns, at most {MAX_COLUMNS:,} are read.")
    names = [cell.partition(" [")[0].strip() for cell in cells]
    seen: set[str] = set()
    for column in names:
        if column and column in seen:
            raise BadPeople(name, line, f"The column {column!r} occurs twice.", "Rename one.")
        seen.add(column)
    return tuple(column or f"column {place}" for place, column in enumerate(names, 1))
