"""What happened to one user or group: seen between listings here, and told by the service."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from scim_tui.model.errors import ScimTuiError
from scim_tui.tui.drawing import values as present
from scim_tui.tui.drawing.record import full_time, sentence_lines
from scim_tui.tui.drawing.text import Line, Span, line, reveal

if TYPE_CHECKING:
    from scim_tui.core.directory.api import FieldChange
    from scim_tui.core.workspace import Workspace
    from scim_tui.model.activity import Event
    from scim_tui.model.directory import Kind


@dataclass(frozen=True, slots=True)
class Past:
    """Newest first."""

    seen: "Sequence[FieldChange]" = ()
    events: "Sequence[Event]" = ()
    silent: str = ""
    """Why no events are told."""
    looked: int = 0
    """How many requests were looked through."""
    whole: bool = True
    """Whether these were all there are."""


async def past_of(space: "Workspace", kind: "Kind", id: str) -> Past:
    """What the listings here saw, and the events of the service where it has them."""
    try:
        seen = await space.directory.history(kind, id)
    except ScimTuiError as error:
        return Past(silent=error.message)
    told_by = space.provider.capabilities.events
    if not told_by:
        return Past(seen, silent=told_by.reason)
    try:
        about = await space.activity.about(id)
    except ScimTuiError as error:
        return Past(seen, silent=error.message)
    return Past(seen, about.events, looked=about.looked, whole=about.whole)


def past_lines(past: Past | None, now: datetime, cells: int) -> list[Line]:
    """Both lists with their titles."""
    if past is None:
        return [line(("   asking", "dim"))]
    lines = [line((" SEEN BETWEEN TWO LISTINGS", "dim"))]
    for each in past.seen:
        lines += _seen(each, now, cells)
    lines += [] if past.seen else sentence_lines("No change so far.", cells, role="dim")
    among = f", of {'all' if past.whole else 'the newest'} {past.looked:,}" if past.looked else ""
    lines += [(), line((f" REQUESTS OF THE IdP{among}", "dim"))]
    lines += [_event(event) for event in past.events]
    if not past.events:
        lines += sentence_lines(
            past.silent or "None of them was about this one.", cells, role="dim"
        )
    return lines


def _seen(seen: "FieldChange", now: datetime, cells: int) -> list[Line]:
    when: Line = (Span("   "), *full_time(seen.at.isoformat(), now))
    if not seen.field:
        return [(*when, Span(f"  {seen.what}"))]
    change = f"{seen.field}: {reveal(seen.before) or '-'} became {reveal(seen.after) or '-'}"
    return [when, *sentence_lines(change, cells, lead="     ")]


def _event(event: "Event") -> Line:
    why = Span(event.constraint or event.message, "warn")
    return line(
        "   ", present.event_time(event.at), f"  {event.operation:<12} {event.status}  ", why
    )
