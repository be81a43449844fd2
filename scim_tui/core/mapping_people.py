"""The people of a preview: read once, and kept in a file without a name to be read again."""

import threading
from array import array
from bisect import bisect_left
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scim_tui.core.mapping_files import read_people
from scim_tui.core.records import Records
from scim_tui.mapping.people import Person
from scim_tui.model.constraints import as_boolean
from scim_tui.model.directory import UserRow
from scim_tui.model.errors import UsageError
from scim_tui.providers.port import Provider

SCOPE_KEYS = (
    "externalId", "id", "objectId", "userName", "userPrincipalName", "login", "email", "mail",
    "primaryEmail", "principalId", "user", "profile.login", "scope",
)  # fmt: skip
"""Columns of a list of assigned people that say who is meant."""
_YES = frozenset({"yes", "y", "1", "assigned", "active", "x", "on"})
_NO = frozenset({"", "no", "n", "0", "unassigned", "inactive", "none", "off"})


@dataclass(frozen=True, slots=True)
class PeopleFile:
    """Everybody in a file or a listing."""

    name: str
    """Name of the file, from outside: never to be shown raw."""
    format: str
    """csv, json, jsonl, ldif or scim."""
    columns: tuple[str, ...]
    """Every column or top-level key that occurs, in order of appearance."""
    records: Records = field(repr=False)

    def __len__(self) -> int:
        return len(self.records)

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.records)

    def person(self, index: int) -> Person:
        """One of them."""
        return Person(index, *self.records[index])

    def stretch(self, first: int, end: int) -> Iterator[Person]:
        """Some of them, in order."""
        for index, (line, source) in enumerate(self.records.stretch(first, end), first):
            yield Person(index, line, source)


@dataclass(slots=True)
class Reading:
    """A file being read in a thread: how far it is, and whether to stop."""

    read: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)


def from_file(path: Path, reading: Reading) -> PeopleFile:
    """Everybody in a file. Raises `UsageError` with file and line."""
    found = read_people(path)
    records = Records()
    for person in _noted(found.people, reading):
        _keep(records, person.line, person.source)
    return PeopleFile(found.name, found.format, found.columns, records)


async def from_directory(provider: Provider, progress: Callable[[int], None]) -> PeopleFile:
    """Everybody in a directory, as if it were the source."""
    records = Records()
    async for row in _rows(provider):
        _keep(records, len(records) + 1, as_source(row))
        if len(records) % 500 == 0:
            progress(len(records))
    if not len(records):
        raise UsageError("There is nobody in the directory.", "Load a file of people.")
    columns = tuple(as_source(UserRow._make(["x"] * 7 + [True, "", ""])))
    return PeopleFile("directory", "scim", columns, records)


def as_source(row: UserRow) -> dict[str, Any]:
    """A listed user in the form of a SCIM resource, as far as a list tells it."""
    email = [{"value": row.email, "type": "work", "primary": True}] if row.email else []
    return {
        "id": row.id, "userName": row.user_name, "displayName": row.display_name,
        "name": {"givenName": row.given_name, "familyName": row.family_name},
        "emails": email, "externalId": row.external_id, "active": row.active,
    }  # fmt: skip


async def _rows(provider: Provider) -> AsyncIterator[UserRow]:
    async for page in provider.users():
        for row in page.rows:
            yield row


def _noted(people: Iterable[Person], reading: Reading) -> Iterator[Person]:
    for person in people:
        if reading.stopped.is_set():
            raise UsageError("Reading was stopped; what was loaded before stays.")
        reading.read += 1
        yield person


def _keep(records: Records, line: int, source: Mapping[str, Any]) -> None:
    try:
        records.add((line, source))
    except OSError as error:
        raise UsageError(
            f"There is no room for the people in the temporary folder: {error.strerror}.",
            "Make room there, or set TMPDIR to another folder.",
        ) from error


class Scope:
    """Who is assigned to the app of the IdP, from a second file or a column of the people."""

    def __init__(self, *, keys: "array[int] | None" = None, column: str = "") -> None:
        self._keys, self._column = keys, column

    @classmethod
    def read(cls, scope: Path | str, people: PeopleFile) -> "Scope":
        """The scope a column of the people holds, else the one in a file. Raises `UsageError`."""
        if isinstance(scope, str) and scope in people.columns:
            return cls(column=scope)
        listed = from_file(Path(scope), Reading())
        named = [key for key in SCOPE_KEYS if key in listed.columns] or list(listed.columns[:1])
        found = {
            hash(value.lower())
            for first in range(0, len(listed), 500)
            for person in listed.stretch(first, min(first + 500, len(listed)))
            for key in named
            if isinstance(value := person.source.get(key), str) and value
        }
        listed.records.close()
        return cls(keys=array("q", sorted(found)))

    def holds(self, person: Person, keys: Iterable[str | None]) -> bool | None:
        """Whether somebody is assigned; None: it cannot be told."""
        if self._keys is None:
            return _word(person.source.get(self._column))
        source = person.source
        own = (source.get(key) for key in SCOPE_KEYS)
        return any(self._has(key.lower()) for key in (*keys, *own) if isinstance(key, str) and key)

    def _has(self, key: str) -> bool:
        assert self._keys is not None
        wanted = hash(key)
        place = bisect_left(self._keys, wanted)
        return place < len(self._keys) and self._keys[place] == wanted


def _word(value: object) -> bool | None:
    if isinstance(value, str) and as_boolean(value) is None:
        word = value.strip().lower()
        return True if word in _YES else False if word in _NO else None
    return as_boolean(value)
