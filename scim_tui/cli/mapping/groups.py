"""The groups of `scim-tui mapping check`: their findings, and the members that would change."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from scim_tui.cli.base.output import line, print_table, say

if TYPE_CHECKING:
    from scim_tui.core.mapping.api import MappingPreview
    from scim_tui.mapping.report.rows import GroupEntry

HEADS = ("group", "change", "members", "new", "gone", "why")
NAMED = 3
"""Members that are named in the table."""


def show_groups(preview: "MappingPreview", most: int) -> None:
    """Print the groups, those that would be refused first."""
    groups = sorted(preview.groups.entries(), key=lambda group: not group.numbers.problem)
    if not groups:
        return
    line()
    print_table(HEADS, [_cells(group) for group in groups[:most]])
    if len(groups) > most:
        say(f"{len(groups) - most:,} more groups: see --show and --report.")


def _cells(group: "GroupEntry") -> tuple[str, ...]:
    numbers, findings = group.numbers, group.entry.findings
    change = "" if group.entry.change is None else str(numbers.kind)
    why = findings[0].message if findings else ""
    return (
        group.entry.label,
        change,
        str(numbers.members),
        _names(group.added),
        _names(group.removed),
        why,
    )


def _names(names: Sequence[str] | None) -> str:
    """The first names and how many more; empty where no member changes."""
    if not names:
        return ""
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
