"""The menu of ready-made filters, with the number of rows that each finds."""

from collections.abc import Sequence

from scim_tui.core.directory.api import FindingCount, Findings
from scim_tui.model.unknown_values import Absent
from scim_tui.tui.drawing.text import Line, Span
from scim_tui.tui.shell.finding_rows import filter_cells

NEED_MEMBERS = frozenset({"missing:group", "empty:members"})
"""Filters that need the members of the groups to be listed."""
NEED_ORIGINS = frozenset({"origin:hand", "origin:other"})
"""Filters that need to know which users were not provisioned by the tenant."""
_BY_STATE = (
    ("all", "All"),
    ("active:yes", "Active"),
    ("active:no", "Inactive"),
    ("active:unknown", "Active or not: not said"),
)
_BY_AGE = (("changed:<1d", "Changed in the last day"), ("created:<7d", "New this week"))


def facet_rows(findings: Findings, name: str) -> list[tuple[str, Line]]:
    """The filters for users or groups: by state and age, then those that find mistakes."""
    of_kind = [each for each in findings.values() if each.kind == name]
    listed = any(isinstance(each.count, int) for each in of_kind)
    found = {each.query: each for each in of_kind}
    plain = (*(_BY_STATE if name == "Users" else _BY_STATE[:1]), *_BY_AGE)
    rows: Sequence[tuple[str, str, FindingCount | None]] = [
        *((title, query, found.pop(query, None)) for query, title in plain),
        *((each.title, each.query, each) for each in found.values()),
    ]
    return [(query, _cells(title, each, query, listed=listed)) for title, query, each in rows]


def _cells(title: str, finding: FindingCount | None, query: str, *, listed: bool) -> Line:
    cells = filter_cells(title, finding, query)
    if finding is None or not isinstance(finding.count, Absent) or not listed:
        return cells
    if query in NEED_MEMBERS | NEED_ORIGINS:
        return cells
    # All rows are listed, so what is missing is the server's word: listing more brings no count.
    return (cells[0], Span("unknown", "unknown"), *cells[2:])
