"""The findings and changes of a preview as a report: JSON for programs, CSV for spreadsheets.

`SCHEMA` describes the JSON; `schema_version` in it changes when something is taken away.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scim_tui.mapping.check.changes import ChangeKind, PlannedChange
from scim_tui.mapping.check.findings import Finding, Severity
from scim_tui.mapping.read.groups import GroupChange
from scim_tui.model.csv_safety import csv_line, disarmed

SCHEMA_VERSION = 1
COLUMNS = (
    "person",
    "line",
    "label",
    "severity",
    "code",
    "path",
    "value",
    "message",
    "fix",
    "other",
    "change",
    "source",
    "object",
)


@dataclass(frozen=True, slots=True)
class ReportHead:
    """The head of a report: its inputs and totals."""

    people: str
    """Name of the file of people; from outside, never to be shown raw."""
    mapping: str
    made_at: datetime
    totals: Mapping[str, Any]
    directory: str = ""
    """The directory of the comparison; empty: not compared."""
    notes: tuple[str, ...] = ()
    """Notes about the files; from outside, too."""


@dataclass(frozen=True, slots=True)
class ReportEntry:
    """One person with findings or a change."""

    index: int
    line: int
    """0: not in the file, but in the directory."""
    label: str
    findings: tuple[Finding, ...]
    change: PlannedChange | None = None


@dataclass(frozen=True, slots=True)
class GroupEntry:
    """One group, with findings or without."""

    entry: ReportEntry
    numbers: GroupChange
    members_from: str
    """Which column, rule or file says who is in it, in words."""
    added: Sequence[str] | None = None
    """Names that a push would add; None: not known."""
    removed: Sequence[str] | None = None
    not_members: Sequence[str] = ()
    """Names that the group lists and that would not be sent as members."""


def as_object(entry: ReportEntry) -> dict[str, object]:
    """A person with findings, as JSON; people are counted from 1."""
    return {
        "person": entry.index + 1,
        "line": entry.line,
        "label": entry.label,
        "findings": [_finding(finding) for finding in entry.findings],
        "change": None if entry.change is None else _change(entry.change),
    }


def group_as_object(group: GroupEntry) -> dict[str, object]:
    """A group, as JSON; null is unknown."""
    entry, numbers = group.entry, group.numbers.as_object()
    return {
        **numbers,
        "line": entry.line,
        "findings": [_finding(finding) for finding in entry.findings],
        "difference": None if entry.change is None else _change(entry.change),
        "members_told_by": group.members_from,
        "added_members": None if group.added is None else list(group.added),
        "removed_members": None if group.removed is None else list(group.removed),
        "not_members": list(group.not_members),
    }


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "path": finding.path,
        "value": finding.value,
        "message": finding.message,
        "fix": finding.fix,
        "source": finding.source,
        "other": None if finding.other is None else finding.other + 1,
    }


def _change(change: PlannedChange) -> dict[str, object]:
    return {
        "kind": change.kind.value,
        "user_id": change.user_id,
        "matched_by": change.matched_by,
        "message": change.message,
        "differences": [
            {"path": one.path, "now": one.now, "after": one.after} for one in change.differences
        ],
    }


def is_failure(entry: ReportEntry) -> bool:
    """Whether the directory would refuse this person."""
    return any(finding.severity is Severity.ERROR for finding in entry.findings)


def json_lines(
    head: ReportHead, entries: Iterable[ReportEntry], groups: Iterable[GroupEntry] = ()
) -> Iterator[str]:
    """The report as JSON, a person and a group at a time."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "made_at": head.made_at.isoformat(),
        "people_file": head.people,
        "mapping": head.mapping,
        "notes": list(head.notes),
        "directory": head.directory or None,
        **head.totals,
    }
    text = json.dumps(document, indent=2, ensure_ascii=False, default=str)
    yield text.removesuffix("\n}")
    yield from _json_list("groups", map(group_as_object, groups))
    yield from _json_list("entries", map(as_object, entries))
    yield "\n}\n"


def _json_list(name: str, objects: Iterable[Mapping[str, object]]) -> Iterator[str]:
    yield f',\n  "{name}": ['
    separator = "\n"
    for one in objects:
        yield separator + json.dumps(one, ensure_ascii=False, default=str)
        separator = ",\n"
    yield "\n  ]"


def csv_lines(entries: Iterable[ReportEntry], groups: Iterable[GroupEntry] = ()) -> Iterator[str]:
    """One line for each finding or change; cells that would run as a formula are escaped.

    After the people the groups, and a line for each membership that would be added or removed.
    """
    yield csv_line(COLUMNS, "\r\n")
    for entry in entries:
        yield _lines(_rows(entry, "user"))
    for group in groups:
        yield _lines(_rows(group.entry, "group"))
        yield _lines(_membership_rows(group))


def _lines(rows: Iterable[Sequence[str]]) -> str:
    return "".join(csv_line(row, "\r\n") for row in rows)


def _membership_rows(group: GroupEntry) -> Iterator[list[str]]:
    entry = group.entry
    for change, names in (("add", group.added), ("remove", group.removed)):
        for name in names or ():
            cells = [entry.label, "", "", "members", name, "", "", "", change, group.members_from]
            yield [str(entry.index + 1), str(entry.line), *map(disarmed, cells), "membership"]


def _rows(entry: ReportEntry, what: str) -> Iterator[list[str]]:
    kind = entry.change.kind.value if entry.change else ""
    for finding in entry.findings or (None,):
        *cells, source = _finding_cells(finding) if finding else [""] * 8
        shown = (entry.label, *cells, kind, source)
        yield [str(entry.index + 1), str(entry.line), *(disarmed(cell) for cell in shown), what]


def _finding_cells(finding: Finding) -> tuple[str, ...]:
    other = "" if finding.other is None else str(finding.other + 1)
    value = finding.value if isinstance(finding.value, str) else json_text(finding.value)
    return (
        finding.severity.value,
        finding.code,
        finding.path,
        value,
        finding.message,
        finding.fix,
        other,
        finding.source,
    )


def json_text(value: object) -> str:
    """A value as short JSON; empty for nothing."""
    return "" if value is None else json.dumps(value, ensure_ascii=False, default=str)


_TEXT = {"type": "string"}
_COUNT = {"type": "integer", "minimum": 0}
_MAYBE = {"type": ["integer", "null"], "minimum": 0}
_KINDS = [kind.value for kind in ChangeKind]


def _object(**properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _list(items: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


_FINDING = _object(
    code=_TEXT,
    severity={"enum": [each.value for each in Severity]},
    path=_TEXT,
    value={},
    message=_TEXT,
    fix=_TEXT,
    source=_TEXT,
    other=_MAYBE,
)
_CHANGE = {
    "anyOf": [
        {"type": "null"},
        _object(
            kind={"enum": _KINDS},
            user_id=_TEXT,
            matched_by=_TEXT,
            message=_TEXT,
            differences=_list(_object(path=_TEXT, now={}, after={})),
        ),
    ]
}
_NAMES = {"anyOf": [{"type": "null"}, _list(_TEXT)]}
_GROUP = _object(
    name=_TEXT,
    change={"enum": [*_KINDS, None]},
    members=_MAYBE,
    added=_MAYBE,
    removed=_MAYBE,
    problem=_TEXT,
    requests=_COUNT,
    line=_COUNT,
    findings=_list(_FINDING),
    difference=_CHANGE,
    members_told_by=_TEXT,
    added_members=_NAMES,
    removed_members=_NAMES,
    not_members=_list(_TEXT),
)
_COUNTS = {"type": "object", "additionalProperties": _COUNT}
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "scim-tui mapping report",
    **_object(
        schema_version={"const": SCHEMA_VERSION},
        made_at=_TEXT,
        people_file=_TEXT,
        mapping=_TEXT,
        notes=_list(_TEXT),
        directory={"type": ["string", "null"]},
        people=_COUNT,
        accepted=_COUNT,
        refused=_COUNT,
        warned=_COUNT,
        unassigned=_MAYBE,
        assignment_unknown=_COUNT,
        codes=_COUNTS,
        changes={"anyOf": [{"type": "null"}, _COUNTS]},
        groups=_list(_GROUP),
        reads=_MAYBE,
        writes=_MAYBE,
        push_seconds={"type": ["number", "null"]},
        entries=_list(
            _object(
                person=_COUNT, line=_COUNT, label=_TEXT, findings=_list(_FINDING), change=_CHANGE
            )
        ),
    ),
}
"""JSON Schema of the report in JSON."""
