import json
from typing import Any

import pytest

from scim_tui.mapping.authoring.load import read_mapping
from scim_tui.mapping.base.errors import BadMapping
from scim_tui.mapping.check.engine import RuleOutcome, apply, apply_to_group
from scim_tui.mapping.idp_rules.entra_functions import value_of
from scim_tui.mapping.idp_rules.entra_parser import parse_expression
from scim_tui.mapping.rules.expressions import Expression
from scim_tui.mapping.rules.idp_expression import NotEvaluated

PERSON = {
    "userPrincipalName": "Ada@Corp.example",
    "displayName": "Ada Løve",
    "givenName": "Ada",
    "surname": "Løve",
    "mail": "ada@corp.example",
    "id": "11",
    "country": "US",
    "city": "",
    "accountEnabled": "False",
    "mobilePhone": "1",
    "proxyAddresses": ["a", "b"],
}

NAMES = {"caps": "PABLO GONSALVES (SECOND)", "double": "PINTO-DE'SILVA"}


def of(text: str, **more: object) -> object:
    person = {**PERSON, "twice": ["x", "y", "x"], **NAMES, **more}
    return Expression(value_of(parse_expression(text))).of(person)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[mail]", "ada@corp.example"),
        ('"1"', "1"),
        ('Join(" ", [givenName], [city], [surname])', "Ada Løve"),
        ('Append([mail], ".x")', "ada@corp.example.x"),
        ('[givenName] & "-" & [surname]', "Ada-Løve"),
        ("ToLower([userPrincipalName], )", "ada@corp.example"),
        ("ToUpper([givenName])", "ADA"),
        ('Coalesce([city], [country], "x")', "US"),
        ('IIF([country]="US", "home", [city])', "home"),
        ('IIF([country]<>"US", "home", "away")', "away"),
        ('IIF(IsNullOrEmpty([city]), "none", [city])', "none"),
        ('IIF(Not(IsPresent([city])), "none", [city])', "none"),
        ('IIF(And([country]="US", IsPresent([city])), "a", "b")', "b"),
        ("IsNullOrEmpty([city])", "True"),
        ("Not([accountEnabled])", "True"),
        ('Switch([country], "?", "DE", "Germany", "US", "America")', "America"),
        ('Switch([city], "?", "", "nowhere")', "nowhere"),
        ('Switch([country], , "us", "small")', None),
        ('Switch([IsSoftDeleted], , "False", "True", "True", "False")', "False"),
        ('Replace([mail], "corp", , , "new", , )', "ada@new.example"),
        ("Mid([mail], 1, 3)", "ada"),
        ("Mid([mail], 5, 100)", "corp.example"),
        ("Left([mail], 3)", "ada"),
        ("Left([mail], -1)", "ada@corp.example"),
        ("Item([proxyAddresses], 2)", "b"),
        ('Word([mail], 2, "@")', "corp.example"),
        ('Item(Split([mail], "@"), 1)', "ada"),
        ('Word([mail], 3, "@.")', "example"),
        ('Word([city], 1, "@")', ""),
        ('Replace([mail], , "(?<Suffix>@(.)*)", "Suffix", "@new.example", , )', "ada@new.example"),
        ('Replace([mail], , "(?<a>[a-z]+)@corp", , "${a}.x@y", , )', "ada.x@y.example"),
        (r'Replace([givenName], , "^(?<a>.)", , "$1\\", , )', r"A\da"),
        ('Replace([city], , "^(.*)@", "1", , [mail], )', "ada"),
        ('Replace([givenName], "x", , , , , "Dear x!")', "Dear Ada!"),
        ('InStr([mail], "corp")', 5),
        ('InStr([city], "corp")', 0),
        ("Count([proxyAddresses])", 2),
        ("Count([mail])", 1),
        ("Count([manages])", 0),
        ("Len([givenName])", 3),
        ("CStr([accountEnabled])", "False"),
        ('IIF(CBool([accountEnabled]), "on", "off")', "off"),
        ("IsString([mail])", "True"),
        ("IsString([proxyAddresses])", "False"),
        ("RemoveDuplicates([twice])", ["x", "y"]),
        ("Redact([mail])", "ada@corp.example"),
        ('Redact("x")', "x"),
        ("IgnoreFlowIfNullOrEmpty([city])", ""),
        ("Trim([mail])", "ada@corp.example"),
        ("StripSpaces([displayName])", "AdaLøve"),
        ("NormalizeDiacritics([surname])", "Loeve"),
        ("PCase([mail])", "Ada@Corp.Example"),
        ("PCase([caps])", "Pablo Gonsalves (Second)"),
        ('PCase([double], " \'-")', "Pinto-De'Silva"),
        ('PCase([double], " ")', "Pinto-de'silva"),
        ("PCase([double])", "Pinto-De'silva"),
        ('PCase("3com o3b")', "3Com O3b"),
        ('Word("The quick brown fox", 3, " ")', "brown"),
        ('Word("This,string!has&many separators", 3, ",!&#")', "has"),
        ('Word("one  two", 2, " ")', "two"),
        ('Word("one two", 0, " ")', ""),
        ('Word("one two", -1, " ")', ""),
        ('Word("one two", 3, " ")', ""),
        ('Word("a]b^c", 2, "]^")', "b"),
        (
            'Split("PermissionSetOne, PermissionSetTwo", ",")',
            ["PermissionSetOne", "PermissionSetTwo"],
        ),
        ('Item(Split("One, Two", ","), 2)', "Two"),
        ('Split([city], ",")', None),
        ("[objectId]", "11"),
        ("[mobile]", "1"),
        ("[extensionAttribute1]", None),
        (r'Join("\"", "it\'s", "b")', "it's\"b"),
    ],
)
def test_expressions_give_what_entra_documents(text: str, value: object) -> None:
    assert of(text) == value


def test_json_booleans_are_texts_to_entra() -> None:
    text = 'Switch([accountEnabled], , "True", "on", "False", "off")'
    assert of(text, accountEnabled=True) == of(text, accountEnabled="True") == "on"


@pytest.mark.parametrize(
    "text",
    [
        'SelectUniqueValue(Join(".", [a], [b]))',
        "Guid()",
        "Now()",
        "DefaultDomain()",
        'Join("@", [mailNickname], DefaultDomain())',
        'Item(Split([a], "-"), 0)',
        "Redact()",
        "RemoveDiacritics([a])",
        "RandomString(1)",
        "SingleAppRoleAssignment([appRoleAssignments])",
        "[manager]",
        "Frobnicate([a])",
        "Mid([a]",
        "Mid([a], [b], 1)",
        'Replace([a], , "(x+)+", , "y", , )',
        "",
        "[a] [b]",
        'Replace([a], , "(", , "y", , )',
        'Replace([a], , ".*.*.*b", , "y", , )',
        "BitAnd([a], 1)",
        'FormatDateTime([a], , "yyyy", "yy")',
        'InStr([a], "b", 2)',
        "ConvertToBase64([a])",
        "Left(" * 100 + "[a]",
        'Switch([a], "", "k")',
        "[" * 9,
        "Mid([a])",
    ],
)
def test_the_rest_is_not_evaluated_and_says_why(text: str) -> None:
    with pytest.raises(NotEvaluated, match=r"\."):
        of(text)


def attribute(name: str) -> dict[str, Any]:
    return {"type": "Attribute", "name": name, "expression": f"[{name}]", "parameters": []}


def constant(value: str) -> dict[str, Any]:
    return {"type": "Constant", "name": value, "expression": f'"{value}"', "parameters": []}


def function(name: str, expression: str, *parameters: dict[str, Any]) -> dict[str, Any]:
    pairs = [{"key": f"p{place}", "value": value} for place, value in enumerate(parameters)]
    return {"type": "Function", "name": name, "expression": expression, "parameters": pairs}


def mapped(target: str, source: dict[str, Any] | None, **more: object) -> dict[str, Any]:
    return {
        "targetAttributeName": target,
        "matchingPriority": 0,
        "defaultValue": None,
        "flowType": "Always",
        "source": source,
        **more,
    }


def schema(users: list[dict[str, Any]], **more: object) -> str:
    groups = [
        mapped("displayName", attribute("displayName")),
        mapped("externalId", attribute("objectId")),
        mapped("members", attribute("members")),
    ]
    objects = [
        {
            "enabled": True,
            "sourceObjectName": "Group",
            "attributeMappings": groups,
            "targetObjectName": "urn:ietf:params:scim:schemas:core:2.0:Group",
        },
        {
            "enabled": True,
            "sourceObjectName": "User",
            "attributeMappings": users,
            "targetObjectName": "urn:ietf:params:scim:schemas:core:2.0:User",
            **more,
        },
    ]
    rules = [{"id": "r", "name": "USERGROUP_OUTBOUND_USERGROUP", "objectMappings": objects}]
    document = {"@odata.context": "x", "id": "s", "synchronizationRules": rules}
    return json.dumps(document, indent=1)


USERS = [
    mapped("userName", attribute("userPrincipalName")),
    mapped(
        "active",
        function(
            "Switch",
            'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
            attribute("IsSoftDeleted"),
            {},
            constant("False"),
            constant("True"),
            constant("True"),
            constant("False"),
        ),
    ),
    mapped(
        "displayName",
        function("Join", "", constant(" "), attribute("givenName"), attribute("surname")),
    ),
    mapped("name.givenName", attribute("givenName")),
    mapped(
        "name.familyName", function("SelectUniqueValue", 'SelectUniqueValue("a")', constant("a"))
    ),
    mapped('emails[type eq "work"].value', function("ToLower", "ToLower([mail])")),
    mapped("externalId", attribute("objectId"), flowType="ObjectAddOnly"),
    mapped("title", attribute("jobTitle"), defaultValue="Staff"),
    mapped("locale", constant("en")),
    mapped("nickName", None),
    mapped(
        "timezone",
        function(
            "IIF",
            'IIF([country]="US", "America/New_York", "UTC")',
            {"type": "Function", "name": "Equal", "expression": ""},
        ),
    ),
    mapped(
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager", attribute("manager")
    ),
    mapped("urn:ietf:params:scim:schemas:extension:custom:2.0:User:x", attribute("x")),
]


def test_a_schema_is_recognised_by_content_and_becomes_rules() -> None:
    rules = read_mapping(schema(USERS), "schema.json")
    assert rules.format == "entra"
    payload = apply(rules, PERSON)
    assert payload.user["userName"] == "Ada@Corp.example"
    assert payload.user["active"] is False
    assert payload.user["displayName"] == "Ada Løve"
    assert payload.user["name"] == {"givenName": "Ada"}
    assert payload.user["emails"] == [
        {"type": "work", "value": "ada@corp.example", "primary": True}
    ]
    assert payload.user["externalId"] == "11"
    assert payload.user["title"] == "Staff"
    assert payload.user["locale"] == "en"
    assert payload.user["timezone"] == "America/New_York"
    assert apply_to_group(rules, {"displayName": "G", "id": "9"}).user["externalId"] == "9"


def test_what_only_entra_knows_is_never_said_to_be_missing() -> None:
    payload = apply(read_mapping(schema(USERS), "schema.json"), PERSON)
    assert payload.unknown == {"name.familyName", "enterprise.manager", "nickName"}
    unknown = [step for step in payload.trace if step.outcome is RuleOutcome.UNKNOWN]
    assert unknown[0].rule.text == 'SelectUniqueValue("a")'
    codes = [(finding.code, finding.path) for finding in payload.findings]
    assert codes.count(("rule.unknown", "name.familyName")) == 1
    assert "name.familyName.required" not in {code for code, _ in codes}


def test_an_import_says_what_it_left_out_and_where() -> None:
    clause = {"sourceOperandName": "department", "operatorName": "EQUALS"}
    scope = {"groups": [{"name": "x", "clauses": [clause]}]}
    rules = read_mapping(schema(USERS, scope=scope), "schema.json")
    notes = " ".join(rules.notes)
    assert "custom:2.0:User:x (line" in notes
    assert "department EQUALS" in notes
    assert "IsSoftDeleted" in notes
    text = schema(USERS).splitlines()
    for rule in rules.rules:
        assert "targetAttributeName" in text[rule.line - 1]
    title = next(rule for rule in rules.rules if rule.target.path == "externalId")
    assert title.note == "Only when the user is created."


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ('{"synchronizationRules": [}', "s.json, line 1, column 27", "Invalid JSON"),
        ('{\n"a": 1}', "s.json, line 1", "neither a schema"),
        ('[{"a": 1}]', "s.json, line 1", "neither a schema"),
        ('{"synchronizationRules": []}', "s.json, line 1", "maps no users"),
        ('{"synchronizationRules": [1, {"objectMappings": [2]}]}', "s.json, line 1", "no users"),
        ('{"a": ' + "[" * 100_000, "s.json, line 1", "nested too deep"),
        (schema([USERS[0], USERS[0]]), "s.json, line", "has a rule already"),
        (schema(USERS, enabled=False), "s.json, line 1", "maps no users"),
    ],
)
def test_what_is_no_schema_is_refused(text: str, place: str, words: str) -> None:
    with pytest.raises(BadMapping, match=words) as caught:
        read_mapping(text, "s.json")
    assert caught.value.message.startswith(place)


def test_a_tree_that_never_ends_is_not_evaluated() -> None:
    node = attribute("a")
    for _ in range(200):
        node = function("ToLower", "", node)
    rules = read_mapping(schema([mapped("userName", node)]), "s.json")
    assert rules.rules[0].unevaluated == "The expression is nested too deep."


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Sørine Bjørk", "Soerine Bjoerk"),
        ("Zoë Łęcka", "Zoe Lecka"),
        ("Æmilie Groß", "AEmilie Gross"),
        ("Zoe\u0308", "Zoe"),
        ("O\u0304\u0301", "O"),
        ("İIı", "IIi"),
        ("민준 김", "민준 김"),
        ("ガブリエル", "ガブリエル"),
        ("น้ำใจ", "น้ำใจ"),
        ("Юрий Ёлкин", "Юрий Ёлкин"),
        ("क्षेत्र", "क्षेत्र"),
        ("đ þ œ ţ", "đ þ œ ţ"),
    ],
)
def test_diacritics_go_by_the_table_and_nothing_else(name: str, plain: str) -> None:
    assert of("NormalizeDiacritics([surname])", surname=name) == plain


@pytest.mark.parametrize(
    "written", ['primary eq "True"', 'primary eq "true"', "primary eq true", "primary eq True"]
)
def test_a_boolean_of_a_target_may_stand_in_quotes(written: str) -> None:
    rules = read_mapping(
        schema([*USERS[:1], mapped(f"roles[{written}].value", attribute("mail"))]), "s.json"
    )
    assert not rules.notes
    assert apply(rules, PERSON).user["roles"] == [{"primary": True, "value": "ada@corp.example"}]
    other = read_mapping(
        schema([*USERS[:1], mapped('roles[primary eq "False"].value', attribute("mail"))]), "s.json"
    )
    assert apply(other, PERSON).user["roles"] == [{"primary": False, "value": "ada@corp.example"}]
