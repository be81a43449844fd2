"""One person of the mapping preview as lines: findings, payload, and how each value came about."""

import json

from scim_tui.core.mapping.api import Finding, Result
from scim_tui.mapping.check.engine import TraceStep
from scim_tui.tui.drawing.record import raw_lines, raw_text
from scim_tui.tui.drawing.text import Line, Span, cells_of, chop, clean, fit, line, reveal, wrap
from scim_tui.tui.mapping import messages

TARGET, SOURCE, LABEL = 24, 18, 6
ROOM = 70
"""Columns from which the source has its whole room."""
MOST_ROWS = 6
"""Lines of one value in a trace."""


def in_directory_only(result: Result) -> bool:
    """Whether this is a user of the directory that no person matches."""
    return result.change is not None and not result.payload.trace


def verdict(result: Result) -> Span:
    """Whether the directory would accept the person."""
    if in_directory_only(result):
        return Span(messages.IN_DIRECTORY_ONLY, "dim")
    if result.refused:
        return Span(messages.REFUSED, "bad")
    if result.findings:
        return Span(messages.WARNED, "warn")
    return Span(messages.ACCEPTED, "good")


def findings_lines(result: Result, cells: int) -> list[Line]:
    """The findings about the person, and the value of every rule."""
    if in_directory_only(result):
        return [line(messages.NO_PERSON)]
    lines = [row for finding in result.findings for row in _finding_lines(finding, cells)]
    if result.assigned is False:
        words = messages.NOT_ASSIGNED
        lines += [line((" [--] ", "dim"), words), ()]
    room = SOURCE if cells >= ROOM else SOURCE // 2
    lines.append(line((f" {'SCIM TARGET':<{TARGET}}REQ {'SOURCE':<{room}}VALUE", "dim")))
    broken = {finding.path: str(finding.severity) for finding in result.findings}
    return [*lines, *(_step_line(step, broken, room) for step in result.payload.trace)]


def _finding_lines(finding: Finding, cells: int) -> list[Line]:
    error = finding.severity == "error"
    role, mark = ("bad", "[ERR]") if error else ("warn", "[wrn]")
    where = f"{finding.path}: " if finding.path else ""
    first, *rest = wrap(f"{where}{finding.message}", cells - 8)
    lines = [line((f" {mark} ", role), first), *(line(f"       {text}") for text in rest)]
    lines += _under("Fix: ", finding.fix, cells)
    if finding.value not in (None, ""):
        lines += _under("Value: ", json_text(finding.value), cells)
    return [*lines, *_under(f"{finding.code}, says ", finding.source, cells), ()]


def _under(name: str, text: str, cells: int) -> list[Line]:
    return [line((f"       {row}", "dim")) for row in wrap(f"{name}{text}", cells - 8)[:6]]


def json_text(value: object) -> str:
    """A value on one line; a text without quotes."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


_MARKS = {"error": ("bad", "!"), "warning": ("warn", "~")}
"""How a rule is marked whose attribute has a finding."""


def _step_line(step: TraceStep, broken: dict[str, str], room: int) -> Line:
    target = step.rule.target.path
    role, mark = _MARKS.get(broken.get(target, ""), ("", " "))
    return line(
        (mark, role),
        (fit(clean(step.rule.target.text), TARGET - 1) + " ", role or "accent"),
        ("yes " if step.rule.target.required else "-   ", "dim"),
        (fit(clean(step.rule.text), room - 1) + " ", "dim"),
        _value(step, role),
    )


def _value(step: TraceStep, role: str) -> Span:
    match str(step.outcome):
        case "sent":
            return Span(clean(json_text(step.value)), role)
        case "empty":
            return Span(messages.LEFT_OUT, "dim")
        case "skipped":
            return Span(messages.SKIPPED, "dim")
        case "not evaluated":
            return Span(f"not evaluated: {clean(step.reason)}", "unknown")
    return Span(f"failed: {clean(step.reason)}", "bad")


def trace_lines(result: Result, mapping: str, cells: int) -> list[Line]:
    """For every rule: its line in the file, its text, the columns it used, and its value."""
    lines: list[Line] = []
    source = result.person.source
    for step in result.payload.trace:
        rule = step.rule
        where = f"  {reveal(mapping)}, line {rule.line}" if rule.line else ""
        lines.append(line((f" {reveal(rule.target.text)}", "accent"), (where, "dim")))
        looked = rule.source.fields if rule.source else frozenset[str]()
        looked |= rule.when.fields if rule.when else frozenset()
        names = [name for name in sorted(looked) if name in source]
        wide = min(max([LABEL, *(cells_of(clean(name)) for name in names)]), cells // 3)
        lines += _part("rule", wrap(rule.text, cells - wide - 6), wide, "dim")
        if rule.when is not None:
            lines += _part("when", wrap(rule.when.text, cells - wide - 6), wide, "dim")
        for name in names:
            text = json_text(source[name])
            shown = chop(reveal(text), cells - wide - 6) if text else ["(empty)"]
            lines += _part(name, shown, wide, "" if text else "dim")
        if rule.note:
            lines += _part("note", wrap(rule.note, cells - wide - 6), wide, "info")
        lines += [line((f"   {'value':<{wide}} ", "dim"), _value(step, "good")), ()]
    return lines


def _part(name: str, rows: list[str], wide: int, role: str) -> list[Line]:
    first, *rest = rows[:MOST_ROWS]
    indent = " " * (wide + 4)
    return [
        line((f"   {fit(clean(name), wide)} ", "dim"), (first, role)),
        *(line(indent, (row, role)) for row in rest),
    ]


def payload_lines(result: Result, cells: int) -> list[Line]:
    """What would be sent for a new user, as JSON with odd characters as escapes."""
    return raw_lines(raw_text(dict(result.payload.user)), cells)
