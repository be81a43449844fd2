"""Which encoding the bytes of a file are in, told by the bytes alone, in constant memory.

A byte order mark decides; then UTF-16 by its zero bytes; then UTF-8, which is checked to the
end. What is not UTF-8 is Windows-1252, as Excel writes it, unless some of it is UTF-8 all the
same: then two encodings are mixed, and no reading of the file would be right.
"""

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO, TextIO

from scim_tui.mapping.bounds import OF_PEOPLE
from scim_tui.mapping.errors import BadPeople

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
_SAVE = "Save the file as UTF-8."


def open_text(file: BinaryIO, name: str) -> TextIO:
    """The file as text. Raises `BadPeople` for anything that is not text, with its line."""
    encoding, skip = _encoding(file, name)
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


def _encoding(file: BinaryIO, name: str) -> tuple[str, int]:
    """The encoding, and how many bytes the mark takes."""
    head = file.read(4096)
    start = head[:64].lstrip().lower()
    for magic, what in _OTHER_FILES:
        if start.startswith(magic.lower()):
            raise BadPeople(name, 1, f"This is {what}.", "Export the people as CSV or JSON.")
    encoding, skip = _marked(head)
    broken = _first_broken_line(file, encoding, skip, name)
    if broken is None:
        return encoding, skip
    if not skip and encoding == "utf-8" and b"\0" in head:
        raise BadPeople(name, 1, "This is not a text file.", "Export the people as CSV or JSON.")
    if encoding != "utf-8" or skip or start[:1] in (b"[", b"{"):
        raise BadPeople(name, broken, f"Not {encoding.upper()} text.", _SAVE)
    if _is_partly_utf8(file):
        raise BadPeople(name, broken, "Not UTF-8 text, but other lines are: mixed up.", _SAVE)
    if _first_broken_line(file, "windows-1252", 0, name) is not None:
        raise BadPeople(name, broken, "Neither UTF-8 nor Windows-1252 text.", _SAVE)
    return "windows-1252", 0


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


def _is_partly_utf8(file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")("ignore")
    file.seek(0)
    while chunk := file.read(_CHUNK):
        if not decoder.decode(chunk).isascii():
            return True
    return False
