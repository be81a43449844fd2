import json
from pathlib import Path

import pytest

from scim_tui.mapping.read.assignment import Assigned
from scim_tui.mapping.read.people import open_people
from scim_tui.model.errors import UsageError

YES, NO, UNKNOWN = Assigned.YES, Assigned.NO, Assigned.UNKNOWN


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


def scopes(path: Path, scope: Path | str | None = None) -> list[Assigned]:
    return [person.assigned for person in open_people(path, scope)]


def test_without_data_about_it_assignment_is_unknown(tmp_path: Path) -> None:
    people = write(tmp_path, "people.csv", "login\nada\n")
    assert scopes(people) == [UNKNOWN]
    assert "not known" in open_people(people).scope.says


def test_a_column_says_who_is_assigned_and_odd_words_stay_unknown(tmp_path: Path) -> None:
    text = "login,assigned,App\na,Yes,no\nb,0,x\nc,,perhaps\n"
    people = write(tmp_path, "people.csv", text)
    assert scopes(people) == [YES, NO, UNKNOWN]
    assert scopes(people, "App") == [NO, YES, UNKNOWN]
    assert open_people(people, "App").scope.says == "the column App"


def test_who_has_nothing_in_the_column_is_unknown_and_not_left_out(tmp_path: Path) -> None:
    people = write(tmp_path, "p.json", '[{"assigned": true}, {"assigned": null}, {"login": "a"}]')
    assert scopes(people) == [YES, UNKNOWN, UNKNOWN]


@pytest.mark.parametrize(
    "listed",
    [
        "userPrincipalName,role\nADA@x,r\n",
        json.dumps([{"principalType": "User", "principalId": "1"}]),
        json.dumps([{"id": "9", "credentials": {}, "profile": {"login": "ada@x"}}]),
        "Group Email [Required],Member Email,Member ID\ng@x,ada@x,77\n",
        "dn: a\nmail: ada@x\n",
    ],
)
def test_a_second_file_of_any_kind_lists_the_assigned(tmp_path: Path, listed: str) -> None:
    people = write(tmp_path, "people.csv", "id,mail,n\n1,ada@x,\n2,bob@x,\n,,nobody\n")
    scope = write(tmp_path, "scope", listed)
    assert scopes(people, scope) == [YES, NO, UNKNOWN]
    assert scopes(people, str(scope)) == [YES, NO, UNKNOWN]


def test_a_group_that_is_only_named_leaves_the_others_unknown(tmp_path: Path) -> None:
    people = write(tmp_path, "people.csv", "id\n1\n2\n")
    rows = [
        {"principalType": "User", "principalId": "1"},
        {"principalType": "Group", "principalId": "2"},
    ]
    scope = write(tmp_path, "scope.json", json.dumps({"value": rows}))
    assert scopes(people, scope) == [YES, UNKNOWN]
    assert "groups not resolved" in open_people(people, scope).scope.says


def test_app_users_of_okta_are_assigned(tmp_path: Path) -> None:
    users = [{"id": "1", "scope": "GROUP", "syncState": "SYNCHRONIZED", "profile": {}}]
    assert scopes(write(tmp_path, "u.json", json.dumps(users))) == [YES]


def test_a_scope_that_is_none_is_refused_with_the_nearest_column(tmp_path: Path) -> None:
    people = write(tmp_path, "people.csv", "login,App\na,b\n")
    with pytest.raises(UsageError) as caught:
        open_people(people, "Ap")
    assert caught.value.hint == "Did you mean App?"
    with pytest.raises(UsageError, match="does not say who"):
        open_people(people, write(tmp_path, "odd.csv", "colour\nred\n"))
    with pytest.raises(UsageError, match="no file"):
        open_people(people, tmp_path / "none")
    with pytest.raises(UsageError, match="regular"):
        open_people(Path("/dev/zero"))
