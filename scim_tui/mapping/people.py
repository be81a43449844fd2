"""People out of a file an administrator was given: CSV, JSON or JSON lines, told by content.

Column names and layouts that are met in the field: Entra "Download users", Okta users API and
import template, Google Admin "Download users", Graph and SCIM listings.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scim_tui.mapping.encoding import decode
from scim_tui.mapping.errors import BadPeople
from scim_tui.mapping.jsonpeople import read_array, read_lines, read_object

MAX_COLUMNS = 1_000
MAX_PEOPLE = 1_000_000
MAX_CELL = 128 * 1024
_DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True)
class Person:
    """One person of the file, as the file has it."""

    index: int
    """Place in the file, from 0."""
    line: int
    """Line of the file the person starts on, from 1."""
    source: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class People:
    """Everybody in a file."""

    name: str
    """Name of the file, from outside: never to be shown raw."""
    format: str
    """csv, json or jsonl."""
    columns: tuple[str, ...]
    """Every column or top-level key that occurs, in order of appearance."""
    people: tuple[Person, ...]


def parse_people(data: bytes, name: str) -> People:
    """Everybody in the bytes of a file. Raises `BadPeople` with file and line."""
    text = decode(data, name)
    kind, found = _records(text, name)
    people: list[Person] = []
    columns: dict[str, None] = {}
    for line, source in found:
        if len(people) >= MAX_PEOPLE:
            raise BadPeople(name, line, f"More than {MAX_PEOPLE:,} people.", "Split the file.")
        if len(columns) > MAX_COLUMNS or len(source) > MAX_COLUMNS:
            raise BadPeople(name, line, f"More than {MAX_COLUMNS:,} columns.")
        columns.update(dict.fromkeys(source))
        people.append(Person(len(people), line, source))
    if not people:
        raise BadPeople(name, 1, "There is nobody in the file.", "Export people into it.")
    return People(name, kind, tuple(columns), tuple(people))


def _records(text: str, name: str) -> tuple[str, Iterator[tuple[int, Mapping[str, Any]]]]:
    start = text.lstrip()[:1]
    if start == "[":
        return "json", read_array(text, name)
    if start == "{":
        if _is_lines(text):
            return "jsonl", read_lines(text, name)
        return "json", read_object(text, name)
    return "csv", _read_csv(text, name)


def _is_lines(text: str) -> bool:
    """JSON lines: the first line is an object of its own, and another follows."""
    first, _, rest = text.lstrip().partition("\n")
    if not rest.lstrip().startswith("{"):
        return False
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        return first.rstrip().endswith("}")
    return True


def _read_csv(text: str, name: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    header: list[str] = []
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadPeople(
                name, max(line, 1), f"Not readable as CSV: {error}.", "Check the quotes."
            ) from error
        if not any(cell.strip() for cell in cells):
            continue
        if not header:
            header = _header(cells, name, line)
        else:
            yield line, _row(header, cells, name, line)


def _row(header: list[str], cells: list[str], name: str, line: int) -> Mapping[str, Any]:
    if any(cells[len(header) :]):
        raise BadPeople(
            name,
            line,
            f"{len(cells)} cells, but the header has {len(header)} columns.",
            "Put quotes around cells that contain the delimiter.",
        )
    return dict(zip(header, cells, strict=False))


def _header(cells: list[str], name: str, line: int) -> list[str]:
    """Names without the remarks in brackets of Google's export ("First Name [Required]")."""
    if len(cells) > MAX_COLUMNS:
        raise BadPeople(name, line, f"{len(cells):,} columns, at most {MAX_COLUMNS:,} are read.")
    names = [cell.partition(" [")[0].strip() for cell in cells]
    seen: set[str] = set()
    for column in names:
        if column and column in seen:
            raise BadPeople(name, line, f"The column {column!r} occurs twice.", "Rename one.")
        seen.add(column)
    return [column or f"column {place}" for place, column in enumerate(names, 1)]


def _delimiter(text: str) -> str:
    """The delimiter most frequent in the header, outside quotes."""
    header = next((line for line in io.StringIO(text) if line.strip()), "")
    bare = "".join(header.split('"')[::2])
    return max(_DELIMITERS, key=bare.count)
