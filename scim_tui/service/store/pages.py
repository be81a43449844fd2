"""Pages of a listing, found by key and not by offset, so that each takes the same time."""

import base64
import hashlib
from typing import NamedTuple

from scim_tui.model.directory import Kind
from scim_tui.service.refusals import refuse
from scim_tui.service.store.rows import checked_body, is_whole
from scim_tui.service.store.storage_faults import DamagedStore
from scim_tui.service.store.store import Connection

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
            "SELECT user_seq AS seq, body FROM memberships"
            " CROSS JOIN users ON users.seq = user_seq WHERE group_seq ="
            " (SELECT seq FROM groups WHERE id = ?)"
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
            "SELECT group_seq AS seq, body FROM memberships"
            " CROSS JOIN groups ON groups.seq = group_seq WHERE user_seq ="
            " (SELECT users.seq FROM users WHERE users.id = ?)"
            " AND group_seq > ? ORDER BY group_seq LIMIT ?"
        ),
    },
}
"""One statement for each filter. Parameters: values of the filter, last row seen, row count."""
_SERVED = {
    Kind.USERS: "body",
    Kind.GROUPS: "substr(body, 1, length(body) - 1) || ',\"members\":[]}'",
}
"""The SQL for a body in a listing: groups are shown without members."""
_JOINED = {
    (kind, name): (
        f"SELECT count(*), max(seq), CAST(group_concat({_SERVED[kind]}) AS BLOB) FROM ({inner})"  # noqa: S608
    )
    for kind, queries in QUERIES.items()
    for name, inner in queries.items()
}
_LOWERED = frozenset({"userName", "externalId", "displayName"})


class Lookup(NamedTuple):
    """What a listing is restricted to."""

    name: str
    """A key of `QUERIES`; empty: everything."""
    values: tuple[str, ...] = ()
    """In the alphabetical order of the attributes."""


EVERYTHING = Lookup("")


class StoredPage(NamedTuple):
    """One page of resources, oldest first."""

    bodies: list[bytes]
    """JSON of each resource, as it is served."""
    last: int | None
    """Number of the last row, after which the next page starts; None: this is the last page."""


class JoinedPage(NamedTuple):
    """As `StoredPage`, with all resources in one text."""

    text: bytes
    """JSON, as a listing shows it, with commas between."""
    number: int
    last: int | None


def read_stretch(
    connection: Connection, kind: Kind, lookup: Lookup, after: int, count: int
) -> StoredPage:
    """At most `count` resources after row number `after`."""
    sql = QUERIES[kind][lookup.name]
    rows = connection.execute(sql, (*_values(lookup), after, count + 1)).fetchall()
    for seq, body in rows[:count]:
        checked_body(body, f"row {seq} of {kind.value.lower()}")
    last = rows[count - 1][0] if len(rows) > count else None
    return StoredPage([row[1] for row in rows[:count]], last)


def read_joined(
    connection: Connection, kind: Kind, lookup: Lookup, after: int, count: int
) -> JoinedPage:
    """As `read_stretch`, joined by SQLite, which takes half the time of joining in Python."""
    values = _values(lookup)
    sql = _JOINED[kind, lookup.name]
    number, last, text = connection.execute(sql, (*values, after, count)).fetchone()
    if number and not is_whole(text or b"", number):
        read_stretch(connection, kind, lookup, after, count)
        raise DamagedStore(f"a page of {kind.value.lower()} behind row {after} cannot be decoded")
    more = (
        number == count
        and connection.execute(QUERIES[kind][lookup.name], (*values, last, 1)).fetchone()
    )
    return JoinedPage(text or b"", number, last if more else None)


def _values(lookup: Lookup) -> tuple[str, ...]:
    if lookup.name in _LOWERED:
        return tuple(value.lower() for value in lookup.values)
    return lookup.values


def write_cursor(kind: Kind, filter: str, last: int) -> str:
    """The opaque text that leads to the next page of this listing."""
    raw = last.to_bytes(_SEQ_BYTES, "big") + _mark(kind, filter)
    return base64.urlsafe_b64encode(raw).decode()


def read_cursor(kind: Kind, filter: str, cursor: str) -> int:
    """The row number in a cursor; empty: 0. Raises `Refusal` for one of another listing."""
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
