"""Reports: HTML that runs nothing and loads nothing, CSV that is no formula, JSON with a schema."""

import csv
import io
import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from importlib import resources
from typing import Any

import pytest

from scim_tui.mapping.check.changes import ChangeKind, Difference, PlannedChange
from scim_tui.mapping.check.findings import Finding, Severity
from scim_tui.mapping.read.groups import GroupChange
from scim_tui.mapping.report import html_page as report_html
from scim_tui.mapping.report.html_page import html_lines
from scim_tui.mapping.report.rows import (
    COLUMNS,
    SCHEMA,
    GroupEntry,
    ReportEntry,
    ReportHead,
    csv_lines,
    json_lines,
)
from scim_tui.model.unknown_values import UNKNOWN

EVIL = "<script>alert(1)</script>\"'&\x1b[31m\u202e\ud800"


def totals(**more: object) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "people": 2,
        "accepted": 1,
        "refused": 1,
        "warned": 0,
        "unassigned": None,
        "assignment_unknown": 2,
        "codes": {"userName.required": 1, EVIL: 1},
        "changes": {"create": 1, "update": 0},
        "reads": 1,
        "writes": 1,
        "push_seconds": 0.1,
    }
    return plain | more


def head(**more: object) -> ReportHead:
    return ReportHead(EVIL, EVIL, datetime(2026, 3, 4, tzinfo=UTC), totals(**more), EVIL, (EVIL,))


def group(label: str = EVIL, names: list[str] | None = None) -> GroupEntry:
    numbers = GroupChange(label, ChangeKind.UPDATE, 1, 1, 1)
    return GroupEntry(entry(label), numbers, label, names or [label], [label], [label])


def entry(label: str = EVIL) -> ReportEntry:
    finding = Finding(
        f"userName.required{label}",
        Severity.ERROR,
        label,
        label,
        f"userName is required{label}",
        label,
        label,
        0,
    )
    change = PlannedChange(
        ChangeKind.UPDATE,
        label,
        (Difference(f"title{label}", label, label),),
        f"Found.{label}",
        label,
    )
    return ReportEntry(1, 3, label, (finding,), change)


class Strict(HTMLParser):
    """Every element and attribute of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words += data


def page(*entries: ReportEntry, **more: object) -> Strict:
    parser = Strict()
    parser.feed("".join(html_lines(head(**more), entries, [group()])))
    parser.close()
    return parser


def test_the_page_runs_nothing_and_loads_nothing() -> None:
    text = "".join(html_lines(head(), [entry()], [group()]))
    found = page(entry())
    assert "script" not in found.tags
    names = {name for name, _ in found.attributes}
    assert not names & {"src", "href", "srcset", "action", "style"}
    assert not [name for name in names if name.startswith("on")]
    assert not re.search(r"https?://|url\(|@import", text)
    assert "default-src 'none'" in text


def test_what_comes_from_outside_is_text() -> None:
    found = page(entry())
    assert found.words.count("<script>alert(1)</script>") >= 12
    assert "\x1b" not in found.words
    assert "\u202e" not in found.words
    assert r"\x1b[31m\u202e\ud800" in found.words


def test_the_page_shows_totals_findings_changes_and_groups() -> None:
    words = page(entry()).words
    for each in ("people", "refused", "unknown", "userName.required", "update", "Found.", "title"):
        assert each in words


def test_where_members_come_from_is_text_too() -> None:
    untold = GroupEntry(entry("a"), GroupChange("a", UNKNOWN, 1), EVIL)
    words = "".join(html_lines(head(), [], [untold]))
    assert "not compared; by &lt;script&gt;" in words


def test_a_large_report_says_how_many_it_leaves_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_html, "MOST_ROWS", 2)
    assert "3 more people" in page(*[entry("a")] * 5).words


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "  ="])
def test_no_cell_is_a_formula(start: str) -> None:
    evil = f"{start}cmd|' /C calc'!A0"
    text = "".join(csv_lines([entry(evil)], [group(evil)]))
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert [row[-1] for row in rows[1:]] == ["user", "group", "membership", "membership"]
    for row in rows[1:]:
        for cell in row[2:]:
            assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n")), cell
        assert len(row) == len(COLUMNS)


def test_memberships_are_reported_by_name() -> None:
    names = [f"u{n}@x" for n in range(60)]
    rows = list(csv.DictReader("".join(csv_lines([], [group("Staff", names)])).splitlines()))
    assert [(row["value"], row["change"]) for row in rows if row["object"] == "membership"] == [
        *((name, "add") for name in names),
        ("Staff", "remove"),
    ]
    words = "".join(html_lines(head(), [], [group("Staff", names)]))
    assert "+60</span> u0@x, u1@x" in words
    assert "u49@x and 10 more" in words
    found = json.loads("".join(json_lines(head(), [], [group("Staff", names)])))["groups"][0]
    assert (found["added_members"], found["removed_members"]) == (names, ["Staff"])


def test_a_change_without_finding_is_a_line_too() -> None:
    change = PlannedChange(ChangeKind.CREATE)
    rows = list(
        csv.DictReader("".join(csv_lines([ReportEntry(0, 2, "a", (), change)])).splitlines())
    )
    assert (rows[0]["label"], rows[0]["code"], rows[0]["change"]) == ("a", "", "create")


def fits(value: Any, schema: dict[str, Any]) -> bool:  # noqa: ANN401, PLR0911 - JSON
    """Whether JSON fits the few words of JSON Schema that the report's schema uses."""
    if "anyOf" in schema:
        return any(fits(value, each) for each in schema["anyOf"])
    if "enum" in schema:
        return value in schema["enum"]
    if "const" in schema:
        return bool(value == schema["const"])
    kinds = {
        "object": dict,
        "array": list,
        "string": str,
        "integer": int,
        "null": type(None),
        "number": (int, float),
    }
    wanted = schema.get("type", list(kinds))
    names = [wanted] if isinstance(wanted, str) else wanted
    if "type" in schema and not any(isinstance(value, kinds[name]) for name in names):  # type: ignore[arg-type]
        return False
    if isinstance(value, dict) and "properties" in schema:
        known = schema["properties"]
        assert set(value) == set(known), set(value) ^ set(known)
        return all(fits(value[name], known[name]) for name in known)
    if isinstance(value, list) and "items" in schema:
        return all(fits(each, schema["items"]) for each in value)
    return True


def test_json_is_as_its_schema_says() -> None:
    entries = [entry(), ReportEntry(0, 2, "a", ())]
    for some in (entries, entries[:1], []):
        found = json.loads("".join(json_lines(head(), some, [group()])))
        assert fits(found, SCHEMA)
        assert found["schema_version"] == 1
        assert len(found["entries"]) == len(some)
    assert found["unassigned"] is None
    broken = json.loads("".join(json_lines(head(people="2"), [])))
    assert not fits(broken, SCHEMA)


def test_the_page_carries_its_style_sheet_whole() -> None:
    sheet = resources.files("scim_tui.mapping.report").joinpath("page.css").read_text("utf-8")
    page = "".join(html_lines(head(), []))
    assert f"<style>\n{sheet}</style>" in page
    assert "tr.refused" in sheet
    assert "url(" not in sheet
    assert "@import" not in sheet
