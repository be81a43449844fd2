"""Bytes of a file to text: UTF-8 or UTF-16, with or without a byte order mark."""

import codecs

from scim_tui.mapping.errors import BadPeople

MAX_BYTES = 512 * 1024 * 1024
MAX_LINE = 1024 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(data: bytes, name: str) -> str:
    """The text of the bytes. Raises `BadPeople` for anything that is not text."""
    if len(data) > MAX_BYTES:
        raise BadPeople(name, 1, f"Larger than {MAX_BYTES // 2**20} MB.", "Split the file.")
    encoding, data = _encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadPeople(
            name, line, f"Not {encoding.upper()} text.", "Save the file as UTF-8."
        ) from error
    _check(text, name)
    return text


def _encoding(data: bytes) -> tuple[str, bytes]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, data[len(mark) :]
    head = data[:400]
    if len(head) >= 4 and head.count(0) * 3 > len(head):
        return ("utf-16-be" if head[0] == 0 else "utf-16-le"), data
    return "utf-8", data


def _check(text: str, name: str) -> None:
    nul = text.find("\0")
    if nul >= 0:
        line = text.count("\n", 0, nul) + 1
        raise BadPeople(name, line, "A NUL character: this is not a text file.", "Export again.")
