"""Reads CloudTrail as a feed: first the newest records, then those that came since, and older ones.

LookupEvents allows two requests a second for the whole account, with fifty records a page, for the
last 90 days, with one condition at a time (CloudTrail API reference). So pages are kept, nothing is
requested twice, and one refresh reads a limited number of pages: `since` says how far. Records come
minutes late and unordered. A late record gets a number after those that were already returned, so
that a caller who follows by number does not miss it.
"""

import zlib
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from scim_tui.model.activity import Event
from scim_tui.providers.identity_center.account import Account
from scim_tui.providers.identity_center.shared import Shared
from scim_tui.providers.identity_center.trail import Logged, event_of, read_record

KEPT = timedelta(days=90)
"""How far back LookupEvents answers."""
LATE = timedelta(minutes=15)
"""How late a record may come (CloudTrail user guide)."""
FRESH = timedelta(seconds=20)
"""A refresh within this time of the last one sends no request."""
PAGE = 50
MOST_PAGES = 8
"""Pages of one refresh: four seconds at the published rate."""
MOST_ASLEEP = timedelta(hours=1)
"""After a longer pause reading starts again, instead of reading everything that was missed."""
_TICK = timedelta(seconds=1)
"""Times are whole seconds, so the second of the oldest record may have more records."""
_BITS = 24


class Numbers:
    """Numbers for records of all sources: by time, the same in every session."""

    def __init__(self) -> None:
        self._taken: set[int] = set()
        self._newest = 0

    def number(self, record: Logged, *, late: bool) -> int:
        """A free number; `late`: after every number that was given before."""
        number = int(record.at.timestamp()) << _BITS
        number |= zlib.crc32(record.event_id.encode()) & ((1 << _BITS) - 1)
        if late:
            number = max(number, self._newest + 1)
        while number in self._taken:
            number += 1
        self._taken.add(number)
        self._newest = max(self._newest, number)
        return number


class CloudTrailFeed:
    """The records of one event source."""

    def __init__(
        self,
        account: Account,
        source: str,
        numbers: Numbers,
        clock: Callable[[], datetime],
        *,
        is_ours: Callable[[Logged], bool],
        writes: bool = False,
    ) -> None:
        self._account, self._source, self._clock = account, source, clock
        self._numbers, self._is_ours, self._writes = numbers, is_ours, writes
        self._records: dict[str, tuple[int, Logged]] = {}
        self._looked_at: datetime | None = None
        self._wanted: datetime | None = None
        self._looking = Shared(self._look)
        self.since: datetime | None = None
        """How far back everything was read; None: nothing was read yet."""

    @property
    def records(self) -> list[Logged]:
        """What was read of our tenant, newest first; the account may have others."""
        found = [record for _, record in self._records.values() if self._is_ours(record)]
        return sorted(found, key=lambda each: each.at, reverse=True)

    async def look(self, since: datetime) -> None:
        """Read what is new, and back to `since` as far as one refresh goes."""
        joins = self._looking.running
        self._wanted = min(since, self._wanted or since)
        await self._looking.get()
        if joins and (self.since is None or since < self.since):
            await self._looking.get()

    def stop(self) -> None:
        """Cancel the refresh under way."""
        self._looking.stop()

    async def _look(self) -> None:
        now = self._clock()
        start = max(self._wanted or now, now - KEPT)
        if self._looked_at is not None and now - self._looked_at > MOST_ASLEEP:
            self._records, self.since = {}, None
        if self.since is None:
            self.since, self._looked_at = await self._walk(start, now), now
            return
        await self._forward(now)
        if start < self.since:
            self.since = await self._walk(start, self.since)

    def events(self) -> list[Event]:
        """What was read of our tenant as events, by number, newest first."""
        read = self._records.values()
        found = [event_of(record, number) for number, record in read if self._is_ours(record)]
        return sorted(found, key=lambda event: event.id, reverse=True)

    async def _forward(self, now: datetime) -> None:
        """Read everything that came since the last refresh, including late records."""
        assert self._looked_at is not None
        if now - self._looked_at >= FRESH:
            await self._walk(self._looked_at - LATE, now, most=None)
            self._looked_at = now

    async def _walk(
        self, start: datetime, until: datetime, most: int | None = MOST_PAGES
    ) -> datetime:
        """Read from `until` back to `start`, or as far as one refresh goes; returns how far."""
        pages = self._account.pages(
            "cloudtrail",
            "LookupEvents",
            "Events",
            LookupAttributes=[{"AttributeKey": "EventSource", "AttributeValue": self._source}],
            StartTime=start,
            EndTime=until,
            MaxResults=PAGE,
        )
        count, fresh = 0, list[Logged]()
        async for found, following in pages:
            count += 1
            fresh += [read_record(each) for each in found]
            if following and most and count >= most and fresh:
                start = min(each.at for each in fresh) + _TICK
                break
        self._keep(each for each in fresh if not (self._writes and each.read_only))
        return start

    def _keep(self, fresh: Iterable[Logged]) -> None:
        for record in sorted(fresh, key=lambda each: each.at):
            if record.event_id not in self._records:
                late = self.since is not None and record.at >= self.since
                number = self._numbers.number(record, late=late)
                self._records[record.event_id] = (number, record)
