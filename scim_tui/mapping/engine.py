"""The engine: rules and one person make a SCIM user, with the trace of how it came about."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from scim_tui.mapping.expressions import EvaluationFailed
from scim_tui.mapping.findings import Finding, findings_of, not_evaluated
from scim_tui.mapping.rules import Rule, RuleSet
from scim_tui.mapping.targets import assemble, fitted


class Outcome(StrEnum):
    """What became of one rule for one person."""

    SENT = "sent"
    EMPTY = "empty"
    """There is no value: the attribute is left out."""
    SKIPPED = "skipped"
    """The condition of the rule does not hold."""
    FAILED = "failed"
    """The expression does not fit the person."""


class Step(NamedTuple):
    """One line of the trace: a rule, and the value it gave."""

    rule: Rule
    outcome: Outcome
    value: object = None
    """From outside, never to be shown raw."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Payload:
    """What would be sent for one person."""

    user: Mapping[str, Any]
    """SCIM JSON, as CreateUser takes it."""
    trace: tuple[Step, ...]
    """One step for each rule, in the order of the rules."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with this person alone, rules that failed first."""
        failed = Outcome.FAILED
        return (
            *[
                not_evaluated(step.rule.target.path, step.rule.text, step.reason)
                for step in self.trace
                if step[1] is failed
            ],
            *findings_of(self.user),
        )


def apply(rules: RuleSet, person: Mapping[str, Any]) -> Payload:
    """What the rules make of one person."""
    trace = tuple([_step(rule, person) for rule in rules.rules])
    sent = Outcome.SENT
    return Payload(
        assemble([(step[0].target, step[2]) for step in trace if step[1] is sent]), trace
    )


def _step(rule: Rule, person: Mapping[str, Any]) -> Step:
    try:
        if rule.when is not None and not rule.when.holds_for(person):
            return Step(rule, Outcome.SKIPPED)
        source = rule.source
        value = rule.const if source is None else source.of(person)
    except EvaluationFailed as error:
        return Step(rule, Outcome.FAILED, reason=error.message)
    if value.__class__ is str and value and not rule.target.flag:
        return Step(rule, Outcome.SENT, value)
    value = fitted(rule.target, value)
    if value is None or (value in ("", [], {}) and not rule.send_empty):
        return Step(rule, Outcome.EMPTY, value)
    return Step(rule, Outcome.SENT, value)
