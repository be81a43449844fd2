"""Normalises a resource as the directory does before it checks the constraints.

Attribute names match in any case, unknown ones are dropped, null means absent, and booleans may be
texts (RFC 7643 2.1 and 2.5; Entra ID and keycloak-scim send such).
"""

from collections.abc import Mapping
from typing import Any

from scim_tui.model.booleans import as_boolean
from scim_tui.model.constraints import ENTERPRISE, NAME_PARTS, PARTS, SINGLE, TEXTS, UNSUPPORTED
from scim_tui.model.json_object import JsonObject


class Repeated(ValueError):
    """An attribute occurs twice, in different case."""


ENTERPRISE_TEXTS = ("employeeNumber", "costCenter", "organization", "division", "department")


def _names(*names: str) -> dict[str, str]:
    return {name.lower(): name for name in names}


USER_ATTRIBUTES = _names(
    "userName", "externalId", "active", "name", *TEXTS, *SINGLE, ENTERPRISE, *UNSUPPORTED
)
GROUP_ATTRIBUTES = _names("displayName", "externalId", "members")
NAME_ATTRIBUTES = _names(*NAME_PARTS)
PART_ATTRIBUTES = {
    attribute: _names(*parts, "primary", "display") for attribute, parts in PARTS.items()
}
ENTERPRISE_ATTRIBUTES = _names(*ENTERPRISE_TEXTS, "manager")
MANAGER_ATTRIBUTES = _names("value", "displayName", "$ref")
MEMBER_ATTRIBUTES = _names("value")


def known(names: Mapping[str, str], raw: Mapping[str, Any]) -> JsonObject:
    """The known attributes by their SCIM names. Raises `Repeated` when one occurs twice."""
    found: JsonObject = {}
    for key, value in raw.items():
        name = names.get(key.lower())
        if name is None or (value is None and name not in UNSUPPORTED):
            continue
        if name in found:
            raise Repeated(name)
        found[name] = value
    return found


def _switch(value: object) -> object:
    """The boolean a value stands for, or the value itself, for the constraints to refuse."""
    boolean = as_boolean(value)
    return value if boolean is None else boolean


def user_from(raw: Mapping[str, Any]) -> JsonObject:
    """The attributes of a user that the directory knows. Raises `Repeated`."""
    user = known(USER_ATTRIBUTES, raw)
    if "active" in user:
        user["active"] = _switch(user["active"])
    if isinstance(user.get("name"), Mapping):
        user["name"] = known(NAME_ATTRIBUTES, user["name"])
    for attribute in SINGLE:
        if isinstance(user.get(attribute), list):
            user[attribute] = [part_from(attribute, value) for value in user[attribute]]
    if isinstance(user.get(ENTERPRISE), Mapping):
        user[ENTERPRISE] = _enterprise_from(user[ENTERPRISE])
    return user


def part_from(attribute: str, value: object) -> object:
    """One value of a list attribute, with its parts under their own names."""
    if not isinstance(value, Mapping):
        return value
    part = known(PART_ATTRIBUTES[attribute], value)
    if "primary" in part:
        part["primary"] = _switch(part["primary"])
    return part


def _enterprise_from(raw: Mapping[str, Any]) -> JsonObject:
    extension = known(ENTERPRISE_ATTRIBUTES, raw)
    manager = extension.get("manager")
    if isinstance(manager, Mapping):
        extension["manager"] = known(MANAGER_ATTRIBUTES, manager)
    elif isinstance(manager, str):
        extension["manager"] = {"value": manager}
    return extension
