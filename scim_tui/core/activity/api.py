"""The requests of the IdP: the newest ones, those since the last look, and a day in numbers."""

from datetime import datetime, timedelta
from typing import NamedTuple

from scim_tui.core.activity.holders import Holders
from scim_tui.core.activity.refused import refused_people
from scim_tui.core.activity.refused_person import RefusedPeople, RefusedPerson
from scim_tui.core.activity.search import FoundEvents, groups_of
from scim_tui.model.activity import Event, EventGroups, EventPage, GroupBy, Traffic
from scim_tui.model.clock import Clock, utc_now
from scim_tui.model.own_agent import is_ours
from scim_tui.model.sent_request import SentRequest
from scim_tui.providers.port import Provider

PAGE = 200
NEWEST_REFUSALS = 5
MAX_BEHIND = 2_000
"""How many new events `follow` fetches at most; older ones are found by paging back."""
_AT_ONCE = 1_000
MOST_PEOPLE = 50
"""For how many people a holder is looked up; each may cost a request."""
MOST_LOOKED_THROUGH = 20_000
"""How many events `about` searches for those about one resource."""


class About(NamedTuple):
    """The events about one resource, newest first."""

    events: list[Event]
    looked: int
    """How many events were searched."""
    whole: bool
    """Whether all events of the log were searched."""


class Activity:
    """The requests of the IdP at one directory."""

    def __init__(
        self, provider: Provider, clock: Clock = utc_now, holders: Holders | None = None
    ) -> None:
        self._provider, self._clock, self._holders = provider, clock, holders

    async def recent(
        self,
        limit: int = PAGE,
        refused: bool = False,
        before: int | None = None,
        hours: float | None = None,
    ) -> EventPage:
        """Events newest first, older than id `before`, of the last `hours`."""
        since = None if hours is None else self._clock() - timedelta(hours=hours)
        found: list[Event] = []
        while True:
            page = await self._provider.events(
                limit=limit, before=before, since=since, refused=refused
            )
            found += self._of_others(page.events)
            short = len(page.events) < limit
            if len(found) >= limit or (short and not (page.more and since)):
                return page.model_copy(update={"events": tuple(found[:limit])})
            before = page.events[-1].id if page.events else before

    async def follow(self, after: int, refused: bool = False) -> list[Event]:
        """Every event newer than id `after`, newest first, `MAX_BEHIND` at most."""
        found: list[Event] = []
        before: int | None = None
        while len(found) < MAX_BEHIND:
            page = await self._provider.events(
                limit=PAGE, after=after, before=before, refused=refused
            )
            found += self._of_others(page.events)
            if len(page.events) < PAGE:
                break
            before = page.events[-1].id
        return found

    async def about(self, resource_id: str, most: int = MOST_LOOKED_THROUGH) -> About:
        """The events about one resource among the newest ones, page by page."""
        found: list[Event] = []
        looked, before = 0, None
        while looked < most:
            size = min(_AT_ONCE, most - looked)
            page = await self._provider.events(limit=size, before=before)
            looked += len(page.events)
            found += [event for event in page.events if event.resource_id == resource_id]
            if len(page.events) < size:
                return About(found, looked, True)
            before = page.events[-1].id
        return About(found, looked, False)

    async def refusals(self, limit: int = NEWEST_REFUSALS) -> tuple[Event, ...]:
        """The newest refused requests, newest first."""
        return (await self.recent(limit, refused=True)).events

    async def refused_people(self, hours: float = 24, most: int = MOST_PEOPLE) -> RefusedPeople:
        """The people refused in the last hours and not accepted since, the newest refusal first.

        Who has a value that is taken is looked up for the first `most` of them.
        """
        since = self._clock() - timedelta(hours=hours)
        refused, whole = await self._all(since, refused=True)
        first = refused_people(refused)
        after = min((each.newest for each in first), default=None)
        later, all_later = await self._all(after, refused=False) if after else ([], True)
        accepted = [each for each in later if not each.refused]
        people = refused_people([*refused, *accepted])
        found = [await self._with_holder(each) for each in people[:most]]
        return RefusedPeople(
            people=(*found, *people[most:]), since=since, whole=whole and all_later
        )

    async def _with_holder(self, person: RefusedPerson) -> RefusedPerson:
        return await self._holders.with_holder(person) if self._holders else person

    async def _all(self, since: datetime, *, refused: bool) -> tuple[list[Event], bool]:
        """The events since then, newest first, and whether these are all."""
        found: list[Event] = []
        before: int | None = None
        while len(found) < MOST_LOOKED_THROUGH:
            page = await self._provider.events(
                limit=_AT_ONCE, before=before, since=since, refused=refused
            )
            found += page.events
            if len(page.events) < _AT_ONCE and not (page.more and page.events):
                return found, not page.more
            before = page.events[-1].id
        return found, False

    def search(self, text: str = "", *, folded: bool = True) -> FoundEvents:
        """The events that match, to be read page by page. Raises `UsageError`."""
        return FoundEvents(self._provider, text, self._clock, folded=folded)

    async def groups(self, text: str, by: GroupBy, limit: int = PAGE) -> EventGroups:
        """What matches a search, by person or by cause. Raises `UsageError`."""
        return await groups_of(self._provider, text, by, limit, self._clock())

    async def sent(self, request_id: str) -> SentRequest:
        """What a refused request carried. Raises `Unsupported`, `NotFound`."""
        self._provider.capabilities.sent_requests.require()
        return await self._provider.sent_request(request_id)

    async def traffic(self, hours: float = 24) -> Traffic:
        """The requests of the IdP in the last hours, counted."""
        return await self._provider.traffic(self._clock() - timedelta(hours=hours))

    def _of_others(self, events: tuple[Event, ...]) -> list[Event]:
        """The events without those of this program, which some logs also record."""
        hides = bool(self._provider.capabilities.key_ids)
        return [each for each in events if not (hides and is_ours(each.client))]
