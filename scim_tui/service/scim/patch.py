"""The operations of a PATCH request on a user or a group (RFC 7644 3.5.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scim_tui.service.refusals import refuse

MAX_OPERATIONS = 1000
"""Operations in one request: many more than IdPs send, and few enough to be carried out quickly."""

_OPS = frozenset({"add", "replace", "remove"})
_NOT_COUNTED = frozenset({"id", "schemas", "meta"})
"""Keys that Okta and idp-scim-sync put into the value of an operation without a path."""


@dataclass(frozen=True, slots=True)
class PatchOperation:
    """One change; its path is the one that was sent, or a key of the value."""

    op: str
    """add, replace or remove."""
    path: str
    value: Any
    given: bool
    """Whether there was a value at all."""

    @property
    def removes(self) -> bool:
        """Whether the attribute is removed: by `remove`, or by null (RFC 7643 2.5)."""
        return self.op == "remove" or (self.given and self.value is None)


def read_operations(body: Mapping[str, Any]) -> list[PatchOperation]:
    """The operations of a request. Raises `Refusal` for a malformed one."""
    found = next((value for key, value in body.items() if key.lower() == "operations"), None)
    if not isinstance(found, list) or not found:
        raise refuse("patch.op")
    if len(found) > MAX_OPERATIONS:
        raise refuse("patch.operations")
    return [_operation(raw) for raw in found]


def _operation(raw: object) -> PatchOperation:
    if not isinstance(raw, Mapping):
        raise refuse("patch.op")
    op = raw.get("op")
    if not isinstance(op, str) or op.lower() not in _OPS:
        raise refuse("patch.op")
    path, given = raw.get("path"), "value" in raw
    if path is None or path == "":
        return _without_path(op.lower(), raw.get("value"), given)
    if not isinstance(path, str):
        raise refuse("patch.path")
    if not given and op.lower() != "remove":
        raise refuse("patch.value")
    return PatchOperation(op.lower(), path, raw.get("value"), given)


def _without_path(op: str, value: object, given: bool) -> PatchOperation:
    if op == "remove" or (given and not isinstance(value, Mapping)):
        raise refuse("patch.path")
    if not isinstance(value, Mapping):
        raise refuse("patch.value")
    keys = [key for key in value if key.lower() not in _NOT_COUNTED]
    if len(keys) != 1:
        raise refuse("patch.singleAttribute")
    return PatchOperation(op, keys[0], value[keys[0]], True)
