import json
from pathlib import Path

import pytest

from scim_tui import wiring
from scim_tui.cli.base.exits import Exit
from scim_tui.cli.main import run
from scim_tui.mapping.authoring.load import read_mapping
from scim_tui.mapping.authoring.write import toml_of
from scim_tui.mapping.check.engine import apply
from scim_tui.mapping.presets import preset_text
from scim_tui.mapping.rules.rules import parse_rules
from tests.mapping.test_mapping_entra import attribute, mapped, schema

PEOPLE = "login,vorname,Nachname,mail,guid,colo\u202eur\na@x.org,A,B,a@x.org,1,red\n"


def test_a_mapping_proposed_from_columns_can_be_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    people, rules = tmp_path / "people.csv", tmp_path / "rules.toml"
    people.write_text(PEOPLE)
    assert run(["mapping", "new", "--from", str(people)]) == Exit.DONE
    printed = capsys.readouterr().out
    assert 'userName = { source = "login"' in printed
    assert "#   " in printed
    assert "\u202e" not in printed
    assert run(["mapping", "new", "--from", str(people), "--output", str(rules)]) == Exit.DONE
    assert rules.read_text() == printed
    assert run(["mapping", "check", "--people", str(people), "--mapping", str(rules)]) == Exit.DONE
    assert run(["mapping", "new", "--from", str(people), "--output", str(rules)]) == Exit.USAGE
    assert rules.read_text() == printed
    assert "exists already" in capsys.readouterr().err


def test_a_preset_is_copied_with_its_notes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["mapping", "new", "--from", "preset:okta"]) == Exit.DONE
    assert capsys.readouterr().out == preset_text("okta")


def test_a_mapping_of_an_idp_becomes_toml_with_the_rest_as_comments(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = {
        "source": {"type": "user"},
        "target": {"type": "appuser"},
        "properties": {
            "givenName": {"expression": "user.firstName"},
            "title": {"expression": 'user.title + " \u202e\\"x\\""'},
            "managerId": {"expression": "getManagerUser('ad').id"},
        },
    }
    file = tmp_path / "mapping.json"
    file.write_text(json.dumps(document))
    assert run(["mapping", "new", "--from-idp", str(file)]) == Exit.DONE
    text = capsys.readouterr().out
    assert "not evaluated: getManagerUser('ad').id" in text
    assert "\u202e" not in text
    person = {"profile": {"login": "a", "firstName": "Ada", "title": "Dr"}, "id": "1"}
    written, read = parse_rules(text, "r"), read_mapping(file.read_text(), "mapping.json")
    assert apply(written, person).user == apply(read, person).user
    assert len(written.rules) == len(read.rules) - 1


def test_rules_written_are_the_rules_that_were_read() -> None:
    text = (
        'userName = { source = "a", when = "b", empty = "send", note = "n\\u007f" }\n'
        'active = { const = true }\n"emails[type eq \\"work\\"].value" = { source = "c" }\n'
        'roles = { const = [{ value = "x" }] }\n[group]\ndisplayName = { source = "d" }\n'
    )
    first = parse_rules(text, "r")
    again = parse_rules(toml_of(first), "r")
    for one, other in zip(
        (*first.rules, *first.group_rules), (*again.rules, *again.group_rules), strict=True
    ):
        assert (one.target, one.const, one.note, one.send_empty) == (
            other.target,
            other.const,
            other.note,
            other.send_empty,
        )
        assert one.text == other.text


def test_a_check_says_what_is_odd_about_the_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    people, rules = tmp_path / "people.json", tmp_path / "rules.toml"
    people.write_text('{"value": [{"login": "a@x.org"}], "@odata.nextLink": "https://x"}')
    rules.write_text('userName = "logn"\ntitle = "a || b"\n"name.givenName" = "zzz"\n')
    assert run(["mapping", "check", "--people", str(people), "--mapping", str(rules)]) == Exit.NO
    said = capsys.readouterr().err
    assert "one page of more (@odata.nextLink): there are more people than its 1." in said
    assert "there is no column logn. Did you mean login?" in said
    assert "No column of the file feeds name.givenName (line 3" in said


def test_a_schema_asked_for_live_is_written_as_rules(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str]] = []

    async def entra_schema(app: str, token: str = "") -> str:
        asked.append((app, token))
        return schema([mapped("userName", attribute("userPrincipalName"))])

    monkeypatch.setattr(wiring, "entra_schema", entra_schema)
    new = ["mapping", "new", "--from-idp", "entra:sp/job", "--graph-token", "file:t"]
    assert run(new) == Exit.DONE
    assert 'userName = { source = "userPrincipalName" }' in capsys.readouterr().out
    assert asked == [("sp/job", "file:t")]
