"""The JSON of a user or group, as it is stored and served.

`profileUrl` and a manager's `$ref` are accepted and never served (example of createuser in the SCIM
developer guide). A POST without `active` creates an active user; AWS publishes no rule for that, so
this is our decision.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from scim_tui.model.constraints import ENTERPRISE, GROUP, NAME_PARTS, PARTS, SINGLE, TEXTS, USER
from scim_tui.model.json_object import JsonObject
from scim_tui.model.normalise import ENTERPRISE_TEXTS

_SERVED_TEXTS = tuple(attribute for attribute in TEXTS if attribute != "profileUrl")


class Identity(NamedTuple):
    """The id and the dates that the service gives a resource."""

    id: str
    created: str
    changed: str


def serve_user(user: Mapping[str, Any], identity: Identity) -> JsonObject:
    """The JSON of a user that passed the constraints."""
    extension = _enterprise(user.get(ENTERPRISE) or {})
    served = _head(user, identity, "User", [USER, ENTERPRISE] if extension else [USER])
    served["userName"] = user["userName"]
    served["name"] = {part: user["name"][part] for part in NAME_PARTS if part in user["name"]}
    for attribute in _SERVED_TEXTS:
        if attribute in user:
            served[attribute] = user[attribute]
    served["active"] = user.get("active", False)
    for attribute in SINGLE:
        if user.get(attribute):
            served[attribute] = [_part(attribute, value) for value in user[attribute]]
    if extension:
        served[ENTERPRISE] = extension
    return served


def serve_group(group: Mapping[str, Any], identity: Identity) -> JsonObject:
    """The JSON of a group that passed the constraints, without its members."""
    served = _head(group, identity, "Group", [GROUP])
    served["displayName"] = group["displayName"]
    return served


def _head(
    resource: Mapping[str, Any], identity: Identity, kind: str, schemas: list[str]
) -> JsonObject:
    head: JsonObject = {"id": identity.id}
    if "externalId" in resource:
        head["externalId"] = resource["externalId"]
    head["meta"] = {
        "resourceType": kind,
        "created": identity.created,
        "lastModified": identity.changed,
    }
    head["schemas"] = schemas
    return head


def _part(attribute: str, value: Mapping[str, Any]) -> JsonObject:
    return {part: value[part] for part in (*PARTS[attribute], "primary") if part in value}


def _enterprise(extension: Mapping[str, Any]) -> JsonObject:
    served: JsonObject = {part: extension[part] for part in ENTERPRISE_TEXTS if part in extension}
    manager = extension.get("manager") or {}
    if "value" in manager:
        served["manager"] = {"value": manager["value"]}
    return served


def primary_email(user: Mapping[str, Any]) -> str | None:
    """The address that has to be unique, lower-cased."""
    for email in user.get("emails", ()):
        if "value" in email:
            return str(email["value"]).lower()
    return None


def manager_of(user: Mapping[str, Any]) -> str | None:
    """The id in the manager attribute."""
    manager = user.get(ENTERPRISE, {}).get("manager", {}).get("value")
    return manager if isinstance(manager, str) else None
