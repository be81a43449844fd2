"""Values of the model as cells and lines: pure functions, tested without a terminal."""

from datetime import datetime
from typing import TYPE_CHECKING

from scim_tui.model import token_use
from scim_tui.model.ages import age
from scim_tui.model.token_use import only_by_us
from scim_tui.model.unknown_values import Absent, Count, Moment, Words
from scim_tui.tui.drawing.roles import MARK_ROLES
from scim_tui.tui.drawing.text import Line, Span, line, wrap

if TYPE_CHECKING:
    from scim_tui.core.health.severity import Signal
    from scim_tui.model.activity import Event
    from scim_tui.model.directory import Summary
    from scim_tui.model.provisioning import AccessToken


def field(name: str, value: str | Span, cells: int = 14) -> Line:
    """A labelled value of a detail view."""
    span = value if isinstance(value, Span) else Span(value)
    return line((f" {name:<{cells}}", "dim"), span)


def paragraph(name: str, text: str, cells: int, role: str = "") -> list[Line]:
    """A labelled text on as many lines as it takes."""
    first, *rest = wrap(text, cells)
    return [field(name, Span(first, role)), *(field("", Span(row, role)) for row in rest)]


def moment(at: Moment, *, day_only: bool = False) -> Span:
    """A point in time, or in a word why there is none."""
    if isinstance(at, Absent):
        return absent(at)
    return Span(f"{at:%Y-%m-%d}" if day_only else f"{at:%Y-%m-%d %H:%M:%SZ}")


def recent(at: Moment, now: datetime) -> Span:
    """A point in time; only the time of day if it is today."""
    if isinstance(at, datetime) and at.date() == now.date():
        return event_time(at, "")
    return moment(at)


def count(number: Count) -> Span:
    """A number with thousands separators, or why there is none."""
    return absent(number) if isinstance(number, Absent) else Span(f"{number:,}")


def amounts(summary: "Summary | Absent") -> tuple[Line, Line]:
    """How many users and groups there are with their nouns, each as far as it is known."""
    if isinstance(summary, Absent):
        return (absent(summary), Span(" users")), (absent(summary), Span(" groups"))
    return (
        (count(summary.users), Span(" user" if summary.users == 1 else " users")),
        (count(summary.groups), Span(" group" if summary.groups == 1 else " groups")),
    )


def words(text: Words) -> Span:
    """A text, or why there is none."""
    if text is Absent.NEVER:
        return Span("none", "dim")
    return absent(text) if isinstance(text, Absent) else Span(text)


def absent(why: Absent) -> Span:
    """Unknown is never shown as no, never or zero."""
    return Span(str(why), "unknown" if why is Absent.UNKNOWN else "dim")


def age_of(at: Moment, now: datetime) -> Span:
    """How long ago something was, coarsely."""
    return absent(at) if isinstance(at, Absent) else Span(age(at, now))


def last_use(token: "AccessToken", looked_at: datetime, *, stale: bool = False) -> Span:
    """How long ago an IdP used a token; the time itself if the snapshot is old.

    Our own requests do not count as use by an IdP.
    """
    at = token.last_used_at
    if only_by_us(token):
        return Span(token_use.last_use(token, looked_at), "warn")
    if stale and isinstance(at, datetime):
        same_day = at.date() == looked_at.date()
        return Span(f"{at:%H:%M:%SZ}" if same_day else f"{at:%d %b}", "unknown")
    return age_of(at, looked_at)


def signal_cells(signal: "Signal") -> Line:
    """A row of the Status screen."""
    state = f"{signal.mark} {signal.word}".rstrip()
    return (
        Span(signal.label),
        Span(state, MARK_ROLES.get(signal.mark, "")),
        Span(signal.detail),
    )


def event_time(at: datetime, role: str = "dim") -> Span:
    """When an event happened, to the second."""
    return Span(f"{at:%H:%M:%SZ}", role)


def target(event: "Event") -> Span:
    """The user or group of the request; a listing has none."""
    return words(event.target) if event.about_one else Span("-", "dim")


def result(event: "Event") -> Span:
    """The answer an IdP got."""
    return Span(str(event.status), "bad" if event.refused else "good")
