"""Users that the directory refuses, and users made by hand, some of whom cause a conflict."""

from typing import Any

from scim_tui.demo.people import DOMAIN
from scim_tui.model.constraints import USER

_BY_HAND = "maria.rossi"


def made_by_hand() -> list[dict[str, Any]]:
    """Users an administrator made before there was an IdP."""
    return [
        _user("m.rossi", "Maria", "Rossi", f"{_BY_HAND}@{DOMAIN}"),
        _user("breakglass", "Break", "Glass", f"security-desk@{DOMAIN}"),
    ]


def refused_people() -> list[dict[str, Any]]:
    """People that an IdP sends and that are refused, each for another reason."""
    two = _user(f"pavel.two-mails@{DOMAIN}", "Pavel", "Nemec", f"pavel@{DOMAIN}")
    two["emails"].append({"value": "pavel@old.example", "type": "other"})
    return [
        two,
        _user(f"cher@{DOMAIN}", "Cher", "", f"cher@{DOMAIN}"),
        _user(f"{_BY_HAND}@{DOMAIN}", "Maria", "Rossi", f"{_BY_HAND}@{DOMAIN}"),
        _user(f"contractor 17@{DOMAIN}", "Sam", "Agency", f"contractor17@{DOMAIN}"),
        _user(f"room.42@{DOMAIN}", "", "", f"room.42@{DOMAIN}") | {"displayName": ""},
    ]


def _user(user_name: str, given: str, family: str, mail: str) -> dict[str, Any]:
    return {
        "schemas": [USER],
        "userName": user_name,
        "name": {"givenName": given, "familyName": family},
        "displayName": f"{given} {family}".strip(),
        "active": True,
        "emails": [{"value": mail, "type": "work", "primary": True}],
    }
