"""The one kind of filter that every SCIM server answers: an attribute equals a text."""

import json
import re
from collections.abc import Mapping
from typing import Any

from scim_tui.model.errors import Refused
from scim_tui.scim.wire import values

_EQUALS = re.compile(r'\s*([A-Za-z][\w.]*)\s+eq\s+("(?:[^"\\]|\\.)*")\s*', re.IGNORECASE)


def equals(attribute: str, value: str) -> str:
    """A filter for `attribute eq "value"` (RFC 7644 3.4.2.2), whatever is in the value."""
    return f"{attribute} eq {json.dumps(value, ensure_ascii=False)}"


def matches(resource: Mapping[str, Any], filter: str) -> bool:
    """Whether a resource has what `equals` asks for. Raises `Refused` for any other filter."""
    asked = _EQUALS.fullmatch(filter)
    if asked is None:
        raise Refused("The filter is not answered here.", 'Use attribute eq "value".', status=400)
    name, _, sub = asked[1].partition(".")
    wanted = str(json.loads(asked[2])).lower()
    if sub:
        return any(str(each.get(sub, "")).lower() == wanted for each in values(resource, name))
    return str(resource.get(name, "")).lower() == wanted


def read_equals(filter: str) -> tuple[str, str] | None:
    """The attribute and the text of a filter made by `equals`; None for any other."""
    asked = _EQUALS.fullmatch(filter)
    return None if asked is None else (asked[1], str(json.loads(asked[2])))
