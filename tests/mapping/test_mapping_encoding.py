"""Files that are not UTF-8: the encoding is guessed and said, or named."""

from pathlib import Path

import pytest

from scim_tui.mapping.base.errors import BadPeople
from scim_tui.mapping.read.encoding import known_encoding
from scim_tui.mapping.read.people import PeopleSource, open_people, people_in
from scim_tui.model.errors import UsageError

NAMES = [
    ("windows-1252", "Müller,José,François,Sørensen,Åsa,Muñoz,João"),
    ("windows-1252", "Müller – Köln"),
    ("windows-1252", "O’Brien,René D’Angelo,20° 5 € 3 m²"),
    ("windows-1252", "McÉvoy"),
    ("windows-1252", "MÜLLER,GARCÍA"),
    ("windows-1250", "Dvořák,Jiří,Wałęsa,Łukasz"),
    ("windows-1250", "Łukasz"),
    ("windows-1251", "Иван,Петров"),
    ("windows-1251", "Ольга,Їжак"),
    ("koi8-r", "Иван,Петров"),
    ("mac-roman", "Müller"),
    ("mac-roman", "José,Åsa Björk,Muñoz"),
    ("iso-8859-2", "Wałęsa,Ścibor,Žižek"),
    ("windows-1254", "Yılmaz,Şahin,Çağlar"),
    ("windows-1253", "Γιάννης,Παπαδόπουλος"),
    ("cp850", "Müller,Köln"),
    ("cp932", "太郎,田中"),
    ("cp932", "山田,さくら,ﾔﾏﾀﾞ"),
    ("euc-jp", "田中,太郎,佐藤"),
    ("gb18030", "王伟,李娜,张敏"),
    ("big5", "陳怡君,林志明"),
    ("cp949", "김민준,이서연"),
]


def of(names: str, encoding: str) -> bytes:
    return "\r\n".join(
        ["id,name", *(f"{n},{one}" for n, one in enumerate(names.split(",")))]
    ).encode(encoding)


def names_in(source: PeopleSource) -> list[object]:
    return [person.source["name"] for person in source]


@pytest.mark.parametrize(("encoding", "names"), NAMES)
def test_an_encoding_is_guessed_by_the_words_and_the_guess_is_said(
    encoding: str, names: str
) -> None:
    source = people_in(of(names, encoding), "file")
    assert source.encoding == encoding
    assert names_in(source) == names.split(",")
    (note,) = source.notes
    assert f"file is not UTF-8 and was read as {encoding}, which is a guess" in note
    assert "--encoding" in note


@pytest.mark.parametrize(("encoding", "names"), NAMES)
def test_an_encoding_that_is_named_is_taken_and_nothing_is_guessed(
    encoding: str, names: str, tmp_path: Path
) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(of(names, encoding))
    source = open_people(file, encoding=encoding.upper())
    assert names_in(source) == names.split(",")
    assert source.notes == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_is_certain_by_its_bytes_is_not_guessed_and_stays(
    encoding: str, tmp_path: Path
) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(of("Müller,太郎", encoding))
    assert people_in(file.read_bytes(), "file").notes == ()
    assert open_people(file, encoding=encoding).notes == ()
    source = open_people(file, encoding="windows-1252")
    assert names_in(source) == ["Müller", "太郎"]
    assert "--encoding was not needed" in source.notes[0]


def test_a_second_encoding_that_fits_as_well_is_named() -> None:
    assert "windows-1250" in people_in(of("naïve", "windows-1252"), "file").notes[0]
    assert "as well" not in people_in(of("Ångström", "windows-1252"), "file").notes[0]


def test_what_fits_no_encoding_is_refused_and_not_read_somehow(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(b"id,name\n1,ab\x81\xf5q\xff\n")
    with pytest.raises(BadPeople, match="line 2: Not UTF-8 text") as caught:
        open_people(file)
    assert "--encoding" in caught.value.hint
    with pytest.raises(BadPeople, match="line 2: Not euc_jp text"):
        open_people(file, encoding="euc-jp")


@pytest.mark.parametrize("name", ["nope", "rot13", "base64", "idna", "undefined", "hex", "x\0"])
def test_what_is_no_encoding_of_files_is_refused_by_name(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no encoding"):
        open_people(tmp_path / "people.csv", encoding=name)


def test_names_of_encodings_mean_what_programs_write_under_them() -> None:
    assert known_encoding("Shift-JIS") == "cp932"
    assert known_encoding("gb2312") == "gb18030"
    assert known_encoding("mac_roman") == "mac-roman"


def test_a_named_encoding_is_used_for_json_and_for_the_file_of_who_is_assigned(
    tmp_path: Path,
) -> None:
    people, scope = tmp_path / "people.json", tmp_path / "scope.csv"
    people.write_bytes('[{"login": "太郎"}, {"login": "花子"}]'.encode("cp932"))
    scope.write_bytes("login,x\n太郎,1\n".encode("cp932"))
    source = open_people(people, scope, encoding="cp932")
    assert [str(person.assigned) for person in source] == ["yes", "no"]
    with pytest.raises(BadPeople, match="Not UTF-8"):
        open_people(people)


def test_the_guess_of_the_second_file_is_said_too(tmp_path: Path) -> None:
    people, scope = tmp_path / "people.csv", tmp_path / "scope.csv"
    people.write_text("login\nmüller@x\n", encoding="utf-8")
    scope.write_text("login,x\nmüller@x,1\n", encoding="windows-1252")
    assert "scope.csv is not UTF-8" in open_people(people, scope).notes[0]


def test_a_large_file_is_guessed_by_whole_lines_and_checked_to_its_end() -> None:
    rows = "".join(f"{n},田中 太郎\r\n" for n in range(90_000))
    source = people_in(f"id,name\r\n{rows}".encode("cp932"), "file")
    assert source.encoding == "cp932"
    assert "cp932" in source.notes[0], "said from the first people on"
    mac = "id,name\r" + "".join(f"{n},Müller\r" for n in range(90_000))
    assert people_in(mac.encode("mac-roman"), "file").encoding == "mac-roman"


def test_two_encodings_in_one_file_are_no_guess() -> None:
    for other in ("windows-1252", "windows-1251", "cp932", "mac-roman"):
        word = {"windows-1251": "Иван", "cp932": "太郎"}.get(other, "Müller")
        mixed = f"a\n{word}\n".encode(other) + f"{word}\n".encode()
        with pytest.raises(BadPeople, match="mixed up"):
            people_in(mixed, "file")
