"""Detects the encoding of a file by its bytes, in constant memory.

The order is: a byte order mark; UTF-16 by its zero bytes; UTF-8, which is checked for the whole
file; the encoding that a person names; the one that fits its words best, which is a guess, and a
note says so. A file in which some lines are UTF-8 and others are not is refused, since it mixes two
encodings.
"""

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO, TextIO

from scim_tui.mapping.base.bounds import OF_PEOPLE
from scim_tui.mapping.base.errors import BadPeople
from scim_tui.mapping.read.encoding_guess import Guess, is_plausible, ranked
from scim_tui.mapping.read.remarks import Remarks
from scim_tui.model.errors import UsageError

_CHUNK = 1024 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OTHER_FILES = (
    (b"PK\x03\x04", "an Excel workbook or a ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"%PDF", "a PDF"),
    (b"SQLite format 3", "a database"),
    (b"<!doctype", "a web page"),
    (b"<html", "a web page"),
    (b"<?xml", "XML"),
)
_SAVE = "Save the file as UTF-8, or name its encoding with --encoding."
_SAMPLE = 256 * 1024
"""Bytes of lines with non-ASCII characters from which an encoding is guessed."""
_UTF8_LINES = 200
"""Lines in UTF-8 that are looked at, in a file that is not."""
_WIDER = {"shift_jis": "cp932", "euc_kr": "cp949", "gb2312": "gb18030", "gbk": "gb18030"}
"""Encodings that programs write under the name of a smaller one."""
_NO_TEXT = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape"})
"""Encodings of Python that no file uses."""


def known_encoding(name: str) -> str:
    """The encoding with this name, as Python calls it. Raises `UsageError` for an unknown one."""
    try:
        found = codecs.lookup(name)
        "".encode(name)  # a codec that is none of texts raises
    except (LookupError, ValueError, UnicodeError):
        found = None
    if found is None or found.name.replace("-", "_") in _NO_TEXT:
        raise UsageError(
            f"There is no encoding {name!r}.",
            "Name one such as utf-8, utf-16, windows-1252, windows-1251, shift_jis or mac-roman.",
        )
    return _WIDER.get(found.name, found.name)


def open_text(file: BinaryIO, name: str, remarks: Remarks, wanted: str = "") -> TextIO:
    """Open the file as text. Raises `BadPeople` with the line for bytes that are no text.

    `wanted` names the encoding of a file that neither has a byte order mark nor is UTF-8.
    """
    encoding, skip = _encoding(file, name, remarks, wanted)
    file.seek(skip)
    return io.TextIOWrapper(file, encoding, newline="")


def lines_of(text: TextIO, name: str, most: int = OF_PEOPLE.text) -> Iterator[str]:
    """The lines with their ends. Raises `BadPeople` for one that is too long to be a record."""
    number = 1
    while line := text.readline(most + 1):
        if len(line) > most:
            raise BadPeople(name, number, f"The line is longer than {most:,} characters.")
        yield line
        number += 1


def _encoding(file: BinaryIO, name: str, remarks: Remarks, wanted: str) -> tuple[str, int]:
    """The encoding, and how many bytes the mark takes."""
    head = file.read(4096)
    start = head[:64].lstrip().lower()
    for magic, what in _OTHER_FILES:
        if start.startswith(magic.lower()):
            raise BadPeople(name, 1, f"This is {what}.", "Export the people as CSV or JSON.")
    encoding, skip = _marked(head)
    if wanted and not skip and not _is_utf8(file):
        _check(file, wanted, name)
        return wanted, 0
    if wanted and not encoding.startswith(wanted.removesuffix("-sig")):
        remarks.add(f"{name} is {encoding.upper()} by its bytes: --encoding was not needed.")
    broken = _first_broken_line(file, encoding, skip, name)
    if broken is None:
        return encoding, skip
    if not skip and encoding == "utf-8" and b"\0" in head:
        raise BadPeople(name, 1, "This is not a text file.", "Export the people as CSV or JSON.")
    if encoding != "utf-8" or skip or start[:1] in (b"[", b"{"):
        raise BadPeople(name, broken, f"Not {encoding.upper()} text.", _SAVE)
    return _guessed(file, name, remarks, broken), 0


def _check(file: BinaryIO, wanted: str, name: str) -> None:
    """Raise `BadPeople` where the file is not in the encoding that was named."""
    broken = _first_broken_line(file, wanted, 0, name)
    if broken is not None:
        raise BadPeople(name, broken, f"Not {wanted} text.", "Name another with --encoding.")


def _is_utf8(file: BinaryIO) -> bool:
    """Whether the file is UTF-8 beyond doubt: all of it, and not only ASCII."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    plain = True
    file.seek(0)
    while chunk := file.read(_CHUNK):
        try:
            plain = decoder.decode(chunk).isascii() and plain
        except UnicodeDecodeError:
            return False
    return not plain


def _guessed(file: BinaryIO, name: str, remarks: Remarks, broken: int) -> str:
    """The encoding that the words fit best. Raises `BadPeople` where none does, or two do."""
    sample, in_utf8 = _odd_lines(file)
    best: Guess | None = None
    also: list[str] = []
    for guess in ranked(sample):
        if best is not None and (guess.score < best.score or guess.text == best.text):
            continue
        if _first_broken_line(file, guess.name, 0, name) is None:
            also += [guess.name] if best is not None else []
            best = best or guess
    if any(best is None or not is_plausible(line, best.name) for line in in_utf8):
        raise BadPeople(name, broken, "Not UTF-8 text, but other lines are: mixed up.", _SAVE)
    if best is None:
        problem = "Not UTF-8 text, and in no other encoding that could be guessed."
        raise BadPeople(name, broken, problem, _SAVE)
    why = f"its words fit that best, such as {best.example!r}" if best.example else "by its signs"
    other = f"; {' and '.join(also)} would fit as well" if also else ""
    remarks.guessed = best.name
    remarks.add(
        f"{name} is not UTF-8 and was read as {best.name}, which is a guess: {why}{other}. "
        "If names look wrong, name the encoding (--encoding, or x on the Mapping screen), or "
        "save the file as UTF-8."
    )
    return best.name


def _odd_lines(file: BinaryIO) -> tuple[bytes, list[bytes]]:
    """Lines beyond ASCII that are not UTF-8, and some that are."""
    sample, in_utf8 = bytearray(), list[bytes]()
    for line in _whole_lines(file):
        try:
            line.decode()
        except UnicodeDecodeError:
            if len(sample) + len(line) < _SAMPLE or not sample:
                sample += line + b"\n"
        else:
            if len(in_utf8) < _UTF8_LINES:
                in_utf8.append(line)
    return bytes(sample), in_utf8


def _whole_lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines beyond ASCII, however they end; a line that is cut by a chunk is left out."""
    file.seek(0)
    cut = False
    while chunk := file.readline(_CHUNK):
        before, cut = cut, len(chunk) == _CHUNK and not chunk.endswith(b"\n")
        if chunk.isascii():
            continue
        lines = chunk.rstrip(b"\r\n").split(b"\r")
        yield from (line for line in lines[before : len(lines) - cut] if not line.isascii())


def _marked(head: bytes) -> tuple[str, int]:
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding, len(mark)
    pairs = len(head) // 2
    high, low = head[: 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0)
    if pairs > 1 and max(high, low) * 2 > pairs and min(high, low) * 10 < pairs:
        return ("utf-16-be" if high > low else "utf-16-le"), 0
    return "utf-8", 0


def _first_broken_line(file: BinaryIO, encoding: str, skip: int, name: str) -> int | None:
    """The first line that is not in the encoding. Raises `BadPeople` for a NUL character."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    file.seek(skip)
    while True:
        chunk = file.read(_CHUNK)
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            good = error.object[: error.start].decode(encoding, "ignore")
            return line + good.count("\n")
        nul = text.find("\0")
        if nul >= 0:
            line += text.count("\n", 0, nul)
            problem = "A NUL character: this is not a text file."
            raise BadPeople(name, line, problem, "Export again.")
        line += text.count("\n")
        if not chunk:
            return None
