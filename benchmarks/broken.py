"""People who are broken in every way that comes to mind, without a look at the rules.

Nothing here knows `model.constraints`: whether somebody would be refused is for the preview to
say, and for the service to show.
"""

import random
from collections.abc import Callable
from typing import Any

Person = dict[str, Any]

RULES = """
userName = { source = "userName", empty = "send" }
externalId = { source = "externalId", empty = "send" }
displayName = { source = "displayName", empty = "send" }
name = { source = "name", empty = "send" }
emails = { source = "emails", empty = "send" }
phoneNumbers = { source = "phoneNumbers", empty = "send" }
addresses = { source = "addresses", empty = "send" }
roles = { source = "roles", empty = "send" }
title = { source = "title", empty = "send" }
nickName = { source = "nickName", empty = "send" }
locale = { source = "locale", empty = "send" }
profileUrl = { source = "profileUrl", empty = "send" }
active = { source = "active", empty = "send" }
photos = { source = "photos", empty = "send" }
"enterprise.department" = { source = "department", empty = "send" }
"enterprise.manager" = { source = "manager", empty = "send" }
"""
ODD_TEXTS = [
    "",
    " ",
    "a b",
    "tab\there",
    "line\nbreak",
    "\x00",
    "\x1b[31m",
    "x" * 127,
    "x" * 128,
    "x" * 129,
    "x" * 256,
    "x" * 257,
    "x" * 1024,
    "x" * 1025,
    "\u200b",
    "\u202eabc",
    "e\u0301",
    "\u00a0",
    "\u3000",
    "\u2028",
    "李小龍",
    "😀" * 65,
    "a:b<c>",
    "%00",
    "Administrator",
    "awsadministrators",
    "ADMINISTRATOR",
    "\ud800",
    "\ufffe",
    "\U000e0001",
    "\ue000",
    "\r\n",
    7,
    1.5,
    True,
    None,
    ["a"],
    {"a": 1},
    [],
    {},
]
TEXT_FIELDS = [
    "userName",
    "externalId",
    "displayName",
    "title",
    "nickName",
    "locale",
    "profileUrl",
    "department",
    "manager",
]


def whole(number: int) -> Person:
    return {
        "userName": f"p{number}@corp.example",
        "externalId": f"ext-{number}",
        "displayName": f"Person {number}",
        "name": {"givenName": "Person", "familyName": f"Number {number}"},
        "emails": [{"value": f"p{number}@corp.example", "type": "work", "primary": True}],
        "title": "Engineer",
        "active": True,
        "department": "R&D",
        "number": number,
    }


def odd_text(person: Person, chance: random.Random) -> None:
    person[chance.choice(TEXT_FIELDS)] = chance.choice(ODD_TEXTS)


def odd_name(person: Person, chance: random.Random) -> None:
    if chance.random() < 0.2:
        person["name"] = chance.choice(ODD_TEXTS)
    else:
        part = chance.choice(["givenName", "familyName", "middleName", "formatted"])
        person["name"][part] = chance.choice(ODD_TEXTS)


def gone(person: Person, chance: random.Random) -> None:
    del person[chance.choice(sorted(person.keys() - {"number"}))]


def odd_email(person: Person, chance: random.Random) -> None:
    person["emails"] = chance.choice(
        [
            [{"value": "a@x"}],
            [{"value": "b@x", "primary": "TRUE"}],
            [{"primary": True}],
            [],
            [{"value": "c@x", "primary": False}],
            [{"value": "", "primary": True}],
            "d@x",
            ["e@x"],
            {"value": "f@x", "primary": True},
            [{"value": "g@x", "primary": True, "display": "G"}],
            [{"value": "h@x", "primary": True}, {"value": "i@x"}],
            [{"value": 3, "primary": True}],
            [{"value": "j@x", "primary": "yes"}],
            [None],
            [{"value": None, "primary": True}],
            [{"value": "k@x", "type": "", "primary": True}],
        ]
    )


def odd_list(person: Person, chance: random.Random) -> None:
    person[chance.choice(["phoneNumbers", "addresses", "roles"])] = chance.choice(
        [
            [{"value": "1"}],
            [{"value": "1"}, {"value": "2"}],
            "1",
            [{"formatted": "a\x07"}],
            [],
            [{"streetAddress": "x" * 1025}],
            [{"value": "1", "display": "d"}],
            [{"type": 1}],
            ["x"],
            [{"country": ""}],
            [{"primary": "maybe"}],
            [{"value": {"a": 1}}],
            0,
        ]
    )


def odd_flag(person: Person, chance: random.Random) -> None:
    person["active"] = chance.choice(["True", "FALSE", "yes", 1, 0, None, "", [], "1", False])


def odd_manager(person: Person, chance: random.Random) -> None:
    person["manager"] = chance.choice(
        ["m1", {"value": "m1"}, {"displayName": "Boss"}, {"value": ""}, 3, {"value": None}, ["m"]]
    )


def photo(person: Person, chance: random.Random) -> None:
    person["photos"] = chance.choice([[], [{"value": "http://x"}], None, ""])


def duplicate(person: Person, chance: random.Random) -> None:
    other = whole(chance.randrange(max(person["number"], 1)))
    what = chance.choice(["userName", "externalId", "emails", "all"])
    for key in ("userName", "externalId", "emails") if what == "all" else (what,):
        person[key] = other[key]
    if chance.random() < 0.5:
        person["userName"] = str(person.get("userName")).upper()
    if chance.random() < 0.3 and isinstance(person.get("externalId"), str):
        person["externalId"] = person["externalId"].upper()


WAYS: list[Callable[[Person, random.Random], None]] = [
    odd_text,
    odd_text,
    odd_name,
    gone,
    odd_email,
    odd_list,
    odd_flag,
    odd_manager,
    photo,
    duplicate,
    duplicate,
]


def other_case(person: Person, chance: random.Random) -> None:
    """Names of parts in another case, or twice in two cases."""
    name = person.get("name")
    if isinstance(name, dict):
        name[chance.choice(["GIVENNAME", "familyname", "givenName"])] = chance.choice(["X", None])
    person["emails"] = chance.choice(
        [
            [{"Value": f"{chance.random()}@x", "PRIMARY": True}],
            [{"value": f"{chance.random()}@x", "Primary": "True", "TYPE": "work"}],
            [{"value": f"{chance.random()}@x", "VALUE": "b@x", "primary": True}],
        ]
    )


def odd_number(person: Person, chance: random.Random) -> None:
    person[chance.choice([*TEXT_FIELDS, "active"])] = chance.choice(
        [0, -1, 2**53, 2**64, 10**30, 1e308, -0.0, 1e-320]
    )


def deep(person: Person, chance: random.Random) -> None:
    value: object = "x"
    for _ in range(chance.choice([3, 9, 12])):
        value = chance.choice([[value], {"a": value}])
    person[chance.choice(["title", "name", "emails", "roles", "manager"])] = value


def huge(person: Person, chance: random.Random) -> None:
    """About as large as a request may be, in two bytes or three a character."""
    letter = chance.choice(["\u00e9", "\u674e"])
    size = len(letter.encode())
    person["unknown"] = "never sent"
    person["photos"] = [letter * (chance.choice([100_000, 1_048_000, 1_050_000]) // size)]
    if chance.random() < 0.7:
        person["title"] = person.pop("photos")[0]


def look_alike(person: Person, chance: random.Random) -> None:
    """Values that are equal to a person and not to a program, or the other way round."""
    kind = chance.choice(["userName", "externalId"])
    person[kind] = chance.choice(
        [
            "caf\u00e9@x",
            "cafe\u0301@x",
            "STRASSE@x",
            "stra\u00dfe@x",
            "\u0130@x",
            "i\u0307@x",
            "I@x",
            "\u0131@x",
            "\u212a@x",
            "k@x",
            " p@x",
            "p@x ",
            "\u03a3@x",
            "\u03c3@x",
            "\u03c2@x",
        ]
    )


def unknown(person: Person, chance: random.Random) -> None:
    extra = {"schemas": 1, "weird": [1], "$ref": "x", "": "y"}
    for key in ("name", "manager"):
        if isinstance(person.get(key), dict):
            person[key].update(extra)
    if isinstance(person.get("emails"), list) and person["emails"]:
        first = person["emails"][0]
        if isinstance(first, dict):
            first.update(extra)


WAYS += [other_case, odd_number, deep, look_alike, look_alike, unknown]
RARE = 100
"""One person in so many is as large as a request may be."""


def broken_people(seed: int, count: int) -> list[Person]:
    """People of whom more than half are broken, each in a way or two; same seed, same people."""
    chance = random.Random(seed)
    people = [whole(number) for number in range(count)]
    for person in people:
        for _ in range(chance.choice([0, 0, 1, 1, 1, 2])):
            way = huge if chance.randrange(RARE) == 0 else chance.choice(WAYS)
            if way is not odd_name or isinstance(person.get("name"), dict):
                way(person, chance)
    return people
