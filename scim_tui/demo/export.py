"""The people of the simulated IdP as a CSV file, laid out as Okta's import template names it.

Some of them would be refused by the directory, as in every real export.
"""

import csv
import io
import json
from collections.abc import Iterator, Sequence

from scim_tui.demo.people import Company, Employee

COLUMNS = (
    "id",
    "status",
    "login",
    "firstName",
    "lastName",
    "displayName",
    "email",
    "title",
    "department",
    "employeeNumber",
    "primaryPhone",
    "city",
    "countryCode",
    "locale",
    "preferredLanguage",
    "timezone",
)
PEOPLE = 240
GROUPS = 40
_EVERY = 19
"""One in so many is broken."""


def people_csv(people: Sequence[Employee]) -> str:
    """The first people as CSV, some with mistakes."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_rows(people[:PEOPLE]))
    return text.getvalue()


def groups_json(company: Company) -> str:
    """The first groups with their members, who are not all among those people, as JSON."""
    by_number = {person.number: person for person in company.people}
    groups = [
        {
            "id": team.external_id,
            "displayName": team.name,
            "members": [
                {"value": one.external_id, "display": one.user_name}
                for number in team.members
                if (one := by_number.get(number))
            ],
        }
        for team in company.teams[:GROUPS]
    ]
    return json.dumps(groups, indent=1)


def _rows(people: Sequence[Employee]) -> Iterator[dict[str, str]]:
    for place, person in enumerate(people):
        row = _row(person)
        if place % _EVERY == _EVERY - 1:
            _break(row, place // _EVERY, people[place - 1])
        yield row


def _break(row: dict[str, str], turn: int, other: Employee) -> None:
    """Make a row invalid in one of the ways that real files are."""
    ways: tuple[dict[str, str], ...] = (
        {"lastName": ""},
        {"email": other.user_name.upper()},
        {"login": row["login"].replace(".", " ", 1)},
        {"firstName": "", "displayName": ""},
        {"title": row["title"] + "\u200b"},
        {"login": other.user_name, "id": row["id"]},
        {"login": "administrator"},
        {"displayName": "x" * 1100},
    )
    row.update(ways[turn % len(ways)])


def _row(person: Employee) -> dict[str, str]:
    status = "ACTIVE" if person.active else "DEPROVISIONED"
    return {
        "id": person.external_id,
        "status": status,
        "login": person.user_name,
        "firstName": person.given,
        "lastName": person.family,
        "displayName": person.display,
        "email": person.user_name,
        "title": person.title,
        "department": person.department,
        "employeeNumber": f"{person.number:05}",
        "primaryPhone": person.phone,
        "city": person.culture.city,
        "countryCode": person.culture.country,
        "locale": person.culture.locale,
        "preferredLanguage": person.culture.locale,
        "timezone": person.culture.timezone,
    }
