"""An invented company, generated from a seed: the same seed gives the same company."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from scim_tui.demo.names import CULTURES, Culture, SpelledName
from scim_tui.model.constraints import ENTERPRISE, USER

DOMAIN = "corp.example"
PEOPLE = 2_000
GROUPS = 120
_ASCII = str.maketrans("", "", "_'")

DEPARTMENTS = (
    "Engineering",
    "Product",
    "Design",
    "Sales",
    "Marketing",
    "Finance",
    "Legal",
    "Human Resources",
    "Customer Support",
    "Operations",
    "Security",
    "Research",
)
LEVELS = ("Junior", "", "", "Senior", "Lead", "Principal")
ROLES = {
    "Engineering": ("Software Engineer", "Site Reliability Engineer", "Test Engineer"),
    "Product": ("Product Manager", "Business Analyst"),
    "Design": ("Designer", "Illustrator", "User Researcher"),
    "Sales": ("Account Executive", "Sales Engineer"),
    "Marketing": ("Editor", "Campaign Planner"),
    "Finance": ("Accountant", "Controller", "Payroll Specialist"),
    "Legal": ("Counsel", "Paralegal"),
    "Human Resources": ("Recruiter", "People Partner"),
    "Customer Support": ("Support Engineer", "Support Agent"),
    "Operations": ("Buyer", "Facility Coordinator", "Logistics Planner"),
    "Security": ("Security Engineer", "Incident Responder"),
    "Research": ("Scientist", "Data Scientist"),
}
PROJECTS = (
    "Aurora",
    "Basalt",
    "Cinder",
    "Dovetail",
    "Ember",
    "Fjord",
    "Gneiss",
    "Harbour",
    "Iris",
    "Juniper",
    "Kestrel",
    "Lantern",
    "Meridian",
    "Nimbus",
    "Osprey",
    "Pebble",
    "Quartz",
    "Raven",
    "Saffron",
    "Tundra",
    "Umber",
    "Velvet",
    "Willow",
    "Yarrow",
    "Zephyr",
)
STAGES = ("Dev", "Test", "Prod", "Sandbox", "Billing", "Audit", "Backup", "Network")
ACCESS = ("ReadOnly", "PowerUser", "Admin")
_NAMESAKES = 0.005
_TRIES = 8


@dataclass(frozen=True, slots=True)
class Employee:
    """One person, as the IdP knows them."""

    number: int
    external_id: str
    user_name: str
    given: str
    family: str
    display: str
    department: str
    title: str
    culture: Culture = field(repr=False)
    manager: int | None
    """Number of the manager; None: the head of the company."""
    active: bool = True

    @property
    def phone(self) -> str:
        """A number from 555 0100 to 0199, which are reserved for fiction."""
        return f"+1 {200 + self.number % 700} 555 01{self.number % 100:02}"

    def scim(self, manager_id: str | None = None) -> dict[str, Any]:
        """The person as a SCIM user; `manager_id` is the directory's id of the manager."""
        return {
            "schemas": [USER, ENTERPRISE],
            "userName": self.user_name,
            "externalId": self.external_id,
            "name": {"givenName": self.given, "familyName": self.family},
            "displayName": self.display,
            "title": self.title,
            "preferredLanguage": self.culture.locale,
            "locale": self.culture.locale,
            "timezone": self.culture.timezone,
            "active": self.active,
            "emails": [{"value": self.user_name, "type": "work", "primary": True}],
            "phoneNumbers": [{"value": self.phone, "type": "work"}],
            "addresses": [
                {"locality": self.culture.city, "country": self.culture.country, "type": "work"}
            ],
            ENTERPRISE: {
                "employeeNumber": f"{self.number:05}",
                "department": self.department,
                "organization": "Corp Example",
                **({"manager": {"value": manager_id}} if manager_id else {}),
            },
        }


@dataclass(frozen=True, slots=True)
class Team:
    """A group, with the numbers of its members."""

    external_id: str
    name: str
    members: tuple[int, ...]
    id: str = ""
    """The directory's id of the group, once it was created."""


@dataclass(frozen=True, slots=True)
class Company:
    """All employees, and the groups they are in."""

    people: tuple[Employee, ...]
    teams: tuple[Team, ...]


class Hiring:
    """Generates new employees, each with another userName."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(f"people {seed}")  # noqa: S311 - sample data
        self._second = random.Random(f"second names {seed}")  # noqa: S311 - sample data
        self._taken: set[str] = set()
        self._displays: set[str] = set()
        self._number = 0

    def hire(self) -> Employee:
        """The next person."""
        chance, number = self._chance, self._number
        self._number += 1
        culture = chance.choice(CULTURES)
        given, family = chance.choice(culture.given), chance.choice(culture.family)
        given = self._told_apart(culture, given, family)
        department = chance.choice(DEPARTMENTS)
        title = f"{chance.choice(LEVELS)} {chance.choice(ROLES[department])}".strip()
        return Employee(
            number=number,
            external_id=f"00u{chance.getrandbits(60):012x}{number:05}"[:20],
            user_name=self._user_name(given, family),
            given=given.native.replace("_", " "),
            family=family.native,
            display=culture.display(given, family).replace("_", " "),
            department=department,
            title=title,
            culture=culture,
            manager=chance.randrange(max(number // 8, 1)) if number else None,
            active=chance.random() > 0.03,
        )

    def _told_apart(self, culture: Culture, given: SpelledName, family: SpelledName) -> SpelledName:
        """A second given name for most people who would have the name of another one."""
        first, tries = given, 0
        while culture.display(given, family) in self._displays and tries < _TRIES:
            tries += 1
            if self._second.random() < _NAMESAKES:
                break
            second = self._second.choice(culture.given)
            between = "" if culture.joined else "_"
            native = f"{first.native}{between}{second.native}"
            given = SpelledName(native, f"{first.ascii}{second.ascii}")
        self._displays.add(culture.display(given, family))
        return given

    def _user_name(self, given: SpelledName, family: SpelledName) -> str:
        plain = f"{given.ascii}.{family.ascii}".translate(_ASCII).lower()
        name, again = plain, 1
        while name in self._taken:
            again += 1
            name = f"{plain}{again}"
        self._taken.add(name)
        return f"{name}@{DOMAIN}"


def found_company(seed: int, people: int = PEOPLE, groups: int = GROUPS) -> tuple[Company, Hiring]:
    """A company, and the generator of its next employees."""
    hiring = Hiring(seed)
    everybody = tuple(hiring.hire() for _ in range(people))
    chance = random.Random(f"teams {seed}")  # noqa: S311 - sample data
    teams = tuple(_teams(everybody, groups, chance))
    return Company(everybody, teams), hiring


def _teams(people: tuple[Employee, ...], groups: int, chance: random.Random) -> Iterator[Team]:
    for place, (name, members) in zip(range(groups), _memberships(people, chance), strict=False):
        yield Team(f"00g{chance.getrandbits(48):012x}{place:03}", name, members)


def _memberships(
    people: tuple[Employee, ...], chance: random.Random
) -> Iterator[tuple[str, tuple[int, ...]]]:
    active = [person.number for person in people if person.active]
    yield "All employees", tuple(active)
    for department in DEPARTMENTS:
        yield department, tuple(p.number for p in people if p.active and p.department == department)
    for culture in CULTURES:
        at_site = (p.number for p in people if p.active and p.culture is culture)
        yield f"Site {culture.city} ({culture.locale})", tuple(at_site)
    for stage in STAGES:
        for access in ACCESS:
            yield f"AWS-{stage}-{access}", _some(active, chance, 3, 25)
    for project in PROJECTS:
        yield f"Project {project}", _some(active, chance, 5, 40)
    place = 1
    while True:
        yield f"Reading circle {place}", _some(active, chance, 2, 12)
        place += 1


def _some(active: list[int], chance: random.Random, least: int, most: int) -> tuple[int, ...]:
    count = min(chance.randint(least, most), len(active))
    return tuple(sorted(chance.sample(active, count)))
