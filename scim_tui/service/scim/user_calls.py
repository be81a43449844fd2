"""CreateUser, GetUser, PutUser, PatchUser and DeleteUser."""

from collections.abc import Callable

import orjson

from scim_tui.model.json_object import JsonObject
from scim_tui.model.violations import user_violations
from scim_tui.service.refusals import check
from scim_tui.service.scim.calls import ScimAnswer, ScimCall
from scim_tui.service.scim.patch import PatchOperation, read_operations
from scim_tui.service.scim.shapes import user_from
from scim_tui.service.scim.user_patch import patch_user
from scim_tui.service.store.store import Connection
from scim_tui.service.store.users import (
    Stored,
    change_user,
    delete_user,
    insert_user,
    read_user,
    replace_user,
)


async def create_user(call: ScimCall) -> ScimAnswer:
    """Answer CreateUser: 201 and the user, active unless it says otherwise."""
    user = await _whole_user(call)
    user.setdefault("active", True)
    now = call.now()
    stored = await call.store.write_small(lambda connection: insert_user(connection, user, now))
    call.resource_id = stored.id
    return ScimAnswer(201, stored.body)


async def get_user(call: ScimCall) -> ScimAnswer:
    """Answer GetUser."""
    body = read_user(call.store.reader(), call.resource_id)
    call.aims_at(orjson.loads(body)["userName"])
    return ScimAnswer(200, body)


async def put_user(call: ScimCall) -> ScimAnswer:
    """Answer PutUser: 201 and the user, with only the attributes that were sent.

    An absent `active` makes the user inactive, which is how clients disable by PUT.
    """
    user = await _whole_user(call)
    now = call.now()
    stored = await call.store.write_small(
        lambda connection: replace_user(connection, call.resource_id, user, now)
    )
    return ScimAnswer(201, stored.body)


async def patch_user_call(call: ScimCall) -> ScimAnswer:
    """Answer PatchUser: 200 and the user; all operations or none."""
    operations = read_operations(await call.read_object())
    now = call.now()

    def work(connection: Connection) -> Stored:
        return patch_stored(connection, call.resource_id, operations, now, call.aims_at)

    return ScimAnswer(200, (await call.store.write_small(work)).body)


def patch_stored(
    connection: Connection,
    user_id: str,
    operations: list[PatchOperation],
    now: str,
    named: Callable[[str], None] = lambda _: None,
) -> Stored:
    """Apply the operations to a user; `named` is called with the userName. Raises `Refusal`."""
    before: JsonObject = orjson.loads(read_user(connection, user_id))
    named(before["userName"])
    after = user_from(patch_user(before, operations))
    check(user_violations(after))
    return change_user(connection, before, after, now)


async def delete_user_call(call: ScimCall) -> ScimAnswer:
    """Answer DeleteUser: 204."""
    call.aims_at(
        await call.store.write_small(lambda connection: delete_user(connection, call.resource_id))
    )
    return ScimAnswer(204)


async def _whole_user(call: ScimCall) -> JsonObject:
    raw = await call.read_object()
    call.aims_at(raw.get("userName"))
    user = user_from(raw)
    check(user_violations(user))
    return user
