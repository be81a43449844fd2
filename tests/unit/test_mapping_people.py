import codecs
import json

import pytest

from scim_tui.mapping.errors import BadPeople
from scim_tui.mapping.people import MAX_COLUMNS, People, parse_people

ADA = {"userName": "ada", "givenName": "Ada"}
BOB = {"userName": "bob", "givenName": "Bøb"}


def read(text: str | bytes) -> People:
    return parse_people(text.encode() if isinstance(text, str) else text, "file")


def sources(text: str | bytes) -> list[dict[str, object]]:
    return [dict(person.source) for person in read(text).people]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_delimiter_is_told_by_the_header(delimiter: str) -> None:
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
def test_encoding_is_told_by_mark_or_content(mark: bytes, encoding: str) -> None:
    assert sources(mark + "userName,givenName\r\nbob,Bøb\r\n".encode(encoding)) == [BOB]


@pytest.mark.parametrize(
    ("text", "format"),
    [
        (json.dumps([ADA, BOB]), "json"),
        (json.dumps({"@odata.context": "x", "value": [ADA, BOB]}), "json"),
        (json.dumps({"users": [ADA, BOB], "nextPageToken": "t"}, indent=2), "json"),
        (json.dumps({"schemas": ["urn:x"], "Resources": [ADA, BOB], "totalResults": 2}), "json"),
        (f"{json.dumps(ADA)}\n\n{json.dumps(BOB)}\n", "jsonl"),
        (f"  \n{json.dumps(ADA)}\r\n{json.dumps(BOB)}", "jsonl"),
    ],
)
def test_json_layouts_are_told_by_content(text: str, format: str) -> None:
    assert sources(text) == [ADA, BOB]
    assert read(text).format == format


def test_an_object_without_a_list_is_one_person() -> None:
    one = {"userName": "ada", "emails": [{"value": "a@x"}]}
    assert sources(json.dumps(one, indent=1)) == [one]


def test_every_person_knows_its_line() -> None:
    assert [p.line for p in read('a,b\n1,"x\ny"\n\n2,z\n').people] == [2, 5]
    assert [p.line for p in read('[\n {"a": 1},\n\n {"a":\n 2}, {"a": 3}]').people] == [2, 4, 5]
    assert [p.line for p in read('{"a": 1}\n\n{"a": 2}\n').people] == [1, 3]


def test_columns_of_google_lose_their_remarks() -> None:
    text = "First Name [Required],Status [READ ONLY]\nAda,Active\n"
    assert sources(text) == [{"First Name": "Ada", "Status": "Active"}]


def test_short_rows_lack_columns_and_empty_ones_are_skipped() -> None:
    assert sources("a,b,c\n1,2\n,,\n\n3,4,5,,\n") == [
        {"a": "1", "b": "2"},
        {"a": "3", "b": "4", "c": "5"},
    ]


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a,b\n1,2\n\x001,2\n", "file, line 3", "NUL"),
        ("a,a\n1,2\n", "file, line 1", "twice"),
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
        ('[{"a": ' + "9" * 5000 + "}]", "file, line 1", "Invalid JSON"),
        ("[" * 100_000, "file, line 1", "Nested deeper"),
        ('[{"a":' * 100_000, "file, line 1", "Nested deeper"),
        ('[{"a": ' + "[" * 20 + "]" * 20 + "}]", "file, line 1", "Nested deeper"),
        ('{"a": 1}\n{"a": ', "file, line 2", "Invalid JSON"),
        ('{"a": 1}\n{"a": "' + "x" * 1_100_000 + '"}', "file, line 2", "longer than"),
        ("", "file, line 1", "nobody"),
        ("a,b\n", "file, line 1", "nobody"),
        ('{"users": []}', "file, line 1", "nobody"),
    ],
)
def test_bad_input_names_file_and_line(text: str, place: str, words: str) -> None:
    with pytest.raises(BadPeople) as caught:
        read(text)
    assert caught.value.message.startswith(place)
    assert words in caught.value.message


def test_other_encodings_are_named_with_their_line() -> None:
    with pytest.raises(BadPeople, match="line 2: Not UTF-8 text"):
        read("a\nMüller\n".encode("latin-1"))


def test_columns_are_limited_over_all_people() -> None:
    many = [{f"k{n}": 1 for n in range(start, start + 600)} for start in (0, 600, 1200)]
    assert len(many) * 600 > MAX_COLUMNS
    with pytest.raises(BadPeople, match="columns"):
        read(json.dumps(many))
