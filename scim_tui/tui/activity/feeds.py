"""The two tabs of Activity: where their entries come from, and how one is drawn."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from scim_tui.model.errors import ScimTuiError
from scim_tui.model.unknown_values import Absent
from scim_tui.tui.activity import lines as drawn
from scim_tui.tui.activity.log import Log, fields_of_act, fields_of_event
from scim_tui.tui.drawing.text import Line, line
from scim_tui.tui.widgets.table import Column

if TYPE_CHECKING:
    from scim_tui.core.health.snapshot import Snapshot
    from scim_tui.core.workspace import Workspace
    from scim_tui.model.activity import AuditEntry, Event
    from scim_tui.model.directory import Kind

PAGE = 200
MOST_BEHIND = 2_000
"""From so many new entries on they replace the old ones; what is between is paged back to."""
NEWEST, NEWER, OLDER = "newest", "newer", "older"
T = TypeVar("T")


class FetchResult(NamedTuple, Generic[T]):
    """What came of asking for entries."""

    way: str
    reset: int
    """How often the feed had begun anew when it was asked."""
    entries: Sequence[T] = ()
    whole: bool = False
    """There is nothing older."""
    error: ScimTuiError | None = None


class EntryFeed(Generic[T]):
    """One tab. Subclasses say where entries come from."""

    name = ""
    columns: tuple[Column, ...] = ()
    empty: tuple[str, ...] = ()
    """Sentences for when there is nothing at all."""

    def __init__(self, order: Callable[[T], int], fields: Callable[[T], dict[str, str]]) -> None:
        self.order = order
        self.log: Log[T] = Log(lambda entry: str(order(entry)), fields)
        self.resets = 0
        self.waits = False
        """An older page is on its way."""
        self.retry_at = 0.0
        """When to ask again after a failure, on the loop's clock."""
        self.at = ""
        """Key the cursor was on when the other tab was shown."""

    def forget(self) -> None:
        """Begin anew."""
        self.resets += 1
        self.waits = False
        self.log.forget()

    async def ask(self, space: "Workspace", way: str) -> FetchResult[T]:
        """Fetch entries; a failure is an answer too."""
        reset = self.resets
        try:
            entries, whole = await self.fetch(space, way)
        except ScimTuiError as error:
            return FetchResult(way, reset, error=error)
        return FetchResult(way, reset, entries, whole)

    def take(self, answer: FetchResult[T]) -> None:
        """Put what came where it belongs."""
        log, order = self.log, self.order
        if answer.reset != self.resets:
            return
        if answer.way == OLDER:
            self.waits = False
        if answer.error is not None:
            log.error = answer.error
        elif answer.way == NEWEST or not log.entries:
            log.start(answer.entries, whole=answer.whole)
        elif answer.way == OLDER:
            oldest = order(log.entries[-1])
            log.append([e for e in answer.entries if order(e) < oldest], whole=answer.whole)
        elif len(answer.entries) >= MOST_BEHIND:
            log.start(answer.entries, whole=False)
        else:
            newest = order(log.entries[0])
            log.prepend([e for e in answer.entries if order(e) > newest])

    async def fetch(self, space: "Workspace", way: str) -> tuple[Sequence[T], bool]:
        """Entries newest first, and whether there is nothing older. Raises `model.errors`."""
        raise NotImplementedError

    def mark(self, snapshot: "Snapshot | None") -> object:
        """What changes when there are new entries."""
        raise NotImplementedError

    def cannot(self, space: "Workspace") -> str:
        """Why there can be no entries here, or empty."""
        return ""

    def cells(self, entry: T, now: datetime) -> Line:
        """A row."""
        raise NotImplementedError

    def lines(self, entry: T, now: datetime, cells: int) -> list[Line]:
        """Everything of one entry."""
        raise NotImplementedError

    def words(self, snapshot: "Snapshot | None") -> Line:
        """What else the title tells."""
        return ()

    def copyable(self, entry: T) -> str:
        """What `y` copies."""
        raise NotImplementedError

    def object_of(self, entry: T) -> "tuple[Kind, str] | None":
        """The user or group an entry is about."""
        return None


class RequestFeed(EntryFeed["Event"]):
    """What the IdP asked for."""

    name = "IdP requests"
    columns = drawn.REQUESTS
    empty = ("No request yet.", "They appear here as soon as an IdP uses the endpoint.")

    def __init__(self) -> None:
        super().__init__(lambda event: event.id, fields_of_event)
        self.refused = False
        """Only requests that were refused."""

    async def fetch(self, space: "Workspace", way: str) -> "tuple[Sequence[Event], bool]":
        """Ask for a page, or for everything since the newest one."""
        entries = self.log.entries
        if way == NEWER and entries:
            return await space.activity.follow(entries[0].id, self.refused), False
        before = entries[-1].id if way == OLDER and entries else None
        page = await space.activity.recent(PAGE, refused=self.refused, before=before)
        return page.events, len(page.events) < PAGE and not page.more

    def mark(self, snapshot: "Snapshot | None") -> object:
        """The counts of the day; nothing else is asked while they stand still."""
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

    def cannot(self, space: "Workspace") -> str:
        """Not every directory keeps a record."""
        can = space.provider.capabilities.events
        return "" if can else can.reason

    def cells(self, entry: "Event", now: datetime) -> Line:
        """A row."""
        return drawn.event_cells(entry, now)

    def lines(self, entry: "Event", now: datetime, cells: int) -> list[Line]:
        """Everything of one request."""
        return drawn.event_lines(entry, now, cells)

    def words(self, snapshot: "Snapshot | None") -> Line:
        """Whether only refused ones are shown."""
        return line(("  refused only", "warn")) if self.refused else ()

    def copyable(self, entry: "Event") -> str:
        """The request id, which the other side can look for."""
        known = "" if isinstance(entry.resource_id, Absent) else entry.resource_id
        return entry.request_id or known

    def object_of(self, entry: "Event") -> "tuple[Kind, str] | None":
        """The resource, where the request names one."""
        from scim_tui.model.directory import Kind

        if isinstance(entry.resource_id, Absent) or not entry.resource_id:
            return None
        kinds = {"User": Kind.USERS, "Group": Kind.GROUPS}
        found = [kind for end, kind in kinds.items() if entry.operation.endswith(end)]
        return (found[0], entry.resource_id) if found else None


class AuditFeed(EntryFeed["AuditEntry"]):
    """What operators did."""

    name = "Operators' audit"
    columns = drawn.ACTS
    empty = ("No act yet.", "Every change made here or by command leaves an entry.")

    def __init__(self) -> None:
        super().__init__(lambda entry: entry.seq, fields_of_act)

    async def fetch(self, space: "Workspace", way: str) -> "tuple[Sequence[AuditEntry], bool]":
        """Read the end of the trail."""
        known = len(self.log.entries)
        limit = PAGE if way == NEWEST else known + PAGE
        entries = await space.audit.entries(limit)
        return entries, len(entries) < limit

    def mark(self, snapshot: "Snapshot | None") -> object:
        """The verdict, which counts the entries."""
        return snapshot.audit if snapshot is not None else None

    def cells(self, entry: "AuditEntry", now: datetime) -> Line:
        """A row."""
        return drawn.act_cells(entry, now)

    def lines(self, entry: "AuditEntry", now: datetime, cells: int) -> list[Line]:
        """Everything of one act."""
        return drawn.act_lines(entry, now, cells)

    def words(self, snapshot: "Snapshot | None") -> Line:
        """Whether the chain is whole."""
        return line("  ", drawn.chain_words(snapshot.audit if snapshot is not None else None))

    def copyable(self, entry: "AuditEntry") -> str:
        """The hash, which proves the entry and all before it."""
        return entry.hash
