"""The SCIM attributes that a rule can fill, and how they are written.

Written as in RFC 7644 section 3.10, the selector being optional where there is one value only:
`name.givenName`, `emails.value`, `emails[type eq "work"].value`, `enterprise.department` or
`urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department`.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from scim_tui.model.constraints import (
    ENTERPRISE,
    GROUP,
    NAME_PARTS,
    PARTS,
    SINGLE,
    TEXTS,
    UNSUPPORTED,
    USER,
)
from scim_tui.model.errors import UsageError
from scim_tui.model.nearest import nearest

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
KNOWN_OF_GROUPS = ("displayName", "externalId", "members", "members.value")
"""Every attribute of a group that Identity Center accepts."""
REQUIRED = frozenset({"userName", "displayName", "name.givenName", "name.familyName"})
"""What Identity Center requires of every user (developer guide, createuser)."""

PRIMARY, NOT_PRIMARY = "primary", "primary eq false"
"""Selectors, however they are written: Entra ID puts its booleans in quotes."""
_SELECTOR = re.compile(
    r"^(?P<root>\w+)"
    r"\[(?P<selector>\d+|primary(?: eq (?P<quote>\"?)(?i:true|(?P<no>false))(?P=quote))?"
    r"|type eq \"(?P<type>[^\"]*)\")\]"
    r"(?P<rest>\.\w+)?$"
)


class ResourceKind(StrEnum):
    """The kind of resource that a rule fills."""

    USER = "user"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Target:
    """One attribute of a SCIM user or group that a rule fills."""

    text: str
    """As written in the rules."""
    path: str
    """Canonical, without selector: emails.value."""
    selector: str = ""
    """Which of several values: rules with one selector make one value together."""
    type: str | None = None
    """What `[type eq "..."]` asks for."""
    kind: ResourceKind = ResourceKind.USER

    @property
    def root(self) -> str:
        """The attribute without its sub-attribute."""
        return self.path.partition(".")[0]

    @property
    def part(self) -> str:
        """The sub-attribute, or empty."""
        return self.path.partition(".")[2]

    @property
    def required(self) -> bool:
        """Whether a person, or a group, without it is refused."""
        return (
            self.path in REQUIRED if self.kind is ResourceKind.USER else self.path == "displayName"
        )


def parse_target(text: str, kind: ResourceKind = ResourceKind.USER) -> Target:
    """The attribute a rule names. Raises `UsageError` with the nearest name when unknown."""
    if kind is ResourceKind.GROUP:
        plain = text.removeprefix(f"{GROUP}:")
        if plain not in KNOWN_OF_GROUPS:
            hint = f"A group has {', '.join(KNOWN_OF_GROUPS)}."
            raise UsageError(f"A group has no attribute {text!r}.", hint)
        return Target(text, plain, kind=kind)
    plain = text
    for prefix in (f"{ENTERPRISE}:", "ent:"):
        if text.startswith(prefix):
            plain = f"enterprise.{text.removeprefix(prefix)}"
    plain = plain.removeprefix(f"{USER}:")
    selector, kind_of_value = "", None
    if (match := _SELECTOR.match(plain)) and match["root"] in PARTS:
        selector, kind_of_value = match["selector"], match["type"]
        if selector.startswith("primary"):
            selector = NOT_PRIMARY if match["no"] else PRIMARY
        plain = match["root"] + (match["rest"] or "")
    if plain not in KNOWN:
        raise UsageError(f"There is no attribute {text!r}.", _suggestion(plain))
    return Target(text, plain, selector, kind_of_value)


def _suggestion(text: str) -> str:
    tails = {known.rpartition(".")[2]: known for known in reversed(KNOWN)}
    near = nearest(text, KNOWN) or tails.get(nearest(text.rpartition(".")[2], tails), "")
    return f"Did you mean {near}?" if near else "See the SCIM schema of a user."
