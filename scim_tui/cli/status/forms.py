"""The forms in which `status` prints a report."""

from collections.abc import Iterable, Iterator
from typing import Any

from scim_tui.cli.status.report import StatusReport
from scim_tui.cli.tokens.check_report import plain
from scim_tui.cli.tokens.metrics import Sample, render
from scim_tui.core.health.verdict import ALARMS, Level, Reading
from scim_tui.model.ages import stamp
from scim_tui.model.escaping import reveal
from scim_tui.model.verdict import Verdict

WORDS = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
_MARKS = {
    Level.FAILING: "!!",
    Level.DEGRADED: "!",
    Level.UNKNOWN: "?",
    Level.OFF: "off",
    Level.NOTE: "-",
    Level.NOT_OFFERED: "-",
    Level.FINE: "ok",
}
_QUIET = frozenset({Level.FINE, Level.NOT_OFFERED})
_HELP = {
    "scim_verdict": "1 for the verdict on provisioning, 0 for the others.",
    "scim_signal": "0 fine or a note, 1 degraded, 2 failing; absent when not observed.",
    "scim_verdict_timestamp_seconds": "When the verdict was given.",
}


def text(report: StatusReport, *, everything: bool = False) -> Iterator[str]:
    """Lines for people: the verdict, its causes with what to do, then what else was observed."""
    found = report.judgement
    yield reveal(f"{report.profile}: {found.verdict.upper()}, {found.reason}")
    for each in found.readings:
        if each.level in _QUIET and not everything:
            continue
        yield reveal(f"  {_MARKS[each.level]:>3}  {_label(each):<16} {each.reason}")
        if each.next_step:
            yield reveal(f"       {'':<16} {each.next_step}")


def nagios(report: StatusReport) -> str:
    """The line of a monitoring plugin."""
    found = report.judgement
    causes = "; ".join(each.reason for each in found.causes) or found.reason
    step = f" {found.next_step}" if found.next_step else ""
    words = plain(f"{report.profile} {found.verdict}: {causes}.{step}")
    return f"SCIM {WORDS[report.code]} - {words}"


def data(report: StatusReport) -> dict[str, Any]:
    """The same for programs; what was not observed is null."""
    found = report.judgement
    return {
        "profile": report.profile,
        "as_of": stamp(found.at),
        "verdict": found.verdict.value,
        "code": report.code,
        "reason": found.reason,
        "next_step": found.next_step or None,
        "causes": [each.key for each in found.causes],
        "signals": [_reading(each) for each in found.readings],
    }


def _reading(each: Reading) -> dict[str, Any]:
    return {
        "name": each.name.value,
        "cause": each.cause or None,
        "level": each.level.value,
        "value": each.value,
        "threshold": each.threshold or None,
        "observed_at": stamp(each.observed_at) if each.observed_at else None,
        "reason": each.reason,
        "next_step": each.next_step or None,
    }


def prometheus(reports: Iterable[StatusReport]) -> str:
    """The verdicts in the text format of Prometheus."""
    return render([sample for report in reports for sample in _samples(report)], _HELP)


def _samples(report: StatusReport) -> Iterator[Sample]:
    found, profile = report.judgement, ("profile", report.profile)
    for verdict in Verdict:
        label = (profile, ("verdict", verdict.value))
        yield Sample("scim_verdict", verdict is found.verdict, label)
    grave: dict[str, int] = {}
    for each in found.readings:
        if each.level not in {Level.UNKNOWN, Level.NOT_OFFERED, Level.OFF}:
            level = (2 - ALARMS.index(each.level)) if each.level in ALARMS else 0
            grave[each.name] = max(level, grave.get(each.name, 0))
    for name, level in grave.items():
        yield Sample("scim_signal", level, (profile, ("signal", name)))
    yield Sample("scim_verdict_timestamp_seconds", found.at.timestamp(), (profile,))


def _label(each: Reading) -> str:
    return each.name.value.replace("_", " ")
