"""Plausible people, groups, tokens and requests, the same for the same seed."""

import random
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from scim_tui.model.activity import Event
from scim_tui.model.constraints import CONSTRAINTS, ENTERPRISE, GROUP, USER
from scim_tui.model.json_object import JsonObject
from scim_tui.model.provisioning import TOKEN_DAYS, AccessToken
from scim_tui.model.unknown_values import NEVER

START = datetime(2026, 11, 23, 18, 42, 7, tzinfo=UTC)
"""The instant that the sample, and a clock nobody set, stand at."""

_PEOPLE = (
    ("Ada", "Lovelace"),
    ("Amélie", "Dupré"),
    ("Björn", "Åström"),
    ("Chidi", "Okafor"),
    ("Dilnoza", "Karimova"),
    ("Eilidh", "MacLeod"),
    ("Fatima", "al-Zahra"),
    ("Gökçe", "Yılmaz"),
    ("花子", "山田"),
    ("İbrahim", "Çelik"),
    ("Jovana", "Petrović"),
    ("민준", "김"),
    ("Léa", "Lefèvre"),
    ("Marta", "Nowak"),
    ("Ngọc", "Nguyễn"),
    ("Олена", "Шевченко"),
    ("Priya", "Sharma"),
    ("Siobhán", "Ó Briain"),
    ("Θάλεια", "Παππά"),
    ("伟", "王"),
)
_TEAMS = (
    "Engineering",
    "Finance",
    "Human Resources",
    "Legal",
    "Operations",
    "Sales",
    "Security",
    "Support",
)
_PLACES = ("Berlin", "Dublin", "Lagos", "Osaka", "Porto", "Toronto")
_CLIENT = "Okta SCIM Client 1.0.0"
_OLD_CLIENT = "Azure AD SCIM"
_USED = "6c1fd3a0-0001"
_REFUSALS = ("emails.single", "userName.unique", "name.familyName.required")


class Sample(NamedTuple):
    """Everything a directory starts with."""

    users: list[JsonObject]
    groups: list[JsonObject]
    memberships: list[tuple[str, str]]
    tokens: list[AccessToken]
    events: list[Event]


def make_sample(users: int, groups: int, seed: int, now: datetime = START) -> Sample:
    """A sample of this size, as it stands at `now`."""
    dice = random.Random(seed)
    people = [_user(number, dice, now) for number in range(users)]
    teams = [_group(number, dice, now) for number in range(groups)]
    memberships = [
        (team["id"], person["id"]) for team in teams for person in people if dice.random() < 1 / 3
    ]
    return Sample(people, teams, memberships, _tokens(now), _events(people, dice, now))


def _id(dice: random.Random) -> str:
    digits = f"{dice.getrandbits(128):032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _meta(kind: str, dice: random.Random, now: datetime) -> JsonObject:
    created = now - timedelta(days=dice.randint(40, 400), seconds=dice.randint(0, 86_400))
    changed = created + (now - created) * dice.random()
    return {
        "resourceType": kind,
        "created": f"{created:%Y-%m-%dT%H:%M:%SZ}",
        "lastModified": f"{changed:%Y-%m-%dT%H:%M:%SZ}",
    }


def _user(number: int, dice: random.Random, now: datetime) -> JsonObject:
    given, family = _PEOPLE[number % len(_PEOPLE)]
    display = f"{given} {family}"
    login = f"user{number:04}@example.com"
    if display.isascii():
        login = f"{display.lower().replace(' ', '.')}{number or ''}@example.com"
    return {
        "id": _id(dice),
        "externalId": f"00u{number:06}",
        "meta": _meta("User", dice, now),
        "schemas": [USER, ENTERPRISE],
        "userName": login,
        "name": {"familyName": family, "givenName": given},
        "displayName": display,
        "active": dice.random() > 0.1,
        "emails": [{"value": login, "type": "work", "primary": True}],
        ENTERPRISE: {"department": dice.choice(_TEAMS), "employeeNumber": f"{1000 + number}"},
    }


def _group(number: int, dice: random.Random, now: datetime) -> JsonObject:
    team, place = _TEAMS[number % len(_TEAMS)], _PLACES[number // len(_TEAMS) % len(_PLACES)]
    again = number // (len(_TEAMS) * len(_PLACES))
    return {
        "id": _id(dice),
        "externalId": f"00g{number:06}",
        "meta": _meta("Group", dice, now),
        "schemas": [GROUP],
        "displayName": f"{team} {place}" + (f" {again + 1}" if again else ""),
    }


def _tokens(now: datetime) -> list[AccessToken]:
    old, new = now - timedelta(days=341, hours=5), now - timedelta(days=12, hours=3)
    year = timedelta(days=TOKEN_DAYS)
    return [
        AccessToken(
            id=_USED,
            created_at=old,
            expires_at=old + year,
            last_used_at=now - timedelta(seconds=40),
            requests=48_211,
            last_client=_CLIENT,
        ),
        AccessToken(
            id="9ab25e77-0002",
            created_at=new,
            expires_at=new + year,
            last_used_at=NEVER,
            requests=0,
        ),
    ]


def _events(people: list[JsonObject], dice: random.Random, now: datetime) -> list[Event]:
    """A day of requests, oldest first, one in twelve refused."""
    return [
        _event(number, people, dice, now - timedelta(seconds=40 + (59 - number) * 1_400))
        for number in range(60 if people else 0)
    ]


def _event(number: int, people: list[JsonObject], dice: random.Random, at: datetime) -> Event:
    person = dice.choice(people)
    code = _REFUSALS[number // 12 % len(_REFUSALS)] if number % 12 == 5 else ""
    refused = (409 if code.endswith(".unique") else 400) if code else 0
    operation = "CreateUser" if code else dice.choice(("PatchUser", "ListUsers", "GetUser"))
    return Event(
        id=number + 1,
        at=at,
        operation=operation,
        status=refused or 200,
        target=person["userName"],
        resource_id=person["id"],
        token_id=_USED,
        client=_OLD_CLIENT if number < 3 else _CLIENT,
        constraint=code,
        message=CONSTRAINTS[code].message if code else "",
        request_id=_id(dice),
        duration_ms=round(3 + 20 * dice.random(), 1),
    )
