"""The differences between what would be sent for a person and what the directory has."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from scim_tui.mapping.check.findings import primary_email
from scim_tui.model.booleans import answered_boolean, as_boolean
from scim_tui.model.constraints import ENTERPRISE, NAME_PARTS, PARTS, SINGLE, TEXTS
from scim_tui.model.directory import UserRow

_NEVER_SERVED = frozenset({"profileUrl"})
"""Accepted and never returned (SCIM developer guide, createuser), so it cannot be compared."""


class ChangeKind(StrEnum):
    """What a push would do."""

    CREATE = "create"
    UPDATE = "update"
    DEACTIVATE = "deactivate"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    """The person matches one user and has a unique value of another."""
    NOT_SENT = "not sent"
    """Refused, or neither assigned nor in the directory."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One attribute that would change."""

    path: str
    now: object
    after: object


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """What a push of one person would do to the directory."""

    kind: ChangeKind
    user_id: str = ""
    """Id of the user that matches; empty: none."""
    differences: tuple[Difference, ...] = ()
    """Of the attributes that a listing shows."""
    message: str = ""
    matched_by: str = ""
    """externalId, userName or mail; empty: no user matches."""
    by_hand: bool = False
    """The user that matches has no externalId, so it was created by hand."""


def compare(user: Mapping[str, Any], rows: Iterable[UserRow]) -> PlannedChange:
    """What a push would do to the user of `rows` that matches this person.

    Matched by externalId, then userName, then by the address of a user without externalId.
    """
    found = list(rows)
    match, matched_by = _match(user, found)
    others = [row for row in found if row is not match]
    conflict = _conflict(user, others)
    if match is None:
        return conflict or PlannedChange(
            ChangeKind.CREATE, message="No user has this externalId, userName or address."
        )
    by_hand = not match.external_id
    if conflict:
        return replace(conflict, user_id=match.id, matched_by=matched_by, by_hand=by_hand)
    differences = tuple(_differences(user, match))
    message = f"Found by {matched_by}" + (
        ", and made by hand: it has no externalId." if by_hand else "."
    )
    return PlannedChange(kind_of(differences), match.id, differences, message, matched_by, by_hand)


def deactivation(row: UserRow, why: str) -> PlannedChange:
    """The change of a user who is in the directory and would not be sent any more."""
    if row.active is False:
        return PlannedChange(
            ChangeKind.UNCHANGED, row.id, message=f"{why} Disabled already.", matched_by=""
        )
    difference = Difference("active", row.active, False)
    return PlannedChange(ChangeKind.DEACTIVATE, row.id, (difference,), why, "externalId")


def kind_of(differences: tuple[Difference, ...]) -> ChangeKind:
    """The kind of a push with these differences."""
    if not differences:
        return ChangeKind.UNCHANGED
    disabled = any(one.path == "active" and one.after is False for one in differences)
    return ChangeKind.DEACTIVATE if disabled else ChangeKind.UPDATE


def _match(user: Mapping[str, Any], rows: list[UserRow]) -> tuple[UserRow | None, str]:
    external, name = user.get("externalId"), str(user.get("userName", "")).lower()
    email = primary_email(user)
    for row in rows:
        if external and row.external_id == external:
            return row, "externalId"
    for row in rows:
        if name and row.user_name.lower() == name:
            return row, "userName"
    for row in rows:
        if email and row.email.lower() == email and not row.external_id:
            return row, "mail"
    return None, ""


def _conflict(user: Mapping[str, Any], others: list[UserRow]) -> PlannedChange | None:
    name, email = str(user.get("userName", "")).lower(), primary_email(user)
    external = str(user.get("externalId") or "").lower()
    for row in others:
        if email and row.email.lower() == email:
            return PlannedChange(
                ChangeKind.CONFLICT, row.id, message="Another user has this address."
            )
        if external and row.external_id.lower() == external:
            return PlannedChange(
                ChangeKind.CONFLICT, row.id, message="Another user has this externalId."
            )
        if name and row.user_name.lower() == name:
            return PlannedChange(
                ChangeKind.CONFLICT, row.id, message="Another user has this userName."
            )
    return None


def _differences(user: Mapping[str, Any], row: UserRow) -> Iterator[Difference]:
    name = user.get("name")
    name = name if isinstance(name, Mapping) else {}
    active = as_boolean(user.get("active"))
    after = {
        "userName": (row.user_name, user.get("userName")),
        "displayName": (row.display_name, user.get("displayName")),
        "name.givenName": (row.given_name, name.get("givenName")),
        "name.familyName": (row.family_name, name.get("familyName")),
        "externalId": (row.external_id, user.get("externalId")),
        "active": (row.active, active),
    }
    for path, (now, then) in after.items():
        if then is not None and now is not None and now != then:
            yield Difference(path, now, then)
    email = primary_email(user)
    if email and row.email.lower() != email:
        yield Difference("emails.value", row.email, email)


def deep_differences(user: Mapping[str, Any], record: Mapping[str, Any]) -> list[Difference]:
    """Every attribute that is sent and differs from the whole record.

    What is not sent stays as it is, so it is no difference. `profileUrl` is never returned.
    """
    return [
        Difference(path, now, after)
        for path, after in _parts(user)
        if path not in _NEVER_SERVED and (now := _value(record, path)) != _plain(path, after)
    ]


def _parts(user: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    """(path, value) of everything that a PATCH can name on its own."""
    for attribute in ("userName", "externalId", *TEXTS, "active"):
        if user.get(attribute) is not None:
            yield attribute, user[attribute]
    for holder, parts in (("name", NAME_PARTS), (ENTERPRISE, None)):
        value = user.get(holder)
        if isinstance(value, Mapping):
            for part in parts or value:
                if value.get(part) is not None:
                    yield f"{holder}{':' if holder == ENTERPRISE else '.'}{part}", value[part]
    for attribute in SINGLE:
        if user.get(attribute):
            yield attribute, user[attribute]


def _value(record: Mapping[str, Any], path: str) -> object:
    holder, colon, part = path.rpartition(":")
    if not colon:
        holder, _, part = path.rpartition(".")
    inside = record.get(holder) if holder else record
    return _plain(path, inside.get(part)) if isinstance(inside, Mapping) else None


def _plain(path: str, value: object) -> object:
    """A value in comparable form: booleans parsed, parts that no directory keeps left out."""
    if path == "active":
        return answered_boolean(value)
    if path in PARTS and isinstance(value, list):
        return [_entry(path, each) for each in value]
    if path.endswith(":manager"):
        value = value.get("value") if isinstance(value, Mapping) else value
    return value


def _entry(attribute: str, value: object) -> object:
    if not isinstance(value, Mapping):
        return value
    kept = {part: value[part] for part in PARTS[attribute] if value.get(part) is not None}
    primary = answered_boolean(value.get("primary"))
    return kept | ({"primary": primary} if primary is not None else {})
