"""CreateGroup, GetGroup, PatchGroup and DeleteGroup. PutGroup does not exist."""

import orjson

from scim_tui.model.violations import group_violations
from scim_tui.service.refusals import check, refuse
from scim_tui.service.scim.calls import ScimAnswer, ScimCall
from scim_tui.service.scim.group_patch import plan_group_patch
from scim_tui.service.scim.patch import read_operations
from scim_tui.service.scim.shapes import group_from
from scim_tui.service.store.groups import change_group, delete_group, insert_group, read_group


async def create_group(call: ScimCall) -> ScimAnswer:
    """Answer CreateGroup: 201 and the group without members."""
    raw = await call.read_object()
    call.aims_at(raw.get("displayName"))
    group = group_from(raw)
    check(group_violations(group))
    members = [member["value"] for member in group.get("members", ())]
    call.count_members(len(members))
    now = call.now()
    stored = await call.store.write_small(
        lambda connection: insert_group(connection, group, members, now)
    )
    call.resource_id = stored.id
    return ScimAnswer(201, stored.body)


async def get_group(call: ScimCall) -> ScimAnswer:
    """Answer GetGroup, always without members."""
    body = read_group(call.store.reader(), call.resource_id)
    call.aims_at(orjson.loads(body)["displayName"])
    return ScimAnswer(200, body)


async def patch_group_call(call: ScimCall) -> ScimAnswer:
    """Answer PatchGroup: 204; all operations or none."""
    plan = plan_group_patch(read_operations(await call.read_object()))
    call.count_members(len(plan.members))
    now = call.now()
    call.aims_at(
        await call.store.write_small(
            lambda connection: change_group(
                connection, call.resource_id, plan.attributes, plan.members, now
            )
        )
    )
    return ScimAnswer(204)


async def put_group(call: ScimCall) -> ScimAnswer:
    """Refuse with 405: authentik takes 404 to mean that the group was deleted."""
    raise refuse("put.group")


async def delete_group_call(call: ScimCall) -> ScimAnswer:
    """Answer DeleteGroup: 204."""
    call.aims_at(
        await call.store.write_small(lambda connection: delete_group(connection, call.resource_id))
    )
    return ScimAnswer(204)
