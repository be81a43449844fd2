"""Users in the store: a row has the JSON that is served, and columns for the searches."""

from typing import Any, NamedTuple
from uuid import uuid4

import orjson

from scim_tui.model.json_object import JsonObject
from scim_tui.service.refusals import refuse
from scim_tui.service.store.resources import Identity, manager_of, primary_email, serve_user
from scim_tui.service.store.rows import checked_body
from scim_tui.service.store.store import Connection, IntegrityError

_UNIQUE = (
    ("email", "emails.unique"),
    ("external_id", "externalId.unique"),
    ("user_name", "userName.unique"),
)
"""The unique values, in the order of checking; the mapping preview uses the same order."""
_INSERT = (
    "INSERT INTO users (id, user_name, external_id, email, manager, active, body)"
    " VALUES (:id, :user_name, :external_id, :email, :manager, :active, :body)"
)
_UPDATE = (
    "UPDATE users SET user_name = :user_name, external_id = :external_id, email = :email,"
    " manager = :manager, active = :active, body = :body WHERE id = :id"
)


class Stored(NamedTuple):
    """A resource as it is in the store now."""

    id: str
    name: str
    """userName or displayName."""
    body: bytes


def read_user(connection: Connection, user_id: str) -> bytes:
    """The JSON of a user. Raises `Refusal` when there is none."""
    row = connection.execute("SELECT body FROM users WHERE id = ?", (user_id,)).fetchone()
    if row is None:
        raise refuse("resource.unknown")
    return checked_body(row[0], f"user {user_id}")


def insert_user(connection: Connection, user: JsonObject, now: str, user_id: str = "") -> Stored:
    """Store a new user that passed the constraints. Raises `Refusal` for a duplicate."""
    identity = Identity(user_id or str(uuid4()), now, now)
    return _keep(connection, _INSERT, serve_user(user, identity))


def replace_user(connection: Connection, user_id: str, user: JsonObject, now: str) -> Stored:
    """Replace all attributes of a user by those of `user`. Raises `Refusal`."""
    before = orjson.loads(read_user(connection, user_id))
    return _change(connection, before, user, now)


def change_user(connection: Connection, before: JsonObject, user: JsonObject, now: str) -> Stored:
    """Replace `before` by `user`; without a difference `meta.lastModified` stays as it is."""
    same = serve_user(user, _identity(before, before["meta"]["lastModified"]))
    if same == before:
        return Stored(before["id"], before["userName"], orjson.dumps(before))
    return _change(connection, before, user, now)


def _change(connection: Connection, before: JsonObject, user: JsonObject, now: str) -> Stored:
    return _keep(connection, _UPDATE, serve_user(user, _identity(before, now)))


def _identity(before: JsonObject, changed: str) -> Identity:
    return Identity(before["id"], before["meta"]["created"], changed)


def delete_user(connection: Connection, user_id: str) -> str:
    """Delete a user and its memberships; return the userName. Raises `Refusal`."""
    name: str = orjson.loads(read_user(connection, user_id))["userName"]
    connection.execute("DELETE FROM users WHERE id = ?", (user_id,))
    return name


def _keep(connection: Connection, sql: str, served: JsonObject) -> Stored:
    body = orjson.dumps(served)
    row = _row(served, body)
    try:
        connection.execute(sql, row)
    except IntegrityError:
        code, holder = _taken(connection, row)
        raise refuse(code, holder=holder) from None
    return Stored(served["id"], served["userName"], body)


def _taken(connection: Connection, row: dict[str, Any]) -> tuple[str, str]:
    """The uniqueness rule that another user makes it break, and the id of that user.

    Raises `StopIteration` if none does.
    """
    for column, code in _UNIQUE:
        sql = f"SELECT id FROM users WHERE {column} = ? AND id != ?"  # noqa: S608 - our own names
        if found := connection.execute(sql, (row[column], row["id"])).fetchone():
            return code, found[0]
    raise StopIteration


def _row(served: JsonObject, body: bytes) -> dict[str, Any]:
    external_id = served.get("externalId")
    return {
        "id": served["id"],
        "user_name": served["userName"].lower(),
        "external_id": external_id and external_id.lower(),
        "email": primary_email(served),
        "manager": manager_of(served),
        "active": served["active"],
        "body": body,
    }
