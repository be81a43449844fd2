"""Reads the PATCH operations on a group.

Only displayName, externalId and members can be patched; members join and leave by name, at most 100
in one request, and are never replaced as a whole (SCIM developer guide, patchgroup).
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from scim_tui.model.constraints import GROUP, MAX_MEMBERS
from scim_tui.model.json_object import JsonObject
from scim_tui.model.violations import Violation, group_violations, member_violations
from scim_tui.service.refusals import check, refuse
from scim_tui.service.scim.filters import read_text
from scim_tui.service.scim.patch import PatchOperation
from scim_tui.service.scim.shapes import GROUP_ATTRIBUTES, member_from
from scim_tui.service.store.groups import MemberChange

_ONE_MEMBER = re.compile(
    r'members\[\s*value\s+eq\s+("(?:[^"\\\x00-\x1f]|\\.)*")\s*\]', re.IGNORECASE
)


class GroupPlan(NamedTuple):
    """All changes of one request; made without reading the group."""

    attributes: JsonObject
    """New values; None clears an attribute."""
    members: list[MemberChange]
    """In the order in which they were asked for."""


def plan_group_patch(operations: list[PatchOperation]) -> GroupPlan:
    """Read the operations on a group. Raises `Refusal`."""
    plan = GroupPlan({}, [])
    for operation in operations:
        _plan_one(plan, operation)
    if len(plan.members) > MAX_MEMBERS:
        check([Violation("members.limit", "members", len(plan.members), MAX_MEMBERS)])
    check(group_violations({"displayName": "-", **plan.attributes}))
    return plan


def _plan_one(plan: GroupPlan, operation: PatchOperation) -> None:
    path = operation.path
    if path.lower().startswith(GROUP.lower() + ":"):
        path = path[len(GROUP) + 1 :]
    one = _ONE_MEMBER.fullmatch(path)
    attribute = "members" if one else GROUP_ATTRIBUTES.get(path.lower())
    if attribute is None:
        raise refuse("patch.attribute")
    if attribute != "members":
        plan.attributes[attribute] = None if operation.removes else operation.value
        return
    if operation.op == "replace":
        raise refuse("members.replace")
    ids = [read_text(one[1])] if one else _member_ids(operation)
    if one and operation.op == "add":
        raise refuse("patch.attribute", "members")
    plan.members.extend(_changes(operation, ids))


def _changes(operation: PatchOperation, ids: Iterable[str]) -> Iterable[MemberChange]:
    return (MemberChange(operation.op == "add", user_id) for user_id in ids)


def _member_ids(operation: PatchOperation) -> list[str]:
    value = [operation.value] if isinstance(operation.value, dict) else operation.value
    if not value and operation.op == "remove":
        raise refuse("members.removeAll")
    members = [member_from(member) for member in value] if isinstance(value, list) else value
    check(member_violations(members))
    return [member["value"] for member in members or () if isinstance(member, dict)]
