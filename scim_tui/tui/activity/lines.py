"""Requests and audit entries as rows of a table, and as lines with all details of one."""

from datetime import datetime, timedelta

from scim_tui.core.base.audit import ChainVerdict
from scim_tui.model.activity import AuditEntry, Event
from scim_tui.model.ages import age
from scim_tui.model.constraints import CONSTRAINTS, Constraint
from scim_tui.model.unknown_values import Absent
from scim_tui.tui.activity import messages
from scim_tui.tui.drawing import values as present
from scim_tui.tui.drawing.record import sentence_lines
from scim_tui.tui.drawing.text import Line, Span, chop, line, reveal
from scim_tui.tui.widgets.table import Column

REQUESTS = (
    Column("TIME", 11),
    Column("OPERATION", 12),
    Column("TARGET", 12, 1),
    Column("RESULT", 6),
    Column("WHY", 16, 2, rank=1),
    Column("TOOK", 10, right=True, rank=2),
    Column("CLIENT", 14, 1, rank=3),
)
AUDIT = (
    Column("#", 5, right=True),
    Column("TIME", 11),
    Column("ACTION", 20),
    Column("TARGET", 12, 1),
    Column("RESULT", 8),
    Column("WHO", 14, 1, rank=1),
    Column("HOW", 4, rank=2),
)
_NAME_CELLS = 11
_BY_STATUS = {401: "token.unauthorized", 404: "resource.unknown", 429: "rate.exceeded"}
_PHASE_ROLES = {"intended": "dim", "done": "good", "failed": "bad", "unknown": "unknown"}
_DAY = timedelta(days=1)


def when(at: datetime, now: datetime) -> Span:
    """The time of day; with the date if it is older than a day."""
    return Span(f"{at:%H:%M:%SZ}" if now - at < _DAY else f"{at:%m-%d %H:%M}", "dim")


def event_cells(event: Event, now: datetime) -> Line:
    """A row of the requests."""
    took = "" if event.duration_ms is None else f"{event.duration_ms:,.0f} ms"
    return (
        when(event.at, now),
        Span(event.operation),
        present.target(event),
        present.result(event),
        Span(event.constraint or event.message, "warn"),
        Span(took, "dim"),
        present.words(event.client),
    )


def rule_of(event: Event) -> Constraint | None:
    """The rule that refused a request, as far as it is known."""
    code = event.constraint or _BY_STATUS.get(event.status, "")
    return CONSTRAINTS.get(code) if event.refused else None


def event_lines(event: Event, now: datetime, cells: int) -> list[Line]:
    """All details of one request, the most important first, since the lines may be cut."""
    title = line(
        (f" {event.operation} ", "title"),
        _shown(present.target(event)),
        "  ",
        present.result(event),
        (f"  {age(event.at, now)}", "dim"),
    )
    facts = (
        ("at", Span(f"{event.at:%Y-%m-%d %H:%M:%SZ}")),
        ("token", _token(event)),
        ("client", present.words(event.client)),
        *((("from", Span(event.address)),) if not isinstance(event.address, Absent) else ()),
        *((("came by", Span(event.way)),) if event.way else ()),
        ("request id", Span(event.request_id) if event.request_id else Span("-", "dim")),
        ("object id", present.words(event.resource_id)),
        ("took", _took(event.duration_ms)),
    )
    return [title, *_why(event, cells), *_facts(facts, cells)]


def _token(event: Event) -> Span:
    """The id of the token; for a refused request also that it was never known here."""
    if event.token_known is False and event.status in {401, 403}:
        return Span(messages.NEVER_KNOWN, "warn")
    return present.words(event.token_id)


def _took(duration: float | None) -> Span:
    return Span("unknown", "unknown") if duration is None else Span(f"{duration:,.1f} ms")


def _why(event: Event, cells: int) -> list[Line]:
    if not event.refused:
        words = messages.CARRIED_OUT if event.writes else messages.ANSWERED
        return [line((f"   {words}", "dim"))]
    lines = sentence_lines(event.message, cells, role="warn") if event.message else []
    rule = rule_of(event)
    if rule is None:
        words = messages.SERVICE_FAILED if event.status >= 500 else ""
        return [*lines, *(sentence_lines(words, cells) if words else ())]
    if event.message != rule.message:
        lines += sentence_lines(rule.message, cells, lead="   Means: ")
    lines += sentence_lines(rule.fix, cells, lead="   Fix: ")
    return [
        *lines,
        *sentence_lines(f"{rule.code} ({rule.source})", cells, lead="   Rule: ", role="dim"),
    ]


def entry_cells(entry: AuditEntry, now: datetime) -> Line:
    """A row of the audit."""
    return (
        Span(str(entry.seq), "dim"),
        when(entry.at, now),
        Span(entry.action),
        Span(entry.target),
        Span(str(entry.phase), _PHASE_ROLES.get(entry.phase, "")),
        Span(entry.actor),
        Span(entry.via, "dim"),
    )


def entry_lines(entry: AuditEntry, now: datetime, cells: int) -> list[Line]:
    """All details of one audit entry, with the hashes that chain it to the entry before."""
    title = line(
        (f" #{entry.seq} {reveal(entry.action)} ", "title"),
        reveal(entry.target),
        "  ",
        (str(entry.phase), _PHASE_ROLES.get(entry.phase, "")),
        (f"  {age(entry.at, now)}", "dim"),
    )
    meaning = sentence_lines(messages.PHASES.get(entry.phase, ""), cells, role="dim")
    detail = sentence_lines(entry.detail, cells) if entry.detail else []
    facts = (
        ("at", Span(f"{entry.at:%Y-%m-%d %H:%M:%SZ}")),
        ("who", Span(f"{entry.actor}, by {entry.via}")),
        ("profile", Span(entry.profile)),
        ("hash", Span(entry.hash)),
        ("hash before", Span(entry.previous or messages.FIRST_ENTRY, "dim")),
    )
    return [title, *meaning, *detail, *_facts(facts, cells)]


def _shown(span: Span) -> Span:
    return Span(reveal(span.text), span.role)


def _facts(facts: tuple[tuple[str, Span], ...], cells: int) -> list[Line]:
    lines: list[Line] = []
    for name, span in facts:
        parts = chop(reveal(span.text), max(cells - _NAME_CELLS - 4, 10))
        for index, part in enumerate(parts):
            label = f"   {'' if index else name:<{_NAME_CELLS}}"
            lines.append(line((label, "dim"), (part, span.role)))
    return lines


def chain_words(verdict: ChainVerdict | Absent | None) -> Span:
    """Whether the chain of hashes of the audit is intact."""
    if verdict is None or isinstance(verdict, Absent):
        return Span(messages.CHAIN_NOT_READ, "unknown")
    if not verdict.ok:
        return Span(messages.chain_broken(verdict.reason), "bad")
    return Span(messages.chain_intact(verdict.count, verdict.reason), "good")
