"""Finds the line of each key in a TOML text: tomllib gives positions of syntax errors only."""

import re
import tomllib
from typing import Any

_HEADER = re.compile(r"^\s*\[(?P<key>[^\[\]]+|(?:\"[^\"]*\"|'[^']*'|[^\"'\]])+)\]\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*(?P<key>(?:\"(?:[^\"\\]|\\.)*\"|'[^']*'|[\w-]++|\s*\.\s*)++)\s*=")


class TomlLines:
    """The lines of a text, and which key each one sets."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        self._places: dict[tuple[str, ...], int] = {}
        above: tuple[str, ...] = ()
        for number, line in enumerate(self._lines, 1):
            if header := _HEADER.match(line):
                above = _path(header["key"]) or above
                self._places.setdefault(above, number)
            elif key := _KEY.match(line):
                self._places.setdefault((*above, *_path(key["key"])), number)

    def of(self, path: tuple[str, ...]) -> int:
        """The line that sets a key, or the nearest table above it; 1: not found."""
        for length in range(len(path), 0, -1):
            if line := self._places.get(path[:length]):
                return line
        return 1

    def column(self, line: int, text: str) -> int | None:
        """The column of a text in a line, from 1."""
        place = self._lines[line - 1].find(text) if line <= len(self._lines) else -1
        return place + 1 if place >= 0 else None


def _path(key: str) -> tuple[str, ...]:
    """The parts of a dotted TOML key."""
    try:
        value: Any = tomllib.loads(f"{key} = 0")
    except tomllib.TOMLDecodeError:
        return ()
    path: tuple[str, ...] = ()
    while isinstance(value, dict):
        part, value = next(iter(value.items()))
        path = (*path, part)
    return path
