"""The right half of a wide Status screen: requests per hour, reasons of refusals, tokens."""

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from scim_tui.model import expiry
from scim_tui.model.unknown_values import Absent
from scim_tui.tui.drawing import values as present
from scim_tui.tui.drawing.roles import MARK_ROLES
from scim_tui.tui.drawing.text import GLYPHS, Line, Span, fit, line, middle
from scim_tui.tui.status import messages

if TYPE_CHECKING:
    from scim_tui.core.health.snapshot import Snapshot
    from scim_tui.model.activity import Traffic
    from scim_tui.model.provisioning import AccessToken

HEIGHT = 5
EIGHTHS = "▁▂▃▄▅▆▇█"


def side_lines(snapshot: "Snapshot", now: datetime, *, stale: bool = False) -> list[Line]:
    """All lines, from top to bottom."""
    return [*_traffic(snapshot), *_tokens(snapshot, now, stale=stale)]


def _traffic(snapshot: "Snapshot") -> list[Line]:
    traffic = snapshot.traffic
    if isinstance(traffic, Absent):
        return []
    lines = [line((f" {messages.REQUESTS_PER_HOUR}", "dim")), *chart(traffic.hours), ()]
    if traffic.reasons:
        lines.append(line((f" {messages.WHY_REFUSED}", "dim")))
        lines += [line(Span(f" {n:>5} ", "bad"), Span(code)) for code, n in _rules(traffic)]
        lines.append(())
    return lines


def _rules(traffic: "Traffic", most: int = 8) -> list[tuple[str, int]]:
    """How many requests each rule refused, most first."""
    counts: Counter[str] = Counter()
    for reason in traffic.reasons:
        counts[reason.constraint or reason.message] += reason.count
    return counts.most_common(most)


def chart(hours: tuple[tuple[int, int], ...]) -> list[Line]:
    """Bars of (accepted, refused) per hour, and a mark below the hours with refusals."""
    totals = [accepted + refused for accepted, refused in hours]
    most = max(totals, default=0)
    if not most:
        return [line((f" {messages.NO_REQUESTS}", "dim"))]
    rows: list[Line] = []
    for level in range(HEIGHT, 0, -1):
        label = f"{most:>6} " if level == HEIGHT else f"{0:>6} " if level == 1 else " " * 7
        bars = "".join(_cell(total * HEIGHT * 8 // most - (level - 1) * 8) for total in totals)
        rows.append(line((label, "dim"), (bars, "accent")))
    marks = tuple(Span("x", "bad") if r else Span(GLYPHS.dot, "dim") for _, r in hours)
    return [*rows, (Span(" " * 7), *marks, Span(f" {messages.REFUSED_MARK}", "dim"))]


def _cell(eighths: int) -> str:
    if eighths <= 0:
        return " "
    if GLYPHS.ascii:
        return GLYPHS.full if eighths >= 4 else " "
    return EIGHTHS[min(eighths, 8) - 1]


def _tokens(snapshot: "Snapshot", now: datetime, *, stale: bool) -> list[Line]:
    if isinstance(snapshot.tokens, Absent) or not snapshot.tokens:
        return []
    used = (present.last_use(each, snapshot.at, stale=stale) for each in snapshot.tokens)
    rows = (_token(each, now, last) for each, last in zip(snapshot.tokens, used, strict=True))
    return [line((" TOKENS", "dim")), *rows]


def _token(token: "AccessToken", now: datetime, last_used: Span) -> Line:
    mark = expiry.band(token.expires_at, now)
    left = expiry.days_left(token.expires_at, now)
    days = f"{left}d" if isinstance(left, int) else ""
    return line(
        "   ",
        fit(middle(token.id, 13), 14),
        Span(f"{mark} {days:<6}", MARK_ROLES.get(str(mark), "")),
        ("used ", "dim"),
        last_used,
    )
