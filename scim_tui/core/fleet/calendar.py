"""The ends of all tokens as a calendar (iCalendar, RFC 5545), for a calendar program to import."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from scim_tui.core.fleet.row import FleetRow
from scim_tui.model.unknown_values import Absent

_REMIND = ("P30D", "P7D")
_WIDTH = 75
"""Octets in a line (RFC 5545 3.1)."""


def calendar(rows: Iterable[FleetRow], now: datetime) -> str:
    """One event of a day for each token whose end is known, with two reminders before it."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//scim-tui//tokens//EN",
        *(line for row in rows for line in _events(row, now)),
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _events(row: FleetRow, now: datetime) -> Iterator[str]:
    tokens = row.snapshot.known_tokens if row.snapshot else ()
    for token in () if isinstance(tokens, Absent) else tokens:
        end = token.expires_at
        if isinstance(end, Absent):
            continue
        words = _text(f"SCIM token {token.id} of {row.profile} ends")
        yield "BEGIN:VEVENT"
        yield f"UID:{_text(token.id)}.{_text(row.profile)}@scim-tui"
        yield f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        yield f"DTSTART;VALUE=DATE:{end:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{end + timedelta(days=1):%Y%m%d}"
        yield f"SUMMARY:{words}"
        yield "DESCRIPTION:Rotate it before: scim-tui tokens rotate --profile " + _text(row.profile)
        for before in _REMIND:
            yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:-{before}")
            yield from (f"DESCRIPTION:{words}", "END:VALARM")
        yield "END:VEVENT"


def _text(value: str) -> str:
    """A text value (RFC 5545 3.3.11), without what would end its line."""
    plain = " ".join(value.split())
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> str:
    """In lines of at most 75 octets; a character is never divided."""
    parts: list[str] = []
    part = ""
    for each in line:
        if len((part + each).encode()) > _WIDTH - bool(parts):
            parts.append(part)
            part = ""
        part += each
    return "\r\n ".join([*parts, part])
