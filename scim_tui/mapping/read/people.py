"""People of an exported file: CSV, JSON, JSON lines or LDIF.

Format, encoding and delimiter are recognised by the content, never by the name of the file.
A source reads the file again for each iteration, and holds one person in memory.
"""

import io
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from scim_tui.mapping.base.bounds import OF_PEOPLE, Bounds
from scim_tui.mapping.base.errors import BadPeople
from scim_tui.mapping.read.answers import wraps_a_list
from scim_tui.mapping.read.assignment import (
    COLUMN,
    KEYS,
    Assigned,
    Scope,
    column_of,
    column_scope,
    file_scope,
    key_paths,
    unknown_scope,
)
from scim_tui.mapping.read.csv_file import MAX_COLUMNS, CsvPeople
from scim_tui.mapping.read.encoding import known_encoding, open_text
from scim_tui.mapping.read.json_file import read_documents, read_lines
from scim_tui.mapping.read.ldif_file import read_ldif
from scim_tui.mapping.read.remarks import Remarks, refuse_unclear
from scim_tui.model.errors import UsageError
from scim_tui.model.nearest import suggestion
from scim_tui.model.typed_path import at_home

MAX_PEOPLE = 5_000_000
_SAMPLE = 200
"""People that are read when a source is opened, to find the columns."""
_HEAD = 64 * 1024
_POSITION_EVERY = 256
"""People between two updates of the position in the file."""
_LDIF = re.compile(r"(?:(?:[# ][^\n]*|\r?)\n)*(?:version:\s*\d|dn::?\s)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Person:
    """One person, or group, as the file has it."""

    index: int
    """Place in the file, from 0."""
    line: int
    """Line of the file the person starts on, from 1."""
    source: Mapping[str, Any]
    assigned: Assigned = Assigned.UNKNOWN
    """Whether the person is assigned to the app of the IdP."""


class PeopleSource:
    """The people of a file, one after the other. Raises `BadPeople` with file and line."""

    def __init__(
        self,
        name: str,
        opened: Callable[[], BinaryIO],
        bounds: Bounds = OF_PEOPLE,
        encoding: str = "",
    ) -> None:
        self.name = name
        """Name of the file, from outside: never to be shown raw."""
        self._opened = opened
        self._bounds = bounds
        self._wanted = encoding
        self.size = self.place = 0
        """Bytes of the file, and how many of them were read; 0: not known."""
        self._columns: dict[str, None] = {}
        self.format = ""
        """csv, json, jsonl or ldif."""
        self.encoding = ""
        """Such as utf-8 or windows-1252."""
        self.count: int | None = None
        """How many people there are; None: the file was not read to its end yet."""
        self.remarks = Remarks()
        """Remarks about the file; complete after it was read to its end."""
        self.scope: Scope = unknown_scope()
        self.scope_notes: tuple[str, ...] = ()
        """Notes about the second file, which says who is assigned."""
        self.sample = self._look()
        """The first people, for proposals."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns or top-level keys met so far, in order of appearance."""
        return tuple(self._columns)

    def __iter__(self) -> Iterator[Person]:
        index = -1
        of = self.scope.of
        remarks = Remarks()
        if self.count is None:
            self.remarks = remarks
        try:
            for index, (line, source) in enumerate(self._records(remarks)):
                yield Person(index, line, source, of(source))
        except UnicodeDecodeError as error:
            raise BadPeople(self.name, 1, "The file changed while it was read.") from error
        except OSError as error:
            raise BadPeople(self.name, 1, f"Not readable: {error.strerror}.") from error
        if index < 0:
            what = "person" if self._bounds is OF_PEOPLE else "group"
            raise BadPeople(self.name, 1, f"There is no {what} in the file.", "Export it again.")
        self.count, self.remarks = index + 1, remarks
        self._columns.update(dict.fromkeys(remarks.unclear))

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes about the file; complete after it was read to its end."""
        return (*self.remarks.notes, *self.scope_notes)

    def _look(self) -> tuple[Person, ...]:
        people = iter(self)
        sample = tuple(person for person, _ in zip(people, range(_SAMPLE), strict=False))
        if column := column_of(COLUMN, self._columns):
            self.scope = column_scope(column)
        return sample

    def _records(self, remarks: Remarks) -> Iterator[tuple[int, Mapping[str, Any]]]:
        with self._opened() as file, open_text(file, self.name, remarks, self._wanted) as text:
            self.encoding = text.encoding
            self.size = os.fstat(file.fileno()).st_size if isinstance(file, BufferedReader) else 0
            found = self._found(text, remarks)
            known = self._columns
            for number, (line, source) in enumerate(found):
                if not number % _POSITION_EVERY:
                    self.place = file.tell()
                if not source.keys() <= known.keys():
                    self._add(source, line)
                if number >= MAX_PEOPLE:
                    problem = f"More than {MAX_PEOPLE:,} people."
                    raise BadPeople(self.name, line, problem, "Split the file.")
                yield line, source

    def _found(self, text: TextIO, remarks: Remarks) -> Iterator[tuple[int, Mapping[str, Any]]]:
        start = text.tell()
        head = text.read(_HEAD)
        text.seek(start)
        self.format = _format(head, self._bounds)
        if self.format == "jsonl":
            return read_lines(text, self.name, self._bounds)
        if self.format == "json":
            return read_documents(text, self.name, remarks, self._bounds)
        if self.format == "ldif":
            return read_ldif(text, self.name, remarks, self._bounds)
        rows = CsvPeople(text, self.name, remarks, self._bounds)
        self._columns.update(dict.fromkeys(rows.columns))
        return iter(rows)

    def _add(self, source: Mapping[str, Any], line: int) -> None:
        self._columns.update(dict.fromkeys(source))
        if len(self._columns) > MAX_COLUMNS:
            raise BadPeople(self.name, line, f"More than {MAX_COLUMNS:,} columns.")


def open_people(
    path: Path,
    scope: Path | str | None = None,
    bounds: Bounds = OF_PEOPLE,
    encoding: str = "",
) -> PeopleSource:
    """The people of a file; `scope` is a column of it or a second file that says who is assigned.

    `encoding` is that of files that are not UTF-8; empty: it is guessed, and a note says so.
    """
    wanted = known_encoding(encoding) if encoding else ""
    source = PeopleSource(path.name, _opening(path), bounds, wanted)
    if scope is not None:
        source.scope, source.scope_notes = _scope(source, scope, wanted)
    return source


def people_in(data: bytes, name: str, bounds: Bounds = OF_PEOPLE) -> PeopleSource:
    """The people in the bytes of a file."""
    return PeopleSource(name, lambda: io.BytesIO(data), bounds)


def _opening(path: Path) -> Callable[[], BinaryIO]:
    """A function that opens the file; a device or a pipe, which may never end, is refused."""
    place = at_home(path)

    def opened() -> BinaryIO:
        try:
            if place.exists() and not place.is_file():
                raise UsageError(f"{path} is not a regular file.", "Name a file.")
            if not place.is_file():
                raise UsageError(f"There is no file {path}.", "Check the path.")
            return place.open("rb")
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise UsageError(f"{path} cannot be read: {reason}.", "Check the path.") from error

    return opened


def _scope(source: PeopleSource, scope: Path | str, encoding: str) -> tuple[Scope, tuple[str, ...]]:
    """Who is assigned, and notes about the file that says so."""
    if isinstance(scope, str) and (column := column_of(scope, source.columns)):
        return column_scope(column), ()
    path = Path(scope)
    if isinstance(scope, Path) or at_home(path).is_file():
        listed = PeopleSource(path.name, _opening(path), encoding=encoding)
        found = file_scope(path.name, (person.source for person in listed))
        names = {way[0] for way in key_paths(listed.columns, KEYS)}
        refuse_unclear(listed.remarks.unclear, names, "who is assigned")
        return found, listed.notes
    raise UsageError(
        f"{source.name} has no column {scope!r}, and there is no file of that name.",
        suggestion(scope, source.columns, "Name a column, or a file of who is assigned."),
    )


def _format(head: str, bounds: Bounds) -> str:
    start = head.lstrip()
    if start.startswith("["):
        return "json"
    if start.startswith("{"):
        return "jsonl" if _is_lines(start, bounds) else "json"
    return "ldif" if _LDIF.match(head) else "csv"


def _is_lines(start: str, bounds: Bounds) -> bool:
    """JSON lines: the first line is an object of its own, and another follows."""
    first, _, rest = start.partition("\n")
    if not rest.lstrip().startswith("{"):
        return False
    try:
        return not wraps_a_list(json.loads(first), bounds)
    except (ValueError, RecursionError):
        return first.rstrip().endswith("}")
