"""All actions of a screen; those that are off with the reason."""

from collections.abc import Sequence

from scim_tui.tui.drawing.text import Line, Span
from scim_tui.tui.modals.choice import Choice
from scim_tui.tui.shell import messages
from scim_tui.tui.shell.actions import Action
from scim_tui.tui.widgets.table import Column

_COLUMNS = (Column("KEY", 6), Column("ACTION", 14), Column(messages.WHY_OFF_COLUMN, 30, 1))


class ActionsDialog(Choice):
    """The dialog behind `a`."""

    def __init__(self, rows: Sequence[tuple[Action, str | None]]) -> None:
        cells = [(action.id, _cells(action, reason)) for action, reason in rows]
        super().__init__(messages.ACTIONS, _COLUMNS, cells)


def _cells(action: Action, reason: str | None) -> Line:
    if reason:
        return (Span(action.key, "dim"), Span(action.label, "dim"), Span(f"off: {reason}", "warn"))
    return (Span(action.key, "accent"), Span(action.label), Span(action.help))
