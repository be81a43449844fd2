"""Bytes from the terminal parsed into keys; no sequence of bytes ends the parsing."""

from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable, Iterator

from textual._xterm_parser import XTermParser
from textual.message import Message


class KeyReader:
    """Textual's parser, replaced by a new one when invalid bytes make it fail."""

    def __init__(self, *, debug: bool = False) -> None:
        self._debug = debug
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._parser = XTermParser(debug)

    def feed(self, data: bytes) -> Iterator[Message]:
        """The events of these bytes, given those before."""
        for sign in self._decode(data):
            yield from self._guarded(lambda sign=sign: self._parser.feed(sign))  # type: ignore[misc]

    def tick(self) -> Iterator[Message]:
        """Events that a timeout decides, such as a lone Escape."""
        yield from self._guarded(self._parser.tick)

    def _guarded(self, step: Callable[[], Iterable[Message]]) -> list[Message]:
        found: list[Message] = []
        try:
            found.extend(step())
        except Exception:
            self._parser = XTermParser(self._debug)
        return found
