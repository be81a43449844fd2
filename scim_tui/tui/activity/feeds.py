"""The two tabs of Activity: how their entries are read, and how one is drawn."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar

from scim_tui.core.health.snapshot import Snapshot
from scim_tui.core.workspace import Workspace
from scim_tui.model.activity import AuditEntry, Event
from scim_tui.model.directory import Kind
from scim_tui.model.errors import ScimTuiError
from scim_tui.model.unknown_values import Absent
from scim_tui.tui.activity import lines as drawn
from scim_tui.tui.activity import messages
from scim_tui.tui.activity.log import Log, fields_of_entry, fields_of_event
from scim_tui.tui.drawing.text import Line, line
from scim_tui.tui.widgets.table import Column

PAGE = 200
MOST_BEHIND = 2_000
"""From this many new entries on, they replace the old ones, which are then read again by page."""
NEWEST, NEWER, OLDER = "newest", "newer", "older"
T = TypeVar("T")


class FetchResult(NamedTuple, Generic[T]):
    """The entries of one request, or why it failed."""

    way: str
    reset: int
    """How often the feed had been cleared at the time of the request."""
    entries: Sequence[T] = ()
    complete: bool = False
    """Whether there is nothing older."""
    error: ScimTuiError | None = None


class EntryFeed(Generic[T]):
    """One tab. Subclasses read the entries and draw them."""

    name = ""
    columns: tuple[Column, ...] = ()
    empty: tuple[str, ...] = ()
    """Sentences for an empty list."""

    def __init__(
        self,
        order: Callable[[T], int],
        fields: Callable[[T], dict[str, str]],
        when: Callable[[T], datetime] | None = None,
    ) -> None:
        self.order = order
        self.log: Log[T] = Log(lambda entry: str(order(entry)), fields, when)
        self.resets = 0
        self.waits = False
        """Whether an older page is being read."""
        self.retry_at = 0.0
        """When to ask again after a failure, on the loop's clock."""
        self.at = ""
        """Key the cursor was on when the other tab was shown."""

    def forget(self) -> None:
        """Drop the entries and read them again."""
        self.resets += 1
        self.waits = False
        self.log.forget()

    async def ask(self, space: Workspace, way: str) -> FetchResult[T]:
        """Read entries; an error is part of the result."""
        reset = self.resets
        try:
            entries, complete = await self.fetch(space, way)
        except ScimTuiError as error:
            return FetchResult(way, reset, error=error)
        return FetchResult(way, reset, entries, complete)

    def take(self, answer: FetchResult[T]) -> None:
        """Add a result to the entries; one from before the last clear is ignored."""
        log, order = self.log, self.order
        if answer.reset != self.resets:
            return
        if answer.way == OLDER:
            self.waits = False
        if answer.error is not None:
            log.error = answer.error
        elif answer.way == NEWEST or not log.entries:
            log.start(answer.entries, complete=answer.complete)
        elif answer.way == OLDER:
            oldest = order(log.entries[-1])
            log.append([e for e in answer.entries if order(e) < oldest], complete=answer.complete)
        elif len(answer.entries) >= MOST_BEHIND:
            log.start(answer.entries, complete=False)
        else:
            newest = order(log.entries[0])
            log.prepend([e for e in answer.entries if order(e) > newest])

    async def fetch(self, space: Workspace, way: str) -> tuple[Sequence[T], bool]:
        """Entries newest first, and whether there is nothing older. Raises `model.errors`."""
        raise NotImplementedError

    def mark(self, snapshot: Snapshot | None) -> object:
        """A value that changes when there are new entries."""
        raise NotImplementedError

    def cannot(self, space: Workspace) -> str:
        """Why there are no entries here; empty: there are."""
        return ""

    def cells(self, entry: T, now: datetime) -> Line:
        """A row."""
        raise NotImplementedError

    def lines(self, entry: T, now: datetime, cells: int) -> list[Line]:
        """All details of one entry."""
        raise NotImplementedError

    def words(self, snapshot: Snapshot | None) -> Line:
        """What the title shows besides the counts."""
        return ()

    def copyable(self, entry: T) -> str:
        """What `y` copies."""
        raise NotImplementedError

    def object_of(self, entry: T) -> tuple[Kind, str] | None:
        """The user or group an entry is about."""
        return None


class RequestFeed(EntryFeed[Event]):
    """The requests of the IdP."""

    name = messages.REQUESTS
    columns = drawn.REQUESTS
    empty = messages.NO_REQUESTS

    def __init__(self) -> None:
        super().__init__(lambda event: event.id, fields_of_event, lambda event: event.at)
        self.refused = False
        """Whether only refused requests are read."""

    async def fetch(self, space: Workspace, way: str) -> tuple[Sequence[Event], bool]:
        """Read one page, or everything since the newest entry."""
        entries = self.log.entries
        if way == NEWER and entries:
            return await space.activity.follow(entries[0].id, self.refused), False
        before = entries[-1].id if way == OLDER and entries else None
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

    def words(self, snapshot: Snapshot | None) -> Line:
        """Whether only refused ones are shown."""
        return line((f"  {messages.REFUSED_ONLY}", "warn")) if self.refused else ()

    def copyable(self, entry: Event) -> str:
        """The request id, which also the server's log has."""
        known = "" if isinstance(entry.resource_id, Absent) else entry.resource_id
        return entry.request_id or known

    def object_of(self, entry: Event) -> tuple[Kind, str] | None:
        """The resource, where the request names one."""
        from scim_tui.model.directory import Kind

        if isinstance(entry.resource_id, Absent) or not entry.resource_id:
            return None
        kinds = {"User": Kind.USERS, "Group": Kind.GROUPS}
        found = [kind for end, kind in kinds.items() if entry.operation.endswith(end)]
        return (found[0], entry.resource_id) if found else None


class AuditFeed(EntryFeed[AuditEntry]):
    """The audit entries of operators."""

    name = messages.AUDIT
    columns = drawn.AUDIT
    empty = messages.NO_ENTRIES

    def __init__(self) -> None:
        super().__init__(lambda entry: entry.seq, fields_of_entry)

    async def fetch(self, space: Workspace, way: str) -> tuple[Sequence[AuditEntry], bool]:
        """Read the end of the trail."""
        known = len(self.log.entries)
        limit = PAGE if way == NEWEST else known + PAGE
        entries = await space.audit.entries(limit)
        return entries, len(entries) < limit

    def mark(self, snapshot: Snapshot | None) -> object:
        """The verdict on the chain, which includes the number of entries."""
        return snapshot.audit if snapshot is not None else None

    def cells(self, entry: AuditEntry, now: datetime) -> Line:
        """A row."""
        return drawn.entry_cells(entry, now)

    def lines(self, entry: AuditEntry, now: datetime, cells: int) -> list[Line]:
        """All details of one audit entry."""
        return drawn.entry_lines(entry, now, cells)

    def words(self, snapshot: Snapshot | None) -> Line:
        """Whether the chain of hashes is intact."""
        return line("  ", drawn.chain_words(snapshot.audit if snapshot is not None else None))

    def copyable(self, entry: AuditEntry) -> str:
        """The hash, which covers the entry and all before it."""
        return entry.hash
