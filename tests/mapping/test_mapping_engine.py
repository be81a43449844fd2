from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scim_tui.mapping.check.batch import UniqueValues, keys_of
from scim_tui.mapping.check.engine import RuleOutcome, apply
from scim_tui.mapping.check.findings import Severity, findings_of
from scim_tui.mapping.presets import DEFAULT, preset
from scim_tui.mapping.read.people import people_in
from scim_tui.mapping.rules.expressions import EvaluationFailed, Expression
from scim_tui.mapping.rules.functions import NAMES
from scim_tui.mapping.rules.rules import parse_rules
from scim_tui.model.constraints import ENTERPRISE, USER


def user_of(rules: str, **person: object) -> dict[str, Any]:
    return dict(apply(parse_rules(rules, "rules"), person).user)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("join(' ', first, last)", "Ada Love"),
        ("join('-', [first, none, last], first)", "Ada-Love-Ada"),
        ("join(' ', none, blank)", None),
        ("join('.', number, last)", "7.Love"),
        ("lower(first)", "ada"),
        ("upper(first)", "ADA"),
        ("upper(none)", None),
        ("trim(padded)", "x y"),
        ("default(none, blank, first)", "Ada"),
        ("default(no, first)", False),
        ("first(mails)", "a@x"),
        ("first(first)", "Ada"),
        ("first(empty)", None),
        ("split(mail, '@')[1]", "corp.example"),
        ("split(padded, '')", ["x", "y"]),
        ("split(none, '@')", None),
        ("replace(mail, 'corp', 'new')", "ada@new.example"),
        ("switch(first, 'other', 'Bob', 'b', 'Ada', 'a')", "a"),
        ("switch(none, 'other', 'Bob', 'b')", "other"),
        ("switch(no, 'other', `0`, 'zero', `false`, 'false')", "false"),
        ("mails[-1]", "b@x"),
        ("nested.deep", 1),
        ('"odd name"', "odd"),
        ("missing.deep", None),
    ],
)
def test_functions_and_paths(expression: str, value: object) -> None:
    person = {
        "first": "Ada",
        "last": "Love",
        "none": None,
        "blank": "",
        "padded": " x y ",
        "number": 7,
        "mails": ["a@x", "b@x"],
        "empty": [],
        "mail": "ada@corp.example",
        "no": False,
        "nested": {"deep": 1},
        "odd name": "odd",
    }
    assert Expression(expression).of(person) == value


def test_own_functions_are_all_there() -> None:
    own = {"join", "lower", "upper", "default", "first", "split", "replace", "trim", "switch"}
    assert own <= NAMES


def test_an_expression_knows_its_columns() -> None:
    expression = Expression("join(' ', a.b, c[0].d, \"e f\") || g[?h == 'i'].j | k")
    assert expression.fields >= {"a", "c", "e f", "g"}
    assert not expression.fields & {"b", "d", "j"}


def test_a_value_of_the_wrong_type_is_reported_without_the_value() -> None:
    with pytest.raises(EvaluationFailed, match=r"lower\(\) takes string or null, not array\."):
        Expression("lower(a)").of({"a": ["secret"]})


def test_a_payload_is_put_together_from_parts() -> None:
    rules = """
    userName = "login"
    "name.givenName" = "first"
    "emails.value" = "mail"
    "emails.type" = { const = "work" }
    "emails.primary" = { const = true }
    "enterprise.department" = "dept"
    "enterprise.manager" = "boss"
    active = "on"
    """
    assert user_of(rules, login="a", first="Ada", mail="a@x", dept="D", boss="b1", on="False") == {
        "schemas": [USER, ENTERPRISE],
        "userName": "a",
        "name": {"givenName": "Ada"},
        "emails": [{"value": "a@x", "type": "work", "primary": True}],
        "active": False,
        ENTERPRISE: {"department": "D", "manager": {"value": "b1"}},
    }


def test_labels_alone_make_no_value() -> None:
    rules = '"emails.value" = "mail"\n"emails.type" = {const = "work"}\nuserName = "a"'
    assert "emails" not in user_of(rules, a="a", mail="")


def test_a_list_makes_several_values_and_one_primary() -> None:
    rules = '"emails.value" = "mails"\n"emails.primary" = {const = true}'
    user = user_of(rules, mails=["a", "b"])
    assert user["emails"] == [{"value": "a", "primary": True}, {"value": "b"}]
    assert "emails.single" in {finding.code for finding in findings_of(user)}


def test_selectors_make_values_of_their_own() -> None:
    rules = (
        '\'emails[type eq "work"].value\' = "a"\n\'emails[type eq "home"].value\' = "b"\n'
        '"phoneNumbers[0].value" = "c"\n"addresses[primary].country" = "d"\n'
    )
    user = user_of(rules, a="a", b="b", c="c", d="DE")
    assert user["emails"] == [{"type": "work", "value": "a"}, {"type": "home", "value": "b"}]
    assert user["phoneNumbers"] == [{"value": "c"}]
    assert user["addresses"] == [{"primary": True, "country": "DE"}]


def test_the_trace_shows_the_outcome_of_each_rule() -> None:
    rules = parse_rules(
        'userName = "login"\ntitle = "title"\nnickName = {source = "n", when = "vip"}\n'
        'locale = "lower(langs)"\ntimezone = {source = "tz", empty = "send"}\n',
        "rules",
    )
    payload = apply(rules, {"login": "a", "title": "", "n": "x", "langs": ["de"], "tz": ""})
    assert [step.outcome for step in payload.trace] == [
        RuleOutcome.SENT,
        RuleOutcome.EMPTY,
        RuleOutcome.SKIPPED,
        RuleOutcome.FAILED,
        RuleOutcome.SENT,
    ]
    assert payload.trace[0].value == "a"
    assert payload.user == {"schemas": [USER], "userName": "a", "timezone": ""}
    codes = [finding.code for finding in payload.findings]
    assert codes[0] == "rule.failed"
    assert "text.empty" in codes


def test_a_payload_that_is_no_json_is_found() -> None:
    for value in ("\ud800", "x" * 1024 * 1024):
        assert findings_of({"userName": value})[0].code == "json.invalid"
    rules = parse_rules('title = { const = nan }\nuserName = "u"', "rules")
    assert apply(rules, {}).findings[0].code == "json.invalid"


def test_disputed_characters_are_a_warning() -> None:
    user = {
        "userName": "a:b@x",
        "displayName": "A",
        "name": {"givenName": "A", "familyName": "B"},
        "externalId": "1",
        "emails": [{"value": "a@x", "primary": True}],
    }
    found = list(findings_of(user))
    assert [(f.code, f.severity, f.path) for f in found] == [
        ("characters.disputed", Severity.WARNING, "userName")
    ]


def person(name: str, mail: str, external: str) -> dict[str, Any]:
    return {
        "userName": name,
        "emails": [{"value": mail, "primary": True}],
        "externalId": external,
    }


def test_duplicates_are_reported_with_the_other_person() -> None:
    ada = person("Ada", "Ada@X", "1a")
    batch = UniqueValues(10, {4: ada}.__getitem__)
    batch.take(keys_of(ada), 4)
    found = batch.collisions(keys_of(person("aDA", "ada@x", "1A")), 5)
    assert [(f.code, f.other) for f in found] == [
        ("emails.unique", 4),
        ("externalId.unique", 4),
        ("userName.unique", 4),
    ]
    assert "person 5" in found[0].message
    assert not batch.collisions(keys_of(person("bob", "b@x", "2")), 5)
    assert not batch.collisions(keys_of(ada), 4), "nobody collides with themselves"


EXPORTS = {
    "okta.csv": "login,firstName,lastName,email\nada@x,Ada,Love,ada@x\n",
    "okta.json": '[{"id":"00u","status":"SUSPENDED","profile":{"login":"ada@x","email":"ada@x",'
    '"firstName":"Ada","lastName":"Love","displayName":"Ada Love"}}]',
    "entra.csv": "userPrincipalName,displayName,surname,mail,givenName,id,accountEnabled\n"
    "ada@x,Ada Love,Love,ada@x,Ada,7,False\n",
    "google.csv": "First Name [Required],Last Name [Required],Email Address [Required],"
    "Status [READ ONLY]\nAda,Love,ada@x,Suspended\n",
    "scim.json": '{"Resources":[{"userName":"ada@x","displayName":"Ada Love","active":false,'
    '"name":{"givenName":"Ada","familyName":"Love"},"emails":[{"value":"ada@x"}]}]}',
    "hand.csv": "username;first_name;last_name;mail\nada@x;Ada;Love;ada@x\n",
}


@pytest.mark.parametrize("name", EXPORTS)
def test_the_default_preset_reads_what_idps_export(name: str) -> None:
    source = people_in(EXPORTS[name].encode(), name).sample[0].source
    payload = apply(preset(DEFAULT), source)
    assert payload.user["userName"] == "ada@x"
    assert payload.user["displayName"] == "Ada Love"
    assert payload.user["name"] == {"givenName": "Ada", "familyName": "Love"}
    assert payload.user["emails"] == [{"value": "ada@x", "type": "work", "primary": True}]
    told = name not in {"okta.csv", "hand.csv"}
    assert payload.user.get("active") is (False if told else None)
    codes = {finding.code for finding in payload.findings}
    assert codes - {"externalId.missing"} == (set() if told else {"active.missing"})


@pytest.mark.parametrize(("preset_name", "file"), [("okta", "okta.json"), ("entra", "entra.csv")])
def test_the_presets_of_vendors_read_their_exports(preset_name: str, file: str) -> None:
    source = people_in(EXPORTS[file].encode(), file).sample[0].source
    payload = apply(preset(preset_name), source)
    assert payload.findings == ()
    assert payload.user["active"] is False


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
COLUMNS = ["userName", "email", "emails", "name", "status", "profile", "phone", "active", "title"]


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(COLUMNS), values))
def test_no_person_breaks_the_default_preset(source: dict[str, object]) -> None:
    payload = apply(preset(DEFAULT), source)
    assert len(payload.trace) == len(preset(DEFAULT).rules)
    assert all(finding.message for finding in payload.findings)


@pytest.mark.parametrize(
    ("name", "mail", "external", "unstable"),
    [
        ("login", "mail", "replace(login, '@', '_')", True),
        ("login", "mail", "upper(mail)", True),
        ("profile.login", "mail", "replace(profile.login, '@', '_')", True),
        ("profile.login", "mail", "profile.id", False),
        ("login", "mail", "id || login", False),
        ("join('@', id, 'x.example')", "mail", "id", False),
    ],
)
def test_an_external_id_made_of_the_name_or_the_address_is_unstable(
    name: str, mail: str, external: str, unstable: bool
) -> None:
    text = f'userName = "{name}"\n"emails.value" = "{mail}"\nexternalId = "{external}"\n'
    person = {
        "login": "ada@x.example",
        "mail": "a.l@x.example",
        "id": "7",
        "profile": {"login": "ada@y.example", "id": "p7"},
    }
    payload = apply(parse_rules(text, "rules.toml"), person)
    codes = [finding.code for finding in payload.findings]
    assert codes.count("externalId.unstable") == unstable
