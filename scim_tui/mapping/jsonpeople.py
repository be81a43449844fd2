"""People out of JSON, one at a time and in constant memory, however large the file."""

import json
import re
from collections.abc import Generator, Iterator, Mapping
from typing import Any, NoReturn, TextIO

from scim_tui.mapping.bounds import EMPTY, LISTS, MAX_EMPTY, OF_PEOPLE, Bounds
from scim_tui.mapping.encoding import lines_of
from scim_tui.mapping.errors import BadPeople

MAX_DEPTH = 16
MAX_MEMBERS = 1_000
INSIDE = "_embedded"
"""The key below which PingOne has its list."""
MORE = ("@odata.nextLink", "nextPageToken", "nextCursor")
"""Keys by which Graph, Google and SCIM say that there is another page."""

_SPACE = re.compile(r"[ \t\n\r]*")
_One = tuple[int, Mapping[str, Any]]
Found = Iterator[_One]


def read_documents(text: TextIO, name: str, notes: list[str], bounds: Bounds = OF_PEOPLE) -> Found:
    """The people of an array, or of answers with a list inside; a lone object is a person."""
    reader = _Reader(text, name, bounds)
    if reader.next() == "[":
        yield from reader.elements()
        reader.end()
        return
    while reader.next():
        yield from _members(reader, notes)


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


def wraps_a_list(value: object, lists: tuple[str, ...] = LISTS) -> bool:
    """Whether this is an answer with people inside and not a person."""
    return isinstance(value, dict) and any(
        isinstance(people := value.get(key), list) and all(isinstance(one, dict) for one in people)
        for key in lists
    )


def _members(reader: "_Reader", notes: list[str]) -> Found:
    """The people inside one object, or the one that it is."""
    line = reader.line()
    rest: dict[str, Any] = {}
    listed = yield from _lists(reader, rest, inside=False)
    if not listed:
        yield line, _person(rest, reader.name, line)
    elif not reader.next():
        notes.extend(_note(key) for key in MORE if rest.get(key))


def _lists(reader: "_Reader", rest: dict[str, Any], *, inside: bool) -> Generator[_One, None, bool]:
    """The people of the lists in an object, all else into `rest`; whether there was a list."""
    listed = False
    for key in reader.members():
        if key in reader.lists and reader.next() == "[":
            listed = True
            yield from reader.elements()
        elif key == INSIDE and not inside and reader.next() == "{":
            below = rest[key] = {}
            listed = (yield from _lists(reader, below, inside=True)) or listed
        elif len(rest) >= MAX_MEMBERS:
            reader.fail(f"More than {MAX_MEMBERS:,} columns.")
        else:
            rest[key] = reader.value()
    return listed


def _note(key: str) -> str:
    return f"The file says that there are more people than it has ({key})."


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
    """A place in a JSON text that moves on value by value, with a window of the text before it."""

    def __init__(self, text: TextIO, name: str, bounds: Bounds) -> None:
        self.name = name
        self.lists = bounds.lists
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

    def elements(self) -> Found:
        """The objects of the array that starts here."""
        self._expect("[")
        more = self.next() != "]"
        while more:
            line = self.line()
            yield line, _person(self.value(), self.name, line)
            more = self._another("]")
        self._expect("]")

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
        """Nothing may follow."""
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
        """Whether the value is only unfinished in the window, which it does not fit into."""
        near_the_end = error.pos > len(self._window) - 8
        return not self._ended and (near_the_end or error.msg.startswith("Unterminated"))

    @property
    def _long(self) -> str:
        return f"A value is longer than {self._most:,} characters."
