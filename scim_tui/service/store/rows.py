"""Rows that must be what was written: one that is not is named, never left out of an answer."""

import json
import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
import orjson

from scim_tui.service.store.storage_faults import DamagedStore

T = TypeVar("T")


class _Resource(msgspec.Struct, gc=False):
    """All that every resource has; the rest is read and dropped."""

    id: str


_SKIM = msgspec.json.Decoder(list[_Resource])


def checked_body(body: bytes, row: str) -> bytes:
    """The JSON of a resource. Raises `DamagedStore`, naming the row, when it is none."""
    return decoded(row, lambda: _resource(body))


def _resource(body: bytes) -> bytes:
    if not isinstance(orjson.loads(body)["id"], str):
        raise TypeError
    return body


def read_note(connection: sqlite3.Connection, key: str) -> Any:  # noqa: ANN401 - any JSON
    """The JSON that `meta` keeps under a key; None: none. Raises `DamagedStore`."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return decoded(f"{key} in meta", lambda: json.loads(row[0])) if row else None


def is_whole(joined: bytes, number: int) -> bool:
    """Whether a piece of JSON holds so many resources, with commas between."""
    try:
        if not joined.isascii():
            joined.decode()
        return len(_SKIM.decode(b"[%b]" % joined)) == number
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False


def decoded(row: str, decode: Callable[[], T]) -> T:
    """What is made of a row. Raises `DamagedStore`, naming the row and nothing in it."""
    try:
        return decode()
    except (ValueError, TypeError, KeyError, OverflowError, OSError, AttributeError):
        # The cause would carry personal values.
        raise DamagedStore(f"{row} cannot be decoded") from None
