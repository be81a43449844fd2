"""The findings of a preview as a file to pass on: JSON for programs, CSV for a spreadsheet."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scim_tui.mapping.findings import Finding

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
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Entry:
    """One person with findings."""

    index: int
    line: int
    label: str
    findings: tuple[Finding, ...]


def as_object(entry: Entry) -> dict[str, object]:
    """A person with findings, as JSON; people are counted from 1."""
    return {
        "person": entry.index + 1,
        "line": entry.line,
        "label": entry.label,
        "findings": [
            {
                "code": finding.code,
                "severity": finding.severity.value,
                "path": finding.path,
                "value": finding.value,
                "message": finding.message,
                "fix": finding.fix,
                "source": finding.source,
                "other": None if finding.other is None else finding.other + 1,
            }
            for finding in entry.findings
        ],
    }


def as_csv(entries: Iterable[Entry]) -> str:
    """One line for each finding; cells that a spreadsheet would run as a formula are disarmed."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for entry in entries:
        writer.writerows(_rows(entry))
    return text.getvalue()


def _rows(entry: Entry) -> Iterator[list[str]]:
    for finding in entry.findings:
        other = "" if finding.other is None else str(finding.other + 1)
        value = finding.value if isinstance(finding.value, str) else _json(finding.value)
        cells = (
            entry.label, finding.severity.value, finding.code, finding.path, value,
            finding.message, finding.fix, other,
        )  # fmt: skip
        yield [str(entry.index + 1), str(entry.line), *(_disarmed(cell) for cell in cells)]


def _json(value: object) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False, default=str)


def _disarmed(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
