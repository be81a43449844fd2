"""The findings about the directory as rows of a table, each with its count and its filter."""

from scim_tui.core.directory.api import FindingCount, Findings
from scim_tui.model.unknown_values import Absent
from scim_tui.tui.drawing.text import Line, Span
from scim_tui.tui.widgets.columns import Column

COLUMNS = (Column("SHOW", 28, 1), Column("COUNT", 10, right=True), Column("AS A FILTER", 22))


def finding_rows(findings: Findings) -> list[tuple[str, Line]]:
    """The findings about users and groups; the key of a row is the code of the finding."""
    return [
        (code, filter_cells(each.title, each, f"{each.kind.lower()} {each.query}"))
        for code, each in findings.items()
    ]


def filter_cells(title: str, finding: FindingCount | None, query: str) -> Line:
    """Title, count and filter; a filter that is no finding has no count."""
    number = count_span(finding) if finding is not None else Span("")
    return (Span(title), number, Span("" if query == "all" else query, "dim"))


def count_span(finding: "FindingCount") -> Span:
    """The count, as a warning unless it is zero."""
    if isinstance(finding.count, Absent):
        return Span(finding.amount, "unknown")
    return Span(finding.amount, "warn" if finding.count else "dim")
