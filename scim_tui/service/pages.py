"""Stretches of a listing, found by key and never by counting, so that every page costs the same."""

import base64
import hashlib
import sqlite3
from typing import NamedTuple

from scim_tui.model.directory import Kind
from scim_tui.service.filters import Lookup
from scim_tui.service.refusals import refuse

MAX_COUNT = 100
_SEQ_BYTES = 8
_USER = "SELECT seq, body FROM users WHERE "
_GROUP = "SELECT seq, body FROM groups WHERE "
_BY_SEQ = " AND seq > ? ORDER BY seq LIMIT ?"

QUERIES: dict[Kind, dict[str, str]] = {
    Kind.USERS: {
        "": _USER + "seq > ? ORDER BY seq LIMIT ?",
        "userName": _USER + "user_name = ?" + _BY_SEQ,
        "externalId": _USER + "external_id = ?" + _BY_SEQ,
        "id": _USER + "id = ?" + _BY_SEQ,
        "id and manager": _USER + "id = ? AND manager = ?" + _BY_SEQ,
        "groups.value": (
            "SELECT user_seq, body FROM memberships CROSS JOIN users ON seq = user_seq"
            " WHERE group_seq = (SELECT seq FROM groups WHERE id = ?)"
            " AND user_seq > ? ORDER BY user_seq LIMIT ?"
        ),
    },
    Kind.GROUPS: {
        "": _GROUP + "seq > ? ORDER BY seq LIMIT ?",
        "displayName": _GROUP + "display_name = ?" + _BY_SEQ,
        "externalId": _GROUP + "external_id = ?" + _BY_SEQ,
        "id and members": (
            "SELECT seq, body FROM groups WHERE id = ? AND EXISTS"
            " (SELECT 1 FROM memberships WHERE group_seq = seq AND user_seq ="
            " (SELECT users.seq FROM users WHERE users.id = ?)) AND seq > ? LIMIT ?"
        ),
        "members.value": (
            "SELECT group_seq, body FROM memberships CROSS JOIN groups ON seq = group_seq"
            " WHERE user_seq = (SELECT users.seq FROM users WHERE users.id = ?)"
            " AND group_seq > ? ORDER BY group_seq LIMIT ?"
        ),
    },
}
"""One statement for each filter: its values, then the place to go on from, then the count."""
_LOWERED = frozenset({"userName", "externalId", "displayName"})


class Stretch(NamedTuple):
    """Some resources in the order of their making, and where the next ones start."""

    bodies: list[bytes]
    """JSON, as it is served."""
    last: int | None
    """Where to go on from; None: nothing is left."""


def read_stretch(
    connection: sqlite3.Connection, kind: Kind, lookup: Lookup, after: int, count: int
) -> Stretch:
    """At most `count` resources behind the place `after`."""
    values = lookup.values
    if lookup.name in _LOWERED:
        values = tuple(value.lower() for value in values)
    sql = QUERIES[kind][lookup.name]
    rows = connection.execute(sql, (*values, after, count + 1)).fetchall()
    last = rows[count - 1][0] if len(rows) > count else None
    return Stretch([row[1] for row in rows[:count]], last)


def write_cursor(kind: Kind, filter: str, last: int) -> str:
    """The opaque text that leads to the next page of this listing."""
    raw = last.to_bytes(_SEQ_BYTES, "big") + _mark(kind, filter)
    return base64.urlsafe_b64encode(raw).decode()


def read_cursor(kind: Kind, filter: str, cursor: str) -> int:
    """The place a cursor stands for; empty is the start. Raises `Refusal` for a foreign one."""
    if not cursor:
        return 0
    try:
        raw = base64.b64decode(cursor.encode(), altchars=b"-_", validate=True)
    except ValueError:
        raise refuse("cursor.invalid") from None
    if raw[_SEQ_BYTES:] != _mark(kind, filter) or raw[0] & 0x80:
        raise refuse("cursor.invalid")
    return int.from_bytes(raw[:_SEQ_BYTES], "big")


def _mark(kind: Kind, filter: str) -> bytes:
    text = f"{kind.value}?{filter.strip()}".encode()
    return hashlib.blake2b(text, digest_size=7).digest()
