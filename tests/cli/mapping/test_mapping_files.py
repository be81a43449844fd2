"""Files of people on the command line: what is said of them, first of all, and their encoding."""

import json
from pathlib import Path

import pytest

from scim_tui.cli.base.exits import Exit
from scim_tui.cli.main import run

HEAD = "login,firstName,lastName,email,id\n"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    person = {"userName": "ada@x", "name": {"givenName": "Ada"}, "emails": [{"value": "ada@x"}]}
    path = tmp_path / "page.json"
    path.write_text(json.dumps({"totalResults": 250, "Resources": [person]}))
    return path


@pytest.fixture
def japanese(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_bytes(f"{HEAD}taro@corp.example,太郎,田中,taro@corp.example,1\n".encode("cp932"))
    return path


def test_a_check_says_in_its_first_line_that_people_are_missing(
    page: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["mapping", "check", "--people", str(page)]) == Exit.NO
    first = capfd.readouterr().err.splitlines()[0]
    assert first.startswith("The file has only 1 of 250 people (totalResults)")
    assert run(["mapping", "check", "--people", str(page), "--json"]) == Exit.NO
    assert "1 of 250" in json.loads(capfd.readouterr().out)["notes"][0]


def test_a_page_is_said_when_a_mapping_is_proposed_too(
    page: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["mapping", "new", "--from", str(page)]) == Exit.DONE
    assert "1 of 250" in capfd.readouterr().err


@pytest.mark.parametrize("command", [["check", "--people"], ["new", "--from"]])
def test_a_guessed_encoding_is_said_and_an_option_sets_it(
    command: list[str], japanese: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["mapping", *command, str(japanese)]) == Exit.DONE
    assert "read as cp932, which is a guess" in capfd.readouterr().err.splitlines()[0]
    assert run(["mapping", *command, str(japanese), "--encoding", "shift_jis"]) == Exit.DONE
    assert "guess" not in capfd.readouterr().err
    assert run(["mapping", *command, str(japanese), "--encoding", "nope"]) == Exit.USAGE
    assert "There is no encoding 'nope'" in capfd.readouterr().err


def test_one_person_is_shown_in_the_encoding_that_was_named(
    japanese: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SCIM_TUI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("SCIM_TUI_CONFIG", str(tmp_path / "config.toml"))
    (tmp_path / "config.toml").write_text("")
    push = ["mapping", "push", "--people", str(japanese), "--person", "taro@corp.example"]
    assert run(push) == Exit.USAGE
    shown = capfd.readouterr()
    assert "太郎" in shown.out
    assert "which is a guess" in shown.err
    assert run([*push, "--encoding", "cp932"]) == Exit.USAGE
    shown = capfd.readouterr()
    assert "太郎" in shown.out
    assert "guess" not in shown.err


def test_a_file_of_groups_is_read_in_the_same_encoding(
    japanese: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    groups = tmp_path / "groups.csv"
    groups.write_bytes("group,member\n営業部,taro@corp.example\n".encode("cp932"))
    check = ["mapping", "check", "--people", str(japanese), "--groups", str(groups), "--json"]
    assert run(check) == Exit.DONE
    found = json.loads(capfd.readouterr().out)
    assert [group["name"] for group in found["groups"]] == ["営業部"]
    assert ["groups.csv is not UTF-8" in note for note in found["notes"]][:2] == [False, True]
    assert run([*check, "--encoding", "cp932"]) == Exit.DONE
    found = json.loads(capfd.readouterr().out)
    assert [group["members"] for group in found["groups"]] == [1]
    assert not any("UTF-8" in note for note in found["notes"])


def test_a_column_that_says_two_things_is_refused_with_what_to_do(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    people = tmp_path / "people.csv"
    people.write_text("login,Department,Department\na@x,IT,HR\n")
    assert run(["mapping", "check", "--people", str(people)]) == Exit.USAGE
    said = capfd.readouterr().err
    assert "people.csv, line 2: The column 'Department' occurs twice" in said
    assert "Rename or remove one of them." in said
