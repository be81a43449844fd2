"""The preview and the service agree on everybody: who is refused, and by which rule.

People are broken here by hand, without a look at the rules of the directory.
"""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from scim_tui.core.mapping import MappingPreview
from scim_tui.mapping.findings import Severity
from scim_tui.service import tokens
from scim_tui.service.app import build_app
from scim_tui.service.store import Store

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
    "", " ", "a b", "tab\there", "line\nbreak", "\x00", "\x1b[31m", "x" * 127, "x" * 128,
    "x" * 129, "x" * 256, "x" * 257, "x" * 1024, "x" * 1025, "\u200b", "\u202eabc", "e\u0301",
    "\u00a0", "\u3000", "\u2028", "李小龍", "😀" * 65, "a:b<c>", "%00", "Administrator",
    "awsadministrators", "ADMINISTRATOR", "\ud800", "\ufffe", "\U000e0001", "\ue000", "\r\n",
    7, 1.5, True, None, ["a"], {"a": 1}, [], {},
]  # fmt: skip
TEXT_FIELDS = ["userName", "externalId", "displayName", "title", "nickName", "locale",
               "profileUrl", "department", "manager"]  # fmt: skip


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
    del person[chance.choice(sorted(person))]


def odd_email(person: Person, chance: random.Random) -> None:
    person["emails"] = chance.choice([
        [{"value": "a@x"}], [{"value": "b@x", "primary": "TRUE"}], [{"primary": True}], [],
        [{"value": "c@x", "primary": False}], [{"value": "", "primary": True}], "d@x", ["e@x"],
        {"value": "f@x", "primary": True}, [{"value": "g@x", "primary": True, "display": "G"}],
        [{"value": "h@x", "primary": True}, {"value": "i@x"}], [{"value": 3, "primary": True}],
        [{"value": "j@x", "primary": "yes"}], [None], [{"value": None, "primary": True}],
        [{"value": "k@x", "type": "", "primary": True}],
    ])  # fmt: skip


def odd_list(person: Person, chance: random.Random) -> None:
    person[chance.choice(["phoneNumbers", "addresses", "roles"])] = chance.choice([
        [{"value": "1"}], [{"value": "1"}, {"value": "2"}], "1", [{"formatted": "a\x07"}], [],
        [{"streetAddress": "x" * 1025}], [{"value": "1", "display": "d"}], [{"type": 1}], ["x"],
        [{"country": ""}], [{"primary": "maybe"}], [{"value": {"a": 1}}], 0,
    ])  # fmt: skip


def odd_flag(person: Person, chance: random.Random) -> None:
    person["active"] = chance.choice(["True", "FALSE", "yes", 1, 0, None, "", [], "1", False])


def odd_manager(person: Person, chance: random.Random) -> None:
    person["manager"] = chance.choice(
        ["m1", {"value": "m1"}, {"displayName": "Boss"}, {"value": ""}, 3, {"value": None}, ["m"]]
    )


def photo(person: Person, chance: random.Random) -> None:
    person["photos"] = chance.choice([[], [{"value": "http://x"}], None, ""])


def duplicate(person: Person, chance: random.Random) -> None:
    other = whole(chance.randrange(500))
    what = chance.choice(["userName", "externalId", "emails", "all"])
    for key in ("userName", "externalId", "emails") if what == "all" else (what,):
        person[key] = other[key]
    if chance.random() < 0.5:
        person["userName"] = person["userName"].upper() if person.get("userName") else None
    if chance.random() < 0.3 and isinstance(person.get("externalId"), str):
        person["externalId"] = person["externalId"].upper()


WAYS: list[Callable[[Person, random.Random], None]] = [
    odd_text, odd_text, odd_name, gone, odd_email, odd_list, odd_flag, odd_manager, photo,
    duplicate, duplicate,
]  # fmt: skip


def broken_people(seed: int) -> list[Person]:
    chance = random.Random(seed)
    people = [whole(number) for number in range(500)]
    for person in people:
        for _ in range(chance.choice([0, 0, 1, 1, 1, 2])):
            way = chance.choice(WAYS)
            if way is not odd_name or isinstance(person.get("name"), dict):
                way(person, chance)
    return people


async def answers(folder: Path, users: list[Person]) -> list[str]:
    """The rule by which the service refuses each user, or empty; as its own events tell it."""
    store = Store(folder / "service.db")
    app = build_app(store, admin_open=True, limits=None, base_url=None)
    new = await store.write(lambda connection: tokens.enable_with_token(connection, store.now()))
    assert new is not None
    tenant = tokens.current_tenant(store.reader())
    assert tenant is not None
    bearer = {"Authorization": f"Bearer {new.secret.get_secret_value()}"}
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://x", headers=bearer) as http:
        for user in users:
            body = json.dumps(user).encode()
            answer = await http.post(f"/{tenant.tenant_id}/scim/v2/Users", content=body)
            assert answer.status_code < 500, answer.text
    await app.state.ledger.aclose()
    rows = store.reader().execute("SELECT violated FROM events ORDER BY id").fetchall()
    store.close()
    return [row[0] for row in rows]


async def test_500_broken_people_are_predicted_one_by_one(tmp_path: Path) -> None:
    people = broken_people(seed=20260304)
    (tmp_path / "people.json").write_text(json.dumps(people))
    (tmp_path / "rules.toml").write_text(RULES)
    preview = MappingPreview()
    await preview.load_people(tmp_path / "people.json")
    await preview.load_mapping(tmp_path / "rules.toml")
    totals = await preview.run()
    users = [dict(preview.result(index).payload.user) for index in range(500)]
    refused = await answers(tmp_path, users)
    predicted = [
        next((f.code for f in preview.findings(n) if f.severity is Severity.ERROR), "")
        for n in range(500)
    ]
    assert len(refused) == 500
    wrong = [
        (n, predicted[n], refused[n], users[n]) for n in range(500) if predicted[n] != refused[n]
    ]
    assert wrong == []
    assert 100 < totals.refused < 400, "the people are neither all fine nor all broken"
    assert len(set(refused)) > 15, "broken in many ways"
