import json
from pathlib import Path

import pytest

from scim_tui.cli.base.exits import Exit
from scim_tui.cli.main import run

PEOPLE = "userName,givenName,familyName,email,id\nada@x,Ada,Love,ada@x,1\nbob@x,Bob,,bob@x,2\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE)
    return path


def check(*more: str) -> int:
    return run(["mapping", "check", *more])


def test_a_refused_person_gives_exit_code_1(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check("--people", str(file)) == Exit.NO
    out = capsys.readouterr().out
    assert "bob@x" in out
    assert "name.familyName is required" in out
    assert "ada@x" not in out


def test_without_refusals_the_exit_code_is_0(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(PEOPLE.replace("Bob,,", "Bob,Roe,"))
    assert check("--people", str(file), "--mapping", "preset:identity-center") == Exit.DONE
    assert capsys.readouterr().out.splitlines() == [
        "People        2",
        "Accepted      2",
        "Refused       0",
        "Not assigned  unknown",
    ]


def test_a_device_is_no_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert check("--people", "/dev/zero") == Exit.USAGE
    assert "/dev/zero is not a regular file" in capsys.readouterr().err


def test_json_is_stable(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check("--people", str(file), "--json") == Exit.NO
    found = json.loads(capsys.readouterr().out)
    assert found == {
        "people": 2,
        "accepted": 1,
        "refused": 1,
        "warned": 0,
        "codes": {"name.familyName.required": 1},
        "unassigned": None,
        "assignment_unknown": 2,
        "changes": None,
        "notes": ["No column of the people says who is active, so active is not sent."],
        "groups": [],
        "reads": None,
        "writes": None,
        "push_seconds": None,
        "access_lost": None,
        "failures": [
            {
                "person": 2,
                "line": 3,
                "label": "bob@x",
                "findings": [
                    {
                        "code": "name.familyName.required",
                        "severity": "error",
                        "path": "name.familyName",
                        "value": None,
                        "message": "name.familyName is required",
                        "fix": "Give the person a last name in the IdP.",
                        "source": "SCIM developer guide, createuser",
                        "other": None,
                    }
                ],
                "change": None,
            }
        ],
    }


def test_failures_are_limited_and_the_rest_is_named(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(PEOPLE + "cyd@x,Cyd,,c@x\n")
    assert check("--people", str(file), "--show", "1") == Exit.NO
    said = capsys.readouterr()
    assert "cyd@x" not in said.out
    assert "1 more are refused" in said.err
    assert check("--people", str(file), "--json", "--show", "0") == Exit.NO
    assert json.loads(capsys.readouterr().out)["failures"] == []


def test_a_report_is_written(file: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    assert check("--people", str(file), "--report", str(report)) == Exit.NO
    assert json.loads(report.read_text())["refused"] == 1


def test_hostile_names_do_not_reach_the_terminal(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(PEOPLE + "\x1b]0;x\x07bad,,,\n")
    assert check("--people", str(file)) == Exit.NO
    assert check("--people", str(file), "--json") == Exit.NO
    said = capsys.readouterr()
    assert "\x1b" not in said.out + said.err
    assert "\x07" not in said.out + said.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("--people", "no-such-file.csv"),
        ("--people", "{file}", "--mapping", "no-such-file.toml"),
        ("--people", "{file}", "--mapping", "preset:none"),
        ("--people", "{file}", "--report", "report.pdf"),
        ("--people", "{file}", "--max-failures", "-1"),
        (),
    ],
)
def test_what_makes_no_sense_is_a_usage_error(
    file: Path, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(*(part.format(file=file) for part in arguments)) == Exit.USAGE
    assert capsys.readouterr().err


def test_a_required_attribute_without_a_column_is_said(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text('title = "x"\nuserName = "usrName"\n')
    assert check("--people", str(file), "--mapping", str(rules)) == Exit.NO
    said = capsys.readouterr().err
    assert "Rule userName (line 2): there is no column usrName. Did you mean userName?" in said


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert check("--help") == Exit.DONE
    assert "scim-tui mapping check --people" in capsys.readouterr().out


def test_so_many_may_be_refused(file: Path) -> None:
    assert check("--people", str(file), "--max-failures", "1") == Exit.DONE
    assert check("--people", str(file), "--max-failures", "0") == Exit.NO


def test_a_report_is_written_as_a_page(file: Path, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    assert check("--people", str(file), "--report", str(page)) == Exit.NO
    assert "name.familyName.required" in page.read_text()


def test_comparing_and_pushing_one_person(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCIM_TUI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("SCIM_TUI_CONFIG", str(tmp_path / "config.toml"))
    (tmp_path / "config.toml").write_text("")
    push = ["mapping", "push", "--people", str(file), "--person", "ada@x"]
    assert run(push) == Exit.USAGE
    shown = capsys.readouterr()
    assert "POST /Users" in shown.out
    assert "Nothing was sent" in shown.err
    assert run([*push, "--yes", "--read-only"]) == Exit.NOT_ALLOWED
    capsys.readouterr()
    assert run([*push, "--yes", "--json"]) == Exit.DONE
    done = json.loads(capsys.readouterr().out)
    assert (done["outcome"], done["user"]["userName"]) == ("created", "ada@x")
    assert check("--people", str(file), "--against", "directory", "--json") == Exit.NO
    changes = json.loads(capsys.readouterr().out)["changes"]
    assert (changes["unchanged"], changes["not sent"]) == (1, 1)
    assert check("--people", "directory", "--json") == Exit.DONE
    found = json.loads(capsys.readouterr().out)
    assert (found["people"], found["accepted"], found["changes"]) == (1, 1, None)


def test_groups_of_a_file_are_checked_too(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(PEOPLE.replace("Bob,,", "Bob,Roe,"))
    groups = tmp_path / "groups.json"
    groups.write_text(
        json.dumps(
            [
                {"displayName": "Staff", "id": "g1", "members": ["ada@x", "\x1b[31m"]},
                {"displayName": "staff", "id": "g2", "members": []},
            ]
        )
    )
    assert check("--people", str(file), "--groups", str(groups)) == Exit.NO
    said = capsys.readouterr()
    assert "Duplicate GroupDisplayName" in said.out
    assert "\x1b" not in said.out + said.err
    assert check("--people", str(file), "--groups", str(groups), "--json") == Exit.NO
    staff = json.loads(capsys.readouterr().out)["groups"][0]
    assert (staff["members"], staff["not_members"]) == (1, ["\x1b[31m"])
    assert check("--people", str(file), "--groups", "nowhere.json") == Exit.USAGE
