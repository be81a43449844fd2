"""Every export in its documented shape, through the preset of its IdP and through a proposal."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scim_tui.mapping.authoring.propose import propose
from scim_tui.mapping.check.engine import apply
from scim_tui.mapping.check.findings import Severity
from scim_tui.mapping.presets import DEFAULT, preset
from scim_tui.mapping.read.people import PeopleSource, people_in
from scim_tui.mapping.rules.rules import parse_rules

OKTA_PROFILE = {
    "login": "ada@x.example",
    "email": "ada@x.example",
    "firstName": "Ada",
    "lastName": "Love",
    "displayName": "Ada Love",
    "primaryPhone": "+1 5",
    "department": "Sales",
}
EXPORTS: dict[str, tuple[str, str]] = {
    "entra csv": (
        "entra",
        (
            "userPrincipalName,displayName,surname,mail,givenName,id,userType,jobTitle,department,"
            "accountEnabled,usageLocation,streetAddress,state,country,officeLocation,city,postalCode,"
            "telephoneNumber,mobilePhone,alternateEmailAddress,ageGroup,companyName\n"
            "ada@x.example,Ada Love,Love,ada@x.example,Ada,11-22,Member,Dr,Sales,False,US,,,,,,,"
            "+1 5,,,,Corp\n"
        ),
    ),
    "entra csv, older": (
        "entra",
        (
            "userPrincipalName;displayName;surname;mail;givenName;objectId;accountEnabled;mobile\n"
            "ada@x.example;Ada Love;Love;ada@x.example;Ada;11-22;FALSE;\n"
        ),
    ),
    "graph json": (
        "entra",
        json.dumps(
            {
                "@odata.context": "c",
                "value": [
                    {
                        "userPrincipalName": "ada@x.example",
                        "displayName": "Ada Love",
                        "surname": "Love",
                        "mail": "ada@x.example",
                        "givenName": "Ada",
                        "id": "11-22",
                        "accountEnabled": False,
                        "businessPhones": ["+1 5"],
                    }
                ],
            }
        ),
    ),
    "okta users json": (
        "okta",
        json.dumps(
            [{"id": "11-22", "status": "SUSPENDED", "type": {"id": "t"}, "profile": OKTA_PROFILE}]
        ),
    ),
    "okta import csv": (
        "okta",
        (
            "login,firstName,lastName,middleName,email,title,displayName,primaryPhone,employeeNumber,"
            "id,status\nada@x.example,Ada,Love,,ada@x.example,Dr,Ada Love,+1 5,7,11-22,SUSPENDED\n"
        ),
    ),
    "google csv": (
        "google",
        (
            "First Name [Required],Last Name [Required],Email Address [Required],"
            "Password [Required],Org Unit Path [Required],"
            "Status [READ ONLY],Work Phone,Employee ID,Department\n"
            "Ada,Love,ada@x.example,****,/,Suspended,+1 5,11-22,Sales\n"
        ),
    ),
    "google json": (
        "google",
        json.dumps(
            {
                "kind": "admin#directory#users",
                "users": [
                    {
                        "id": "11-22",
                        "primaryEmail": "ada@x.example",
                        "suspended": True,
                        "name": {"givenName": "Ada", "familyName": "Love", "fullName": "Ada Love"},
                        "phones": [{"type": "work", "value": "+1 5"}],
                        "organizations": [{"title": "Dr", "department": "Sales"}],
                    }
                ],
            }
        ),
    ),
    "onelogin json": (
        "onelogin",
        json.dumps(
            [
                {
                    "id": 1122,
                    "email": "ada@x.example",
                    "username": "ada",
                    "firstname": "Ada",
                    "lastname": "Love",
                    "status": 2,
                    "phone": "+1 5",
                }
            ]
        ),
    ),
    "jumpcloud json": (
        "jumpcloud",
        json.dumps(
            {
                "totalCount": 1,
                "results": [
                    {
                        "_id": "11-22",
                        "username": "ada@x.example",
                        "email": "ada@x.example",
                        "firstname": "Ada",
                        "lastname": "Love",
                        "displayname": "Ada Love",
                        "suspended": True,
                        "phoneNumbers": [
                            {"type": "mobile", "number": "9"},
                            {"type": "work", "number": "+1 5"},
                        ],
                    }
                ],
            }
        ),
    ),
    "pingone json": (
        "pingone",
        json.dumps(
            {
                "_links": {},
                "_embedded": {
                    "users": [
                        {
                            "id": "11-22",
                            "username": "ada@x.example",
                            "email": "ada@x.example",
                            "enabled": False,
                            "name": {"given": "Ada", "family": "Love", "formatted": "Ada Love"},
                            "primaryPhone": "+1 5",
                        }
                    ]
                },
                "size": 1,
            }
        ),
    ),
    "cyberark csv": (
        "cyberark",
        (
            "Username,DisplayName,Mail,Uuid,OfficeNumber,State\n"
            "ada@x.example,Ada Love,ada@x.example,11-22,+1 5,Disabled\n"
        ),
    ),
    "ad ldif": (
        DEFAULT,
        (
            "dn: CN=Ada Love,DC=x\nobjectClass: user\ncn: Ada Love\nsn: Love\ngivenName: Ada\n"
            "userPrincipalName: ada@x.example\nmail: ada@x.example\nentryUUID: 11-22\n"
            "userAccountControl: 514\ntelephoneNumber: +1 5\n"
        ),
    ),
    "scim json": (
        DEFAULT,
        json.dumps(
            {
                "totalResults": 1,
                "Resources": [
                    {
                        "externalId": "11-22",
                        "userName": "ada@x.example",
                        "displayName": "Ada Love",
                        "name": {"givenName": "Ada", "familyName": "Love"},
                        "active": False,
                        "emails": [{"value": "ada@x.example", "primary": True}],
                        "phoneNumbers": [{"value": "+1 5"}],
                    }
                ],
            }
        ),
    ),
}


def source_of(name: str) -> PeopleSource:
    return people_in(EXPORTS[name][1].encode(), "export")


def check(user: Mapping[str, Any]) -> None:
    assert user["userName"] == "ada@x.example"
    assert user["displayName"] == "Ada Love"
    assert {"givenName": "Ada", "familyName": "Love"}.items() <= user["name"].items()
    assert [(one["value"], one["primary"]) for one in user["emails"]] == [("ada@x.example", True)]
    assert user["active"] is False


@pytest.mark.parametrize("name", EXPORTS)
def test_the_preset_of_the_idp_reads_its_export(name: str) -> None:
    for chosen in (EXPORTS[name][0], DEFAULT):
        payload = apply(preset(chosen), source_of(name).sample[0].source)
        if chosen == DEFAULT and EXPORTS[name][0] in (
            "onelogin",
            "jumpcloud",
            "pingone",
            "cyberark",
        ):
            continue
        check(payload.user)
        assert not [one for one in payload.findings if one.severity is Severity.ERROR]
        if "phoneNumbers" in payload.user:
            assert payload.user["phoneNumbers"] == [{"value": "+1 5", "type": "work"}]


@pytest.mark.parametrize("name", EXPORTS)
def test_a_proposal_for_the_columns_reads_the_export(name: str) -> None:
    source = source_of(name)
    text = propose(source.columns, [person.source for person in source.sample], "export")
    payload = apply(parse_rules(text, "proposed.toml"), source.sample[0].source)
    if name == "onelogin json":
        assert "it is no address" in text
        return
    if name != "cyberark csv":
        check(payload.user)
        assert not [one for one in payload.findings if one.severity is Severity.ERROR], text


def test_a_proposal_says_what_it_does_not_know() -> None:
    people = [{"Mail Adr.": "a@x.org", "vorname": "A", "colour": "red", "bad\nname": 1}]
    text = propose(list(people[0]), people, "p\x1b.csv")
    assert '"emails.value" = { source = "\\"Mail Adr.\\""' in text
    assert '# "userName": no column was found, and it is needed.' in text
    assert "#   colour" in text
    assert "\x1b" not in text
    assert parse_rules(text, "p").rules[0].target.path == "name.givenName"
    assert "better take an id" in propose(["email", "id"], [{"email": "a@x.org", "id": "a@x.org"}])


cells = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=12)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(cells, min_size=1, max_size=8, unique=True), st.data())
def test_any_columns_make_a_proposal_that_can_be_read(
    names: list[str], data: st.DataObject
) -> None:
    person = {name: data.draw(st.none() | st.booleans() | cells) for name in names}
    text = propose(names, [person])
    if "source =" in text or "const =" in text:
        rules = parse_rules(text, "proposed")
        apply(rules, person)
