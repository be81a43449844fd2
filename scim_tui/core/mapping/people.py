"""The people of a preview: read once, and kept in a file without a name to be read again."""

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from scim_tui.core.base.timeslice import REPORT, giving_way
from scim_tui.core.mapping.spool import Records
from scim_tui.core.mapping.totals import Doing, Told
from scim_tui.mapping.read.assignment import Assigned
from scim_tui.mapping.read.people import Person, Source, open_people
from scim_tui.mapping.read.remarks import Remarks, refuse_unclear
from scim_tui.model.directory import UserRow
from scim_tui.model.errors import ScimTuiError, UsageError
from scim_tui.model.unknown_values import Absent
from scim_tui.providers.port import Provider

T = TypeVar("T")


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
    scope: str = "not told"
    """Where it comes from who is assigned, in words."""
    notes: tuple[str, ...] = ()
    """What a person should know about the file."""
    remarks: Remarks = field(default_factory=Remarks)
    """The same for programs: whether it is one page of more, and columns that are unclear."""

    def __len__(self) -> int:
        return len(self.records)

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.records)

    def person(self, index: int) -> Person:
        """One of them."""
        line, source, assigned = self.records[index]
        return Person(index, line, source, Assigned(assigned))

    def stretch(self, first: int, end: int) -> Iterator[Person]:
        """Some of them, in order."""
        unknown = Assigned.UNKNOWN
        for index, row in enumerate(self.records.stretch(first, end), first):
            line, source, assigned = row
            told = unknown if assigned == "unknown" else Assigned(assigned)
            yield Person(index, line, source, told)


@dataclass(slots=True)
class Reading:
    """A file being read in a thread: how far it is, and whether to stop."""

    what: str
    read: int = 0
    source: Source | None = None
    """None: it is not open yet."""
    started: float = field(default_factory=time.monotonic)
    stopped: threading.Event = field(default_factory=threading.Event)

    def doing(self) -> Doing:
        """How far it is: by the bytes of the file, as nobody knows how many people it holds."""
        source, seconds = self.source, time.monotonic() - self.started
        share = source.place / source.size if source is not None and source.size else None
        return Doing(self.what, self.read, 0, seconds, share)


async def in_a_thread(read: Callable[[], T], reading: Reading, progress: Told) -> T:
    """Read in a thread and tell how far it is. Cancelling stops the reading."""
    work = asyncio.create_task(asyncio.to_thread(read))
    try:
        while not (await asyncio.wait({work}, timeout=REPORT))[0]:
            progress(reading.doing())
    except asyncio.CancelledError:
        reading.stopped.set()
        with contextlib.suppress(ScimTuiError):
            await work
        raise
    return work.result()


def from_file(
    path: Path, scope: Path | str | None, reading: Reading, encoding: str = ""
) -> PeopleFile:
    """Everybody in a file. Raises `UsageError` with file and line."""
    source = reading.source = open_people(path, scope, encoding=encoding)
    records = Records()
    for person in noted(source, reading):
        kept(records, person.line, person.source, person.assigned)
    remarks, says = source.remarks, source.scope.says
    refuse_unclear(remarks.unclear, source.scope.columns, "who is assigned")
    columns, notes = source.columns, source.notes
    return PeopleFile(source.name, source.format, columns, records, says, notes, remarks)


async def from_directory(provider: Provider, progress: Told) -> PeopleFile:
    """Everybody in a directory, as if it were the source."""
    records, listing = Records(), Listing("listing the directory", await how_many(provider))
    async for row in _rows(provider):
        kept(records, len(records) + 1, as_source(row), Assigned.UNKNOWN)
        if len(records) % 500 == 0:
            progress(listing.doing(len(records)))
    if not len(records):
        raise UsageError("There is nobody in the directory.", "Load a file of people.")
    columns = tuple(as_source(UserRow._make(["x"] * 7 + [True, "", ""])))
    return PeopleFile("directory", "scim", columns, records)


def as_source(row: UserRow) -> dict[str, Any]:
    """A listed user in the form of a SCIM resource, as far as a list tells it.

    Without its id, which is the directory's own and no id of the IdP.
    """
    email = [{"value": row.email, "type": "work", "primary": True}] if row.email else []
    return {
        "userName": row.user_name,
        "displayName": row.display_name,
        "name": {"givenName": row.given_name, "familyName": row.family_name},
        "emails": email,
        "externalId": row.external_id,
        "active": row.active,
    }


async def how_many(provider: Provider) -> int:
    """How many users a directory says it has; 0: it does not say."""
    users = (await provider.summary()).users
    return 0 if isinstance(users, Absent) else users


@dataclass(slots=True)
class Listing:
    """Something counted on the way to a number that may be known."""

    what: str
    of: int
    started: float = field(default_factory=time.monotonic)

    def doing(self, done: int) -> Doing:
        """How far it is."""
        return Doing(self.what, done, self.of, time.monotonic() - self.started)


async def _rows(provider: Provider) -> AsyncIterator[UserRow]:
    async for page in provider.users():
        for row in page.rows:
            yield row


def noted(people: Iterable[Person], reading: Reading) -> Iterator[Person]:
    """The people as they are read, with a note of how many. Raises `UsageError` when stopped."""
    for person in giving_way(people):
        if reading.stopped.is_set():
            raise UsageError("Reading was stopped; what was loaded before stays.")
        reading.read += 1
        yield person


def kept(records: Records, line: int, source: Mapping[str, Any], assigned: Assigned) -> None:
    """Keep one of them. Raises `UsageError` when there is no room."""
    try:
        records.add((line, source, assigned.value))
    except OSError as error:
        raise UsageError(
            f"There is no room for the people in the temporary folder: {error.strerror}.",
            "Make room there, or set TMPDIR to another folder.",
        ) from error
