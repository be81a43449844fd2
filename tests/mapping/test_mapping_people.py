import codecs
import json

import pytest

from scim_tui.mapping.base.errors import BadPeople
from scim_tui.mapping.read.csv_file import MAX_COLUMNS
from scim_tui.mapping.read.people import PeopleSource, people_in

ADA = {"userName": "ada", "givenName": "Ada"}
BOB = {"userName": "bob", "givenName": "Bøb"}


def read(text: str | bytes) -> PeopleSource:
    source = people_in(text.encode() if isinstance(text, str) else text, "file")
    assert source.count is not None or list(source)
    return source


def sources(text: str | bytes) -> list[dict[str, object]]:
    return [dict(person.source) for person in read(text)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_delimiter_is_recognised_by_the_header(delimiter: str) -> None:
    text = f"userName{delimiter}givenName\nada{delimiter}Ada\nbob{delimiter}Bøb\n"
    assert sources(text) == [ADA, BOB]
    assert read(text).format == "csv"
    assert read(text).columns == ("userName", "givenName")


def test_a_delimiter_inside_quotes_does_not_count() -> None:
    assert sources('"Name, first; and, last",mail\n"A;B",x\n') == [
        {"Name, first; and, last": "A;B", "mail": "x"}
    ]


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
    ],
)
def test_encoding_is_recognised_by_mark_or_content(mark: bytes, encoding: str) -> None:
    assert sources(mark + "userName,givenName\r\nbob,Bøb\r\n".encode(encoding)) == [BOB]


@pytest.mark.parametrize(
    ("text", "format"),
    [
        (json.dumps([ADA, BOB]), "json"),
        (json.dumps({"@odata.context": "x", "value": [ADA, BOB]}), "json"),
        (json.dumps({"users": [ADA, BOB], "nextPageToken": "t"}, indent=2), "json"),
        (json.dumps({"schemas": ["urn:x"], "Resources": [ADA, BOB], "totalResults": 2}), "json"),
        (json.dumps({"_links": {}, "_embedded": {"users": [ADA, BOB]}, "size": 2}), "json"),
        (f"{json.dumps(ADA)}\n\n{json.dumps(BOB)}\n", "jsonl"),
        (f"  \n{json.dumps(ADA)}\r\n{json.dumps(BOB)}", "jsonl"),
    ],
)
def test_json_layouts_are_recognised_by_content(text: str, format: str) -> None:
    assert sources(text) == [ADA, BOB]
    assert read(text).format == format


def test_an_object_without_a_list_is_one_person() -> None:
    one = {"userName": "ada", "emails": [{"value": "a@x"}]}
    assert sources(json.dumps(one, indent=1)) == [one]


def test_every_person_knows_its_line() -> None:
    assert [p.line for p in read('a,b\n1,"x\ny"\n\n2,z\n')] == [2, 5]
    assert [p.line for p in read('[\n {"a": 1},\n\n {"a":\n 2}, {"a": 3}]')] == [2, 4, 5]
    assert [p.line for p in read('{"a": 1}\n\n{"a": 2}\n')] == [1, 3]


def test_columns_of_google_lose_their_remarks() -> None:
    text = "First Name [Required],Status [READ ONLY]\nAda,Active\n"
    assert sources(text) == [{"First Name": "Ada", "Status": "Active"}]


def test_short_rows_lack_columns_and_empty_ones_are_skipped() -> None:
    assert sources("a,b,c\n1,2\n,,\n\n3,4,5\n,,,,\n") == [
        {"a": "1", "b": "2"},
        {"a": "3", "b": "4", "c": "5"},
    ]


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a,b\n1,2\n\x001,2\n", "file, line 3", "NUL"),
        ("a,b\n1,2\n1,2,\n", "file, line 3", "3 cells"),
        ("a,b\n1,2\n1,2,3\n", "file, line 3", "3 cells"),
        ('a,b\n1,"2\n', "file, line 2", "CSV"),
        (",".join(f"c{n}" for n in range(10_000)) + "\n1\n", "file, line 1", "10,000 columns"),
        ("a,b\n1," + "x" * 200_000, "file, line 2", "field larger"),
        (json.dumps({f"k{n}": 1 for n in range(10_000)}), "file, line 1", "columns"),
        ('[{"a": 1},\n{"a": }]', "file, line 2", "Invalid JSON"),
        ('[{"a": 1},\n {"a": 2}', "file, line 2", "expected"),
        ('[{"a": 1}]\n[', "file, line 2", "follows"),
        ('[{"a": 1},\n"b"]', "file, line 2", "Not an object"),
        ('[{"a": NaN}]', "file, line 1", "NaN"),
        ('{"_embedded":' * 50_000, "file, line 1", "Nested deeper"),
        ('[{"a": ' + "9" * 5000 + "}]", "file, line 1", "Invalid JSON"),
        ("[" * 100_000, "file, line 1", "Nested deeper"),
        ('[{"a":' * 100_000, "file, line 1", "Nested deeper"),
        ('[{"a": ' + "[" * 20 + "]" * 20 + "}]", "file, line 1", "Nested deeper"),
        ('{"a": ' + "[" * 20 + "]" * 20 + "}", "file, line 1", "Nested deeper"),
        ('{"a": ' + "[" * 100_000 + '}\n{"a": 1}', "file, line 1", "Nested deeper"),
        ('[{"a": 1},\n{"a": "' + "x" * 5_000_000 + '"}]', "file, line 2", "longer than"),
        ('[{"a": 1},\n{"a": "' + "x" * 1_500_000 + '"}]', "file, line 2", "longer than"),
        ('[{"a": 1},\n' + '{"a":[' + "1," * 3_000_000 + "1]}]", "file, line 2", "longer than"),
        ('{"value": [{"a": 1}],\n"b": "' + "x" * 5_000_000, "file, line 2", "longer than"),
        ("{" + ",".join(f'"k{n}": 1' for n in range(1_001)) + "}", "file, line 1", "columns"),
        ("a,b\n" + "x" * 2_000_000, "file, line 2", "longer than"),
        ('a,b\n1,2\n1,"' + "x\n" * 200_000, "file, line 3", "field larger"),
        ('{"a": 1}\n{"a": ', "file, line 2", "Invalid JSON"),
        ('{"a": 1}\n{"a": "' + "x" * 1_100_000 + '"}', "file, line 2", "longer than"),
        ("", "file, line 1", "no person"),
        ("a,b\n", "file, line 1", "no person"),
        ('{"users": []}', "file, line 1", "no person"),
    ],
)
def test_bad_input_names_file_and_line(text: str, place: str, words: str) -> None:
    with pytest.raises(BadPeople) as caught:
        read(text)
    assert caught.value.message.startswith(place)
    assert words in caught.value.message


def test_what_excel_writes_is_read_as_windows_1252_and_said_so() -> None:
    source = read("name,city\nMüller – x,Köln\n".encode("windows-1252"))
    assert source.encoding == "windows-1252"
    assert [dict(person.source) for person in source] == [{"name": "Müller – x", "city": "Köln"}]


@pytest.mark.parametrize(
    ("data", "place", "words"),
    [
        ("a\nx\nMü\n".encode() + "Mü\n".encode("latin-1"), "line 4", "mixed up"),
        ("a\nx\nMü\n".encode("latin-1") + "Mü\n".encode(), "line 3", "mixed up"),
        (b"a\0\xff\xfe\x01" + bytes(range(256)), "line 1", "not a text file"),
        (b"[\n" + '{"a": "ü"}]'.encode("latin-1"), "line 2", "Not UTF-8"),
        (b"a\nab\x81\xf5q\xff\n", "line 2", "no other encoding"),
        (codecs.BOM_UTF8 + b"a\nb\n\xff\n", "line 3", "Not UTF-8"),
        (codecs.BOM_UTF16_LE + "a\nb\n".encode("utf-16-le") + b"\x00\xd8\n", "line 3", "UTF-16"),
        (codecs.BOM_UTF16_LE + "a\nb\n\0".encode("utf-16-le"), "line 3", "NUL"),
        (b"PK\x03\x04xx", "line 1", "Excel workbook"),
        (b"\x1f\x8b\x08", "line 1", "gzip"),
        (b"\n<!DOCTYPE html>", "line 1", "web page"),
    ],
)
def test_what_is_no_text_is_named_with_its_line(data: bytes, place: str, words: str) -> None:
    with pytest.raises(BadPeople, match=f"file, {place}: .*{words}"):
        read(data)


def test_a_source_is_read_anew_each_time_and_counts_at_its_end() -> None:
    source = people_in(b"a\n" + b"1\n" * 500, "file")
    assert source.count is None
    assert len(source.sample) == 200
    assert len(list(source)) == len(list(source)) == source.count == 500


def test_columns_that_turn_up_late_are_known_when_they_were_met() -> None:
    source = people_in(b'{"a": 1}\n' * 300 + b'{"b": 1}\n', "file")
    assert list(source.columns) == ["a"]
    list(source)
    assert list(source.columns) == ["a", "b"]


def test_lines_above_the_header_are_what_tools_write_there() -> None:
    assert sources("sep=;\r\na;b,c\r\n1;2\r\n") == [{"a": "1", "b,c": "2"}]
    assert sources('#TYPE Microsoft.ActiveDirectory.ADUser\n"a","b"\n"1","2"\n') == [
        {"a": "1", "b": "2"}
    ]
    assert [p.line for p in read("sep=;\na;b\n\n1;2\n")] == [4]


def test_pages_saved_one_after_the_other_are_one_list_and_a_missing_one_is_said() -> None:
    page = {"value": [ADA], "@odata.nextLink": "https://x"}
    last = {"value": [BOB]}
    for separator in ("", "\n"):
        source = read(json.dumps(page) + separator + json.dumps(last))
        assert [dict(person.source) for person in source] == [ADA, BOB]
        assert source.notes == ()
    assert "more people" in read(json.dumps(last) + json.dumps(page)).notes[0]


def test_json_larger_than_the_window_is_read_to_the_end() -> None:
    many = [{"n": number, "pad": "ü" * 500} for number in range(12_000)]
    for text in (json.dumps(many), json.dumps({"Resources": many}, indent=1, ensure_ascii=False)):
        people = list(people_in(text.encode(), "file"))
        assert [person.source["n"] for person in people] == list(range(12_000))
        assert people[-1].line == (1 if text.startswith("[") else 4 * 12_000 - 1)


def test_columns_are_limited_over_all_people() -> None:
    many = [{f"k{n}": 1 for n in range(start, start + 600)} for start in (0, 600, 1200)]
    assert len(many) * 600 > MAX_COLUMNS
    with pytest.raises(BadPeople, match="columns"):
        read(json.dumps(many))


@pytest.mark.parametrize("start", ["a,b\n", "", '{"a": 1}\n{"a": 2}\n', "dn: x\ncn: y\n"])
def test_millions_of_empty_lines_are_refused_soon(
    start: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("csv_header", "csv_file", "json_file", "ldif_file"):
        monkeypatch.setattr(f"scim_tui.mapping.read.{module}.MAX_EMPTY", 1_000)
    read(
        start
        + "\n" * 900
        + (
            "{}"
            if start.startswith("{")
            else "a,b\nx,y\n"
            if not start
            else "1,2\n"
            if start[0] == "a"
            else ""
        )
    )
    with pytest.raises(BadPeople, match=r"file, line \d{4}: More than 2,000,000 empty lines"):
        read(start + "\n" * 30_000)


def test_a_line_of_a_hundred_megabytes_is_refused_with_its_place() -> None:
    with pytest.raises(BadPeople, match="file, line 2: The line is longer than"):
        people_in(b"a,b\n" + b"x" * 100_000_000, "file")
