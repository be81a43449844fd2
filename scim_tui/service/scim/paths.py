"""Which part of a user the path of a PATCH operation means (RFC 7644 3.5.2).

`eq` is the only operator in a filter, and `roles` cannot be patched (SCIM developer guide,
patchuser).
"""

import re
from typing import NamedTuple

from scim_tui.model.constraints import ENTERPRISE, PARTS, UNSUPPORTED, USER
from scim_tui.service.refusals import refuse
from scim_tui.service.scim.filters import read_text
from scim_tui.service.scim.shapes import (
    ENTERPRISE_ATTRIBUTES,
    MANAGER_ATTRIBUTES,
    NAME_ATTRIBUTES,
    PART_ATTRIBUTES,
    USER_ATTRIBUTES,
)

_PATH = re.compile(
    r"(\w+)"
    r'(?:\[\s*(\w+)\s+eq\s+("(?:[^"\\\x00-\x1f]|\\.)*"|true|false)\s*\])?'
    r"(?:\.(\$?\w+))?",
    re.IGNORECASE,
)


class Where(NamedTuple):
    """The filter in a path: selects values of a list by one of their parts."""

    part: str
    value: str


class AttributePath(NamedTuple):
    """A place in a user."""

    attribute: str
    """The attribute of the user; the enterprise extension counts as one."""
    where: Where | None = None
    part: str = ""
    deeper: str = ""
    """The part of the manager, if the path names one."""


def user_place(path: str) -> AttributePath:
    """What a path means in a user. Raises `Refusal` for what cannot be patched."""
    lowered = path.lower()
    if lowered == ENTERPRISE.lower():
        return AttributePath(ENTERPRISE)
    if lowered.startswith(ENTERPRISE.lower() + ":"):
        return _enterprise_place(path[len(ENTERPRISE) + 1 :])
    if lowered.startswith(USER.lower() + ":"):
        path = path[len(USER) + 1 :]
    if lowered.partition(".")[0] == "manager":
        return _enterprise_place(path)
    return _core_place(path)


def _enterprise_place(path: str) -> AttributePath:
    part, _, deeper = path.partition(".")
    name = ENTERPRISE_ATTRIBUTES.get(part.lower())
    if name is None or (deeper and name != "manager"):
        raise refuse("patch.attribute")
    if not deeper:
        return AttributePath(ENTERPRISE, None, name)
    return AttributePath(ENTERPRISE, None, name, _known(MANAGER_ATTRIBUTES, deeper))


def _core_place(path: str) -> AttributePath:
    match = _PATH.fullmatch(path)
    if match is None:
        raise refuse("filter.invalid" if "[" in path else "patch.attribute")
    attribute = _attribute(match[1])
    if attribute in PARTS:
        names = PART_ATTRIBUTES[attribute]
        where = None if match[2] is None else Where(_known(names, match[2]), _value(match[3]))
        return AttributePath(attribute, where, _known(names, match[4]) if match[4] else "")
    if match[2] is not None or (match[4] and attribute != "name"):
        raise refuse("patch.attribute", attribute)
    return AttributePath(attribute, None, _known(NAME_ATTRIBUTES, match[4]) if match[4] else "")


def _attribute(text: str) -> str:
    name = USER_ATTRIBUTES.get(text.lower())
    if name is None:
        raise refuse("patch.attribute")
    if name in UNSUPPORTED:
        raise refuse("attribute.unsupported", name)
    if name == "roles":
        raise refuse("patch.attribute", name)
    return name


def _known(names: dict[str, str], text: str) -> str:
    name = names.get(text.lower())
    if name is None:
        raise refuse("patch.attribute")
    return name


def _value(text: str) -> str:
    return read_text(text) if text.startswith('"') else text
