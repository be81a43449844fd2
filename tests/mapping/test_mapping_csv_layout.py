"""CSV as people have it: rows that are broken, lines above the header, names twice, apostrophes."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scim_tui.core.directory.export import Format, texts
from scim_tui.core.mapping.api import MappingPreview
from scim_tui.mapping.base.errors import BadPeople
from scim_tui.mapping.read.people import PeopleSource, people_in
from scim_tui.model.csv_safety import disarmed, rearmed
from scim_tui.model.directory import Kind, UserRow


def read(text: str) -> PeopleSource:
    return people_in(text.encode(), "file")


def sources(text: str) -> list[dict[str, object]]:
    return [dict(person.source) for person in read(text)]


@pytest.mark.parametrize(
    "row", ["Oss, Nadia,False,", "a,b,c,", '"a","b","c",""', "a,b,c,,,,", "a,b,c, "]
)
def test_a_row_longer_than_the_header_is_broken_also_when_what_is_too_much_is_empty(
    row: str,
) -> None:
    with pytest.raises(BadPeople, match=r"file, line 3: .* cells, but the header has 3 columns"):
        read(f"name,enabled,city\nLi,True,Rome\n{row}\n")


def test_a_line_of_delimiters_alone_is_an_empty_line_however_many_there_are() -> None:
    assert sources("a,b\n1,2\n,,,,\n3,4\n") == [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]


def test_rows_shorter_than_the_header_are_read_and_said() -> None:
    source = read("a,b,c\n1,2,3\nx\ny,z\n")
    assert [dict(person.source) for person in source][1:] == [{"a": "x"}, {"a": "y", "b": "z"}]
    (note,) = source.notes
    assert note.startswith("2 rows have fewer cells than the header, the first on line 3")


@pytest.mark.parametrize(
    "sep",
    ["sep=;", '"sep=;"', "SEP=;", "sep=;;;;", '"sep=;";;', "sep=;\r", "sep=; ", "\nsep=;"],
)
def test_a_line_that_names_the_delimiter_is_understood(sep: str) -> None:
    assert sources(f"{sep}\na;b,c\n1;2\n") == [{"a": "1", "b,c": "2"}]


@pytest.mark.parametrize("sep", ["sep=\t", "sep=\\t", "sep=tab", "sep=\t\r", '"sep=\t"'])
def test_a_tab_can_be_named_as_the_delimiter(sep: str) -> None:
    text = f"{sep}\nlogin\tname\nada@x\tAda, Love\n"
    assert sources(text) == [{"login": "ada@x", "name": "Ada, Love"}]
    assert [person.line for person in read(text)] == [3]


def test_a_blank_and_a_colon_can_be_named_as_the_delimiter() -> None:
    assert sources("sep= \na b\n1 2\n") == [{"a": "1", "b": "2"}]
    assert sources("sep=:\na:b\n1:2\n") == [{"a": "1", "b": "2"}]


@pytest.mark.parametrize(
    ("above", "line"),
    [
        ("version:v1.0,,,", 2),
        ("All users of Corp", 2),
        ('"Users, 2 March 2024"', 2),
        ("All users\n2024-03-02\n", 4),
        ("Report:,All users,,\nDate:,2024-03-02,,", 3),
        ("sep=,\nAll users", 3),
    ],
)
def test_a_title_above_the_header_is_skipped_and_said(above: str, line: int) -> None:
    source = read(f"{above}\nlogin,first,last,mail\nada@x,Ada,Love,ada@x\n")
    (ada,) = source
    assert ada.source["login"] == "ada@x"
    assert ada.line == line + 1
    assert source.notes[0].startswith(f"The header is on line {line}, below a title")


@pytest.mark.parametrize(
    "text",
    [
        "login\nada@x\nbob@x\n",
        'login\n"a\nb"\n"c\nd"\n',
        "login,name\nada@x,Ada\n",
    ],
)
def test_a_header_of_one_column_is_no_title(text: str) -> None:
    source = read(text)
    assert source.columns[0] == "login"
    assert source.notes == ()


@pytest.mark.parametrize("text", ["login\nada@x,bob@x\n", "login\n12,13\n"])
def test_a_row_of_data_is_not_taken_as_the_header(text: str) -> None:
    with pytest.raises(BadPeople, match="line 2: 2 cells, but the header has 1 column"):
        read(text)


def test_columns_of_one_name_are_one_while_their_values_are_the_same() -> None:
    source = read("login,Dept,Dept\na@x,IT,IT\nb@x,HR,HR\n")
    assert source.columns == ("login", "Dept", "Dept (column 3)")
    assert source.remarks.unclear == {}
    source = read("login,Dept,Dept\na@x,IT,IT\nb@x,HR,IT\n")
    assert source.remarks.unclear["Dept"].line == 3


async def checked(folder: Path, people: str, rules: str) -> MappingPreview:
    (folder / "people.csv").write_text(people)
    (folder / "rules.toml").write_text(rules)
    preview = MappingPreview()
    await preview.load_mapping(folder / "rules.toml")
    await preview.load_people(folder / "people.csv")
    await preview.run()
    return preview


async def test_a_column_twice_is_an_error_only_where_a_rule_uses_it(tmp_path: Path) -> None:
    people = "login,Dept,Dept\na@x,IT,IT\nb@x,HR,IT\n"
    preview = await checked(tmp_path, people, 'userName = "login"\n')
    assert preview.selection.given == 2
    for rule in ('title = "Dept"', 'title = "dept"', 'title = {const = "x", when = "Dept"}'):
        with pytest.raises(BadPeople, match=r"line 3: .*'Dept' occurs twice.*rule title \(line 2"):
            await checked(tmp_path, people, f'userName = "login"\n{rule}\n')


async def test_who_is_assigned_is_not_taken_from_a_column_that_says_two_things(
    tmp_path: Path,
) -> None:
    (tmp_path / "rules.toml").write_text('userName = "login"\n')
    (tmp_path / "people.csv").write_text("login,in,in\na@x,yes,no\n")
    (tmp_path / "scope.csv").write_text("Email,Email\na@x,b@x\n")
    preview = MappingPreview()
    for scope in ("in", tmp_path / "scope.csv"):
        with pytest.raises(BadPeople, match=r"occurs twice.*who is assigned"):
            await preview.load_people(tmp_path / "people.csv", scope=scope)


def test_the_list_that_we_export_is_read_back_as_it_was() -> None:
    row = UserRow._make(["=id", "+49@x", "@Ada", "-A", "O'Neil", "'t Hooft", "x@x", True, "", ""])
    parts = texts(Format.CSV, Kind.USERS, [[row]], UserRow._fields)
    (person,) = people_in("".join(parts).encode(), "users.csv")
    assert list(person.source.values()) == [*row[:7], "true", "", ""]


@given(st.text(max_size=8) | st.text(alphabet="'=+@\t\r ;|a\u200b", max_size=8))
def test_the_apostrophes_of_our_export_are_taken_away_again(cell: str) -> None:
    assert rearmed(disarmed(cell)) == cell


@pytest.mark.parametrize("cell", ["+49 30 1", "=1+1", "-x", "@bob", "  =1", "\tx", "\nx=1"])
def test_a_guarded_cell_is_read_as_it_was_before_the_export(cell: str) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([["login", "phone"], ["o'neil@x", disarmed(cell)], ["b@x", "O'"]])
    assert [person["phone"] for person in sources(text.getvalue())] == [cell, "O'"]
    assert sources("'@odata.type,b\n1,2\n") == [{"@odata.type": "1", "b": "2"}]


@pytest.mark.parametrize("cell", ["'", "''", "'t Hooft", "O'Neil", "'x'", "'1"])
def test_any_other_apostrophe_stays(cell: str) -> None:
    assert sources(f"login,name\na@x,{cell}\n") == [{"login": "a@x", "name": cell}]
