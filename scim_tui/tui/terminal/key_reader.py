"""From the bytes of a terminal to keys: whatever comes, something is made of it, or nothing."""

from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable, Iterator

from textual._xterm_parser import XTermParser
from textual.message import Message


class KeyReader:
    """Textual's parser, kept alive: bytes that are no text, or no key, do not end it."""

    def __init__(self, *, debug: bool = False) -> None:
        self._debug = debug
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._parser = XTermParser(debug)

    def feed(self, data: bytes) -> Iterator[Message]:
        """What these bytes, after those before, mean."""
        for sign in self._decode(data):
            yield from self._survived(lambda sign=sign: self._parser.feed(sign))  # type: ignore[misc]

    def tick(self) -> Iterator[Message]:
        """What is certain once time has passed, such as an Escape that begins nothing."""
        yield from self._survived(self._parser.tick)

    def _survived(self, step: Callable[[], Iterable[Message]]) -> list[Message]:
        found: list[Message] = []
        try:
            found.extend(step())
        except Exception:
            self._parser = XTermParser(self._debug)
        return found
