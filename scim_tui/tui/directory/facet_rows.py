"""The menu of ready-made filters, with the number of those they find."""

from typing import TYPE_CHECKING

from scim_tui.model.unknown_values import Absent
from scim_tui.tui.drawing.text import Line, Span
from scim_tui.tui.widgets.table import Column

if TYPE_CHECKING:
    from scim_tui.core.directory.api import FindingCount, Findings

COLUMNS = (Column("SHOW", 28, 1), Column("COUNT", 10, right=True), Column("AS A FILTER", 22))
_BY_STATE = (
    ("all", "All"),
    ("active:yes", "Active"),
    ("active:no", "Inactive"),
    ("active:unknown", "Active or not: not said"),
)
_BY_AGE = (("changed:<1d", "Changed in the last day"), ("created:<7d", "New this week"))


def facet_rows(findings: "Findings", name: str) -> list[tuple[str, Line]]:
    """The filters for the users or the groups: by state and age, then what is wrong."""
    found = {each.query: each for each in findings.values() if each.kind == name}
    plain = (*(_BY_STATE if name == "Users" else _BY_STATE[:1]), *_BY_AGE)
    rows = [(query, _cells(title, found.pop(query, None), query)) for query, title in plain]
    return rows + [(each.query, _cells(each.title, each, each.query)) for each in found.values()]


def finding_rows(findings: "Findings") -> list[tuple[str, Line]]:
    """What is wrong, of both kinds; the key is its code."""
    return [
        (code, _cells(each.title, each, f"{each.kind.lower()} {each.query}"))
        for code, each in findings.items()
    ]


def _cells(title: str, finding: "FindingCount | None", query: str) -> Line:
    number = count_span(finding) if finding is not None else Span("")
    return (Span(title), number, Span("" if query == "all" else query, "dim"))


def count_span(finding: "FindingCount") -> Span:
    """The count, marked as a warning when it is not zero."""
    if isinstance(finding.count, Absent):
        return Span(finding.amount, "unknown")
    return Span(finding.amount, "warn" if finding.count else "dim")
