"""People out of JSON, one at a time, so that a large file never stops the program for long."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from scim_tui.mapping.encoding import MAX_LINE
from scim_tui.mapping.errors import BadPeople

MAX_DEPTH = 16
LISTS = ("value", "users", "Resources", "people", "items", "data")
"""Keys that hold the list in an answer: Graph, Google Directory, SCIM, and exports by hand."""

_SPACE = re.compile(r"[ \t\n\r]*")
Found = Iterator[tuple[int, Mapping[str, Any]]]


def read_array(text: str, name: str) -> Found:
    """The objects of an array, each with its line."""
    reader = _Reader(text, name)
    yield from reader.elements()
    reader.end()


def read_object(text: str, name: str) -> Found:
    """The objects of the list inside an answer; without a known list, the object itself."""
    reader = _Reader(text, name)
    line = reader.line()
    rest: dict[str, Any] = {}
    listed = False
    for key in reader.members():
        if key in LISTS and reader.next() == "[":
            listed = True
            yield from reader.elements()
        else:
            rest[key] = reader.value()
    reader.end()
    if not listed:
        yield line, rest


def read_lines(text: str, name: str) -> Found:
    """One object a line."""
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > MAX_LINE:
            raise BadPeople(name, number, f"The line is longer than {MAX_LINE:,} characters.")
        if not line.strip():
            continue
        reader = _Reader(line, name, number)
        person = reader.value()
        reader.end()
        yield number, _person(person, name, number)


def _person(value: object, name: str, line: int) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadPeople(name, line, "Not an object.", "Each person has to be a JSON object.")
    if _depth(value) > MAX_DEPTH:
        raise BadPeople(name, line, f"Nested deeper than {MAX_DEPTH} levels.")
    return value


def _depth(value: object) -> int:
    depth, level = 0, [value]
    while level and depth <= MAX_DEPTH:
        nested: list[object] = []
        for item in level:
            if isinstance(item, dict):
                nested.extend(item.values())
            elif isinstance(item, list):
                nested.extend(item)
        level = nested
        depth += 1
    return depth


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is not JSON")


class _Reader:
    """A place in a JSON text that moves on value by value."""

    def __init__(self, text: str, name: str, first_line: int = 1) -> None:
        self._text = text
        self._name = name
        self._at = 0
        self._counted = (0, first_line)
        self._decoder = json.JSONDecoder(parse_constant=_no_constant)

    def line(self) -> int:
        """The line of the next value."""
        self._skip()
        place, line = self._counted
        line += self._text.count("\n", place, self._at)
        self._counted = (self._at, line)
        return line

    def next(self) -> str:
        """The next character that is not space; empty at the end."""
        self._skip()
        return self._text[self._at : self._at + 1]

    def value(self) -> object:
        """The next value, whole."""
        self._skip()
        try:
            found, self._at = self._decoder.raw_decode(self._text, self._at)
        except json.JSONDecodeError as error:
            self._at = error.pos
            self._fail(f"Invalid JSON: {error.msg}.")
        except RecursionError:
            self._fail(f"Nested deeper than {MAX_DEPTH} levels.")
        except ValueError as error:
            self._fail(f"Invalid JSON: {error}.")
        return found

    def elements(self) -> Found:
        """The objects of the array that starts here."""
        self._expect("[")
        more = self.next() != "]"
        while more:
            line = self.line()
            yield line, _person(self.value(), self._name, line)
            more = self._another("]")
        self._expect("]")

    def members(self) -> Iterator[str]:
        """The keys of the object that starts here; the caller takes each value."""
        self._expect("{")
        more = self.next() != "}"
        while more:
            key = self.value()
            if not isinstance(key, str):
                self._fail("Invalid JSON: a key is not a text.")
            self._expect(":")
            yield key
            more = self._another("}")
        self._expect("}")

    def end(self) -> None:
        """Nothing may follow."""
        if self.next():
            self._fail("Something follows the end of the list.")

    def _another(self, closing: str) -> bool:
        if self.next() == closing:
            return False
        self._expect(",")
        return True

    def _expect(self, character: str) -> None:
        if self.next() != character:
            self._fail(f"Invalid JSON: {character} expected.")
        self._at += 1

    def _skip(self) -> None:
        match = _SPACE.match(self._text, self._at)
        self._at = match.end() if match else self._at

    def _fail(self, problem: str) -> NoReturn:
        raise BadPeople(self._name, self.line(), problem)
