"""Activity from CloudTrail: requests of the IdP, used keys, tokens created and deleted."""

from collections.abc import Callable
from datetime import datetime, timedelta

from scim_tui.model.activity import Event, EventPage, Traffic, let_in
from scim_tui.model.errors import NotFound
from scim_tui.model.own_agent import is_ours
from scim_tui.model.sent_request import SentRequest
from scim_tui.model.token_acts import KeyUse, TokenAct
from scim_tui.model.unknown_values import NEVER, UNKNOWN
from scim_tui.providers.event_counts import count_events
from scim_tui.providers.identity_center.account import Account
from scim_tui.providers.identity_center.feed import KEPT, PAGE, CloudTrailFeed, Numbers
from scim_tui.providers.identity_center.shared import Shared
from scim_tui.providers.identity_center.trail import (
    CONSOLE,
    SCIM,
    SOURCES,
    TOKEN_ACTS,
    Logged,
    read_record,
    sent_of,
    status_of,
)

LOG = "CloudTrail"
DAY, WEEK = timedelta(hours=24), timedelta(days=7)
ACTS_AGE = timedelta(minutes=5)
"""How long token events are cached: tokens are made and deleted a few times a year."""


class TrailActivity:
    """The records of CloudTrail about one tenant."""

    def __init__(
        self,
        account: Account,
        tenant_id: str,
        store_id: Callable[[], str],
        clock: Callable[[], datetime],
    ) -> None:
        """`store_id` gives an empty text as long as the store is not known."""
        numbers = Numbers()
        self._account, self._tenant_id, self._clock = account, tenant_id, clock
        self._store_id = store_id
        self._feeds = {
            source: CloudTrailFeed(
                account, source, numbers, clock, is_ours=self._is_ours, writes=source != SCIM
            )
            for source in SOURCES
        }
        self._acts: tuple[datetime, tuple[TokenAct, ...]] | None = None
        self._asking = Shared(self._read_acts)

    @property
    def since(self) -> datetime | None:
        """How far back the requests of SCIM were read; None: they were not."""
        return self._feeds[SCIM].since

    @property
    def requests(self) -> list[Logged]:
        """The requests of SCIM that were read, newest first."""
        return self._feeds[SCIM].records

    def _is_ours(self, record: Logged) -> bool:
        """Whether a record is about our tenant and store, as far as it names them."""
        return _agree(record.tenant_id, self._tenant_id) and _agree(
            record.store_id, self._store_id()
        )

    async def traffic(self, since: datetime) -> Traffic:
        """The counted SCIM requests; `since` in the result says how far back they were read."""
        await self._feeds[SCIM].look(since)
        read = self.since or since
        events = [each for each in reversed(self._feeds[SCIM].events()) if not is_ours(each.client)]
        found = count_events(events, max(since, read), self._clock())
        blank = {name: UNKNOWN for name in _LAST if getattr(found, name) is NEVER}
        # What lies further back was not read, so never would be a guess.
        return found.model_copy(update=blank)

    async def events(
        self,
        *,
        limit: int,
        before: int | None,
        after: int | None,
        since: datetime | None,
        refused: bool,
    ) -> EventPage:
        """A page of events; a request for more than was read makes the feeds read another week.

        Refused requests are only searched in what was read: for a directory without any, the whole
        log would have to be read.
        """
        now = self._clock()
        await self._look(since or now - DAY, refused=refused)
        found = self._page(limit, before, after, since, refused=refused)
        back = after is None and since is None and (before is not None or not refused)
        if len(found) < limit and back:
            oldest = max((feed.since for feed in self._feeds.values() if feed.since), default=now)
            await self._look(oldest - WEEK, refused=refused)
            found = self._page(limit, before, after, since, refused=refused)
        end = max(since or now - KEPT, now - KEPT)
        read = [
            feed.since or now
            for source, feed in self._feeds.items()
            if source == SCIM or not refused
        ]
        return EventPage(events=tuple(found), more=after is None and max(read) > end)

    async def sent_request(self, request_id: str) -> SentRequest:
        """What CloudTrail shows of a refused request, of the last week. Raises `NotFound`."""
        await self._feeds[SCIM].look(self._clock() - WEEK)
        for each in self.requests:
            if each.request_id == request_id and each.error:
                return sent_of(each)
        raise NotFound(
            "CloudTrail has no refused request with this id, as far back as it was read.",
            "Read further back first: scim-tui activity --failures --since 30d",
            status=404,
        )

    async def token_acts(self) -> tuple[TokenAct, ...]:
        """Creations and deletions of tokens in the last 90 days, oldest first."""
        return await self._asking.get()

    def stop(self) -> None:
        """Cancel the requests under way."""
        self._asking.stop()
        for feed in self._feeds.values():
            feed.stop()

    async def _read_acts(self) -> tuple[TokenAct, ...]:
        now = self._clock()
        if self._acts is None or now - self._acts[0] > ACTS_AGE:
            found = [act for name in TOKEN_ACTS for act in await self._acts_named(name, now)]
            self._acts = (now, tuple(sorted(found, key=lambda act: act.at)))
        return self._acts[1]

    def used_keys(self) -> list[KeyUse]:
        """Which client used which key, in the records that were read, newest first."""
        found: dict[tuple[str, str], KeyUse] = {}
        for each in reversed(self.requests):
            if each.key_id and let_in(status_of(each)):
                pair = (each.key_id, each.agent)
                count = found[pair].requests if pair in found else 0
                found[pair] = KeyUse(
                    key_id=each.key_id, agent=each.agent, requests=count + 1, newest=each.at
                )
        return sorted(found.values(), key=lambda use: use.newest, reverse=True)

    def addresses(self, *, ours: bool) -> list[str]:
        """The addresses of our own requests, or of all others."""
        found = {
            each.address: None
            for each in self.requests
            if each.address and is_ours(each.agent) is ours
        }
        return list(found)

    async def _look(self, since: datetime, *, refused: bool) -> None:
        for source, feed in self._feeds.items():
            if source == SCIM or not refused:
                await feed.look(since)

    def _page(
        self,
        limit: int,
        before: int | None,
        after: int | None,
        since: datetime | None,
        *,
        refused: bool,
    ) -> list[Event]:
        events = [each for feed in self._feeds.values() for each in feed.events()]
        found = [
            each
            for each in sorted(events, key=lambda event: event.id, reverse=True)
            if (before is None or each.id < before)
            and (after is None or each.id > after)
            and (since is None or each.at >= since)
            and (each.refused or not refused)
        ]
        return found[:limit]

    async def _acts_named(self, name: str, now: datetime) -> list[TokenAct]:
        pages = self._account.pages(
            "cloudtrail",
            "LookupEvents",
            "Events",
            LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": name}],
            StartTime=now - KEPT,
            EndTime=now,
            MaxResults=PAGE,
        )
        records = [read_record(each) async for page, _ in pages for each in page]
        return [
            _act(each)
            for each in records
            if each.source == CONSOLE and not each.error and self._is_ours(each)
        ]


_LAST = ("last_request_at", "last_write_at", "last_accepted_at", "last_unauthorized_at")


def _agree(said: str, ours: str) -> bool:
    return not said or not ours or said == ours


def _act(record: Logged) -> TokenAct:
    return TokenAct(
        at=record.at,
        made=record.name == TOKEN_ACTS[0],
        token_id=record.token_id or UNKNOWN,
        by=record.who or UNKNOWN,
        log=LOG,
    )
