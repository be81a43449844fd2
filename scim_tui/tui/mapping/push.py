"""Provision one person on demand: the request before it is sent, the read-back after it."""

import shlex

from scim_tui.core.access.loss import Losses, ways_lost
from scim_tui.core.mapping.api import MappingPreview, Push, Pushed
from scim_tui.model.ages import age
from scim_tui.model.errors import ScimTuiError
from scim_tui.tui.drawing import values as present
from scim_tui.tui.drawing.record import raw_lines, raw_text, sentence_lines
from scim_tui.tui.drawing.text import Line, Span, fit, line, reveal, width, wrap
from scim_tui.tui.mapping import messages
from scim_tui.tui.mapping.diff import PATH, column, difference_lines
from scim_tui.tui.mapping.files import DIRECTORY, Files
from scim_tui.tui.modals.question import ConfirmDialog, MessageDialog
from scim_tui.tui.shell.changes import show_error
from scim_tui.tui.shell.page import Page

MOST_LOST = 5
"""Lost permission sets that are named before a push."""
SIDE_BY_SIDE = 100
"""Columns from which the request and the read-back stand side by side."""


async def push_one(page: Page, preview: MappingPreview, files: Files, index: int) -> bool:
    """Show the request and ask, send it, show the read-back; returns whether it was sent."""
    label = preview.selection.label(index)
    page.say(messages.LOOKING_UP, "dim", passing=True)
    try:
        request = await preview.request(index)
    except ScimTuiError as error:
        show_error(page, error)
        return False
    if not request.method:
        page.say(messages.nothing_to_send(request.why), "good")
        return False
    space = page.session.workspace
    lost = await preview.access_lost(index, space.access) if space is not None else None
    command = command_words(page, files, label)
    lines = [*loss_lines(page, lost), *request_lines(page, request, label), *command]
    if not await page.app.ask(ConfirmDialog(messages.PUSH_TITLE, lines)):
        page.say(messages.NOTHING_SENT, "dim")
        return False
    return await _send(page, preview, index, request)


async def _send(page: Page, preview: MappingPreview, index: int, request: Push) -> bool:
    page.say(messages.SENDING, "dim", passing=True)
    try:
        pushed = await preview.push(index, request)
    except ScimTuiError as error:
        show_error(page, error)
        return False
    lines = pushed_lines(pushed, page.app.size.width)
    await page.app.ask(MessageDialog(messages.PUSHED_TITLE, lines))
    words = messages.pushed(reveal(preview.selection.label(index)), pushed.outcome)
    page.say(words, "good" if pushed.met else "bad")
    page.session.look_now()
    return True


def command_words(page: Page, files: Files, label: str) -> list[Line]:
    """The command that does the same; nothing where only the screen can do it."""
    space = page.session.workspace
    if space is None or space.profile.provider == "demo" or files.people == DIRECTORY:
        return []
    words = [
        "scim-tui",
        "mapping",
        "push",
        "--profile",
        page.session.name,
        "--people",
        files.people,
        "--mapping",
        files.mapping,
        "--person",
        label,
        "--yes",
    ]
    rows = wrap(shlex.join(words), page.app.size.width - 8)
    return [(), line((messages.COMMAND, "dim")), *(line(f"   {row}") for row in rows)]


def loss_lines(page: Page, losses: Losses | None) -> list[Line]:
    """What the person would lose in AWS accounts; no lines where that is nothing, or not known."""
    if losses is None or not losses.count:
        return []
    cells = page.app.size.width - 8
    known = f"as of {age(losses.ages.assignments, page.app.clock())}"
    head = messages.loses(losses.count, losses.accounts, known)
    ways = [f"{name} in {account}" for loss in losses.people for account, name in ways_lost(loss)]
    shown = [line((f"   {fit(reveal(each), cells)}", "")) for each in ways[:MOST_LOST]]
    more = len(ways) - MOST_LOST
    rest = [line((messages.and_more(more), "dim"))] if more > 0 else []
    return [line((head, "bad")), *shown, *rest, ()]


def request_lines(page: Page, request: Push, label: str) -> list[Line]:
    """The person, the reason, and exactly what would be sent."""
    cells = page.app.size.width - 6
    return [
        present.field("Profile", page.session.name),
        present.field("Person", reveal(label)),
        *present.paragraph("Why", request.why, cells - 16),
        (),
        line(messages.REAL_REQUEST),
        (),
        line((f" {request.method} ", "accent"), reveal(request.path)),
        *raw_lines(raw_text(request.body), cells),
    ]


def pushed_lines(pushed: Pushed, cells: int) -> list[Line]:
    """The outcome, the differences, and the request next to the read-back."""
    lines = [line((f" {pushed.outcome} ", "good" if pushed.met else "bad"), *_agreement(pushed))]
    if pushed.differences:
        titles = fit(messages.IN_DIRECTORY, column(cells - 6))
        lines += [(), line((f" {'ATTRIBUTE':<{PATH}} {titles}  AS SENT", "dim"))]
        lines += [row for one in pushed.differences for row in difference_lines(one, cells - 6)]
    room = (cells - 6) // 2 if cells >= SIDE_BY_SIDE else cells - 6
    request = pushed.request
    sent = [
        line((" SENT", "dim")),
        line((f" {request.method} ", "accent"), reveal(request.path)),
        *raw_lines(raw_text(request.body), room),
    ]
    back = _read_back(pushed, room)
    return [
        *lines,
        (),
        *(_side_by_side(sent, back, room) if cells >= SIDE_BY_SIDE else [*sent, (), *back]),
    ]


def _agreement(pushed: Pushed) -> Line:
    if pushed.record is None:
        return line((messages.READ_BACK_UNKNOWN, "unknown"))
    if pushed.differences:
        return line((messages.READ_BACK_DIFFERS, "warn"))
    return line(messages.READ_BACK_SAME)


def _read_back(pushed: Pushed, cells: int) -> list[Line]:
    head = line((" READ BACK", "dim"))
    if pushed.record is None:
        return [head, *sentence_lines(messages.NOT_READ_BACK, cells)]
    at = line((messages.as_of(pushed.record.fetched_at), "dim"))
    return [head, at, *raw_lines(raw_text(pushed.record.attributes), cells)]


def _side_by_side(left: list[Line], right: list[Line], cells: int) -> list[Line]:
    rows = []
    for n in range(max(len(left), len(right))):
        one = left[n] if n < len(left) else ()
        other = right[n] if n < len(right) else ()
        rows.append((*one, Span(" " * max(cells - width(one), 1)), *other))
    return rows
