"""One person of the mapping preview as lines: values by rule, findings, payload."""

import json
from typing import TYPE_CHECKING

from scim_tui.tui.text import Line, Span, clean, fit, line, reveal, wrap

if TYPE_CHECKING:
    from scim_tui.core.mapping import Finding, Result, Totals
    from scim_tui.mapping.engine import Step

TARGET, SOURCE = 24, 20


def person_lines(result: "Result", cells: int) -> list[Line]:
    """Who it is, what would be said about it, and the value of every rule."""
    verdict = Span("[ERR] refused", "bad") if result.refused else Span("[ok] accepted", "good")
    lines: list[Line] = [
        line(
            (f" {reveal(result.label)}", "title"),
            (f"   line {result.person.line}   ", "dim"),
            verdict,
        ),
        (),
    ]
    for finding in result.findings:
        lines += _finding_lines(finding, cells)
    lines.append(line((f" {'SCIM TARGET':<{TARGET}}{'SOURCE':<{SOURCE}}VALUE", "dim")))
    broken = {finding.path: str(finding.severity) for finding in result.findings}
    return [*lines, *(_step_line(step, broken) for step in result.payload.trace)]


def _finding_lines(finding: "Finding", cells: int) -> list[Line]:
    role = "bad" if finding.severity == "error" else "warn"
    mark = "[ERR]" if finding.severity == "error" else "[wrn]"
    first, *rest = wrap(f"{finding.path}: {finding.message}", cells - 8)
    return [
        line((f" {mark} ", role), first),
        *(line(f"       {text}") for text in rest),
        *(line((f"       {text}", "dim")) for text in wrap(f"Fix: {finding.fix}", cells - 8)),
        (),
    ]


def _step_line(step: "Step", broken: dict[str, str]) -> Line:
    target = step.rule.target.path
    role = {"error": "bad", "warning": "warn"}.get(broken.get(target, ""), "")
    value = {
        "sent": Span(_value(step.value), role),
        "empty": Span("(empty, left out)", "dim"),
        "skipped": Span("(condition does not hold)", "dim"),
    }.get(str(step.outcome), Span(f"not evaluated: {clean(step.reason)}", "bad"))
    return line(
        " ", (fit(clean(target), TARGET - 1) + " ", role or "accent"),
        (fit(clean(step.rule.text), SOURCE - 1) + " ", "dim"), value,
    )  # fmt: skip


def _value(value: object) -> str:
    return clean(value) if isinstance(value, str) else clean(json.dumps(value, ensure_ascii=False))


def payload_lines(result: "Result") -> list[Line]:
    """What would be sent, as JSON with odd characters spelled out."""
    text = json.dumps(dict(result.payload.user), ensure_ascii=False, indent=2)
    return [
        line((" POST /Users", "title")),
        (),
        *(line(f" {reveal(row)}") for row in text.splitlines()),
    ]


def totals_line(totals: "Totals") -> Line:
    """The preview in numbers, with the most frequent reasons."""
    parts = [
        Span(f" {totals.people:,} checked", ""), Span(f"   {totals.accepted:,} ok", "good"),
        Span(f"   {totals.refused:,} refused", "bad" if totals.refused else "dim"),
        Span(f"   {totals.warned:,} warned", "warn" if totals.warned else "dim"),
    ]  # fmt: skip
    if not totals.complete:
        parts.append(Span(f"   of {totals.of:,}", "dim"))
    reasons = ", ".join(f"{code} {count}" for code, count in totals.codes[:4])
    return (*parts, Span(f"   {reasons}", "dim"))
