import pytest

from scim_tui.mapping.authoring.columns import missing_columns
from scim_tui.mapping.base.errors import BadMapping
from scim_tui.mapping.check.engine import apply_to_group
from scim_tui.mapping.presets import DEFAULT, preset, preset_names
from scim_tui.mapping.rules.rules import parse_rules
from scim_tui.model.constraints import GROUP
from scim_tui.model.errors import UsageError


def test_all_ways_to_write_a_rule() -> None:
    rules = parse_rules(
        'userName = "login"\n'
        '"name.givenName" = { source = "first" }\n'
        'name.familyName = { source = "last" }\n'
        '"emails.type" = { const = "work" }\n'
        '[nickName]\nsource = "nick"\nwhen = "country"\nempty = "send"\n',
        "r.toml",
    ).rules
    assert [(rule.target.path, rule.line) for rule in rules] == [
        ("userName", 1),
        ("name.givenName", 2),
        ("name.familyName", 3),
        ("emails.type", 4),
        ("nickName", 5),
    ]
    assert rules[3].const == "work"
    assert rules[4].when is not None
    assert rules[4].when.text == "country"
    assert rules[4].send_empty


@pytest.mark.parametrize(
    ("text", "place", "problem", "hint"),
    [
        ('userName = "a"\nname = = 1', "r.toml, line 2, column 8", "Invalid value", "Write rules"),
        ('userName = "a', "r.toml, line 1", "", "Write rules"),
        ("", "r.toml, line 1", "no rule", "Write rules"),
        ("# x\nuserName = 3", "r.toml, line 2, rule userName", "table or a text", ""),
        (
            '\n"name.givename" = { source = "a" }',
            "r.toml, line 2, column 2, rule name.givename",
            "no attribute",
            "Did you mean name.givenName?",
        ),
        ('surName = "a"', "r.toml, line 1, column 1", "no attribute", "Did you mean userName?"),
        ('givenname = "a"', "r.toml, line 1", "no attribute", "Did you mean name.givenName?"),
        (
            'userName = { sorce = "a" }',
            "r.toml, line 1, column 14, rule userName",
            "no key 'sorce'",
            "Did you mean source?",
        ),
        ('userName = { source = "a", const = 1 }', "r.toml, line 1", "either", ""),
        ('userName = { when = "a" }', "r.toml, line 1", "either", ""),
        ("userName = { source = 1 }", "r.toml, line 1", "not a text", ""),
        ('userName = { source = "a", empty = "no" }', "r.toml, line 1", "neither", ""),
        ("userName = { const = 2020-01-01 }", "r.toml, line 1", "date", ""),
        (
            'userName = "a"\ntitle = { source = "lower(a" }',
            "r.toml, line 2, column 28, rule title",
            "not JMESPath",
            "quotes",
        ),
        ('title = "a ^ b"', "r.toml, line 1, column 12, rule title", "", ""),
        ('title = "t ^"', "r.toml, line 1, column 12, rule title", "", ""),
        ('title = "trim(lowr(a))"', "r.toml, line 1, column 15", "function lowr()", "lower"),
        ('title = ""', "r.toml, line 1", "empty", ""),
        (f'title = "{"[" * 3000}a"', "r.toml, line 1", "", ""),
        (f'title = "{"a" * 5000}"', "r.toml, line 1", "longer", ""),
        ('title = "a"\n"title" = "b"', "r.toml, line 2", "overwrite", ""),
        (
            'name = "a"\n"name.givenName" = "b"',
            "r.toml, line 2, rule name.givenName",
            "on line 1",
            "",
        ),
        ('"emails.value" = "a"\n"emails" = "b"', "r.toml, line 2, rule emails", "line 1", ""),
        (
            '"enterprise.department" = "a"\n"ent:department" = "b"',
            "r.toml, line 2, rule ent:department",
            "on line 1",
            "",
        ),
    ],
)
def test_errors_say_where_and_what_next(text: str, place: str, problem: str, hint: str) -> None:
    with pytest.raises(BadMapping) as caught:
        parse_rules(text, "r.toml")
    assert caught.value.message.startswith(place)
    assert problem.lower() in caught.value.message.lower()
    assert hint in caught.value.hint


def test_an_attribute_below_a_table_has_its_own_line() -> None:
    with pytest.raises(BadMapping, match=r"line 3, column 1, rule name\.givenNam"):
        parse_rules('[name]\nfamilyName = {source = "a"}\ngivenNam = {source = "b"}\n', "r.toml")


@pytest.mark.parametrize(
    "written",
    [
        "enterprise.department",
        "ent:department",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
    ],
)
def test_enterprise_attributes_have_three_names(written: str) -> None:
    assert parse_rules(f'"{written}" = "d"', "r").rules[0].target.path == "enterprise.department"


NAMES = (
    DEFAULT,
    "cyberark",
    "entra",
    "google",
    "jumpcloud",
    "okta",
    "onelogin",
    "pingone",
)


def test_every_line_of_every_preset_says_where_it_comes_from() -> None:
    assert preset_names() == NAMES
    for name in NAMES:
        rules = preset(name)
        paths = {rule.target.path for rule in rules.rules}
        assert {"userName", "displayName", "name.givenName", "name.familyName"} <= paths
        assert {"emails.value", "emails.primary", "externalId", "active"} <= paths
        for rule in (*rules.rules, *rules.group_rules):
            assert rule.note.startswith(("documented", "ours")), (name, rule.target.text)


def test_an_unknown_preset_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UsageError) as caught:
        preset("../okta")
    assert "identity-center, cyberark, entra" in caught.value.hint


def test_sections_are_for_users_and_for_groups() -> None:
    text = (
        'userName = "login"\n[user]\ndisplayName = { source = "d", note = "ours" }\n'
        '"name.givenName" = "g"\n[user.name]\nfamilyName = { source = "f" }\n'
        '[group]\ndisplayName = "name"\nexternalId = "id"\nmembers = "ids"\n'
    )
    rules = parse_rules(text, "r.toml")
    assert [(rule.target.path, rule.line) for rule in rules.rules] == [
        ("userName", 1),
        ("displayName", 3),
        ("name.givenName", 4),
        ("name.familyName", 6),
    ]
    assert rules.rules[1].note == "ours"
    assert [(rule.target.path, rule.line) for rule in rules.group_rules] == [
        ("displayName", 8),
        ("externalId", 9),
        ("members", 10),
    ]
    group = apply_to_group(rules, {"name": "Staff", "id": "g1", "ids": ["1", "2"]}).user
    assert group == {"schemas": [GROUP], "displayName": "Staff", "externalId": "g1"}
    assert rules.members is not None
    assert rules.members.text == "ids"


@pytest.mark.parametrize(
    ("text", "place", "problem"),
    [
        ('[group]\nuserName = "a"', "r.toml, line 2, column 1, rule userName", "A group has no"),
        ('[user]\nfirstname = "a"', "r.toml, line 2, column 1, rule firstname", "no attribute"),
        ('title = "a"\n[user]\ntitle = "b"', "r.toml, line 3, rule title", "on line 1"),
        ('user = "a"', "r.toml, line 1, column 1, rule user", "no attribute"),
        ('title = { source = "a", note = 1 }', "r.toml, line 1, rule title", "note is not"),
    ],
)
def test_errors_in_sections_say_where(text: str, place: str, problem: str) -> None:
    with pytest.raises(BadMapping) as caught:
        parse_rules(text, "r.toml")
    assert caught.value.message.startswith(place)
    assert problem in caught.value.message


def test_a_column_that_is_not_there_is_named_with_the_nearest() -> None:
    rules = parse_rules('userName = "login"\ntitle = "lower(Titel)"\nlocale = "x || y"', "r")
    missing = missing_columns(rules, ("login", "title", "y"))
    assert [one.message for one in missing] == [
        "Rule title (line 2): there is no column Titel. Did you mean title?"
    ]


def test_long_lines_inside_a_text_do_not_stop_the_reader() -> None:
    for long in ("a" * 5000, "a." * 5000, "[" + "a" * 5000, "'" * 5001, "a " * 5000):
        rules = parse_rules(f'title = {const_of(long)}\nuserName = "u"', "r")
        assert rules.rules[-1].target.path == "userName"


def const_of(text: str) -> str:
    return f'{{ const = """\n{text}\n""" }}'
