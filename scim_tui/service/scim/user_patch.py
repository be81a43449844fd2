"""Applies PATCH operations to a user; the caller checks the constraints afterwards.

A list attribute holds one value at most. Adding the same value again merges the two; adding another
one is refused at once, since no later operation can undo it, and a list that grows would make each
further operation slower. A value that a path such as `emails[type eq "work"].value` creates becomes
the primary one, as it is the only one.
"""

import copy
from collections import Counter
from collections.abc import Mapping
from typing import Any

from scim_tui.model.booleans import as_boolean
from scim_tui.model.constraints import ENTERPRISE, PARTS
from scim_tui.model.json_object import JsonObject
from scim_tui.service.refusals import refuse
from scim_tui.service.scim.patch import PatchOperation
from scim_tui.service.scim.paths import AttributePath, Where, user_place
from scim_tui.service.scim.shapes import (
    ENTERPRISE_ATTRIBUTES,
    NAME_ATTRIBUTES,
    part_from,
)

_ONCE = ("userName", "active")
_COMPLEX = {"name": NAME_ATTRIBUTES, ENTERPRISE: ENTERPRISE_ATTRIBUTES}


def patch_user(before: Mapping[str, Any], operations: list[PatchOperation]) -> JsonObject:
    """The user after all operations; `before` is not changed. Raises `Refusal`."""
    places = [user_place(operation.path) for operation in operations]
    _check_once(operations, places)
    user = copy.deepcopy(dict(before))
    for operation, place in zip(operations, places, strict=True):
        if place.attribute in PARTS:
            _patch_list(user, operation, place)
        elif place.attribute in _COMPLEX:
            _patch_complex(user, operation, place)
        else:
            _set(user, place.attribute, operation)
    return user


def _check_once(operations: list[PatchOperation], places: list[AttributePath]) -> None:
    times = Counter(place.attribute for place in places)
    for attribute in _ONCE:
        if times[attribute] > 1:
            raise refuse("patch.repeated", attribute)
    for operation, place in zip(operations, places, strict=True):
        if operation.removes and place.attribute in _ONCE:
            raise refuse("patch.required", place.attribute)


def _set(holder: JsonObject, name: str, operation: PatchOperation) -> None:
    if operation.removes:
        holder.pop(name, None)
    else:
        holder[name] = operation.value


def _patch_complex(user: JsonObject, operation: PatchOperation, place: AttributePath) -> None:
    if not place.part:
        _patch_whole(user, operation, place.attribute)
        return
    holder = user.setdefault(place.attribute, {})
    if not place.deeper:
        _set(holder, place.part, operation)
        return
    manager = holder.get(place.part)
    holder[place.part] = dict(manager) if isinstance(manager, Mapping) else {}
    _set(holder[place.part], place.deeper, operation)


def _patch_whole(user: JsonObject, operation: PatchOperation, attribute: str) -> None:
    if operation.removes:
        user.pop(attribute, None)
        return
    if not isinstance(operation.value, Mapping):
        raise refuse("type.complex", attribute)
    _merge(user.setdefault(attribute, {}), _COMPLEX[attribute], operation.value)


def _merge(holder: JsonObject, names: Mapping[str, str], value: Mapping[str, Any]) -> None:
    """Parts that are not named stay as they are (RFC 7644 3.5.2.3)."""
    for key, part in value.items():
        name = names.get(key.lower())
        if name is not None:
            holder[name] = part


def _patch_list(user: JsonObject, operation: PatchOperation, place: AttributePath) -> None:
    attribute = place.attribute
    held = [value for value in user.get(attribute, ()) if isinstance(value, dict)]
    if place.where is None and not place.part:
        user[attribute] = _whole_list(held, operation, attribute)
    elif operation.removes:
        user[attribute] = _without(held, place)
    else:
        user[attribute] = _with_part(held, operation, place)
    _check_single(attribute, user[attribute])


def _check_single(attribute: str, values: list[Any]) -> None:
    if len(values) > 1:
        raise refuse(f"{attribute}.single")


def _whole_list(held: list[JsonObject], operation: PatchOperation, attribute: str) -> list[Any]:
    value = operation.value
    offered = value if isinstance(value, list) else [] if value is None else [value]
    if not operation.removes:
        _check_single(attribute, offered)
    offered = [part_from(attribute, part) for part in offered]
    if operation.removes:
        return [part for part in held if offered and not _is_among(part, offered)]
    if operation.op == "replace":
        return offered
    return [part for part in held if not _is_among(part, offered)] + offered


def _is_among(part: JsonObject, offered: list[Any]) -> bool:
    return any(
        part == other
        or ("value" in part and isinstance(other, dict) and other.get("value") == part["value"])
        for other in offered
    )


def _without(held: list[JsonObject], place: AttributePath) -> list[JsonObject]:
    if not place.part:
        return [value for value in held if not _meant(value, place.where)]
    for value in held:
        if _meant(value, place.where):
            value.pop(place.part, None)
    return held


def _with_part(
    held: list[JsonObject], operation: PatchOperation, place: AttributePath
) -> list[JsonObject]:
    offered = {place.part: operation.value} if place.part else operation.value
    if not isinstance(offered, dict):
        raise refuse("type.complex", place.attribute)
    meant = [value for value in held if _meant(value, place.where)]
    if not meant:
        meant = [_new_value(place)]
        held.append(meant[0])
    for value in meant:
        value.update(_parts(place.attribute, offered))
    return held


def _parts(attribute: str, offered: JsonObject) -> JsonObject:
    parts = part_from(attribute, offered)
    return parts if isinstance(parts, dict) else {}


def _new_value(place: AttributePath) -> JsonObject:
    value: JsonObject = {"primary": True} if place.attribute == "emails" else {}
    if place.where is not None:
        value[place.where.part] = place.where.value
    return value


def _meant(value: JsonObject, where: Where | None) -> bool:
    if where is None:
        return True
    held = value.get(where.part)
    if isinstance(held, bool):
        return as_boolean(where.value) is held
    return isinstance(held, str) and held.lower() == where.value.lower()
