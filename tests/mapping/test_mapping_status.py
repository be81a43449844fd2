"""Words for a status: a word that is not known never becomes true, whatever rule reads it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scim_tui.mapping.authoring.load import read_mapping
from scim_tui.mapping.authoring.propose import propose
from scim_tui.mapping.check.engine import Payload, apply
from scim_tui.mapping.check.findings import Severity
from scim_tui.mapping.presets import preset, preset_names
from scim_tui.mapping.read.people import people_in
from scim_tui.mapping.rules.rules import parse_rules
from scim_tui.mapping.rules.status_words import (
    ACTIVE,
    INACTIVE,
    NO,
    WORDS,
    YES,
    StatusUnknown,
    says_blocked,
    status_of,
    status_of_blocked,
)

NAMES = {
    "userName": "a@x.example",
    "displayName": "A B",
    "externalId": "7",
    "name": {"givenName": "A", "familyName": "B"},
}


def active_of(rule: str, **person: object) -> Payload:
    return apply(parse_rules(f"active = {rule}\n", "rules"), person)


def codes(payload: Payload) -> list[str]:
    return [found.code for found in payload.findings if found.path == "active"]


def test_no_word_has_two_meanings() -> None:
    assert not (YES | ACTIVE) & (NO | INACTIVE)
    for language, words in WORDS.items():
        for said, text in ((True, words.yes + "," + words.active), (False, words.no)):
            for word in filter(None, map(str.strip, text.split(","))):
                assert status_of(word) is said, (language, word)
                assert status_of(word.upper()) is said, (language, word)


@pytest.mark.parametrize(
    "word",
    [
        "No",
        "0",
        0,
        "FALSCH",
        "FALSE",
        "Suspended",
        "Terminated",
        "inaktiv",
        "無効",
        "nein",
        " no ",
        "Non",
        "DEVRE DIŞI",
        "Désactivé",
        "desactive",
        "비활성",
        "FAŁSZ",
        "Archived",
        False,
        "НЕТ",
        "ｎｏ",
    ],
)
def test_a_known_word_for_not_active_is_false_in_every_rule(word: object) -> None:
    for rule in ('"w"', '"active(w)"', '"active(missing, w)"', "\"switch(w, w, 'x', `true`)\""):
        payload = active_of(rule, w=word)
        assert payload.user["active"] is False
        assert not codes(payload)


@pytest.mark.parametrize("word", ["Yes", "1", 1, "WAHR", "aktiv", "有効", "PASSWORD_EXPIRED", "是"])
def test_a_known_word_for_active_is_true(word: object) -> None:
    assert active_of('"w"', w=word).user["active"] is True
    assert active_of('"active(w)"', w=word).user["active"] is True


@pytest.mark.parametrize(
    "word", ["On Leave", "STAGED", "maybe", "2", "2024-01-01", "True-ish", "?"]
)
def test_any_other_word_is_an_error_and_is_not_sent(word: str) -> None:
    for rule in (
        '"w"',
        '"active(w)"',
        "\"active(w, 'yes')\"",
        '"inactive(w)"',
        "'default(w, `true`)'",
    ):
        payload = active_of(rule, w=word)
        assert "active" not in payload.user
        [found] = [one for one in payload.findings if one.path == "active"]
        assert (found.code, found.severity) == ("active.unknown", Severity.ERROR)
        assert word in found.message


def test_a_rule_says_what_a_word_means() -> None:
    rule = "\"switch(w, w, 'On Leave', `true`, 'STAGED', `false`)\""
    assert active_of(rule, w="On Leave").user["active"] is True
    assert active_of(rule, w="STAGED").user["active"] is False
    assert codes(active_of(rule, w="else")) == ["active.unknown"]


@pytest.mark.parametrize("nothing", ["", "  ", None, []])
def test_an_empty_cell_gives_no_active_and_a_warning(nothing: object) -> None:
    for rule in ('"w"', '"active(w)"', '"inactive(w)"', '"active(w, inactive(x))"'):
        payload = active_of(rule, w=nothing)
        assert "active" not in payload.user
        assert codes(payload) == ["active.missing"]
        [found] = [one for one in payload.findings if one.path == "active"]
        assert found.severity is Severity.WARNING


def test_rules_without_active_say_nothing_about_it() -> None:
    assert not codes(apply(parse_rules('userName = "u"', "rules"), {"u": "a@x"}))


@pytest.mark.parametrize(
    ("column", "blocked"),
    [
        ("Block sign in (Yes/No)", True),
        ("Block sign in (Yes/No) [accountEnabled] Required", True),
        ("BlockCredential", True),
        ("isDisabled", True),
        ("Suspended", True),
        ("is_archived", True),
        ("Konto gesperrt", True),
        ("無効フラグ", True),
        ("Employee No", False),
        ("accountEnabled", False),
        ("Active/Inactive", False),
        ("Status", False),
        ("N", False),
        ("Blockchain", False),
    ],
)
def test_a_column_named_for_what_is_blocked_is_turned_around(column: str, blocked: bool) -> None:
    assert says_blocked(column) is blocked
    rules = parse_rules(f"active = '\"{column}\"'\n", "rules")
    assert apply(rules, {column: "Yes"}).user["active"] is not blocked
    assert apply(rules, {column: "No"}).user["active"] is blocked
    assert apply(rules, {column: True}).user["active"] is not blocked
    assert apply(rules, {column: "Suspended"}).user["active"] is False


def test_active_under_a_column_of_the_blocked_is_not_guessed() -> None:
    with pytest.raises(StatusUnknown):
        status_of_blocked("Active")
    assert status_of_blocked("Suspended") is False


def test_of_several_columns_the_one_that_says_not_active_decides() -> None:
    rule = '"active(state, inactive(suspended))"'
    assert active_of(rule, state="ACTIVATED", suspended="True").user["active"] is False
    assert active_of(rule, state="ACTIVATED", suspended="False").user["active"] is True
    assert active_of(rule, state="STAGED", suspended="True").user["active"] is False
    assert codes(active_of(rule, state="STAGED", suspended="False")) == ["active.unknown"]
    assert active_of(rule, suspended="False").user["active"] is True


STATUS: dict[str, tuple[str, dict[str, Any]]] = {
    "cyberark": ("State", {}),
    "entra": ("accountEnabled", {}),
    "google": ("Status", {"suspended": "False", "archived": "No"}),
    "identity-center": ("status", {"suspended": False}),
    "jumpcloud": ("state", {"suspended": "False"}),
    "okta": ("status", {}),
    "onelogin": ("status", {}),
    "pingone": ("enabled", {}),
}


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_reads_the_same_words(name: str) -> None:
    column, rest = STATUS[name]
    for word, said in {
        "Yes": True,
        "no": False,
        "ACTIVE": True,
        "Archived": False,
        "無効": False,
    }.items():
        assert apply(preset(name), {**rest, column: word}).user["active"] is said, word
    for word in ("STAGED", "On Leave", "9"):
        payload = apply(preset(name), {**rest, column: word})
        assert "active" not in payload.user
        assert codes(payload) == ["active.unknown"]
    assert codes(apply(preset(name), {column: ""})) == ["active.missing"]


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("google", {"suspended": "True"}),
        ("google", {"suspended": "1", "archived": "0"}),
        ("google", {"archived": "Yes"}),
        ("jumpcloud", {"suspended": "Yes", "state": "ACTIVATED"}),
        ("entra", {"Block sign in (Yes/No)": "Yes"}),
        ("identity-center", {"accountEnabled": "True", "suspended": "1"}),
        ("identity-center", {"userAccountControl": "514"}),
        ("identity-center", {"Block sign in (Yes/No)": "Yes"}),
    ],
)
def test_a_column_of_the_blocked_disables_in_the_presets(name: str, person: dict[str, Any]) -> None:
    assert apply(preset(name), person).user["active"] is False


def test_block_sign_in_no_is_active() -> None:
    for name in ("entra", "identity-center"):
        assert apply(preset(name), {"Block sign in (Yes/No)": "No"}).user["active"] is True


@pytest.mark.parametrize(
    ("header", "cell", "said"),
    [
        ("Enabled", "No", False),
        ("Enabled", "0", False),
        ("Enabled", "WAHR", True),
        ("Account status", "Terminated", False),
        ("Status", "On Leave", None),
        ("Suspended", "Yes", False),
        ("Suspended", "0", True),
        ("Block sign in (Yes/No)", "No", True),
        ("state", "STAGED", None),
        ("Aktiv", "nein", False),
    ],
)
def test_a_proposal_reads_the_same_words(header: str, cell: str, said: bool | None) -> None:
    other = {"state": "ACTIVATED"}.get(header, "")
    text = f"login,mail,{header},Id\na@x.example,a@x.example,{cell},1\nb@x,b@x,{other},2\n"
    source = people_in(text.encode(), "p.csv")
    rules = propose(source.columns, [one.source for one in source.sample])
    payload = apply(parse_rules(rules, "proposed"), source.sample[0].source)
    assert payload.user.get("active") is said
    assert codes(payload) == ([] if said is not None else ["active.unknown"])
    assert ("refused until" in rules) is (said is None)


def test_the_region_is_no_status() -> None:
    text = propose(
        ["login", "state"], [{"login": "a@x", "state": "ON"}, {"login": "b", "state": "NE"}]
    )
    assert "active" not in text
    assert '"addresses.region" = { source = "state"' in text


def schema(expression: str) -> str:
    source = f'{{"expression": {expression!r}, "type": "Function", "name": "X", "parameters": []}}'
    source = source.replace("'", '"').replace("\\\\", "\\")
    return (
        '{"synchronizationRules": [{"objectMappings": [{"sourceObjectName": "User", '
        f'"attributeMappings": [{{"targetAttributeName": "active", "source": {source}}}]}}]}}]}}'
    )


@pytest.mark.parametrize("text", ["Not([IsSoftDeleted])", "[accountEnabled]"])
def test_an_import_of_entra_reads_the_words_of_the_file(text: str) -> None:
    rules = read_mapping(schema(text), "s.json")
    assert str(apply(rules, {"accountEnabled": "No"}).user["active"]) == "False"
    assert str(apply(rules, {"accountEnabled": "WAHR"}).user["active"]) == "True"
    for nothing in ({}, {"accountEnabled": ""}):
        payload = apply(rules, nothing)
        assert "active" not in payload.user
        assert codes(payload) == ["active.missing"]
    payload = apply(rules, {"accountEnabled": "On Leave"})
    assert "active" not in payload.user
    assert codes(payload) == ["active.unknown"]


def test_what_an_expression_of_entra_makes_is_sent_as_it_is() -> None:
    rules = read_mapping(schema("ToLower([extra])"), "s.json")
    payload = apply(rules, {"extra": "Yes"})
    assert payload.user["active"] == "yes"
    assert codes(payload) == ["type.boolean"]


@given(st.text(max_size=12))
def test_no_text_but_a_known_word_is_ever_true(word: str) -> None:
    payload = active_of('"w"', w=word)
    try:
        said = status_of(word)
    except StatusUnknown:
        assert "active" not in payload.user
        assert codes(payload) == ["active.unknown"]
    else:
        assert payload.user.get("active") is said
