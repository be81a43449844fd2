"""Converts values to JSON: null for an unknown or missing value, times to the second.

If the difference between unknown and missing matters, a second field shows it: see `token_data`.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Any

from scim_tui.model.ages import stamp
from scim_tui.model.unknown_values import Absent

_AS_THEY_ARE = (str, int, float, bool, type(None))
_LISTS = (list, tuple, set, frozenset)


def json_value(value: object) -> object:
    """The value in the types of JSON."""
    if isinstance(value, Mapping):
        return {str(key): json_value(inner) for key, inner in value.items()}
    if isinstance(value, _LISTS):
        return [json_value(inner) for inner in value]
    if hasattr(value, "model_dump"):
        return json_value(value.model_dump())
    return _single(value)


def _single(value: Any) -> object:  # noqa: ANN401 - whatever a command prints
    if isinstance(value, Absent):
        return None
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, Enum):
        return value.value
    return value if isinstance(value, _AS_THEY_ARE) else str(value)
