"""Builds a SCIM resource from values of single attributes."""

from collections.abc import Callable
from typing import Any

from scim_tui.mapping.rules.targets import NOT_PRIMARY, PRIMARY, ResourceKind, Target
from scim_tui.model.booleans import as_boolean
from scim_tui.model.constraints import ENTERPRISE, GROUP, PARTS, USER

Json = Any
"""Whatever an expression gives."""
Write = Callable[["Draft", Json], None]
_LABELS = ("type", "primary", "display")


class Draft:
    """A SCIM user or group that is being built."""

    __slots__ = ("body", "company", "many")

    def __init__(self, kind: ResourceKind = ResourceKind.USER) -> None:
        self.body: dict[str, Any] = {"schemas": [USER if kind is ResourceKind.USER else GROUP]}
        self.company: dict[str, Any] = {}
        self.many: dict[tuple[str, str], dict[str, Any]] = {}

    def finished(self) -> dict[str, Any]:
        """The resource, as CreateUser or CreateGroup takes it."""
        body = self.body
        for (root, _), entry in self.many.items():
            if values := _expanded(entry):
                body[root] = body[root] + values if root in body else values
        if self.company:
            body["schemas"].append(ENTERPRISE)
            body[ENTERPRISE] = self.company
        return body


def writer(target: Target) -> Write:
    """A function that writes a value of this attribute into a draft."""
    root, part = target.root, target.part
    if root == "enterprise":
        return lambda draft, value: _write_company(draft.company, part, value)
    if root in PARTS and part:
        return _write_many(target)
    if part:
        return lambda draft, value: draft.body.setdefault(root, {}).__setitem__(part, value)
    return lambda draft, value: draft.body.__setitem__(root, value)


def fitted(target: Target, value: object) -> object:
    """The value as the attribute takes it: "True" becomes true for a boolean attribute."""
    if is_boolean(target):
        boolean = as_boolean(value)
        return value if boolean is None else boolean
    return value


def is_boolean(target: Target) -> bool:
    """Whether the attribute takes a boolean."""
    return target.path == "active" or target.part == "primary"


def _write_many(target: Target) -> Write:
    key, part = (target.root, target.selector), target.part
    labels: dict[str, Any] = {}
    if target.type is not None:
        labels = {"type": target.type}
    elif target.selector in (PRIMARY, NOT_PRIMARY):
        labels = {"primary": target.selector == PRIMARY}

    def write(draft: Draft, value: Json) -> None:
        entry = draft.many.get(key)
        if entry is None:
            draft.many[key] = {**labels, part: value}
        else:
            entry[part] = value

    return write


def _write_company(company: dict[str, Any], part: str, value: Json) -> None:
    if not part:
        company.update(value if isinstance(value, dict) else {"value": value})
    elif part.startswith("manager."):
        company.setdefault("manager", {})[part.removeprefix("manager.")] = value
    elif part == "manager" and not isinstance(value, dict):
        company.setdefault("manager", {})["value"] = value
    else:
        company[part] = value


def _expanded(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """One value for each text of a list; nothing where only labels such as `type` are left."""
    if all(part in _LABELS for part in entry):
        return []
    values = entry.get("value")
    if not isinstance(values, list):
        return [entry]
    found = [entry | {"value": value} for value in values]
    for other in found[1:]:
        other.pop("primary", None)
    return found
