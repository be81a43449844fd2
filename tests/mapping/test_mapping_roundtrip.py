"""Random people through every format and back."""

import base64
import codecs
import csv
import io
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scim_tui.mapping.read.people import people_in
from scim_tui.model.csv_safety import rearmed

signs = st.characters(blacklist_categories=["Cs"], blacklist_characters="\0\r")
values = st.text(signs, max_size=12)
keys = st.text(st.sampled_from("abcdefghij"), min_size=3, max_size=6)
people = st.lists(keys, min_size=2, max_size=4, unique=True).flatmap(
    lambda names: st.lists(
        st.fixed_dictionaries(dict.fromkeys(names, values)), min_size=1, max_size=5
    )
)
inner = st.recursive(
    st.none() | st.booleans() | st.integers() | values,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(keys, below, max_size=3),
    max_leaves=5,
)
objects = st.lists(st.dictionaries(keys, inner, min_size=1, max_size=4), min_size=1, max_size=5)
quick = settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])


def back(data: bytes) -> list[dict[str, object]]:
    return [dict(person.source) for person in people_in(data, "file")]


@quick
@given(people, st.sampled_from(",;\t|"), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_csv(rows: list[dict[str, str]], delimiter: str, encoding: str) -> None:
    read = [{key: rearmed(value) for key, value in row.items()} for row in rows]
    kept = [row for row in read if any(value.strip() for value in row.values())]
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    data = file.getvalue().encode(encoding)
    if kept:
        assert back(data) == kept


@quick
@given(objects, st.sampled_from([None, 1]), st.booleans(), st.sampled_from(["utf-8", "utf-16"]))
def test_json(
    rows: list[dict[str, object]], indent: int | None, plain: bool, encoding: str
) -> None:
    for document in (rows, {"value": rows}, {"count": 1, "Resources": rows, "x": {"users": []}}):
        text = json.dumps(document, indent=indent, ensure_ascii=plain)
        assert back(text.encode(encoding)) == rows


@quick
@given(objects, st.booleans())
def test_json_lines(rows: list[dict[str, object]], plain: bool) -> None:
    text = "\n".join(json.dumps(row, ensure_ascii=plain) for row in rows)
    if len(rows) > 1:
        assert back(text.encode()) == rows
    assert back(codecs.BOM_UTF8 + f"{text}\n".encode()) == rows


@quick
@given(people, st.integers(20, 80))
def test_ldif(rows: list[dict[str, str]], width: int) -> None:
    lines = ["version: 1", ""]
    for row in rows:
        lines.append("dn: cn=x")
        for key, value in row.items():
            whole = f"{key}:: {base64.b64encode(value.encode()).decode()}"
            lines.append(whole[:width])
            rest = whole[width:]
            while rest:
                lines.append(f" {rest[: width - 1]}")
                rest = rest[width - 1 :]
        lines.append("")
    assert back("\n".join(lines).encode()) == [{"dn": "cn=x", **row} for row in rows]
