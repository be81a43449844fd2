"""Groups in the store, with their members. A group and its members change in one transaction."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import uuid4

import orjson

from scim_tui.model.json_object import JsonObject
from scim_tui.service.refusals import refuse
from scim_tui.service.store.resources import Identity, serve_group
from scim_tui.service.store.rows import checked_body
from scim_tui.service.store.store import Connection, Cursor, IntegrityError
from scim_tui.service.store.users import Stored

_UNIQUE = {
    "groups.display_name": "group.displayName.unique",
    "groups.external_id": "externalId.unique",
}


class MemberChange(NamedTuple):
    """One user to add to a group, or to remove."""

    joins: bool
    user_id: str


def read_group(connection: Connection, group_id: str) -> bytes:
    """The JSON of a group, without members. Raises `Refusal` when there is none."""
    return _row(connection, group_id)[1]


def insert_group(
    connection: Connection,
    group: JsonObject,
    members: Iterable[str],
    now: str,
    group_id: str = "",
) -> Stored:
    """Store a new group with its members. Raises `Refusal` for a duplicate or unknown member."""
    served = serve_group(group, Identity(group_id or str(uuid4()), now, now))
    stored = Stored(served["id"], served["displayName"], orjson.dumps(served))
    external_id = served.get("externalId")
    row = (stored.id, stored.name.lower(), external_id and external_id.lower(), stored.body)
    sql = "INSERT INTO groups (id, display_name, external_id, body) VALUES (?, ?, ?, ?)"
    seq = _execute(connection, sql, row).lastrowid
    _change_members(connection, seq, [MemberChange(True, member) for member in members])
    return stored


def change_group(
    connection: Connection,
    group_id: str,
    attributes: JsonObject,
    changes: Iterable[MemberChange],
    now: str,
) -> str:
    """Set attributes (None clears one) and change members; return the displayName.

    `meta.lastModified` stays as it is when nothing changed. Raises `Refusal`.
    """
    seq, body = _row(connection, group_id)
    before = orjson.loads(body)
    moved = _change_members(connection, seq, changes)
    after = {key: value for key, value in {**before, **attributes}.items() if value is not None}
    if moved or after != before:
        served = serve_group(after, Identity(group_id, before["meta"]["created"], now))
        _update(connection, seq, served)
    name: str = after["displayName"]
    return name


def delete_group(connection: Connection, group_id: str) -> str:
    """Delete a group and its memberships; return its displayName. Raises `Refusal`."""
    seq, body = _row(connection, group_id)
    connection.execute("DELETE FROM groups WHERE seq = ?", (seq,))
    name: str = orjson.loads(body)["displayName"]
    return name


def require_user(connection: Connection, user_id: str) -> None:
    """Raise `Refusal` unless the user exists."""
    if _seq_of_user(connection, user_id) is None:
        raise refuse("resource.unknown")


def _row(connection: Connection, group_id: str) -> tuple[int, bytes]:
    sql = "SELECT seq, body FROM groups WHERE id = ?"
    row: tuple[int, bytes] | None = connection.execute(sql, (group_id,)).fetchone()
    if row is None:
        raise refuse("resource.unknown")
    checked_body(row[1], f"group {group_id}")
    return row


def _update(connection: Connection, seq: int, served: JsonObject) -> None:
    external_id = served.get("externalId")
    row = (
        served["displayName"].lower(),
        external_id and external_id.lower(),
        orjson.dumps(served),
        seq,
    )
    sql = "UPDATE groups SET display_name = ?, external_id = ?, body = ? WHERE seq = ?"
    _execute(connection, sql, row)


def _execute(connection: Connection, sql: str, row: tuple[object, ...]) -> Cursor:
    try:
        return connection.execute(sql, row)
    except IntegrityError as error:
        raise refuse(_UNIQUE[str(error).rpartition(": ")[2]]) from None


def _change_members(
    connection: Connection, group_seq: int | None, changes: Iterable[MemberChange]
) -> bool:
    """Return whether anything changed: not if a user to add is in the group already, say."""
    moved = 0
    for change in changes:
        user_seq = _seq_of_user(connection, change.user_id)
        if user_seq is None and change.joins:
            raise refuse("members.unknown")
        sql = _JOIN if change.joins else _LEAVE
        moved += connection.execute(sql, (group_seq, user_seq)).rowcount
    return moved > 0


_JOIN = "INSERT OR IGNORE INTO memberships (group_seq, user_seq) VALUES (?, ?)"
_LEAVE = "DELETE FROM memberships WHERE group_seq = ? AND user_seq = ?"


def _seq_of_user(connection: Connection, user_id: str) -> int | None:
    row = connection.execute("SELECT seq FROM users WHERE id = ?", (user_id,)).fetchone()
    return None if row is None else int(row[0])
