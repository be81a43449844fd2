"""The entries of one tab of Activity: what was read so far, and how a new page is added."""

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

from scim_tui.core.workspace import Workspace
from scim_tui.model.errors import ScimTuiError
from scim_tui.tui.activity.log import Log
from scim_tui.tui.activity.sources import NEWEST, OLDER, EntrySource

MOST_BEHIND = 2_000
"""From this many new entries on, they replace the old ones, which are then read again by page."""
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
    """One tab: a source, and the entries that were read from it."""

    def __init__(self, source: EntrySource[T]) -> None:
        self.source = source
        self.log: Log[T] = Log(lambda entry: str(source.order(entry)), source.fields, source.when)
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
            entries, complete = await self.source.fetch(space, way, self.log.entries)
        except ScimTuiError as error:
            return FetchResult(way, reset, error=error)
        return FetchResult(way, reset, entries, complete)

    def take(self, answer: FetchResult[T]) -> None:
        """Add a result to the entries; one from before the last clear is ignored."""
        log, order = self.log, self.source.order
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
