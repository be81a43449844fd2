"""A search for requests, read page by page: by the provider where it can search, else here."""

from collections.abc import Sequence
from datetime import datetime

from scim_tui.core.activity.folding import FoldedEvent, fold, may_grow
from scim_tui.core.activity.grouping import group
from scim_tui.model.activity import Event, EventGroups, EventPage, GroupBy
from scim_tui.model.clock import Clock, utc_now
from scim_tui.model.event_search import EventSearch, EventTerm, parse
from scim_tui.model.own_agent import is_ours
from scim_tui.providers.port import Provider, SearchesEvents

PAGE = 200
MOST_GROUPED = 20_000
"""How many events of a provider that cannot group are looked through."""
_AT_ONCE = 1_000
_REFUSED = EventTerm("outcome", "refused")


class FoundEvents:
    """The events that match a search, newest first, of which `more` reads on.

    Raises `UsageError` when it is made of a text that is no search. One caller reads at a time.
    """

    def __init__(
        self, provider: Provider, text: str = "", clock: Clock = utc_now, *, folded: bool = True
    ) -> None:
        self.text = text
        self.rows: list[FoldedEvent] = []
        """What was read so far; the last row may still get look-ups."""
        self.complete = False
        """Whether all events were looked through."""
        self._search: EventSearch = parse(text, clock())
        self._provider, self._folded = provider, folded
        self._before: int | None = None

    @property
    def looked_back_to(self) -> int | None:
        """Every newer event than the one with this id was looked at; None: none was."""
        return self._before

    async def more(self, limit: int = PAGE) -> int:
        """Read on and give how many events were found; 0 says nothing unless it is `complete`.

        One call is one request of bounded time, so a rare event may need several.
        """
        if self.complete:
            return 0
        page = await page_of(self._provider, self.text, self._search, limit, self._before)
        self._add(page.events)
        self._before = page.older
        self.complete = page.older is None
        return len(page.events)

    async def until(self, number: int) -> None:
        """Read on until there are so many rows, or all events were looked through."""
        while len(self.rows) < number and not self.complete:
            await self.more(max(number - len(self.rows), 1))

    def _add(self, events: Sequence[Event]) -> None:
        hides = bool(self._provider.capabilities.key_ids)
        found = [each for each in events if not (hides and is_ours(each.client))]
        if not self._folded:
            self.rows += map(FoldedEvent, found)
            return
        # The last row goes on in this page, where it can.
        again = self.rows.pop().all_events if self.rows and may_grow(self.rows[-1]) else ()
        self.rows += fold([*again, *found])


async def page_of(
    provider: Provider, text: str, search: EventSearch, limit: int, before: int | None
) -> EventPage:
    """One page of a search, newest first; `older` says where to go on."""
    if isinstance(provider, SearchesEvents):
        return await provider.search_events(text, limit=min(limit, _AT_ONCE), before=before)
    refused = _REFUSED in search.terms
    page = await provider.events(limit=_AT_ONCE, before=before, since=search.since, refused=refused)
    ends = len(page.events) < _AT_ONCE and not (page.more and page.events)
    found = [each for each in page.events if search.matches(each)]
    if len(found) > limit:
        return EventPage(events=tuple(found[:limit]), older=found[limit - 1].id, more=True)
    older = None if ends else page.events[-1].id
    return EventPage(events=tuple(found), older=older, more=older is not None)


async def groups_of(
    provider: Provider, text: str, by: GroupBy, limit: int, now: datetime
) -> EventGroups:
    """What matches, by person or by cause. Raises `UsageError`."""
    search = parse(text, now)
    if isinstance(provider, SearchesEvents):
        return await provider.group_events(text, by, min(limit, _AT_ONCE))
    events: list[Event] = []
    before: int | None = None
    while len(events) < MOST_GROUPED:
        page = await page_of(provider, text, search, _AT_ONCE, before)
        events += page.events
        before = page.older
        if before is None:
            break
    return EventGroups(groups=tuple(group(events, by)[:limit]), whole=before is None)
