"""The table `[profiles.NAME.thresholds]`: from which values on a signal is reported."""

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from scim_tui.model.errors import UsageError
from scim_tui.model.nearest import suggestion
from scim_tui.model.thresholds import Thresholds

THRESHOLDS = "thresholds"
"""The name of the table in a profile."""
_KNOWN = {each.name: each.type for each in fields(Thresholds)}


def read_thresholds(path: Path, place: str, table: object) -> Thresholds:
    """The thresholds of a table. Raises `UsageError` naming file and key."""
    where = f"{path}: {place}.{THRESHOLDS}"
    if not isinstance(table, Mapping):
        raise UsageError(f"{where} must be a table.", f"Write [{place}.{THRESHOLDS}].")
    for key, value in table.items():
        if key not in _KNOWN:
            raise UsageError(
                f"{where}.{key} is not known.",
                suggestion(key, _KNOWN, f"Known keys: {', '.join(_KNOWN)}."),
            )
        _check(f"{where}.{key}", value, _KNOWN[key])
    return Thresholds(**table)


def _check(where: str, value: object, kind: object) -> None:
    whole = kind in (int, "int")
    fits = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
    if not fits or value < 0:  # type: ignore[operator]
        number = "a whole number" if whole else "a number"
        raise UsageError(f"{where} must be {number}, 0 or more.", "Correct that line.")


def threshold_schema() -> dict[str, Any]:
    """The table as JSON Schema."""
    kinds = {"int": "integer", int: "integer"}
    keys = {
        name: {"type": kinds.get(kind, "number"), "minimum": 0} for name, kind in _KNOWN.items()
    }
    return {"type": "object", "additionalProperties": False, "properties": keys}
