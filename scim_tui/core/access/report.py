"""The report of all access as a file: HTML to read, CSV for a sheet, JSON for a program.

The page needs no network and no script, and everything from outside is escaped in it. In a CSV no
cell is run as a formula. A value that is not known is "unknown", and null in JSON.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path

from scim_tui.config.paths import write_atomic
from scim_tui.core.access.findings import AccessFinding
from scim_tui.core.access.rows import Ages, AssignmentRow, Holding
from scim_tui.core.base.timeslice import giving_way
from scim_tui.model.ages import stamp
from scim_tui.model.csv_safety import csv_line, disarmed
from scim_tui.model.errors import UsageError
from scim_tui.model.escaping import reveal
from scim_tui.model.typed_path import at_home
from scim_tui.model.unknown_values import Absent

ASSIGNMENT_FIELDS = AssignmentRow._fields
HOLDING_FIELDS = Holding._fields
MOST_ROWS = 20_000
"""Rows on one page, as browsers get slow with more; a CSV has all."""
_STYLE = (
    ":root{color-scheme:light dark}body{font:14px/1.45 system-ui,sans-serif;margin:2rem auto;"
    "max-width:80rem;padding:0 1rem}table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #8884;"
    "overflow-wrap:anywhere}th{font-size:.8rem}p.of{opacity:.7}"
    "@media print{body{margin:0;max-width:none}tr{break-inside:avoid}}"
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
Fields = Sequence[str]
Rows = Iterable[Sequence[object]]


@dataclass(frozen=True, slots=True)
class ReportHead:
    """What stands above the rows."""

    title: str
    """The directory."""
    made_at: datetime
    ages: Ages
    findings: Sequence[AccessFinding]


def write_report(path: Path, head: ReportHead, fields: Fields, rows: Rows) -> int:
    """Write the rows, as HTML, CSV or JSON by the ending of the name; returns how many.

    Raises `UsageError`.
    """
    target = at_home(path)
    if target.suffix not in _FORMS:
        raise UsageError(f"{path} ends in none of .html, .csv and .json.", "Name the report so.")
    count = 0

    def counted() -> Iterator[Sequence[object]]:
        nonlocal count
        for row in giving_way(rows):
            count += 1
            yield row

    lines = _FORMS[target.suffix](head, fields, counted())
    try:
        # Half a surrogate pair, which JSON can carry, is no text: it is written as an escape.
        write_atomic(target, (line.encode("utf-8", "backslashreplace").decode() for line in lines))
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror}.", "Name another place."
        ) from error
    return count


def _csv(_: ReportHead, fields: Fields, rows: Rows) -> Iterator[str]:
    yield csv_line(fields)
    for row in rows:
        yield csv_line([disarmed(_word(value)) for value in row])


def _json(head: ReportHead, fields: Fields, rows: Rows) -> Iterator[str]:
    ages = {"as_of": head.ages.assignments, "memberships_as_of": head.ages.memberships}
    about = {"directory": head.title, "made_at": head.made_at, **ages}
    plain = {name: _plain(value) for name, value in about.items()}
    findings = [
        {"code": each.code, "title": each.title, "count": _plain(each.count)}
        for each in head.findings
    ]
    yield json.dumps({**plain, "findings": findings}, ensure_ascii=False)[:-1] + ', "access": ['
    comma = "\n"
    for row in rows:
        named = {name: _plain(value) for name, value in zip(fields, row, strict=True)}
        yield comma + json.dumps(named, ensure_ascii=False)
        comma = ",\n"
    yield "\n]}\n"


def _html(head: ReportHead, fields: Fields, rows: Rows) -> Iterator[str]:
    yield (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>Access: {_text(head.title)}</title><style>{_STYLE}</style></head><body>"
        f"<h1>Access: {_text(head.title)}</h1>"
        f'<p class="of">Made {stamp(head.made_at)}. Assignments as of'
        f" {stamp(head.ages.assignments)}, memberships as of {stamp(head.ages.memberships)}.</p>"
    )
    yield from _finding_rows(head.findings)
    yield "<h2>Access</h2><table><thead><tr>"
    yield "".join(f"<th>{_text(name.replace('_', ' '))}</th>" for name in fields)
    yield "</tr></thead><tbody>\n"
    left_out = 0
    for number, row in enumerate(rows):
        if number < MOST_ROWS:
            yield "<tr>" + "".join(f"<td>{_text(_word(value))}</td>" for value in row) + "</tr>\n"
        else:
            left_out += 1
    yield "</tbody></table>"
    if left_out:
        yield f"<p>{left_out:,} more rows are left out here; a report in CSV has them all.</p>"
    yield "</body></html>\n"


def _finding_rows(findings: Sequence[AccessFinding]) -> Iterator[str]:
    yield "<h2>Findings</h2><table><thead><tr><th>count</th><th>finding</th><th>what to do</th>"
    yield "</tr></thead><tbody>"
    for each in findings:
        cells = (_word(each.count), each.title, each.fix)
        yield "<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in cells) + "</tr>"
    yield "</tbody></table>"


def _text(value: str) -> str:
    from html import escape  # with its table of entities, half a megabyte that only a page needs

    return escape(reveal(value, keep="\t\n"))


def _word(value: object) -> str:
    match value:
        case None:
            return "unknown"
        case bool():
            return "yes" if value else "no"
        case datetime():
            return stamp(value)
    return str(value)


def _plain(value: object) -> object:
    match value:
        case Absent():
            return None
        case datetime():
            return stamp(value)
        case Enum():
            return value.value
    return value


_FORMS: dict[str, Callable[[ReportHead, Fields, Rows], Iterator[str]]] = {
    ".html": _html,
    ".csv": _csv,
    ".json": _json,
}
