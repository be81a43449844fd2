"""When an IdP usually sends requests, learned from when it did, and whether it is silent now.

Pure: instants in, a rhythm out. Hours are those of UTC; daylight saving moves the first and last
request of a day by one hour, which is less than the shortest silence that is reported.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median, quantiles

LEARNED_FROM = timedelta(days=28)
"""How far back requests are looked at."""
LEAST_SPAN = timedelta(days=14)
LEAST_GAPS = 12
"""What must have been observed before a rhythm is learned."""
SHORTEST_SILENCE = timedelta(hours=2)
CYCLES = 3
"""Silence is reported after this many cycles, and not before `SHORTEST_SILENCE`; in open hours."""

_HOUR, _DAY = 3600.0, 86_400.0
_QUIET_DAY = 0.25
"""A weekday of which at most this share had requests is a quiet day."""
_OPEN = 0.5
"""An hour is open that is in use at least this share as often as the busiest hour."""
_FEW = 4
"""Up to so many open hours a day are named instead of a gap."""
_REGULAR = 2.0
"""Gaps are regular when nine of ten are at most this many times the median."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often an IdP sends requests, and in which hours of which weekdays.

    A regular IdP has its usual gap as its cycle. An irregular one that is silent at nights or on
    some weekdays follows people, and a public holiday looks like a fault there: its cycle is one
    day of open hours. The cycle of any other is two thirds of its longest gap.
    """

    usual: timedelta
    """The median gap between two requests in open hours."""
    cycle: timedelta
    """The gap after which the next request is due, in open hours."""
    open_hours: frozenset[tuple[int, int]]
    """Weekday (0 is Monday) and hour (UTC) in which requests are expected."""

    @property
    def patience(self) -> timedelta:
        """The length of silence, in open hours, that is reported."""
        return max(CYCLES * self.cycle, SHORTEST_SILENCE)

    def open_time(self, start: datetime, end: datetime) -> timedelta:
        """How much of the time between two instants lies in open hours."""
        return timedelta(seconds=_open_seconds(self.open_hours, start.timestamp(), end.timestamp()))

    def silent(self, newest: datetime, now: datetime) -> bool:
        """Whether the newest request is longer ago than the rhythm explains."""
        return self.open_time(newest, now) > self.patience

    @property
    def words(self) -> str:
        """For a line on a screen: "usually every 40 min, nights and weekends quiet"."""
        hours = sorted({hour for _, hour in self.open_hours})
        if len(hours) <= _FEW:
            return "usually at " + " and ".join(f"{hour:02}Z" for hour in hours)
        quiet = " and ".join(self._quiet())
        return f"usually every {gap_words(self.usual)}" + (f", {quiet} quiet" if quiet else "")

    def _quiet(self) -> list[str]:
        days = {day for day, _ in self.open_hours}
        least = min((sum(day == each for day, _ in self.open_hours) for each in days), default=24)
        closed = sorted(set(range(7)) - days)
        named = ["weekends"] if closed == [5, 6] else [_DAYS[day] for day in closed]
        return (["nights"] if least < 24 else []) + named


_DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


def gap_words(gap: timedelta) -> str:
    """A length in its plainest unit: "40 min", "3 h", "2 d"."""
    minutes = max(1, round(gap.total_seconds() / 60))
    if minutes < 120:
        return f"{minutes} min"
    hours = round(minutes / 60)
    return f"{hours} h" if hours < 48 else f"{round(hours / 24)} d"


def learn(requests: Sequence[datetime], now: datetime) -> Rhythm | None:
    """The rhythm of the requests of the last 28 days; None: there is not enough to learn from."""
    since = now - LEARNED_FROM
    times = sorted({each.timestamp() // 60 * 60 for each in requests if since <= each <= now})
    if len(times) <= LEAST_GAPS or times[-1] - times[0] < LEAST_SPAN.total_seconds():
        return None
    hours = _open_hours(times)
    gaps = [_open_seconds(hours, *pair) for pair in pairwise(times)]
    gaps = [gap for gap in gaps if gap > 0]
    if len(gaps) < LEAST_GAPS:
        return None
    usual = median(gaps)
    cycle = _cycle(gaps, usual, hours)
    return Rhythm(timedelta(seconds=usual), timedelta(seconds=cycle), hours)


def _cycle(gaps: Sequence[float], usual: float, hours: frozenset[tuple[int, int]]) -> float:
    tenths = quantiles(gaps, n=10)
    if tenths[-1] <= _REGULAR * usual:
        return tenths[-1]
    days = {day for day, _ in hours}
    if len(hours) < 7 * 24:
        # It follows people, and a holiday is no fault.
        return max(len(hours) / max(1, len(days)) * _HOUR, tenths[-1])
    return max(tenths[-1], max(gaps) * 2 / 3)


def _open_hours(times: Sequence[float]) -> frozenset[tuple[int, int]]:
    """The hours of the week in which a request is to be expected.

    An hour of a day is in use when it had a request, or lies within a gap of usual length. Open
    are, on weekdays that are not quiet, the hours in use half as often as the busiest, or more.
    """
    in_use = _hours_in_use(times)
    # The first and the last day were not observed whole.
    days = range(int(times[0] // _DAY) + 1, int(times[-1] // _DAY))
    requests = {int(each // _DAY) for each in times}
    had: dict[int, list[bool]] = defaultdict(list)
    for day in days:
        had[_weekday(day)].append(day in requests)
    busy = {day for day, each in had.items() if sum(each) > _QUIET_DAY * len(each)}
    counts = Counter(
        hour % 24 for hour in in_use if hour // 24 in days and _weekday(hour // 24) in busy
    )
    most = max(counts.values(), default=0)
    return frozenset(
        (day, hour) for day in busy for hour, count in counts.items() if count >= _OPEN * most
    )


def _hours_in_use(times: Sequence[float]) -> set[int]:
    """Hours, counted from 1970-01-01."""
    gaps = [gap for gap in (b - a for a, b in pairwise(times)) if gap <= _DAY]
    usual = median(gaps) if gaps else _DAY
    found = {int(each // _HOUR) for each in times}
    for start, end in pairwise(times):
        if end - start <= _REGULAR * usual:
            found.update(range(int(start // _HOUR), int(end // _HOUR)))
    return found


def _weekday(day: int) -> int:
    """Of a day counted from 1970-01-01, which was a Thursday."""
    return (day + 3) % 7


def _open_seconds(hours: frozenset[tuple[int, int]], start: float, end: float) -> float:
    total, at = 0.0, start
    while at < end:
        until = min(end, (at // _HOUR + 1) * _HOUR)
        if (_weekday(int(at // _DAY)), int(at % _DAY // _HOUR)) in hours:
            total += until - at
        at = until
    return total
