"""Reads people from JSON, one at a time and in constant memory, however large the file."""

import json
import re
from collections.abc import Generator, Iterator, Mapping
from typing import Any, NoReturn, TextIO

from scim_tui.mapping.base.bounds import EMPTY, MAX_EMPTY, OF_PEOPLE, Bounds
from scim_tui.mapping.base.errors import BadPeople
from scim_tui.mapping.read.answers import EMBEDDED, MAX_LEVELS, PageCount, holds_the_list, keys_in
from scim_tui.mapping.read.encoding import lines_of
from scim_tui.mapping.read.remarks import Remarks

MAX_DEPTH = 16
MAX_MEMBERS = 1_000
_SPACE = re.compile(r"[ \t\n\r]*")
_One = tuple[int, Mapping[str, Any]]
Found = Iterator[_One]


def read_documents(text: TextIO, name: str, remarks: Remarks, bounds: Bounds = OF_PEOPLE) -> Found:
    """The people of an array, or of answers with a list inside; a lone object is a person."""
    reader = _Reader(text, name, bounds)
    if reader.next() == "[":
        yield from reader.elements()
        reader.end()
        return
    pages = PageCount("people" if bounds is OF_PEOPLE else "groups")
    while reader.next():
        yield from _members(reader, pages)
    remarks.partial = pages.missing


def read_lines(text: TextIO, name: str, bounds: Bounds = OF_PEOPLE) -> Found:
    """One object a line."""
    empty = 0
    for number, line in enumerate(lines_of(text, name, bounds.text), 1):
        if line.isspace():
            empty += 1
            if empty > MAX_EMPTY:
                raise BadPeople(name, number, EMPTY)
            continue
        try:
            value = _DECODER.decode(line)
        except json.JSONDecodeError as error:
            raise BadPeople(name, number, f"Invalid JSON: {error.msg}.") from error
        except RecursionError as error:
            raise _too_deep(name, number) from error
        except ValueError as error:
            raise BadPeople(name, number, f"Invalid JSON: {error}.") from error
        yield number, _person(value, name, number)


def _members(reader: "_Reader", pages: PageCount) -> Found:
    """The people inside one object, or the one that it is."""
    line = reader.line()
    rest: dict[str, Any] = {}
    rows = yield from _lists(reader, rest, (), 0, usual=True)
    if rows is None:
        yield line, _person(rest, reader.name, line)
    else:
        pages.rows += rows
        pages.take(rest)


def _lists(
    reader: "_Reader", rest: dict[str, Any], above: tuple[str, ...], level: int, *, usual: bool
) -> Generator[_One, None, int | None]:
    """The people of lists in an object; the rest goes into `rest`. Returns how many, or None."""
    rows: int | None = None
    for key in reader.members():
        before = (*above, *keys_in(rest))
        opening = reader.next()
        if opening == "[" and holds_the_list(
            key, reader.first(), before, reader.bounds, usual=usual
        ):
            rows = (rows or 0) + (yield from reader.elements())
        elif len(rest) >= MAX_MEMBERS:
            reader.fail(f"More than {MAX_MEMBERS:,} columns.")
        elif opening == "{" and level < MAX_LEVELS:
            below = rest[key] = {}
            found = yield from _lists(reader, below, before, level + 1, usual=key == EMBEDDED)
            rows = rows if found is None else (rows or 0) + found
        else:
            rest[key] = reader.value()
    return rows


def _person(value: object, name: str, line: int) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadPeople(name, line, "Not an object.", "Each person has to be a JSON object.")
    if _is_deeper(value, MAX_DEPTH):
        raise _too_deep(name, line)
    return value


def _is_deeper(value: dict[str, Any] | list[Any], levels: int) -> bool:
    if not levels:
        return True
    for item in value.values() if isinstance(value, dict) else value:
        if isinstance(item, dict | list) and _is_deeper(item, levels - 1):
            return True
    return False


def _too_deep(name: str, line: int) -> BadPeople:
    return BadPeople(name, line, f"Nested deeper than {MAX_DEPTH} levels.")


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_no_constant)


class _Reader:
    """A position in a JSON text that moves value by value, with a window of the text after it."""

    def __init__(self, text: TextIO, name: str, bounds: Bounds) -> None:
        self.name = name
        self.bounds = bounds
        self._most = bounds.text
        self._file = text
        self._window = ""
        self._ended = False
        self._at = 0
        self._counted = (0, 1)

    def line(self) -> int:
        """The line of the next value."""
        self._skip()
        return self._line()

    def next(self) -> str:
        """The next character that is not space; empty at the end."""
        self._skip()
        return self._window[self._at : self._at + 1]

    def value(self) -> object:
        """The next value, whole."""
        self._skip()
        start = self._at
        try:
            found, self._at = _DECODER.raw_decode(self._window, start)
        except json.JSONDecodeError as error:
            self._at = start if self._is_cut(error) else error.pos
            self.fail(self._long if self._is_cut(error) else f"Invalid JSON: {error.msg}.")
        except RecursionError:
            raise _too_deep(self.name, self._line()) from None
        except ValueError as error:
            self.fail(f"Invalid JSON: {error}.")
        if self._at - start > self._most:
            self._at = start
            self.fail(self._long)
        return found

    def first(self) -> object:
        """The first element of the array that starts here, without moving on."""
        start = _SPACE.match(self._window, self._at + 1)
        try:
            value: object = _DECODER.raw_decode(self._window, start.end() if start else 0)[0]
        except (ValueError, RecursionError):
            return None
        return value

    def elements(self) -> Generator[_One, None, int]:
        """The objects of the array that starts here; how many they were."""
        self._expect("[")
        more, rows = self.next() != "]", 0
        while more:
            line = self.line()
            yield line, _person(self.value(), self.name, line)
            rows += 1
            more = self._another("]")
        self._expect("]")
        return rows

    def members(self) -> Iterator[str]:
        """The keys of the object that starts here; the caller takes each value."""
        self._expect("{")
        more = self.next() != "}"
        while more:
            key = self.value()
            if not isinstance(key, str):
                self.fail("Invalid JSON: a key is not a text.")
            self._expect(":")
            yield key
            more = self._another("}")
        self._expect("}")

    def end(self) -> None:
        """Raise unless the text ends here."""
        if self.next():
            self.fail("Something follows the end of the list.")

    def fail(self, problem: str) -> NoReturn:
        """Raise for what is at this place."""
        raise BadPeople(self.name, self._line(), problem)

    def _line(self) -> int:
        place, line = self._counted
        line += self._window.count("\n", place, self._at)
        self._counted = (self._at, line)
        return line

    def _another(self, closing: str) -> bool:
        if self.next() == closing:
            return False
        self._expect(",")
        return True

    def _expect(self, character: str) -> None:
        if self.next() != character:
            self.fail(f"Invalid JSON: {character} expected.")
        self._at += 1

    def _skip(self) -> None:
        """Go to what is not space, with enough of the text in the window for a whole value."""
        while True:
            match = _SPACE.match(self._window, self._at)
            self._at = match.end() if match else self._at
            if self._ended or len(self._window) - self._at > self._most:
                return
            line = self._line()
            more = self._file.read(2 * self._most)
            self._ended = len(more) < 2 * self._most
            self._window = self._window[self._at :] + more
            self._at, self._counted = 0, (0, line)

    def _is_cut(self, error: json.JSONDecodeError) -> bool:
        """Whether the value is valid so far but does not fit into the window."""
        near_the_end = error.pos > len(self._window) - 8
        return not self._ended and (near_the_end or error.msg.startswith("Unterminated"))

    @property
    def _long(self) -> str:
        return f"A value is longer than {self._most:,} characters."
