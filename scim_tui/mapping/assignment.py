"""Who of the people is assigned to the application: from a column, or from a second file.

An export of people does not say who is assigned, so nothing is assumed: without a column or a
file everybody is unknown, and so is whoever the file cannot speak for.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from scim_tui.model.errors import UsageError

COLUMN = "assigned"
"""The column that is taken when it is there and nothing else was named."""
_YES = frozenset({"true", "yes", "y", "1", "x", "assigned", "active", "direct", "user", "group"})
_NO = frozenset({"false", "no", "n", "0", "-", "unassigned", "not assigned", "none", "inactive"})
KEYS = (
    "id",
    "objectId",
    "principalId",
    "externalId",
    "userPrincipalName",
    "login",
    "userName",
    "username",
    "email",
    "mail",
    "primaryEmail",
    "Email Address",
    "Email",
    "Member Email",
    "Member ID",
    "Login",
    "User",
    "Username",
    "assigneeOktaUsername",
    "assigneeOktaId",
    "uid",
    "sAMAccountName",
    "dn",
    "profile.login",
    "profile.email",
    "_embedded.user.id",
)
"""What names a person, in the files of people and of assignments."""


class Assigned(StrEnum):
    """Whether somebody is in the scope of provisioning."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Scope:
    """How assignment is told."""

    of: Callable[[Mapping[str, Any]], Assigned]
    says: str
    """Where it comes from, in words."""


def unknown_scope() -> Scope:
    """Nothing says who is assigned; an app user of Okta carries it within."""
    return Scope(_of_app_user, "not told: give a column or a second file")


def column_scope(column: str) -> Scope:
    """A column says it; a word that is neither yes nor no is unknown."""

    def of(person: Mapping[str, Any]) -> Assigned:
        value = person.get(column)
        if value is None:
            return Assigned.UNKNOWN
        word = str(value).strip().lower()
        if word in _YES:
            return Assigned.YES
        return Assigned.NO if word in _NO else Assigned.UNKNOWN

    return Scope(of, f"the column {column}")


def file_scope(name: str, listed: Iterable[Mapping[str, Any]]) -> Scope:
    """A second file lists who is assigned: group members, app users, assignments."""
    names: set[str] = set()
    groups = False
    for entry in listed:
        if str(entry.get("principalType", "User")).lower() != "user":
            groups = True
            continue
        names.update(names_of(entry))
    if not names and not groups:
        raise UsageError(
            f"{name} does not say who is assigned.",
            f"It needs a column such as {', '.join(KEYS[:7])}.",
        )
    # Who comes by a group that is only named may still be assigned.
    missing = Assigned.UNKNOWN if groups else Assigned.NO

    def of(person: Mapping[str, Any]) -> Assigned:
        own = list(names_of(person))
        if not own:
            return Assigned.UNKNOWN
        return Assigned.YES if any(one in names for one in own) else missing

    return Scope(of, f"the file {name}" + (", groups not resolved" if groups else ""))


def _of_app_user(person: Mapping[str, Any]) -> Assigned:
    """Okta lists app users with `scope` USER or GROUP: they are assigned, by themselves or so."""
    if "syncState" in person and person.get("scope") in ("USER", "GROUP"):
        return Assigned.YES
    return Assigned.UNKNOWN


def names_of(entry: Mapping[str, Any], keys: Iterable[str] = KEYS) -> Iterator[str]:
    """What somebody is called by ids, addresses and names to sign in with, lower-cased."""
    for key in keys:
        value: object = entry.get(key)
        if value is None and "." in key:
            value = entry
            for part in key.split("."):
                value = value.get(part) if isinstance(value, Mapping) else None
        if isinstance(value, str | int) and value != "":
            yield str(value).strip().lower()
