"""Which people are assigned to the app of the IdP: from a column, or from a second file.

An export of people does not say who is assigned, so nothing is assumed: without a column or a
file it is unknown for all people, and with a file for those without an id or name to look up.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from scim_tui.model.errors import UsageError

COLUMN = "assigned"
"""The column that is used when it exists and none was named."""
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
"""Columns that identify a person, in files of people and of assignments."""


class Assigned(StrEnum):
    """Whether a person is assigned to the app of the IdP."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Scope:
    """How to find out who is assigned."""

    of: Callable[[Mapping[str, Any]], Assigned]
    says: str
    """The column or file, in words."""
    columns: tuple[str, ...] = ()
    """Columns of the people that are used for it."""


def unknown_scope() -> Scope:
    """The scope without a column or file: unknown, except for app users of Okta."""
    return Scope(_of_app_user, "not known: give a column or a second file")


def column_scope(column: str) -> Scope:
    """The scope by a column; a word that is neither yes nor no means unknown."""

    def of(person: Mapping[str, Any]) -> Assigned:
        value = person.get(column)
        if value is None:
            return Assigned.UNKNOWN
        word = str(value).strip().lower()
        if word in _YES:
            return Assigned.YES
        return Assigned.NO if word in _NO else Assigned.UNKNOWN

    return Scope(of, f"the column {column}", (column,))


def file_scope(name: str, listed: Iterable[Mapping[str, Any]]) -> Scope:
    """The scope by a second file: group members, app users or assignments."""
    names: set[str] = set()
    groups = False
    for entry in listed:
        kinds = [at(entry, path) for path in key_paths(tuple(entry), ("principalType",))]
        if any(str(kind).lower() != "user" for kind in kinds):
            groups = True
            continue
        names.update(names_of(entry))
    if not names and not groups:
        raise UsageError(
            f"{name} does not say who is assigned.",
            f"It needs a column such as {', '.join(KEYS[:7])}.",
        )
    # A person may be assigned by a group of which the file has only the name.
    missing = Assigned.UNKNOWN if groups else Assigned.NO

    def of(person: Mapping[str, Any]) -> Assigned:
        own = list(names_of(person))
        if not own:
            return Assigned.UNKNOWN
        return Assigned.YES if any(one in names for one in own) else missing

    return Scope(of, f"the file {name}" + (", groups not resolved" if groups else ""))


def _of_app_user(person: Mapping[str, Any]) -> Assigned:
    """Okta lists app users with `scope` USER or GROUP: assigned directly, or by a group."""
    if "syncState" in person and person.get("scope") in ("USER", "GROUP"):
        return Assigned.YES
    return Assigned.UNKNOWN


def names_of(entry: Mapping[str, Any], keys: tuple[str, ...] = KEYS) -> Iterator[str]:
    """All ids, addresses and sign-in names of a person, lower-cased."""
    for path in key_paths(tuple(entry), keys):
        value = at(entry, path)
        if isinstance(value, str | int) and value != "":
            yield str(value).strip().lower()


def at(entry: Mapping[str, Any], path: tuple[str, ...]) -> object:
    """The value at the end of a path; None: there is none."""
    value: object = entry
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


@lru_cache(maxsize=1024)
def key_paths(columns: tuple[str, ...], keys: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The path to each key that exists: one column in any case, or nested keys."""
    found: dict[tuple[str, ...], None] = {}
    for key in keys:
        root, *below = key.split(".")
        if column := column_of(key, columns):
            found[(column,)] = None
        elif below and (column := column_of(root, columns)):
            found[(column, *below)] = None
    return tuple(found)


def column_of(name: str, columns: Iterable[str]) -> str:
    """The column of a name, as it is or else in any case; empty: there is none."""
    same = ""
    for column in columns:
        if column == name:
            return column
        if not same and column.casefold() == name.casefold():
            same = column
    return same
