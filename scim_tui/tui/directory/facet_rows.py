"""The menu of ready-made filters, with the number of rows that each finds."""

from scim_tui.core.directory.api import Findings
from scim_tui.tui.directory import messages
from scim_tui.tui.drawing.text import Line
from scim_tui.tui.shell.finding_rows import filter_cells

NEED_MEMBERS = frozenset({"missing:group", "empty:members"})
"""Filters that need the members of the groups to be listed."""
NEED_ORIGINS = frozenset({"origin:hand", "origin:other"})
"""Filters that need to know which users were not provisioned by the tenant."""
_BY_STATE = (
    ("all", "All"),
    ("active:yes", "Active"),
    ("active:no", "Inactive"),
    ("active:unknown", messages.ACTIVE_UNKNOWN),
)
_BY_AGE = (("changed:<1d", messages.CHANGED_LAST_DAY), ("created:<7d", messages.NEW_THIS_WEEK))


def facet_rows(findings: Findings, name: str) -> list[tuple[str, Line]]:
    """The filters for users or groups: by state and age, then those that find mistakes."""
    found = {each.query: each for each in findings.values() if each.kind == name}
    plain = (*(_BY_STATE if name == "Users" else _BY_STATE[:1]), *_BY_AGE)
    rows = [(query, filter_cells(title, found.pop(query, None), query)) for query, title in plain]
    return rows + [
        (each.query, filter_cells(each.title, each, each.query)) for each in found.values()
    ]
