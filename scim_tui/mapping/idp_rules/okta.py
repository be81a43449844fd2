"""Rules of a profile mapping of Okta, as `api/v1/mappings/{id}` returns it.

The mapping has attributes of the app's profile; the app decides which SCIM attribute each one
becomes, and here the usual names are assumed. userName, externalId and active are not in a
mapping: default rules are added for them, each with a note.
"""

import json
from collections.abc import Mapping
from typing import Any, TypeGuard

from scim_tui.mapping.base.errors import BadMapping
from scim_tui.mapping.idp_rules.okta_functions import value_of
from scim_tui.mapping.idp_rules.okta_parser import parse_expression
from scim_tui.mapping.rules.expressions import BadExpression, Expression
from scim_tui.mapping.rules.idp_expression import NotEvaluated
from scim_tui.mapping.rules.rules import OKTA, Rule, RuleSet, check_together
from scim_tui.mapping.rules.targets import COMPANY, parse_target
from scim_tui.model.constraints import NAME_PARTS, TEXTS

_TARGETS = {
    **{name: name for name in ("userName", "externalId", "active", *TEXTS)},
    **{name: f"name.{name}" for name in NAME_PARTS},
    **{name: f"enterprise.{name}" for name in COMPANY},
    "firstName": "name.givenName",
    "lastName": "name.familyName",
    "nameFormatted": "name.formatted",
    "email": "emails.value",
    "mail": "emails.value",
    "emailType": "emails.type",
    "primaryPhone": "phoneNumbers.value",
    "phoneNumber": "phoneNumbers.value",
    "phoneType": "phoneNumbers.type",
    "primaryPhoneType": "phoneNumbers.type",
    "streetAddress": "addresses.streetAddress",
    "city": "addresses.locality",
    "locality": "addresses.locality",
    "state": "addresses.region",
    "region": "addresses.region",
    "zipCode": "addresses.postalCode",
    "postalCode": "addresses.postalCode",
    "country": "addresses.country",
    "countryCode": "addresses.country",
    "addressType": "addresses.type",
    "managerId": "enterprise.manager.value",
    "managerDisplayName": "enterprise.manager.displayName",
}
"""The attributes of the app, and the SCIM attribute for each."""
_OURS = {
    "userName": ("profile.login || login", "the user name is a setting of the app"),
    "externalId": ("id", "the id of the Okta user"),
    "active": ("active(status)", "by the status of the user"),
}


def is_profile_mapping(document: object) -> TypeGuard[dict[str, Any]]:
    """Whether a JSON document is a profile mapping to an app."""
    return (
        isinstance(document, dict)
        and isinstance(document.get("properties"), dict)
        and isinstance(document.get("source"), dict)
        and isinstance(document.get("target"), dict)
    )


def rules_of_mapping(document: Mapping[str, Any], text: str, name: str) -> RuleSet:
    """The rules of users. Raises `BadMapping` when there are none."""
    target = document["target"].get("type") or document["target"].get("name")
    if target == "user":
        problem = "This maps the app to Okta, not Okta to the app."
        raise BadMapping(name, 1, problem, "Take the mapping whose target is the app (appuser).")
    notes: list[str] = []
    rules: list[Rule] = []
    for attribute, body in document["properties"].items():
        line = _line(text, attribute)
        written = _TARGETS.get(attribute)
        if written is None:
            notes.append(f"{attribute} (line {line}) is nothing that Identity Center takes.")
        elif isinstance(body, dict) and isinstance(body.get("expression"), str):
            rules.append(_rule(written, body, line))
    if not rules:
        raise BadMapping(name, 1, "The mapping has no rule.", "Export the whole mapping.")
    rules += _added({rule.target.path for rule in rules})
    check_together(name, tuple(rules))
    return RuleSet(name, tuple(rules), (), "okta", tuple(notes), idp=OKTA)


def _rule(written: str, body: Mapping[str, Any], line: int) -> Rule:
    original, target = body["expression"], parse_target(written)
    note = "Only when the user is created." if body.get("pushStatus") == "DONT_PUSH" else ""
    try:
        source = Expression(value_of(parse_expression(original)))
    except (NotEvaluated, BadExpression) as error:
        reason = f"{error}" if isinstance(error, NotEvaluated) else "It is not understood."
        return Rule(target, line, note=note, original=original, unevaluated=reason)
    # Okta sends an empty text that an expression makes, and the directory refuses it.
    return Rule(target, line, source, send_empty=True, note=note, original=original)


def _added(paths: set[str]) -> list[Rule]:
    """The rules of attributes that an Okta app sends and its mapping does not have."""
    rules = [
        Rule(parse_target(path), 1, Expression(source), note=f"A default of ours: {why}.")
        for path, (source, why) in _OURS.items()
        if path not in paths
    ]
    for root in ("emails", "phoneNumbers", "addresses"):
        if any(path.startswith(f"{root}.") for path in paths) and f"{root}.type" not in paths:
            note = "A default of ours: one value, for work."
            rules.append(Rule(parse_target(f"{root}.type"), 1, const="work", note=note))
    if "emails.value" in paths:
        note = "A default of ours: the one address is the primary one."
        rules.append(Rule(parse_target("emails.primary"), 1, const=True, note=note))
    return rules


def _line(text: str, attribute: str) -> int:
    place = text.find(f"{json.dumps(attribute)}", max(text.find('"properties"'), 0))
    return text.count("\n", 0, place) + 1 if place >= 0 else 1
