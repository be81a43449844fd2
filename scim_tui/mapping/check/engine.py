"""Applies rules to one person: the SCIM user, and the trace with one step for each rule."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from scim_tui.mapping.check.findings import (
    Finding,
    active_missing,
    active_unknown,
    findings_of,
    findings_of_group,
    not_evaluated,
    not_known,
    partial_address,
)
from scim_tui.mapping.rules.draft import Draft
from scim_tui.mapping.rules.expressions import EVALUATION_ERRORS, EvaluationFailed, reason_of
from scim_tui.mapping.rules.functions import is_empty, is_false
from scim_tui.mapping.rules.rules import OKTA, Rule, RuleSet
from scim_tui.mapping.rules.status_words import StatusUnknown
from scim_tui.mapping.rules.targets import ResourceKind


class RuleOutcome(StrEnum):
    """The outcome of one rule for one person."""

    SENT = "sent"
    EMPTY = "empty"
    """There is no value: the attribute is left out."""
    SKIPPED = "skipped"
    """The condition of the rule does not hold."""
    FAILED = "failed"
    """The expression does not fit the person."""
    UNKNOWN = "not evaluated"
    """Only the IdP can compute the value."""


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One line of the trace: a rule and its value."""

    rule: Rule
    outcome: RuleOutcome
    value: object = None
    """From outside, never to be shown raw. Where a rule failed: the unknown status word."""
    reason: str = ""


class Payload:
    """What would be sent for one person."""

    __slots__ = ("_failed", "_kind", "_person", "_rules", "_unstable", "_whole_address", "user")

    def __init__(
        self,
        user: Mapping[str, Any],
        failed: tuple[TraceStep, ...],
        rules: tuple[Rule, ...] = (),
        person: Mapping[str, Any] = MappingProxyType({}),
        unstable: bool = False,
        kind: ResourceKind = ResourceKind.USER,
        whole_address: bool = False,
    ) -> None:
        self.user = user
        """SCIM JSON, as CreateUser or CreateGroup takes it."""
        self._kind = kind
        self._rules = rules
        self._person = person
        self._failed = failed
        self._unstable = unstable
        self._whole_address = whole_address

    @property
    def trace(self) -> tuple[TraceStep, ...]:
        """One step for each rule, in the order of the rules."""
        return tuple(_step(rule, self._person) for rule in self._rules)

    @property
    def failed(self) -> tuple[Finding, ...]:
        """Findings of the rules that could not be evaluated, or that found no status."""
        return tuple(_finding(step) for step in self._failed)

    @property
    def unknown(self) -> frozenset[str]:
        """The attributes that only the IdP can compute, in canonical form."""
        return frozenset(
            step.rule.target.path for step in self._failed if step.outcome is RuleOutcome.UNKNOWN
        )

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Findings about this person alone, failed rules first."""
        if self._kind is ResourceKind.GROUP:
            found = findings_of_group(self.user)
        else:
            found = findings_of(self.user, unstable=self._unstable)
            if self._whole_address:
                found += partial_address(self.user)
        return self.failed + tuple(self.known(found)) if self._failed else found

    def known(self, findings: Iterable[Finding]) -> Iterable[Finding]:
        """The findings without those about attributes that only the IdP can compute."""
        unknown = self.unknown
        roots = {path.partition(".")[0] for path in unknown}
        return (
            finding
            for finding in findings
            if finding.path not in unknown and finding.path not in roots
        )


def apply(rules: RuleSet, person: Mapping[str, Any]) -> Payload:
    """Apply the rules to one person."""
    whole = rules.idp == OKTA
    return _apply(rules.rules, person, ResourceKind.USER, rules.unstable, whole_address=whole)


def apply_to_group(rules: RuleSet, group: Mapping[str, Any]) -> Payload:
    """Apply the rules to one group, without its members, which are sent in later requests."""
    return _apply(rules.of_groups, group, ResourceKind.GROUP)


def _apply(
    rules: tuple[Rule, ...],
    person: Mapping[str, Any],
    kind: ResourceKind,
    unstable: bool = False,
    *,
    whole_address: bool = False,
) -> Payload:
    """Like `_step` for each rule, without keeping the steps, since this runs for every person."""
    draft = Draft(kind)
    failed: list[TraceStep] = []
    for rule in rules:
        source = rule.source
        try:
            if rule.when is not None and is_false(rule.when.evaluate(person)):
                continue
            value = source.evaluate(person) if source is not None else rule.const
            if rule.boolean is not None and type(value) is not bool:
                value = _boolean(rule, value)
        except EVALUATION_ERRORS:
            failed.append(_step(rule, person))
            continue
        if value or not is_empty(value) or (rule.send_empty and value is not None):
            rule.write(draft, value)
        elif rule.unevaluated or rule.says_active:
            failed.append(_step(rule, person))
    return Payload(draft.finished(), tuple(failed), rules, person, unstable, kind, whole_address)


def _boolean(rule: Rule, value: object) -> object:
    """The value as the attribute takes it; an empty value that is sent stays empty."""
    if rule.boolean is None or (rule.send_empty and is_empty(value)):
        return value
    return rule.boolean(value)


def _step(rule: Rule, person: Mapping[str, Any]) -> TraceStep:
    try:
        if rule.when and not rule.when.holds_for(person):
            return TraceStep(rule, RuleOutcome.SKIPPED)
        if rule.unevaluated:
            return TraceStep(rule, RuleOutcome.UNKNOWN, reason=rule.unevaluated)
        value = rule.source.of(person) if rule.source else rule.const
        value = _boolean(rule, value)
    except EvaluationFailed as error:
        return _failed(rule, error.status, error.message)
    except StatusUnknown as error:
        return _failed(rule, error, reason_of(error))
    if value is None or (is_empty(value) and not rule.send_empty):
        return TraceStep(rule, RuleOutcome.EMPTY, value)
    return TraceStep(rule, RuleOutcome.SENT, value)


def _failed(rule: Rule, status: StatusUnknown | None, reason: str) -> TraceStep:
    if status is None or not rule.says_active:
        return TraceStep(rule, RuleOutcome.FAILED, reason=reason)
    if status.word is None:
        return TraceStep(rule, RuleOutcome.EMPTY)
    return TraceStep(rule, RuleOutcome.FAILED, status.word, reason)


def _finding(step: TraceStep) -> Finding:
    path, text = step.rule.target.path, step.rule.text
    if step.outcome is RuleOutcome.UNKNOWN:
        return not_known(path, text, step.reason)
    if step.outcome is RuleOutcome.EMPTY:
        return active_missing(text)
    if step.value is not None:
        return active_unknown(step.value)
    return not_evaluated(path, text, step.reason)
