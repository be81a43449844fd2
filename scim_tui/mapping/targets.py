"""The attributes a rule can fill, how they are written, and how values become a SCIM user.

Written as in RFC 7644 section 3.10, the selector being optional where there is one value only:
`name.givenName`, `emails.value`, `emails[type eq "work"].value`, `enterprise.department` or
`urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department`.
"""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from scim_tui.model.constraints import (
    ENTERPRISE,
    NAME_PARTS,
    PARTS,
    SINGLE,
    TEXTS,
    UNSUPPORTED,
    USER,
    as_boolean,
)
from scim_tui.model.errors import UsageError

COMPANY = ("employeeNumber", "costCenter", "organization", "division", "department", "manager")
_MANY_PARTS = {root: (*parts, "primary", "display") for root, parts in PARTS.items()}
_PLAIN = ("userName", "externalId", "active", "name", *TEXTS, *SINGLE, *UNSUPPORTED, "enterprise")
KNOWN = (
    *_PLAIN,
    *(f"name.{part}" for part in NAME_PARTS),
    *(f"{root}.{part}" for root, parts in _MANY_PARTS.items() for part in parts),
    *(f"enterprise.{part}" for part in (*COMPANY, "manager.value", "manager.displayName")),
)
"""Every attribute that can be written, in canonical form, without a selector."""
REQUIRED = frozenset({"userName", "displayName", "name.givenName", "name.familyName"})
"""What Identity Center wants of every person (developer guide, createuser)."""

_SELECTOR = re.compile(
    r"^(?P<root>\w+)"
    r"\[(?P<selector>\d+|primary|primary eq (?:true|True)|type eq \"(?P<type>[^\"]*)\")\]"
    r"(?P<rest>\.\w+)?$"
)
_LABELS = ("type", "primary", "display")


@dataclass(frozen=True, slots=True)
class Target:
    """One attribute of a SCIM user that a rule fills."""

    text: str
    """As written in the rules."""
    path: str
    """Canonical, without selector: emails.value."""
    selector: str = ""
    """Which of several values: rules with one selector make one value together."""
    type: str | None = None
    """What `[type eq "..."]` asks for."""
    root: str = field(init=False, compare=False)
    """The attribute without its part."""
    part: str = field(init=False, compare=False)
    """What follows the first point, or empty."""
    flag: bool = field(init=False, compare=False)
    """Whether a boolean belongs here."""

    def __post_init__(self) -> None:
        # Worked out once for each rule, not once for each person.
        root, _, part = self.path.partition(".")
        object.__setattr__(self, "root", root)
        object.__setattr__(self, "part", part)
        object.__setattr__(self, "flag", self.path == "active" or part == "primary")

    @property
    def required(self) -> bool:
        """Whether a person without it is refused."""
        return self.path in REQUIRED


def parse_target(text: str) -> Target:
    """The attribute a rule names. Raises `UsageError` with the nearest name when unknown."""
    plain = text
    for prefix in (f"{ENTERPRISE}:", "ent:"):
        if text.startswith(prefix):
            plain = f"enterprise.{text.removeprefix(prefix)}"
    plain = plain.removeprefix(f"{USER}:")
    selector, kind = "", None
    if (match := _SELECTOR.match(plain)) and match["root"] in PARTS:
        selector, kind = match["selector"], match["type"]
        plain = match["root"] + (match["rest"] or "")
    if plain not in KNOWN:
        raise UsageError(f"There is no attribute {text!r}.", _suggestion(plain))
    return Target(text, plain, selector, kind)


def _suggestion(text: str) -> str:
    lowered = {known.lower(): known for known in KNOWN}
    tails = {known.rpartition(".")[2].lower(): known for known in reversed(KNOWN)}
    near = difflib.get_close_matches(text.lower(), lowered, 1, 0.6)
    if near:
        return f"Did you mean {lowered[near[0]]}?"
    near = difflib.get_close_matches(text.rpartition(".")[2].lower(), tails, 1, 0.6)
    return f"Did you mean {tails[near[0]]}?" if near else "See the SCIM schema of a user."


def fitted(target: Target, value: object) -> object:
    """The value as the attribute takes it: "True" becomes true where a boolean belongs."""
    if target.flag:
        boolean = as_boolean(value)
        return value if boolean is None else boolean
    return value


def assemble(values: Iterable[tuple[Target, object]]) -> dict[str, Any]:
    """The SCIM user that the values of the rules make together."""
    user: dict[str, Any] = {"schemas": [USER]}
    company: dict[str, Any] = {}
    many: dict[tuple[str, str], dict[str, Any]] = {}
    for target, value in values:
        root, part = target.root, target.part
        if not part and root != "enterprise":
            user[root] = value
        elif root in PARTS:
            entry = many.get((root, target.selector))
            if entry is None:
                entry = many[root, target.selector] = _labels(target)
            entry[part] = value
        elif root == "enterprise":
            _write_company(company, target, value)
        else:
            holder = user.get(root)
            if holder is None:
                holder = user[root] = {}
            holder[part] = value
    for (root, _), entry in many.items():
        for one in _expanded(entry):
            user.setdefault(root, []).append(one)
    if company:
        user["schemas"].append(ENTERPRISE)
        user[ENTERPRISE] = company
    return user


def _labels(target: Target) -> dict[str, Any]:
    if target.type is not None:
        return {"type": target.type}
    return {"primary": True} if target.selector.startswith("primary") else {}


def _write_company(company: dict[str, Any], target: Target, value: object) -> None:
    if not target.part:
        company.update(value if isinstance(value, dict) else {"value": value})
    elif target.part.startswith("manager."):
        company.setdefault("manager", {})[target.part.removeprefix("manager.")] = value
    elif target.part == "manager" and not isinstance(value, dict):
        company.setdefault("manager", {})["value"] = value
    else:
        company[target.part] = value


def _expanded(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """One value for each text of a list; nothing where only labels such as `type` are left."""
    values = entry.get("value")
    if values.__class__ is str:
        return [entry]
    if not any(part not in _LABELS for part in entry):
        return []
    if not isinstance(values, list):
        return [entry]
    found = [entry | {"value": value} for value in values]
    for other in found[1:]:
        other.pop("primary", None)
    return found
