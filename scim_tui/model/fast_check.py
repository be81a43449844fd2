"""A fast check that passes most valid users, so that a million can be checked in a minute."""

from collections.abc import Mapping
from typing import Any

from scim_tui.model.constraints import (
    ENTERPRISE,
    MAX_EXTERNAL_ID,
    MAX_TEXT,
    MAX_USER_NAME,
    NAME_PARTS,
    PARTS,
    RESERVED,
    TEXTS,
)

_TEXT_LIMITS = dict.fromkeys(TEXTS, MAX_TEXT)
_WORD_LIMITS = {"userName": MAX_USER_NAME, "externalId": MAX_EXTERNAL_ID}
_NAME_PARTS = frozenset(NAME_PARTS)
_PARTS = {attribute: frozenset(parts) for attribute, parts in PARTS.items()}


def is_plain_user(user: Mapping[str, Any]) -> bool:  # noqa: PLR0911, PLR0912 - once a person
    """Whether a user certainly violates no constraint; False: the full check has to decide.

    It accepts users of the usual shape only; `user_violations` decides about all others.
    """
    name = user.get("name")
    if "userName" not in user or "displayName" not in user or not isinstance(name, dict):
        return False
    if "givenName" not in name or "familyName" not in name:
        return False
    for attribute, value in user.items():
        if attribute in _TEXT_LIMITS:
            if type(value) is not str or not 0 < len(value) <= MAX_TEXT or not value.isprintable():
                return False
        elif attribute in _WORD_LIMITS:
            if type(value) is not str or not 0 < len(value) <= _WORD_LIMITS[attribute]:
                return False
            if " " in value or not value.isprintable():
                return False
        elif attribute == "name":
            if not _plain_parts(value, _NAME_PARTS):
                return False
        elif attribute in _PARTS:
            if not _plain_list(attribute, value):
                return False
        elif attribute == ENTERPRISE:
            if not _plain_parts(value, _ENTERPRISE_PARTS):
                return False
        elif attribute == "active":
            if type(value) is not bool:
                return False
        elif attribute != "schemas":
            return False
    return user["userName"].lower() not in RESERVED


_ENTERPRISE_PARTS = frozenset(
    {"employeeNumber", "costCenter", "organization", "division", "department"}
)


def _plain_list(attribute: str, values: object) -> bool:
    if type(values) is not list or len(values) != 1 or type(values[0]) is not dict:
        return False
    value = values[0]
    if "primary" in value:
        if type(value["primary"]) is not bool:
            return False
        if attribute == "emails" and not value["primary"]:
            return False
        value = {part: each for part, each in value.items() if part != "primary"}
    elif attribute == "emails":
        return False
    return _plain_parts(value, _PARTS[attribute])


def _plain_parts(value: object, names: frozenset[str]) -> bool:
    if type(value) is not dict:
        return False
    for part, text in value.items():
        if part not in names or type(text) is not str:
            return False
        if not 0 < len(text) <= MAX_TEXT or not text.isprintable():
            return False
    return True
