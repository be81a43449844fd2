"""What happened in the week before a demo starts: the same for the same seed and hour.

Nights and weekends are quiet, a department moved five hours ago, one hour was throttled, and the
people who cannot get in were tried again and again. Pure; the instants are ages.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from scim_tui.demo.people import Company, Employee
from scim_tui.demo.refused_people import refused_people

HOURS = 7 * 24
BURST, THROTTLED = 5, 9
"""How many hours ago."""
_BURST_SIZE = 140
_THROTTLED_SIZE = 60
_EVERY = (4, 6, 9, 13, 17)
"""Hours between two tries with each of the refused people."""
_DAY = range(7, 18)
_KINDS = ("PatchUser", "PatchUser", "PatchUser", "GetUser", "ListUsers", "PatchGroup")


class PastRequest(NamedTuple):
    """One request of the IdP."""

    ago: timedelta
    operation: str
    status: int
    """0: as the rules of the directory say."""
    person: Employee | None = None
    group: int | None = None
    """Place of the group in the company."""
    refused: dict[str, Any] | None = None
    """The user that was sent, and is refused."""


def past_week(company: Company, seed: int, now: datetime) -> list[PastRequest]:
    """The requests, oldest first."""
    chance = random.Random(f"past {seed}")  # noqa: S311 - sample data
    active = [person for person in company.people if person.active]
    found = [*_usual(company, active, chance, now), *_burst(active, chance)]
    found += [*_throttled(active, chance), *_refused()]
    return sorted(found, key=lambda each: -each.ago)


def _usual(
    company: Company, active: list[Employee], chance: random.Random, now: datetime
) -> Iterator[PastRequest]:
    for hour in range(HOURS):
        at = now - timedelta(hours=hour + 1)
        busy = at.hour in _DAY and at.weekday() < 5
        for _ in range(chance.randint(6, 16) if busy else chance.choice((0, 0, 1, 2))):
            ago = timedelta(hours=hour, seconds=chance.uniform(120, 3600))
            operation = chance.choice(_KINDS)
            if operation == "PatchGroup":
                yield PastRequest(ago, operation, 204, group=chance.randrange(len(company.teams)))
            else:
                yield PastRequest(ago, operation, 200, person=chance.choice(active))


def _burst(active: list[Employee], chance: random.Random) -> Iterator[PastRequest]:
    """A department gets another title, in four minutes."""
    start = timedelta(hours=BURST)
    for number in range(_BURST_SIZE):
        ago = start - timedelta(seconds=number * 240 / _BURST_SIZE)
        yield PastRequest(ago, "PatchUser", 200, person=chance.choice(active))


def _throttled(active: list[Employee], chance: random.Random) -> Iterator[PastRequest]:
    start = timedelta(hours=THROTTLED)
    for number in range(_THROTTLED_SIZE):
        ago = start - timedelta(seconds=number * 40)
        person = chance.choice(active)
        yield PastRequest(ago, "PatchUser", 429, person=person)
        yield PastRequest(ago - timedelta(seconds=3), "PatchUser", 200, person=person)


def _refused() -> Iterator[PastRequest]:
    """Each is looked up before it is sent, as IdPs do; the first tries lie days back."""
    for place, (user, every) in enumerate(zip(refused_people(), _EVERY, strict=True)):
        tries = 3 + 2 * place
        for number in range(tries):
            ago = timedelta(hours=number * every, minutes=12 + 17 * place)
            yield PastRequest(ago + timedelta(seconds=1), "ListUsers", 200, refused=user)
            yield PastRequest(ago, "CreateUser", 0, refused=user)
