"""For servers without PATCH: applies the operations to a copy, which is then sent by PUT."""

import copy
import re
from collections.abc import Mapping, Sequence
from typing import Any

from scim_tui.model.errors import UsageError
from scim_tui.model.json_object import JsonObject
from scim_tui.scim.filters import matches

_PATH = re.compile(
    r"(?:(?P<schema>urn:[\w.:-]+):)?(?P<name>[\w$-]+)(?:\[(?P<filter>.*)\])?(?:\.(?P<sub>[\w$-]+))?"
)
_READ_ONLY = ("id", "meta", "groups")


def replaced(resource: Mapping[str, Any], operations: Sequence[Mapping[str, Any]]) -> JsonObject:
    """The resource after these operations, without the attributes that only a server sets.

    Raises `UsageError` for an operation of a kind that IdPs do not send.
    """
    found: JsonObject = copy.deepcopy({k: v for k, v in resource.items() if k not in _READ_ONLY})
    for operation in operations:
        _apply(found, operation)
    return found


def _apply(resource: JsonObject, operation: Mapping[str, Any]) -> None:
    op, value = str(operation.get("op", "")).lower(), operation.get("value")
    path = str(operation.get("path") or "")
    if not path and isinstance(value, Mapping) and op in {"add", "replace"}:
        for name, each in value.items():
            _apply(resource, {"op": op, "path": name, "value": each})
        return
    if path.startswith("urn:") and isinstance(value, Mapping) and op in {"add", "replace"}:
        resource[path] = {**resource.get(path, {}), **value}
        return
    at = _PATH.fullmatch(path)
    if at is None or op not in {"add", "replace", "remove"}:
        raise UsageError(
            f"This server has no PATCH, and {op or 'an operation'} {path!r} cannot be done by PUT.",
            "Change the user in the IdP or in the server itself.",
        )
    holder = resource.setdefault(at["schema"], {}) if at["schema"] else resource
    _change(holder, at, None if op == "remove" else value)


def _change(holder: JsonObject, at: re.Match[str], value: object) -> None:
    """Set an attribute, a part of it, or a part of those that the path selects; None: remove it."""
    name, sub = at["name"], at["sub"]
    if not sub and not at["filter"]:
        _put(holder, name, value)
    elif isinstance(holder.get(name), list) or at["filter"]:
        holder[name] = _changed(holder.get(name) or [], at["filter"], sub, value)
    else:
        holder[name] = dict(holder.get(name) or {})
        _put(holder[name], sub, value)


def _changed(items: list[Any], filter: str | None, sub: str | None, value: object) -> list[Any]:
    picked = [
        each for each in items if isinstance(each, dict) and (not filter or matches(each, filter))
    ]
    if not sub:
        return [each for each in items if each not in picked] + ([] if value is None else [value])
    if not picked and value is not None:
        picked = [_made(filter)]
        items = [*items, picked[0]]
    for each in picked:
        _put(each, sub, value)
    return items


def _made(filter: str | None) -> JsonObject:
    """A new value that a filter such as type eq "work" selects."""
    at = re.fullmatch(r'\s*(\w+)\s+eq\s+"([^"\\]*)"\s*', filter or "", re.IGNORECASE)
    return {at[1]: at[2]} if at else {}


def _put(holder: JsonObject, name: str, value: object) -> None:
    if value is None:
        holder.pop(name, None)
    else:
        holder[name] = value
