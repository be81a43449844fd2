"""Where the entries of the two tabs of Activity come from, and how one entry is drawn."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from scim_tui.core.health.snapshot import Snapshot
from scim_tui.core.workspace import Workspace
from scim_tui.model.activity import AuditEntry, Event
from scim_tui.model.directory import Kind
from scim_tui.model.unknown_values import Absent
from scim_tui.tui.activity import lines as drawn
from scim_tui.tui.activity import messages
from scim_tui.tui.activity.log import fields_of_entry, fields_of_event
from scim_tui.tui.drawing.text import Line, line
from scim_tui.tui.widgets.table import Column

PAGE = 200
"""Entries of one request."""
NEWEST, NEWER, OLDER = "newest", "newer", "older"
"""Which entries are asked for: the first page, those after it, or those before it."""
T = TypeVar("T")


class EntrySource(Protocol[T]):
    """Reads entries of one kind, and draws them."""

    @property
    def name(self) -> str:
        """The title of the tab."""
        ...

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the table."""
        ...

    @property
    def empty(self) -> tuple[str, str]:
        """Two sentences for an empty list: that it is, and what fills it."""
        ...

    def order(self, entry: T) -> int:
        """The sequence number of an entry; newer ones have higher numbers."""
        ...

    def fields(self, entry: T) -> dict[str, str]:
        """The searchable fields of an entry."""
        ...

    def when(self, entry: T) -> datetime:
        """The time by which the list is ordered, which is the one that is shown."""
        ...

    async def fetch(
        self, space: Workspace, way: str, known: Sequence[T]
    ) -> tuple[Sequence[T], bool]:
        """Entries newest first, and whether there is nothing older. Raises `model.errors`.

        `known` are the entries that were read before.
        """
        ...

    def mark(self, snapshot: Snapshot | None) -> object:
        """A value that changes when there are new entries."""
        ...

    def cannot(self, space: Workspace) -> str:
        """Why there are no entries here; empty: there are."""
        ...

    def cells(self, entry: T, now: datetime) -> Line:
        """A row."""
        ...

    def lines(self, entry: T, now: datetime, cells: int) -> list[Line]:
        """All details of one entry, in `cells` columns."""
        ...

    def title_words(self, snapshot: Snapshot | None) -> Line:
        """What the title shows besides the counts."""
        ...

    def copyable(self, entry: T) -> str:
        """What `y` copies."""
        ...

    def object_of(self, entry: T) -> tuple[Kind, str] | None:
        """The user or group an entry is about; None: none, or not known."""
        ...


class RequestSource:
    """The requests of the IdP."""

    name = messages.REQUESTS
    columns = drawn.REQUESTS
    empty = messages.NO_REQUESTS

    def __init__(self) -> None:
        self.refused = False
        """Whether only refused requests are read."""

    def order(self, entry: Event) -> int:
        """The id that the service counts up."""
        return entry.id

    def fields(self, entry: Event) -> dict[str, str]:
        """The searchable fields of a request."""
        return fields_of_event(entry)

    def when(self, entry: Event) -> datetime:
        """The time of the request; of folded ones that of the newest."""
        return entry.at

    async def fetch(
        self, space: Workspace, way: str, known: Sequence[Event]
    ) -> tuple[Sequence[Event], bool]:
        """Read one page, or everything since the newest entry."""
        if way == NEWER and known:
            return await space.activity.follow(known[0].id, self.refused), False
        before = known[-1].id if way == OLDER and known else None
        page = await space.activity.recent(PAGE, refused=self.refused, before=before)
        return page.events, len(page.events) < PAGE and not page.more

    def mark(self, snapshot: Snapshot | None) -> object:
        """The counts of the day; while they do not change, nothing is read."""
        traffic = snapshot.traffic if snapshot is not None else None
        if traffic is None or isinstance(traffic, Absent):
            return None
        return (
            traffic.accepted,
            traffic.refused,
            traffic.sign_in_failures,
            traffic.throttled,
            traffic.own,
            traffic.last_request_at,
        )

    def cannot(self, space: Workspace) -> str:
        """Why this provider keeps no requests; empty: it does."""
        can = space.provider.capabilities.events
        return "" if can else can.reason

    def cells(self, entry: Event, now: datetime) -> Line:
        """A row."""
        return drawn.event_cells(entry, now)

    def lines(self, entry: Event, now: datetime, cells: int) -> list[Line]:
        """All details of one request."""
        return drawn.event_lines(entry, now, cells)

    def title_words(self, snapshot: Snapshot | None) -> Line:
        """Whether only refused ones are shown."""
        return line((f"  {messages.REFUSED_ONLY}", "warn")) if self.refused else ()

    def copyable(self, entry: Event) -> str:
        """The request id, which is also in the server's log."""
        known = "" if isinstance(entry.resource_id, Absent) else entry.resource_id
        return entry.request_id or known

    def object_of(self, entry: Event) -> tuple[Kind, str] | None:
        """The resource, where the request names one."""
        if isinstance(entry.resource_id, Absent) or not entry.resource_id:
            return None
        kinds = {"User": Kind.USERS, "Group": Kind.GROUPS}
        found = [kind for end, kind in kinds.items() if entry.operation.endswith(end)]
        return (found[0], entry.resource_id) if found else None


class AuditSource:
    """The audit entries of operators."""

    name = messages.AUDIT
    columns = drawn.AUDIT
    empty = messages.NO_ENTRIES

    def order(self, entry: AuditEntry) -> int:
        """The number of the entry in the audit trail."""
        return entry.seq

    def fields(self, entry: AuditEntry) -> dict[str, str]:
        """The searchable fields of an audit entry."""
        return fields_of_entry(entry)

    def when(self, entry: AuditEntry) -> datetime:
        """When it was written."""
        return entry.at

    async def fetch(
        self, space: Workspace, way: str, known: Sequence[AuditEntry]
    ) -> tuple[Sequence[AuditEntry], bool]:
        """Read the end of the trail, as far as was read before, and a page more."""
        limit = PAGE if way == NEWEST else len(known) + PAGE
        entries = await space.audit.entries(limit)
        return entries, len(entries) < limit

    def mark(self, snapshot: Snapshot | None) -> object:
        """The verdict on the chain, which includes the number of entries."""
        return snapshot.audit if snapshot is not None else None

    def cannot(self, space: Workspace) -> str:
        """The audit is a file of this tool, so it can always be read."""
        return ""

    def cells(self, entry: AuditEntry, now: datetime) -> Line:
        """A row."""
        return drawn.entry_cells(entry, now)

    def lines(self, entry: AuditEntry, now: datetime, cells: int) -> list[Line]:
        """All details of one audit entry."""
        return drawn.entry_lines(entry, now, cells)

    def title_words(self, snapshot: Snapshot | None) -> Line:
        """Whether the chain of hashes is intact."""
        return line("  ", drawn.chain_words(snapshot.audit if snapshot is not None else None))

    def copyable(self, entry: AuditEntry) -> str:
        """The hash, which covers the entry and all before it."""
        return entry.hash

    def object_of(self, entry: AuditEntry) -> tuple[Kind, str] | None:
        """An audit entry names its target in words, so no object of the directory is known."""
        return None
