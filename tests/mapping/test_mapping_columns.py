"""Which column a rule means: in any case, by a dotted name, or several put together."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from scim_tui.core.mapping.api import MappingPreview
from scim_tui.mapping.authoring.columns import Columns, bound, missing_columns
from scim_tui.mapping.authoring.propose import propose
from scim_tui.mapping.check.engine import apply
from scim_tui.mapping.presets import preset
from scim_tui.mapping.read.assignment import Assigned, names_of
from scim_tui.mapping.read.groups import groups_of
from scim_tui.mapping.read.members import members_in
from scim_tui.mapping.read.people import open_people, people_in
from scim_tui.mapping.rules.expressions import Expression
from scim_tui.mapping.rules.rules import parse_rules

ROW = {
    "UserPrincipalName": "ada@x",
    "profile.login": "ada",
    "Profile.FirstName": "Ada",
    "emails[0].value": "a@x",
    "phones": "2",
    "phones.0.type": "work",
    "phones.0.value": "+1",
    "phones.1.type": "",
    "phones.1.value": "",
    "aliases.0": "a1",
    "aliases.1": "",
    "mail": "low@x",
    "Mail": "high@x",
    "straße": "x",
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("userPrincipalName", "ada@x"),
        ("USERPRINCIPALNAME", "ada@x"),
        ("profile.login", "ada"),
        ("profile.firstName", "Ada"),
        ('"profile.firstname"', "Ada"),
        ("lower(Profile.FirstName)", "ada"),
        ("emails[0].value", "a@x"),
        ("Emails[0].Value", "a@x"),
        ("emails[].value", ["a@x"]),
        ("phones[?type == 'work'].value", ["+1"]),
        ("first(phones[].value || `[]`)", "+1"),
        ("aliases", ["a1"]),
        ("mail", "low@x"),
        ("Mail", "high@x"),
        ("MAIL", "low@x"),
        ('"STRASSE"', "x"),
        ("nothing || userprincipalname", "ada@x"),
        ("nothing.login", None),
    ],
)
def test_a_rule_finds_its_column(text: str, value: object) -> None:
    assert Expression(text).rewritten(Columns(ROW).spelled).of(ROW) == value


def test_what_is_spelled_as_the_file_has_it_stays_the_same_expression() -> None:
    for text in ("mail", "a.b[0].c", "sort_by(mail, &MAIL)", "first(phones2[?a == 'b'].c)"):
        expression = Expression(text)
        assert expression.rewritten(Columns(ROW).spelled) is expression


def test_a_value_inside_an_object_is_found_as_before() -> None:
    person = {"profile": {"login": "ada"}, "emails": [{"value": "a@x"}]}
    columns = Columns(person)
    for text, value in (("profile.login", "ada"), ("emails[0].value", "a@x")):
        assert Expression(text).rewritten(columns.spelled).of(person) == value
    other = {"Profile": {"login": "ada"}}
    assert Expression("profile.login").rewritten(Columns(other).spelled).of(other) == "ada"


def test_a_column_is_missing_or_unused_by_what_the_rules_mean() -> None:
    rules = bound(
        parse_rules('userName = "userprincipalname"\ntitle = "phones[0].value"', "r"), ROW
    )
    assert missing_columns(rules, tuple(ROW)) == ()
    assert rules.fields == {"UserPrincipalName", "phones.0.value"}
    wrong = bound(parse_rules('userName = "userprincipal"', "r"), ROW)
    assert missing_columns(wrong, tuple(ROW))[0].near == "UserPrincipalName"


GAM = (
    "primaryEmail,name.familyName,name.givenName,id,phones,phones.0.type,phones.0.value,"
    "organizations.0.department,organizations.0.title\n"
    "ada@x.example,Love,Ada,1,1,work,+1 5,Sales,Dr\nbob@x.example,Ross,Bob,2,0,,,,\n"
)


def test_a_flat_file_of_google_is_read_by_the_preset_and_by_a_proposal() -> None:
    source = people_in(GAM.encode(), "gam.csv")
    text = propose(source.columns, [person.source for person in source], "gam.csv")
    for rules in (preset("google"), parse_rules(text, "proposed")):
        ada, bob = (apply(bound(rules, source.columns), one.source).user for one in source)
        assert ada["name"] == {"familyName": "Love", "givenName": "Ada"}
        assert ada["phoneNumbers"][0]["value"] == "+1 5"
        assert ada["title"] == "Dr"
        enterprise = ada["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]
        assert enterprise["department"] == "Sales"
        assert "title" not in bob
        assert "phoneNumbers" not in bob


def test_a_file_of_powershell_is_read_by_the_preset() -> None:
    text = "AccountEnabled,DisplayName,GivenName,Id,Mail,Surname,UserPrincipalName\n"
    text += "True,Ada Love,Ada,7,ada@x,Love,ada@x\n"
    source = people_in(text.encode(), "mguser.csv")
    rules = bound(preset("entra"), source.columns)
    user = apply(rules, next(iter(source)).source).user
    assert (user["userName"], user["externalId"], user["active"]) == ("ada@x", "7", True)


@pytest.mark.parametrize(
    ("column", "target"),
    [
        ("Work Email", "userName"),
        ("メールアドレス", "userName"),
        ("E-Mail-Adresse", "userName"),
        ("Adresse e-mail", "userName"),
        ("Correo electrónico", "userName"),
        ("邮箱", "userName"),
        ("이메일", "userName"),
        ("profile.login", "userName"),
        ("USER NAME", "userName"),
        ("Prénom", "name.givenName"),
        ("name.givenName", "name.givenName"),
        ("名", "name.givenName"),
        ("Nachname", "name.familyName"),
        ("姓", "name.familyName"),
        ("氏名", "displayName"),
        ("emails[0].value", "emails.value"),
        ("emails.0.value", "emails.value"),
    ],
)
def test_a_column_of_a_usual_name_is_proposed(column: str, target: str) -> None:
    sample = [{column: "ada@x.example", "x": "1"}, {column: "bob@x.example", "x": "1"}]
    text = propose((column, "x"), sample)
    rules = {rule.target.text: rule for rule in parse_rules(text, "proposed").rules}
    source = rules[target].source
    assert source is not None
    assert source.of(sample[0]) == "ada@x.example"


def test_the_address_of_a_manager_is_not_proposed_as_ones_own() -> None:
    sample: list[dict[str, Any]] = [{"manager.email": "b@x.example", "manager": {"mail": "b@x"}}]
    assert "source" not in propose(("manager.email", "manager"), sample)


def test_columns_of_names_and_groups_are_found_in_any_case() -> None:
    assert list(names_of({"USERPRINCIPALNAME": "Ada@X", "Id": 7})) == ["7", "ada@x"]
    assert list(names_of({"Profile.Login": "a"})) == list(names_of({"Profile": {"login": "a"}}))
    assert list(groups_of({"MemberOf": "CN=A,DC=x;CN=B,DC=x"})) == ["A", "B"]
    assert [one.shown for one in members_in({"MEMBERS": "a@x, b@x"}) or ()] == ["a@x", "b@x"]


def test_who_is_assigned_is_found_in_any_case(tmp_path: Path) -> None:
    people, scope = tmp_path / "people.csv", tmp_path / "scope.csv"
    people.write_text("UserPrincipalName,ASSIGNED\nada@x,yes\nbob@x,no\n")
    assert [one.assigned for one in open_people(people)] == [Assigned.YES, Assigned.NO]
    assert [one.assigned for one in open_people(people, "Assigned")] == [Assigned.YES, Assigned.NO]
    scope.write_text("PRINCIPALTYPE,USERPRINCIPALNAME\nUser,Bob@x\nGroup,x\n")
    assert [one.assigned for one in open_people(people, scope)] == [
        Assigned.UNKNOWN,
        Assigned.YES,
    ]


async def test_a_file_of_groups_is_read_in_any_case(tmp_path: Path) -> None:
    people, groups = tmp_path / "people.csv", tmp_path / "groups.csv"
    people.write_text("LOGIN,FirstName,LASTNAME,Email,ID\na@x.example,A,B,a@x.example,1\n")
    text = io.StringIO()
    rows = [["GROUP NAME", "MEMBER EMAIL"], ["Sales", "a@x.example"], ["Sales", "z@x.example"]]
    csv.writer(text).writerows(rows)
    groups.write_text(text.getvalue())
    preview = MappingPreview()
    await preview.load_mapping()
    await preview.load_people(people)
    await preview.load_groups(groups)
    totals = await preview.run()
    assert (totals.accepted, totals.refused) == (1, 0)
    (entry,) = preview.groups.entries()
    assert (entry.entry.label, entry.numbers.members) == ("Sales", 1)
    assert preview.people is not None
    assert preview.used_columns() == list(preview.people.columns)
