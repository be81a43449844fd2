"""What would end with the session, and the question before it is left."""

from textual.worker import Worker

from scim_tui.core.endings import Ending
from scim_tui.tui.drawing.text import Line, clean, line, wrap
from scim_tui.tui.modals.dialog import WIDTH
from scim_tui.tui.modals.question import ConfirmDialog
from scim_tui.tui.session.host import ShellHost
from scim_tui.tui.shell import messages

READS_ONLY = "look"
"""Description of a worker in the group "change" that only reads."""


def changing(app: ShellHost) -> bool:
    """Whether a change is running whose answer would be lost."""
    return any(_changes(each) for each in app.workers)


def _changes(worker: Worker[object]) -> bool:
    return worker.group == "change" and not worker.is_finished and worker.description != READS_ONLY


def known_endings(app: ShellHost) -> list[Ending]:
    """What would end, as far as it is known without a request."""
    from scim_tui.core.endings import endings_from

    space, snapshot = app.session.workspace, app.session.snapshot
    found = endings_from(space, snapshot) if space is not None else []
    return [*_change(app), *found]


async def may_leave(app: ShellHost, title: str) -> bool:
    """Whether the session may be left: nothing ends with it, or the user agrees."""
    from scim_tui.core.endings import endings

    space, snapshot = app.session.workspace, app.session.snapshot
    found = [*_change(app), *(await endings(space, snapshot) if space is not None else [])]
    if not found:
        return True
    cells = min(app.size.width, WIDTH) - 6
    return await app.ask(ConfirmDialog(title, _lines(found, cells), messages.YES_LEAVE)) is True


def _change(app: ShellHost) -> list[Ending]:
    from scim_tui.core.endings import Ending

    unanswered = Ending(messages.UNANSWERED_CHANGE, messages.LOOK_IN_AUDIT)
    return [unanswered] if changing(app) else []


def _lines(found: list[Ending], cells: int) -> list[Line]:
    rows: list[Line] = [line(messages.ENDS_WITH_IT), ()]
    for each in found:
        first, *rest = wrap(clean(each.sentence), cells - 2)
        rows += [line(("! ", "warn"), first), *(line(f"  {row}") for row in rest), ()]
    return rows
