"""Provision on demand: the request before it is sent, and what came of it after."""

import shlex

from scim_tui.core.access.loss import Losses, ways_lost
from scim_tui.core.mapping.api import MappingPreview, Push, Pushed
from scim_tui.model.ages import age
from scim_tui.model.errors import ScimTuiError
from scim_tui.tui.drawing import values as present
from scim_tui.tui.drawing.record import raw_lines, raw_text, sentence_lines
from scim_tui.tui.drawing.text import Line, Span, fit, line, reveal, width, wrap
from scim_tui.tui.mapping.diff import PATH, column, difference_lines
from scim_tui.tui.mapping.files import DIRECTORY, Files
from scim_tui.tui.modals.question import ConfirmDialog, MessageDialog
from scim_tui.tui.shell.changes import tell_failure
from scim_tui.tui.shell.page import Page

MOST_LOST = 5
"""Lost permission sets that are named before a push."""
SIDE_BY_SIDE = 100
"""Columns from which the request and the read-back stand side by side."""


async def push_one(page: Page, preview: MappingPreview, files: Files, index: int) -> bool:
    """Show the request and ask, send it, show the read-back; returns whether it was sent."""
    label = preview.selection.label(index)
    page.say("Looking this person up in the directory.", "dim", passing=True)
    try:
        request = await preview.request(index)
    except ScimTuiError as error:
        tell_failure(page, error)
        return False
    if not request.method:
        page.say(f"Nothing to send. {request.why}", "good")
        return False
    space = page.session.workspace
    lost = await preview.access_lost(index, space.access) if space is not None else None
    command = command_words(page, files, label)
    lines = [*loss_lines(page, lost), *request_lines(page, request, label), *command]
    if not await page.app.ask(ConfirmDialog("PROVISION one person on demand", lines)):
        page.say("Nothing was sent.", "dim")
        return False
    return await _send(page, preview, index, request)


async def _send(page: Page, preview: MappingPreview, index: int, request: Push) -> bool:
    page.say("Sending.", "dim", passing=True)
    try:
        pushed = await preview.push(index, request)
    except ScimTuiError as error:
        tell_failure(page, error)
        return False
    lines = pushed_lines(pushed, page.app.size.width)
    await page.app.ask(MessageDialog("PROVISIONED on demand", lines))
    words = f"{reveal(preview.selection.label(index))}: {pushed.outcome}. It is in the audit trail."
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
    return [(), line((" Same by command:", "dim")), *(line(f"   {row}") for row in rows)]


def loss_lines(page: Page, losses: Losses | None) -> list[Line]:
    """What the person would lose in AWS accounts; no lines where that is nothing, or not known."""
    if losses is None or not losses.count:
        return []
    cells = page.app.size.width - 8
    known = f"as of {age(losses.ages.assignments, page.app.clock())}"
    head = f" Loses {losses.count:,} permission sets in {losses.accounts:,} accounts, {known}:"
    ways = [f"{name} in {account}" for loss in losses.people for account, name in ways_lost(loss)]
    shown = [line((f"   {fit(reveal(each), cells)}", "")) for each in ways[:MOST_LOST]]
    more = len(ways) - MOST_LOST
    rest = [line((f"   and {more:,} more", "dim"))] if more > 0 else []
    return [line((head, "bad")), *shown, *rest, ()]


def request_lines(page: Page, request: Push, label: str) -> list[Line]:
    """The person, the reason, and exactly what would be sent."""
    cells = page.app.size.width - 6
    return [
        present.field("Profile", page.session.name),
        present.field("Person", reveal(label)),
        *present.paragraph("Why", request.why, cells - 16),
        (),
        line(" This one request is sent, for real:"),
        (),
        line((f" {request.method} ", "accent"), reveal(request.path)),
        *raw_lines(raw_text(request.body), cells),
    ]


def pushed_lines(pushed: Pushed, cells: int) -> list[Line]:
    """The outcome, the differences, and the request next to the read-back."""
    lines = [line((f" {pushed.outcome} ", "good" if pushed.met else "bad"), *_agreement(pushed))]
    if pushed.differences:
        titles = fit("IN DIRECTORY NOW", column(cells - 6))
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
        return line(("  read-back: unknown", "unknown"))
    if pushed.differences:
        return line(("  the directory has something else than was sent", "warn"))
    return line("  read back from the directory: exactly as sent")


def _read_back(pushed: Pushed, cells: int) -> list[Line]:
    head = line((" READ BACK", "dim"))
    if pushed.record is None:
        return [head, *sentence_lines("The user could not be read back.", cells)]
    at = line((f" as of {pushed.record.fetched_at:%H:%M:%SZ}", "dim"))
    return [head, at, *raw_lines(raw_text(pushed.record.attributes), cells)]


def _side_by_side(left: list[Line], right: list[Line], cells: int) -> list[Line]:
    rows = []
    for n in range(max(len(left), len(right))):
        one = left[n] if n < len(left) else ()
        other = right[n] if n < len(right) else ()
        rows.append((*one, Span(" " * max(cells - width(one), 1)), *other))
    return rows
