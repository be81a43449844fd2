"""Turns what an IdP sends into the attributes that the directory stores.

Attribute names match in any case, unknown ones are dropped, null means absent, and booleans may be
texts (RFC 7643 2.1 and 2.5; Entra ID and keycloak-scim send such). A repeated name is refused.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from scim_tui.model import normalise as received
from scim_tui.model.json_object import JsonObject
from scim_tui.model.normalise import (
    ENTERPRISE_ATTRIBUTES,
    GROUP_ATTRIBUTES,
    MANAGER_ATTRIBUTES,
    MEMBER_ATTRIBUTES,
    NAME_ATTRIBUTES,
    PART_ATTRIBUTES,
    USER_ATTRIBUTES,
)
from scim_tui.service.refusals import refuse

__all__ = [
    "ENTERPRISE_ATTRIBUTES",
    "GROUP_ATTRIBUTES",
    "MANAGER_ATTRIBUTES",
    "MEMBER_ATTRIBUTES",
    "NAME_ATTRIBUTES",
    "PART_ATTRIBUTES",
    "USER_ATTRIBUTES",
]

T = TypeVar("T")


def user_from(raw: Mapping[str, Any]) -> JsonObject:
    """The supported attributes of a user. Raises `Refusal`."""
    return _once(lambda: received.user_from(raw))


def part_from(attribute: str, value: object) -> object:
    """One value of a list attribute, with its parts under their own names. Raises `Refusal`."""
    return _once(lambda: received.part_from(attribute, value))


def _known(names: Mapping[str, str], raw: Mapping[str, Any]) -> JsonObject:
    return _once(lambda: received.known(names, raw))


def _once(read: Callable[[], T]) -> T:
    """The result of `read`. Raises `Refusal` when an attribute is repeated."""
    try:
        return read()
    except received.Repeated:
        raise refuse("json.invalid") from None


def group_from(raw: Mapping[str, Any]) -> JsonObject:
    """The supported attributes of a group. Raises `Refusal`."""
    group = _known(GROUP_ATTRIBUTES, raw)
    if isinstance(group.get("members"), list):
        group["members"] = [member_from(member) for member in group["members"]]
    return group


def member_from(value: object) -> object:
    """One member: only its id is kept."""
    return _known(MEMBER_ATTRIBUTES, value) if isinstance(value, Mapping) else value
