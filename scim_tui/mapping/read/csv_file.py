"""Reads people from CSV, a line at a time, with any usual delimiter."""

import csv
import re
from collections.abc import Iterator, Mapping
from typing import TextIO

from scim_tui.mapping.base.bounds import EMPTY, MAX_EMPTY, OF_PEOPLE, Bounds
from scim_tui.mapping.base.errors import BadPeople
from scim_tui.mapping.read.csv_header import find_header
from scim_tui.mapping.read.encoding import lines_of
from scim_tui.mapping.read.remarks import Remarks, Unclear
from scim_tui.model.csv_safety import rearmed

MAX_COLUMNS = 1_000
_GUARD = re.compile(r"' *[=+\-@\t\r\n]")
Found = Iterator[tuple[int, Mapping[str, object]]]


class CsvPeople:
    """The rows below the header, each with its line."""

    def __init__(
        self, text: TextIO, name: str, remarks: Remarks, bounds: Bounds = OF_PEOPLE
    ) -> None:
        csv.field_size_limit(bounds.cell)
        self._name, self._remarks = name, remarks
        start = find_header(lines_of(text, name, bounds.text), name)
        self._skipped = start.skipped
        self._guarded = False
        """Whether there is an apostrophe in the row that may guard a cell."""
        lines = self._watched(start.lines)
        self._reader = csv.reader(lines, delimiter=start.delimiter, strict=True)
        self._rows = self._cells()
        line, cells = next(self._rows, (1, []))
        self._twice: dict[int, int] = {}
        """Places of columns with the name of an earlier one, with the place of that one."""
        self.columns = self._header(cells, line)
        if start.title:
            remarks.add(f"The header is on line {line}, below a title ({start.title[:60]!r}).")

    def __iter__(self) -> Found:
        columns, most = self.columns, len(self.columns)
        short, first = 0, 0
        for line, cells in self._rows:
            if len(cells) > most:
                raise self._too_long(line, len(cells))
            if len(cells) < most:
                short += 1
                first = first or line
            if self._twice:
                self._compare(line, cells)
            yield line, dict(zip(columns, cells, strict=False))
        if short:
            self._remarks.add(_short(short, first))

    def _too_long(self, line: int, cells: int) -> BadPeople:
        """A cell too many, also an empty one, means that values stand in the wrong column."""
        problem = f"{cells} cells, but the header has {len(self.columns)} columns."
        hint = "Put quotes around cells that contain the delimiter."
        return BadPeople(self._name, line, problem, hint)

    def _watched(self, lines: Iterator[str]) -> Iterator[str]:
        for line in lines:
            if "'" in line and _GUARD.search(line):
                self._guarded = True
            yield line

    def _cells(self) -> Iterator[tuple[int, list[str]]]:
        """The rows that are not empty, each with the line it starts on."""
        line, empty = 1 + self._skipped, 0
        try:
            for cells in self._reader:
                if self._guarded:
                    cells[:] = map(rearmed, cells)
                    self._guarded = False
                if any(cells) and any(map(str.strip, cells)):
                    yield line, cells
                elif (empty := empty + 1) > MAX_EMPTY:
                    raise BadPeople(self._name, line, EMPTY)
                line = self._reader.line_num + 1 + self._skipped
        except csv.Error as error:
            problem = f"Not readable as CSV: {error}."
            raise BadPeople(self._name, line, problem, "Check the quotes.") from error

    def _header(self, cells: list[str], line: int) -> tuple[str, ...]:
        """Names without the remarks in brackets of Google's export ("First Name [Required]")."""
        if len(cells) > MAX_COLUMNS:
            problem = f"{len(cells):,} columns, at most {MAX_COLUMNS:,} are read."
            raise BadPeople(self._name, line, problem)
        columns: dict[str, int] = {}
        for place, cell in enumerate(cells):
            column = cell.partition(" [")[0].strip()
            if column in columns:
                self._twice[place] = columns[column]
                column = f"{column} (column {place + 1})"
            columns.setdefault(column or f"column {place + 1}", place)
        if len(columns) < len(cells):
            raise BadPeople(self._name, line, "Columns have the same name.", "Rename them.")
        return tuple(columns)

    def _compare(self, line: int, cells: list[str]) -> None:
        """A column that occurs twice is one column as long as both have the same values."""
        for place, first in tuple(self._twice.items()):
            if place < len(cells) and cells[place] != cells[first]:
                column = self.columns[first]
                problem = f"The column {column!r} occurs twice, with different values here."
                self._remarks.unclear.setdefault(
                    column, Unclear(self._name, line, problem, "Rename or remove one of them.")
                )
                del self._twice[place]


def _short(rows: int, line: int) -> str:
    many = "1 row has" if rows == 1 else f"{rows:,} rows have"
    return (
        f"{many} fewer cells than the header, the first on line {line}: what is missing at the end "
        "is not known. Is there a line break in a cell without quotes?"
    )
