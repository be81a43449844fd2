"""The difference between what would be sent for a person and what the directory has."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from scim_tui.mapping.findings import primary_email
from scim_tui.model.constraints import as_boolean
from scim_tui.model.directory import UserRow


class ChangeKind(StrEnum):
    """What a push would do."""

    CREATE = "create"
    UPDATE = "update"
    DEACTIVATE = "deactivate"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    """The person would be taken for one user and carries a unique value of another."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One attribute that would change."""

    path: str
    now: object
    after: object


@dataclass(frozen=True, slots=True)
class Change:
    """What a push of one person would do to the directory."""

    kind: ChangeKind
    user_id: str = ""
    """The user that is meant; empty: nobody."""
    differences: tuple[Difference, ...] = ()
    """Of the attributes that a listing shows."""
    message: str = ""


def compare(user: Mapping[str, Any], rows: Iterable[UserRow]) -> Change:
    """What would happen to the user of `rows` that this person is, by externalId, then userName."""
    found = list(rows)
    match = _match(user, found)
    others = [row for row in found if row is not match]
    if match is None:
        conflict = _conflict(user, others)
        return conflict or Change(
            ChangeKind.CREATE, message="Nobody has this externalId or userName."
        )
    if conflict := _conflict(user, others):
        return Change(conflict.kind, match.id, message=conflict.message)
    differences = tuple(_differences(user, match))
    return Change(_kind(differences), match.id, differences)


def _kind(differences: tuple[Difference, ...]) -> ChangeKind:
    if not differences:
        return ChangeKind.UNCHANGED
    disabled = any(one.path == "active" and one.after is False for one in differences)
    return ChangeKind.DEACTIVATE if disabled else ChangeKind.UPDATE


def _match(user: Mapping[str, Any], rows: list[UserRow]) -> UserRow | None:
    external, name = user.get("externalId"), str(user.get("userName", "")).lower()
    by_id = (row for row in rows if external and row.external_id == external)
    by_name = (row for row in rows if name and row.user_name.lower() == name)
    return next(by_id, None) or next(by_name, None)


def _conflict(user: Mapping[str, Any], others: list[UserRow]) -> Change | None:
    name, email = str(user.get("userName", "")).lower(), primary_email(user)
    for row in others:
        if name and row.user_name.lower() == name:
            return Change(ChangeKind.CONFLICT, row.id, message="Another user has this userName.")
        if email and row.email.lower() == email:
            return Change(ChangeKind.CONFLICT, row.id, message="Another user has this address.")
    return None


def _differences(user: Mapping[str, Any], row: UserRow) -> Iterable[Difference]:
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
