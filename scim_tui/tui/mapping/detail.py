"""The detail of one person, or group, as the lines of the tab that is open."""

from scim_tui.core.mapping.api import Result
from scim_tui.tui.drawing.text import Line, line
from scim_tui.tui.mapping import messages
from scim_tui.tui.mapping.diff import GROUP_WHAT, diff_lines
from scim_tui.tui.mapping.groups import member_lines, request_lines
from scim_tui.tui.mapping.lines import findings_lines, payload_lines, trace_lines
from scim_tui.tui.mapping.state import CHANGES, PAYLOAD, TRACE, MappingState


def detail_lines(state: MappingState, result: Result, person: int, cells: int) -> list[Line]:
    """The lines of the open tab."""
    if state.tab == PAYLOAD:
        return [*payload_lines(result, cells), *request_lines(result, cells)]
    if state.tab == TRACE:
        rules = state.preview.rules if state.preview is not None else None
        return trace_lines(result, rules.name if rules is not None else "", cells)
    if state.tab == CHANGES:
        if state.of_groups:
            return [*_group_diff(result, cells), *member_lines(result, cells)]
        return _person_diff(state, result, person, cells)
    if state.of_groups:
        return [*findings_lines(result, cells), (), *member_lines(result, cells)]
    note = line((messages.PREVIEW_ONLY, "dim"))
    return [*findings_lines(result, cells), (), note]


def _group_diff(result: Result, cells: int) -> list[Line]:
    return diff_lines(
        result.change, None, cells, asking=False, refused=result.refused, what=GROUP_WHAT
    )


def _person_diff(state: MappingState, result: Result, person: int, cells: int) -> list[Line]:
    """The answer of the directory, or the result of the comparison until it is there."""
    answer = state.answer if state.answer and state.answer.person == person else None
    change = answer.change if answer else None
    return diff_lines(
        change or result.change,
        answer.error if answer else None,
        cells,
        asking=answer is None,
        refused=result.refused,
    )
