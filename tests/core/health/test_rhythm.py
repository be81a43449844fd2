"""The rhythm of an IdP is learned from its requests, and silence is judged against it."""

import itertools
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from scim_tui.core.health.rhythm import Rhythm, gap_words, learn

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)


def every(minutes: int, days: int = 28, start: datetime = MONDAY) -> list[datetime]:
    """Requests around the clock."""
    count = days * 24 * 60 // minutes
    return [start + timedelta(minutes=minutes * each) for each in range(count)]


def at_work(minutes: int, weeks: int = 4) -> list[datetime]:
    """Requests from 7 to 18 o'clock, Monday to Friday."""
    return [
        each for each in every(minutes, weeks * 7) if each.weekday() < 5 and 7 <= each.hour < 18
    ]


def by_people(per_hour: float, weeks: int = 4, seed: int = 1) -> Iterator[datetime]:
    """Requests at random, in the hours in which people work."""
    chance, at = random.Random(seed), MONDAY
    while at < MONDAY + timedelta(weeks=weeks):
        at += timedelta(hours=chance.expovariate(per_hour))
        if at.weekday() < 5 and 7 <= at.hour < 17:
            yield at


def learned(requests: list[datetime]) -> Rhythm:
    found = learn(requests, requests[-1])
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("requests", "words"),
    [
        (every(40), "usually every 40 min"),
        (every(360), "usually every 6 h"),
        (at_work(30), "usually every 30 min, nights and weekends quiet"),
        (every(24 * 60), "usually every 24 h"),
    ],
)
def test_a_regular_idp_is_described_by_its_gap_and_its_quiet_hours(
    requests: list[datetime], words: str
) -> None:
    assert learned(requests).words == words


def test_a_job_at_fixed_hours_is_described_by_these_hours() -> None:
    nightly = [
        MONDAY + timedelta(days=day, hours=2, minutes=m) for day in range(28) for m in (0, 9)
    ]
    assert learned(nightly).words == "usually at 02Z"


@pytest.mark.parametrize(
    "requests",
    [[], every(40, days=13), every(40)[:1], every(24 * 60, days=9)],
    ids=["none", "13 days", "one", "9 a day"],
)
def test_too_little_gives_no_rhythm(requests: list[datetime]) -> None:
    assert learn(requests, MONDAY + timedelta(days=14)) is None


def test_requests_older_than_28_days_teach_nothing() -> None:
    assert learn(every(40), MONDAY + timedelta(days=60)) is None


def test_three_cycles_without_a_request_are_silence_and_two_hours_at_least() -> None:
    hourly, often = learned(every(60)), learned(every(10))
    newest = MONDAY + timedelta(days=28)
    assert not hourly.silent(newest, newest + timedelta(hours=2, minutes=55))
    assert hourly.silent(newest, newest + timedelta(hours=3, minutes=5))
    assert not often.silent(newest, newest + timedelta(hours=1, minutes=55))
    assert often.silent(newest, newest + timedelta(hours=2, minutes=5))


def test_quiet_hours_and_weekends_do_not_count_as_silence() -> None:
    rhythm = learned(at_work(30))
    friday = MONDAY + timedelta(days=25, hours=17, minutes=30)
    assert not rhythm.silent(friday, friday + timedelta(days=2, hours=13))
    assert rhythm.silent(friday, MONDAY + timedelta(days=28, hours=9))


def test_a_holiday_of_people_is_no_silence_and_four_days_are() -> None:
    rhythm = learned(list(by_people(3)))
    monday = MONDAY + timedelta(days=28)
    newest = monday - timedelta(days=3) + 16 * HOUR
    assert not rhythm.silent(newest, monday + timedelta(days=1, hours=7))
    assert rhythm.silent(newest, monday + timedelta(days=4, hours=7))


def test_the_longest_gap_of_a_random_idp_is_exceeded_twice_before_silence() -> None:
    chance, at, requests = random.Random(2), MONDAY, []
    while at < MONDAY + timedelta(days=28):
        at += timedelta(hours=chance.expovariate(5))
        requests.append(at)
    longest = max(b - a for a, b in itertools.pairwise(requests))
    assert learned(requests).patience == pytest.approx(2 * longest, abs=timedelta(minutes=3))


def test_order_repeats_and_the_future_do_not_matter() -> None:
    requests = every(40)
    now = requests[-1]
    odd = [*reversed(requests), *requests, now + timedelta(days=300)]
    assert learn(odd, now) == learn(requests, now)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "1 min"), (40, "40 min"), (119, "119 min"), (120, "2 h"), (2880, "2 d")],
)
def test_gaps_are_given_in_their_plainest_unit(minutes: int, words: str) -> None:
    assert gap_words(timedelta(minutes=minutes)) == words
