"""What happened to one user or group: changes between listings, and requests of the IdP."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from scim_tui.core.directory.api import FieldChange
from scim_tui.core.workspace import Workspace
from scim_tui.model.activity import Event
from scim_tui.model.directory import Kind
from scim_tui.model.errors import ScimTuiError
from scim_tui.tui.directory import messages
from scim_tui.tui.drawing import values
from scim_tui.tui.drawing.record import full_time, sentence_lines
from scim_tui.tui.drawing.text import Line, Span, line, reveal


@dataclass(frozen=True, slots=True)
class History:
    """Changes and requests, newest first."""

    seen: Sequence[FieldChange] = ()
    """Differences between two listings that were made on this machine."""
    events: Sequence[Event] = ()
    """Requests of the IdP."""
    no_events: str = ""
    """Why requests are not known."""
    looked: int = 0
    """How many requests were searched for this id."""
    whole: bool = True
    """Whether these were all that the service keeps."""


async def read_history(space: Workspace, kind: Kind, id: str) -> History:
    """The changes that listings showed, and the requests where the service reports them."""
    try:
        seen = await space.directory.history(kind, id)
    except ScimTuiError as error:
        return History(no_events=error.message)
    reported = space.provider.capabilities.events
    if not reported:
        return History(seen, no_events=reported.reason)
    try:
        about = await space.activity.about(id)
    except ScimTuiError as error:
        return History(seen, no_events=error.message)
    return History(seen, about.events, looked=about.looked, whole=about.whole)


def history_lines(history: History | None, now: datetime, cells: int) -> list[Line]:
    """Changes and requests, each under its title."""
    if history is None:
        return [line(("   asking", "dim"))]
    lines = [line((messages.CHANGES_TITLE, "dim"))]
    for each in history.seen:
        lines += _seen(each, now, cells)
    lines += [] if history.seen else sentence_lines(messages.NO_CHANGE, cells, role="dim")
    newest = "all" if history.whole else "the newest"
    among = f", of {newest} {history.looked:,}" if history.looked else ""
    lines += [(), line((messages.requests_title(among), "dim"))]
    lines += [_event(event) for event in history.events]
    if not history.events:
        words = history.no_events or messages.NO_REQUEST
        lines += sentence_lines(words, cells, role="dim")
    return lines


def _seen(seen: FieldChange, now: datetime, cells: int) -> list[Line]:
    when: Line = (Span("   "), *full_time(seen.at.isoformat(), now))
    if not seen.field:
        return [(*when, Span(f"  {seen.what}"))]
    change = messages.became(seen.field, reveal(seen.before) or "-", reveal(seen.after) or "-")
    return [when, *sentence_lines(change, cells, lead="     ")]


def _event(event: Event) -> Line:
    why = Span(event.constraint or event.message, "warn")
    operation = f"  {event.operation:<12} {event.status}  "
    return line("   ", values.event_time(event.at), operation, why)
