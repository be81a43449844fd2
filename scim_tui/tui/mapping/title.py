"""The lines above the list: files, totals, progress or changes, and what narrows the list."""

from scim_tui.tui.drawing.text import Line, line
from scim_tui.tui.mapping import messages
from scim_tui.tui.mapping.groups import groups_line, memberships_line
from scim_tui.tui.mapping.state import MappingState
from scim_tui.tui.mapping.totals import (
    changes_line,
    files_lines,
    filter_line,
    progress_line,
    totals_line,
)


def title_lines(state: MappingState, cells: int, *, low: bool) -> list[Line]:
    """All lines; where the screen is low the first and the last of the totals."""
    if state.preview is None or state.preview.rules is None:
        return [line((messages.LOADING, "dim"))]
    lines = _totals_lines(state, cells)
    if low and state.totals is not None:
        return [lines[0], *lines[1:][-1:]]
    return [*files_lines(state.preview, state.files, cells), *lines]


def _totals_lines(state: MappingState, cells: int) -> list[Line]:
    groups, totals = state.listed_groups, state.totals
    lines: list[Line] = []
    if totals is not None:
        lines.append(groups_line(groups, cells) if groups else totals_line(totals, cells))
    if state.busy is not None:
        lines.append(progress_line(state.busy, cells))
    elif totals is not None:
        lines.append(memberships_line(groups, totals) if groups else changes_line(totals, cells))
    if state.facet.words and totals is not None:
        shown = len(state.rows) if state.rows is not None else 0
        of = len(groups) if groups else totals.people
        lines.append(filter_line(state.facet, shown, of, cells))
    return lines
