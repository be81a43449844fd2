import json

import pytest

from scim_tui.mapping.authoring.load import read_mapping
from scim_tui.mapping.base.errors import BadMapping
from scim_tui.mapping.check.engine import apply
from scim_tui.mapping.check.findings import Severity
from scim_tui.mapping.idp_rules.okta_functions import value_of
from scim_tui.mapping.idp_rules.okta_parser import parse_expression
from scim_tui.mapping.presets import preset
from scim_tui.mapping.rules.expressions import Expression
from scim_tui.mapping.rules.idp_expression import NotEvaluated

PROFILE = {
    "login": "ada@corp.example",
    "firstName": "Ada",
    "lastName": "Love",
    "email": "ADA@x",
    "department": "Sales EMEA",
    "city": None,
    "langs": ["en", "de"],
    "number": "7",
}


def of(text: str) -> object:
    return Expression(value_of(parse_expression(text))).of({"id": "00u", "profile": PROFILE})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("user.firstName", "Ada"),
        ("source.firstName", "Ada"),
        ("user.id", "00u"),
        ('user.firstName + " " + user.lastName', "Ada Love"),
        ('String.join(", ", user.lastName, user.firstName)', "Love, Ada"),
        ("String.append(user.firstName, user.lastName)", "AdaLove"),
        ("String.toLowerCase(user.email)", "ada@x"),
        ("String.toUpperCase(user.firstName)", "ADA"),
        ('String.substringBefore(user.login, "@")', "ada"),
        ('String.substringAfter(user.login, "@")', "corp.example"),
        ("String.substring(user.login, 0, 3)", "ada"),
        ("user.firstName.substring(0, 1)", "A"),
        ("user.email.toLowerCase()", "ada@x"),
        ("(user.firstName + user.lastName).toLowerCase()", "adalove"),
        ('String.replace(user.login, "corp", "new")', "ada@new.example"),
        ("String.removeSpaces(user.department)", "SalesEMEA"),
        ("String.len(user.firstName)", 3),
        ('user.city != null ? user.city : "none"', "none"),
        ('user.city == null ? "none" : user.city', "none"),
        ('user.lastName == "Love" AND user.city == null ? 1 : 2', 1),
        ('!(user.lastName == "Love") || user.city != "" ? 1 : 2', 2),
        ('user.firstName == "Bob" ? "b" : user.firstName == "Ada" ? "a" : "c"', "a"),
        ('String.stringContains(user.department, "EMEA") ? "eu" : "us"', "eu"),
        ('String.startsWith(user.department, "EMEA") ? "eu" : "us"', "us"),
        ('String.stringSwitch(user.department, "x", "APAC", "ap", "EMEA", "eu")', "eu"),
        ("'it''s'.trim()", None),
        ('user.city ?: user.department ?: "x"', "Sales EMEA"),
        ('String.replaceFirst(user.login, "a", "o")', "oda@corp.example"),
        ("user.firstName.length()", 3),
        ('user.getInternalProperty("id")', "00u"),
        ('Arrays.contains(user.langs, "de") ? "y" : "n"', "y"),
        ('Arrays.contains(user.city, "de") ? "y" : "n"', "n"),
        ("Arrays.toCsvString(user.langs)", "en,de"),
        ("Arrays.get(user.langs, 1)", "de"),
        ("Arrays.size(user.langs)", 2),
        ("Arrays.size(user.city)", 0),
        ("Arrays.flatten(user.langs)", ["en", "de"]),
        ('Arrays.isEmpty(user.city) ? "y" : "n"', "y"),
        ('user.city.isEmpty() ? "y" : "n"', "y"),
        ("Convert.toInt(user.number)", 7),
        ("Convert.toNum(user.number)", 7),
        ('"say \\"hi\\""', 'say "hi"'),
    ],
)
def test_the_subset_gives_what_okta_documents(text: str, value: object) -> None:
    if value is None:
        with pytest.raises(NotEvaluated):
            of(text)
    else:
        assert of(text) == value


def test_a_csv_has_the_profile_as_columns() -> None:
    expression = Expression(value_of(parse_expression("user.firstName")))
    assert expression.of({"firstName": "Ada"}) == "Ada"


@pytest.mark.parametrize(
    "text",
    [
        'isMemberOfGroupName("x")',
        'getManagerUser("active_directory").firstName',
        'user.getInternalProperty("created")',
        'Iso3166Convert.toAlpha2("Germany")',
        "Time.now()",
        "org.name",
        "user.a.b",
        "user.",
        "a ? b",
        "user.a ? ",
        "(user.a",
        "((((" * 20 + "user.a",
        "!" * 100 + "user.a",
        "user.a;",
        "String.substring(user.a, user.b)",
        'String.stringSwitch(user.a, "b", "c")',
        "",
    ],
)
def test_the_rest_is_not_evaluated(text: str) -> None:
    with pytest.raises(NotEvaluated, match=r"\."):
        of(text)


MAPPING = {
    "id": "prm1",
    "source": {"id": "otysb", "name": "user", "type": "user"},
    "target": {"id": "otyax", "name": "amazon_aws_sso", "type": "appuser"},
    "properties": {
        "givenName": {"expression": "user.firstName", "pushStatus": "PUSH"},
        "familyName": {"expression": "user.lastName", "pushStatus": "DONT_PUSH"},
        "displayName": {"expression": 'user.firstName + " " + user.lastName'},
        "email": {"expression": "user.email", "pushStatus": "PUSH"},
        "managerId": {"expression": "getManagerUser('ad').id", "pushStatus": "PUSH"},
        "favouriteColour": {"expression": "user.colour", "pushStatus": "PUSH"},
    },
}


@pytest.mark.parametrize("document", [MAPPING, [{"id": "other"}, MAPPING]])
def test_a_mapping_is_recognised_by_content_and_becomes_rules(document: object) -> None:
    rules = read_mapping(json.dumps(document, indent=1), "m.json")
    assert rules.format == "okta"
    payload = apply(rules, {"id": "00u", "status": "SUSPENDED", "profile": PROFILE})
    assert payload.user["userName"] == "ada@corp.example"
    assert payload.user["externalId"] == "00u"
    assert payload.user["active"] is False
    assert payload.user["name"] == {"givenName": "Ada", "familyName": "Love"}
    assert payload.user["displayName"] == "Ada Love"
    assert payload.user["emails"] == [{"value": "ADA@x", "type": "work", "primary": True}]
    assert payload.unknown == {"enterprise.manager.value"}
    assert "favouriteColour (line" in rules.notes[0]
    assert rules.rules[1].note == "Only when the user is created."
    assert {rule.note.partition(":")[0] for rule in rules.rules if rule.line == 1} == {
        "A default of ours"
    }


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"target": {"type": "user"}}, "not Okta to the app"),
        ({"properties": {"x": {"expression": "user.a"}}}, "no rule"),
        ({"properties": {"email": 1}}, "no rule"),
        ({"properties": 1}, "neither"),
    ],
)
def test_what_is_no_mapping_of_an_app_is_refused(change: dict[str, object], words: str) -> None:
    with pytest.raises(BadMapping, match=words):
        read_mapping(json.dumps({**MAPPING, **change}), "m.json")


def mapped(expression: str, target: str = "title") -> dict[str, object]:
    properties = {target: {"expression": expression, "pushStatus": "PUSH"}}
    return {**MAPPING, "properties": properties}


@pytest.mark.parametrize("source", ["json", "csv"])
@pytest.mark.parametrize(
    "expression",
    [
        'user.city == null ? "" : user.city',
        'user.city ?: ""',
        '""',
        'String.substringAfter(user.email, "#")',
        'String.append("", "")',
        '"" + ""',
        'String.removeSpaces("  ")',
        'String.replace("x", "x", "")',
    ],
)
def test_an_empty_text_of_an_expression_is_refused_as_okta_sends_it(
    expression: str, source: str
) -> None:
    person: dict[str, object] = (
        {"profile": PROFILE} if source == "json" else {**PROFILE, "city": ""}
    )
    for target, path in (("title", "title"), ("department", "enterprise.department")):
        rules = read_mapping(json.dumps(mapped(expression, target)), "m.json")
        codes = [found.code for found in apply(rules, person).findings]
        assert "text.empty" in codes, path


NOTHING: list[dict[str, object]] = [
    {"profile": {}},
    {"profile": {"city": None}},
    {"profile": {"city": ""}},
    {"city": "", "id": ""},
]


@pytest.mark.parametrize("person", NOTHING)
@pytest.mark.parametrize("expression", ["user.city", "user.getInternalProperty('id')"])
def test_an_attribute_that_okta_does_not_have_is_not_sent(
    expression: str, person: dict[str, object]
) -> None:
    payload = apply(read_mapping(json.dumps(mapped(expression)), "m.json"), person)
    assert "title" not in payload.user
    assert "text.empty" not in [found.code for found in payload.findings]


PARTS = {"streetAddress": "S", "city": "C", "state": "BE", "zipCode": "1", "countryCode": "DE"}


def test_the_five_parts_of_an_address_belong_together() -> None:
    properties = {name: {"expression": f"user.{name}"} for name in PARTS}
    imported = read_mapping(json.dumps({**MAPPING, "properties": properties}), "m.json")
    for rules in (preset("okta"), imported):
        for gone in PARTS:
            some = {name: value for name, value in PARTS.items() if name != gone}
            [found] = [
                one for one in apply(rules, {"profile": some}).findings if one.path == "addresses"
            ]
            assert (found.code, found.severity) == ("addresses.partial", Severity.WARNING)
        for whole in (PARTS, {}, dict.fromkeys(PARTS, "")):
            codes = {one.code for one in apply(rules, {"profile": whole}).findings}
            assert "addresses.partial" not in codes
    codes = {one.code for one in apply(preset("entra"), {"country": "DE"}).findings}
    assert "addresses.partial" not in codes, "documented of Okta only"
