"""What a push would change for one person: the matching user, each attribute before and after."""

from collections.abc import Mapping

from scim_tui.core.mapping.api import PlannedChange
from scim_tui.mapping.check.changes import Difference
from scim_tui.model.errors import ScimTuiError
from scim_tui.tui.drawing.record import sentence_lines, values_of
from scim_tui.tui.drawing.text import Line, Span, chop, fit, line, reveal
from scim_tui.tui.mapping import messages
from scim_tui.tui.mapping.rows import CHANGE_ROLES

PATH = 18
WHAT = {
    "create": messages.NEW_USER,
    "update": messages.USER_CHANGED,
    "deactivate": messages.USER_DISABLED,
    "unchanged": messages.NO_CHANGE,
    "conflict": messages.CONFLICT,
    "not sent": messages.NOTHING_IS_SENT,
}


GROUP_WHAT = {
    **WHAT,
    "create": messages.NEW_GROUP,
    "update": messages.GROUP_CHANGED,
}


def diff_lines(
    change: PlannedChange | None,
    error: ScimTuiError | None,
    cells: int,
    *,
    asking: bool,
    refused: bool,
    what: Mapping[str, str] = WHAT,
) -> list[Line]:
    """The change as far as it is known, or why it is not known."""
    if error is not None:
        hint = sentence_lines(error.hint, cells) if error.hint else []
        return [*sentence_lines(error.message, cells, lead=" ! ", role="bad"), *hint, ()]
    if change is None:
        words = messages.ASKING if asking else messages.NOT_COMPARED
        return [line((f" {words}", "dim"))]
    lines = _refused(cells) if refused and what is WHAT else []
    lines += _head(change, cells, what)
    if change.differences:
        lines += [
            *_titles(cells),
            *(row for one in change.differences for row in difference_lines(one, cells)),
        ]
    return [*lines, *([(), line((f" {messages.ASKING}", "dim"))] if asking else [])]


def _refused(cells: int) -> list[Line]:
    words = messages.PERSON_REFUSED
    return [*sentence_lines(words, cells, lead=" ", role="bad"), ()]


def _head(change: PlannedChange, cells: int, what: Mapping[str, str]) -> list[Line]:
    kind = str(change.kind)
    lines = [line((f" {kind.upper()}  ", CHANGE_ROLES.get(kind, "")), what.get(kind, ""))]
    if change.message != messages.found_by(change.matched_by):
        lines += sentence_lines(change.message, cells, lead=" ")
    if change.user_id:
        by = messages.matched_by(change.matched_by) if change.matched_by else ""
        lines.append(line((" id ", "dim"), reveal(change.user_id), (by, "dim")))
    return [*lines, ()]


def _titles(cells: int) -> list[Line]:
    room = column(cells)
    titles = fit(messages.IN_DIRECTORY, room)
    return [line((f" {'ATTRIBUTE':<{PATH}} {titles}  AFTER THE MAPPING", "dim"))]


def column(cells: int) -> int:
    """Cells of a value before or after."""
    return max((cells - PATH - 5) // 2, 8)


def difference_lines(one: Difference, cells: int) -> list[Line]:
    """One attribute before and after, side by side."""
    room = column(cells)
    now, after = _shown(one.now, room), _shown(one.after, room)
    lines: list[Line] = []
    for n in range(max(len(now), len(after))):
        path = fit(reveal(one.path), PATH) if n == 0 else " " * PATH
        lines.append(
            line(
                (f" {path} ", "accent"),
                _span(now, n, room, "dim"),
                "  ",
                _span(after, n, room, ""),
            )
        )
    return lines


def _shown(value: object, room: int) -> list[str]:
    if value in (None, "", []):
        return ["(none)"]
    return [row for text in values_of(value) for row in chop(text, room)][:5]


def _span(rows: list[str], n: int, room: int, role: str) -> Span:
    return Span(fit(rows[n], room) if n < len(rows) else " " * room, role)
