"""Accounts and permission sets of the invented company: the same seed, the same access.

The groups called AWS-STAGE-ACCESS give their permission set in the accounts of their stage. Beside
them stands what a real organization collects: assignments of single people, one of them disabled
by now, an assignment of a deleted user, and a permission set that no person holds.
"""

import json
import random
from typing import Any

from scim_tui.demo.people import Company

_ARN = "arn:aws:sso:::permissionSet/ssoins-demo/ps-"
SETS = {
    "ReadOnly": ("ReadOnlyAccess", "Look at everything", False),
    "PowerUser": ("PowerUserAccess", "Everything but users and permissions", False),
    "Admin": ("AdministratorAccess", "Everything", True),
    "Break": ("BreakGlass", "Everything, for an emergency", True),
    "Invoices": ("InvoiceReader", "Invoices of the payer account", False),
}
ACCOUNTS_A_STAGE = {"Prod": ("corp-prod", "corp-prod-eu"), "Sandbox": ("corp-lab", "corp-play")}
DELETED = "00000000-0000-4000-8000-00000000dead"
"""The id of a user who was deleted while an assignment was left."""
_SINGLE = 6
"""Assignments of single people."""


def access_json(company: Company, seed: int) -> str:
    """The access as the file that the service serves."""
    chance = random.Random(f"access {seed}")  # noqa: S311 - sample data
    accounts: dict[str, str] = {}
    assigned: list[dict[str, str]] = []
    for team in company.teams:
        prefix, _, rest = team.name.partition("-")
        stage, _, access = rest.partition("-")
        if prefix == "AWS" and access in SETS:
            for name in ACCOUNTS_A_STAGE.get(stage, (f"corp-{stage.lower()}",)):
                account = accounts.setdefault(name, f"{100_000_000_001 + len(accounts) * 7:012}")
                assigned.append(_assigned(account, access, "group", name=team.name))
    assigned += _single_people(company, chance, list(accounts.values()))
    return json.dumps({"sets": _sets(), "accounts": _accounts(accounts), "assignments": assigned})


def _single_people(
    company: Company, chance: random.Random, accounts: list[str]
) -> list[dict[str, str]]:
    if not accounts:
        return []
    people = chance.sample(company.people, min(_SINGLE, len(company.people)))
    disabled = next((each for each in company.people if not each.active), None)
    found = [
        _assigned(chance.choice(accounts), chance.choice(("ReadOnly", "Break")), "user", name=name)
        for name in (each.user_name for each in people)
    ]
    if disabled is not None:
        found.append(_assigned(accounts[0], "PowerUser", "user", name=disabled.user_name))
    return [*found, _assigned(accounts[-1], "Admin", "user", principal=DELETED)]


def _assigned(
    account: str, access: str, kind: str, *, name: str = "", principal: str = ""
) -> dict[str, str]:
    return {
        "account": account,
        "set": _ARN + access.lower(),
        "kind": kind,
        "name": name,
        "id": principal,
    }


def _sets() -> list[dict[str, Any]]:
    return [
        {
            "id": _ARN + key.lower(),
            "name": name,
            "description": what,
            "session": "PT1H" if admin else "PT8H",
            "admin": admin,
        }
        for key, (name, what, admin) in SETS.items()
    ]


def _accounts(accounts: dict[str, str]) -> list[dict[str, str]]:
    return [
        {"id": each, "name": name, "email": f"{name}@corp.example", "status": "ACTIVE"}
        for name, each in accounts.items()
    ]
