"""The people of a preview: read once, and kept in a temporary file to be read again."""

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from scim_tui.core.base.timeslice import REPORT, giving_way
from scim_tui.core.mapping.spool import Spool
from scim_tui.core.mapping.totals import OnProgress, WorkProgress
from scim_tui.mapping.read.assignment import Assigned
from scim_tui.mapping.read.people import PeopleSource, Person, open_people
from scim_tui.mapping.read.remarks import Remarks, refuse_unclear
from scim_tui.model.directory import UserRow
from scim_tui.model.errors import ScimTuiError, UsageError
from scim_tui.model.unknown_values import Absent
from scim_tui.providers.port import Provider

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PeopleFile:
    """All people of a file, or of a directory."""

    name: str
    """Name of the file; text from outside."""
    format: str
    """csv, json, jsonl, ldif or scim."""
    columns: tuple[str, ...]
    """Every column or top-level key that occurs, in order of appearance."""
    records: Spool = field(repr=False)
    scope: str = "not known"
    """Which column or file says who is assigned, in words."""
    notes: tuple[str, ...] = ()
    """Notes about the file, as sentences."""
    remarks: Remarks = field(default_factory=Remarks)
    """The notes as data: whether it is one page of several, and columns that cannot be read."""

    def __len__(self) -> int:
        return len(self.records)

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.records)

    def person(self, index: int) -> Person:
        """One person."""
        line, source, assigned = self.records[index]
        return Person(index, line, source, Assigned(assigned))

    def stretch(self, first: int, end: int) -> Iterator[Person]:
        """The people from index `first` to before `end`, in one read."""
        unknown = Assigned.UNKNOWN
        for index, row in enumerate(self.records.stretch(first, end), first):
            line, source, assigned = row
            known = unknown if assigned == "unknown" else Assigned(assigned)
            yield Person(index, line, source, known)


@dataclass(slots=True)
class FileReading:
    """The reading of a file in a thread: how much is read, and whether to stop."""

    what: str
    read: int = 0
    source: PeopleSource | None = None
    """None: the file is not open yet."""
    started: float = field(default_factory=time.monotonic)
    stopped: threading.Event = field(default_factory=threading.Event)

    def progress(self) -> WorkProgress:
        """The progress by bytes, as the number of people in the file is not known yet."""
        source, seconds = self.source, time.monotonic() - self.started
        share = source.place / source.size if source is not None and source.size else None
        return WorkProgress(self.what, self.read, 0, seconds, share)


async def in_a_thread(read: Callable[[], T], reading: FileReading, on_progress: OnProgress) -> T:
    """Read in a thread and report the progress. Cancelling stops the reading."""
    work = asyncio.create_task(asyncio.to_thread(read))
    try:
        while not (await asyncio.wait({work}, timeout=REPORT))[0]:
            on_progress(reading.progress())
    except asyncio.CancelledError:
        reading.stopped.set()
        with contextlib.suppress(ScimTuiError):
            await work
        raise
    return work.result()


def from_file(
    path: Path, scope: Path | str | None, reading: FileReading, encoding: str = ""
) -> PeopleFile:
    """All people in a file. Raises `UsageError` with file and line."""
    source = reading.source = open_people(path, scope, encoding=encoding)
    records = Spool()
    for person in counted(source, reading):
        keep(records, person.line, person.source, person.assigned)
    remarks, says = source.remarks, source.scope.says
    refuse_unclear(remarks.unclear, source.scope.columns, "who is assigned")
    columns, notes = source.columns, source.notes
    return PeopleFile(source.name, source.format, columns, records, says, notes, remarks)


async def from_directory(provider: Provider, on_progress: OnProgress) -> PeopleFile:
    """All users of a directory, as if they were a file of people."""
    records, listing = Spool(), ProgressCounter("listing the directory", await how_many(provider))
    async for row in _rows(provider):
        keep(records, len(records) + 1, as_source(row), Assigned.UNKNOWN)
        if len(records) % 500 == 0:
            on_progress(listing.progress(len(records)))
    if not len(records):
        raise UsageError("The directory has no users.", "Load a file of people.")
    columns = tuple(as_source(UserRow._make(["x"] * 7 + [True, "", ""])))
    return PeopleFile("directory", "scim", columns, records)


def as_source(row: UserRow) -> dict[str, Any]:
    """A user of a listing as a SCIM resource, with the attributes that a listing has.

    It has no id: the directory makes ids, and an IdP does not know them.
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
    """The number of users that the directory states; 0: it states no number."""
    users = (await provider.summary()).users
    return 0 if isinstance(users, Absent) else users


@dataclass(slots=True)
class ProgressCounter:
    """Counts the items of one piece of work."""

    what: str
    of: int
    """How many there are; 0: not known."""
    started: float = field(default_factory=time.monotonic)

    def progress(self, done: int) -> WorkProgress:
        """The progress after so many items."""
        return WorkProgress(self.what, done, self.of, time.monotonic() - self.started)


async def _rows(provider: Provider) -> AsyncIterator[UserRow]:
    async for page in provider.users():
        for row in page.rows:
            yield row


def counted(people: Iterable[Person], reading: FileReading) -> Iterator[Person]:
    """The people as they are read, counted. Raises `UsageError` when the reading was stopped."""
    for person in giving_way(people):
        if reading.stopped.is_set():
            raise UsageError("Reading was stopped; what was loaded before stays.")
        reading.read += 1
        yield person


def keep(records: Spool, line: int, source: Mapping[str, Any], assigned: Assigned) -> None:
    """Write a person to the temporary file. Raises `UsageError` when the disk is full."""
    try:
        records.add((line, source, assigned.value))
    except OSError as error:
        raise UsageError(
            f"There is no room for the people in the temporary folder: {error.strerror}.",
            "Make room there, or set TMPDIR to another folder.",
        ) from error
