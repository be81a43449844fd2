"""What is wrong with a user, a group or a list of members, by the constraints of the directory."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scim_tui.model.booleans import as_boolean
from scim_tui.model.constraints import (
    CONSTRAINTS,
    ENTERPRISE,
    MAX_EXTERNAL_ID,
    MAX_MEMBERS,
    MAX_TEXT,
    MAX_USER_NAME,
    NAME_PARTS,
    PARTS,
    RESERVED,
    SINGLE,
    TEXTS,
    UNSUPPORTED,
    Constraint,
)


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule that one value breaks."""

    code: str
    path: str
    """The attribute, such as name.familyName."""
    value: object = None
    """The value; text from outside."""
    limit: int | None = None

    @property
    def constraint(self) -> Constraint:
        """The rule that is broken."""
        return CONSTRAINTS[self.code]

    @property
    def message(self) -> str:
        """Why the service refuses it, without the value."""
        text = self.constraint.message
        if self.code == "text.length":
            text = f"Member must have length less than or equal to {self.limit}"
        if self.code.startswith(("text.", "userName.pattern", "externalId.pattern")):
            return f"Value at '{self.path}' failed to satisfy constraint: {text}"
        if self.code.startswith(("attribute.", "type.", "patch.")):
            return f"{text}: {self.path}" if self.path else text
        return text


_WIDE = str.maketrans("", "", "\t\n\r\u00a0\u3000")


def _text(path: str, value: object, limit: int, pattern: str) -> Iterator[Violation]:
    """Check length and pattern; both patterns are `str.isprintable` (L, M, S, N, P and space)."""
    if value is None:
        return
    if not isinstance(value, str):
        yield Violation("type.text", path, value)
    elif not value:
        yield Violation("text.empty", path, value)
    elif len(value) > limit:
        yield Violation("text.length", path, value, limit)
    elif pattern == "text.pattern":
        if not value.isprintable() and not value.translate(_WIDE).isprintable():
            yield Violation(pattern, path, value)
    elif " " in value or not value.isprintable():
        yield Violation(pattern, path, value)


def _boolean(path: str, value: object) -> Iterator[Violation]:
    if value is not None and as_boolean(value) is None:
        yield Violation("type.boolean", path, value)


def _required(resource: Mapping[str, Any]) -> Iterator[Violation]:
    for attribute in ("userName", "displayName"):
        if resource.get(attribute) is None:
            yield Violation(f"{attribute}.required", attribute)
    name = resource.get("name")
    for part in ("givenName", "familyName"):
        if not isinstance(name, Mapping) or name.get(part) is None:
            yield Violation(f"name.{part}.required", f"name.{part}")


def _name(name: object) -> Iterator[Violation]:
    if name is None:
        return
    if not isinstance(name, Mapping):
        yield Violation("type.complex", "name", name)
        return
    for part in NAME_PARTS:
        yield from _text(f"name.{part}", name.get(part), MAX_TEXT, "text.pattern")


def _many(attribute: str, values: object) -> Iterator[Violation]:
    if values is None:
        return
    if not isinstance(values, Sequence) or isinstance(values, str):
        yield Violation("type.list", attribute, values)
        return
    if len(values) > 1:
        yield Violation(f"{attribute}.single", attribute, values)
        return
    for value in values:
        yield from _one_of_many(attribute, value)


def _one_of_many(attribute: str, value: object) -> Iterator[Violation]:
    if not isinstance(value, Mapping):
        yield Violation("type.complex", attribute, value)
        return
    if value.get("display") is not None:
        yield Violation("attribute.display", f"{attribute}.display", value["display"])
    for part in PARTS[attribute]:
        yield from _text(f"{attribute}.{part}", value.get(part), MAX_TEXT, "text.pattern")
    yield from _boolean(f"{attribute}.primary", value.get("primary"))
    if attribute == "emails" and as_boolean(value.get("primary")) is not True:
        yield Violation("emails.primary", "emails.primary", value.get("primary"))


def _enterprise(extension: object) -> Iterator[Violation]:
    if extension is None:
        return
    if not isinstance(extension, Mapping):
        yield Violation("type.complex", "enterprise", extension)
        return
    for part in ("employeeNumber", "costCenter", "organization", "division", "department"):
        yield from _text(f"enterprise.{part}", extension.get(part), MAX_TEXT, "text.pattern")
    manager = extension.get("manager")
    if isinstance(manager, Mapping):
        yield from _text("manager.value", manager.get("value"), MAX_TEXT, "text.pattern")
        if manager.get("displayName") is not None:
            yield Violation("attribute.unsupported", "manager.displayName")
    elif manager is not None:
        yield from _text("manager.value", manager, MAX_TEXT, "text.pattern")


def _reserved(path: str, value: object) -> Iterator[Violation]:
    if isinstance(value, str) and value.lower() in RESERVED:
        yield Violation("userName.reserved", path, value)


def user_violations(resource: Mapping[str, Any]) -> Iterator[Violation]:
    """What the directory would refuse in a whole user, as CreateUser and PutUser check it."""
    for attribute in UNSUPPORTED:
        if attribute in resource:
            yield Violation("attribute.unsupported", attribute)
    yield from _required(resource)
    yield from _text("userName", resource.get("userName"), MAX_USER_NAME, "userName.pattern")
    yield from _reserved("userName", resource.get("userName"))
    yield from _text(
        "externalId", resource.get("externalId"), MAX_EXTERNAL_ID, "externalId.pattern"
    )
    for attribute in TEXTS:
        yield from _text(attribute, resource.get(attribute), MAX_TEXT, "text.pattern")
    yield from _name(resource.get("name"))
    yield from _boolean("active", resource.get("active"))
    for attribute in SINGLE:
        yield from _many(attribute, resource.get(attribute))
    yield from _enterprise(resource.get(ENTERPRISE))


def group_violations(resource: Mapping[str, Any]) -> Iterator[Violation]:
    """What the directory would refuse in a whole group, as CreateGroup checks it."""
    name = resource.get("displayName")
    if name is None:
        yield Violation("displayName.required", "displayName")
    yield from _text("displayName", name, MAX_TEXT, "text.pattern")
    yield from _reserved("displayName", name)
    yield from _text(
        "externalId", resource.get("externalId"), MAX_EXTERNAL_ID, "externalId.pattern"
    )
    yield from member_violations(resource.get("members"))


def member_violations(members: object) -> Iterator[Violation]:
    """What the directory would refuse in the members of one request."""
    if members is None:
        return
    if not isinstance(members, Sequence) or isinstance(members, str):
        yield Violation("type.list", "members", members)
        return
    if len(members) > MAX_MEMBERS:
        yield Violation("members.limit", "members", len(members), MAX_MEMBERS)
    for member in members:
        if not isinstance(member, Mapping) or not isinstance(member.get("value"), str):
            yield Violation("members.value", "members.value")
            return
