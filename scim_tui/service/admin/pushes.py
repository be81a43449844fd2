"""One user created or changed by an operator, under the same rules as for an IdP.

It is not recorded as an event of an IdP; the operator's audit trail says who asked for it.
"""

from scim_tui.model.violations import user_violations
from scim_tui.service.admin.calls import AdminCall, Reply
from scim_tui.service.refusals import check
from scim_tui.service.scim.body import parse_object
from scim_tui.service.scim.calls import iso_seconds
from scim_tui.service.scim.patch import read_operations
from scim_tui.service.scim.shapes import user_from
from scim_tui.service.scim.user_calls import patch_stored
from scim_tui.service.store.users import insert_user


async def create_user(ask: AdminCall) -> Reply:
    """Make a user as CreateUser does. Raises `Refusal`."""
    user = user_from(parse_object(ask.body))
    check(user_violations(user))
    user.setdefault("active", True)
    now = iso_seconds(ask.store.clock())
    stored = await ask.store.write_small(lambda connection: insert_user(connection, user, now))
    return Reply(201, stored.body)


async def patch_user(ask: AdminCall) -> Reply:
    """Change a user as PatchUser does: all operations or none. Raises `Refusal`."""
    operations = read_operations(parse_object(ask.body))
    now = iso_seconds(ask.store.clock())
    stored = await ask.store.write_small(
        lambda connection: patch_stored(connection, ask.id, operations, now)
    )
    return Reply(200, stored.body)
