"""Checks stored rows: a damaged one raises an error that names it, and is never skipped."""

import json
import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
import orjson

from scim_tui.service.store.storage_faults import DamagedStore

T = TypeVar("T")


class _Resource(msgspec.Struct, gc=False):
    """The attributes that every resource has; decoding it also checks the rest of the JSON."""

    id: str


_SKIM = msgspec.json.Decoder(list[_Resource])


def checked_body(body: bytes, row: str) -> bytes:
    """`body`, after checking that it is the JSON of a resource. Raises `DamagedStore`."""
    return decoded(row, lambda: _resource(body))


def _resource(body: bytes) -> bytes:
    if not isinstance(orjson.loads(body)["id"], str):
        raise TypeError
    return body


def read_note(connection: sqlite3.Connection, key: str) -> Any:  # noqa: ANN401 - any JSON
    """The JSON in `meta` under a key; None: no such key. Raises `DamagedStore`."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return decoded(f"{key} in meta", lambda: json.loads(row[0])) if row else None


def is_whole(joined: bytes, number: int) -> bool:
    """Whether a text consists of `number` JSON resources, separated by commas."""
    try:
        if not joined.isascii():
            joined.decode()
        return len(_SKIM.decode(b"[%b]" % joined)) == number
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False


def decoded(row: str, decode: Callable[[], T]) -> T:
    """The result of `decode`. Raises `DamagedStore` with the name of the row, not its content."""
    try:
        return decode()
    except (ValueError, TypeError, KeyError, OverflowError, OSError, AttributeError):
        # Without the cause, which would contain personal values.
        raise DamagedStore(f"{row} cannot be decoded") from None
