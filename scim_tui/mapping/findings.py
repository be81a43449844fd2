"""Findings: what is wrong with one person, in the words of the directory."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from scim_tui.model.constraints import (
    CONSTRAINTS,
    Violation,
    as_boolean,
    user_violations,
)


class Severity(StrEnum):
    """Whether the directory would refuse."""

    ERROR = "error"
    """The person would be refused."""
    WARNING = "warning"
    """The person would be taken, and it deserves a look."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem of one person."""

    code: str
    """Code of the rule (`model.constraints`), or one of this module."""
    severity: Severity
    path: str
    """The attribute, such as name.familyName."""
    value: object
    """What would be sent; from outside, never to be shown raw."""
    message: str
    """Why it is refused, in the words of the service."""
    fix: str
    """What to do in the IdP."""
    source: str
    """Where the rule comes from."""
    other: int | None = None
    """Index of the person it collides with."""


MAX_BODY = 1024 * 1024
"""Bytes in one request (ServiceProviderConfig of Identity Center)."""
_DISPUTED = re.compile(r"[<>;:%\t\n\r]")
_DISPUTED_PATHS = ("userName", "externalId", "displayName", "name.givenName", "name.familyName")


def findings_of(user: Mapping[str, Any]) -> Iterator[Finding]:
    """What the directory would say about one user, errors first."""
    if not _sendable(user):
        rule = CONSTRAINTS["json.invalid"]
        yield Finding(
            rule.code, Severity.ERROR, "", None, rule.message, rule.fix, rule.source
        )  # fmt: skip
    yield from (_of_violation(violation) for violation in user_violations(user))
    for path in _DISPUTED_PATHS:
        value = _at(user, path)
        if isinstance(value, str) and _DISPUTED.search(value):
            yield Finding(
                "characters.disputed", Severity.WARNING, path, value,
                "Some releases of Identity Center refuse < > ; : % and tabs or line breaks.",
                "Leave these characters out.",
                "AWS user guide, Okta and Entra ID pages; the identitystore model accepts them",
            )  # fmt: skip


def _sendable(user: Mapping[str, Any]) -> bool:
    """Whether it is JSON in UTF-8 (RFC 8259): no half of a pair, no NaN, at most 1 MB."""
    try:
        text = json.dumps(user, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:
        return False
    return len(text) <= MAX_BODY


def not_evaluated(path: str, expression: str, reason: str) -> Finding:
    """A rule could not be used on a person, so that nobody can say what would be sent."""
    return Finding(
        "rule.failed", Severity.ERROR, path, expression, f"The rule cannot be evaluated: {reason}",
        "Change the expression, or the value in the file.", "the mapping",
    )  # fmt: skip


def not_known(path: str, expression: str, reason: str) -> Finding:
    """Only the IdP can tell what a rule gives, so that nothing is said about the attribute."""
    return Finding(
        "rule.unknown", Severity.WARNING, path, expression, f"Not evaluated: {reason}",
        "Look at this attribute in the IdP, or put a rule of your own in its place.", "the mapping",
    )  # fmt: skip


def _of_violation(violation: Violation) -> Finding:
    rule = violation.constraint
    return Finding(
        violation.code, Severity.ERROR, violation.path, violation.value,
        violation.message, rule.fix, rule.source,
    )  # fmt: skip


def _at(user: Mapping[str, Any], path: str) -> object:
    value: object = user
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def primary_email(user: Mapping[str, Any]) -> str | None:
    """The address that has to be unique, lower-cased."""
    emails = user.get("emails")
    for email in emails if isinstance(emails, list) else ():
        if isinstance(email, Mapping) and as_boolean(email.get("primary")):
            value = email.get("value")
            return value.lower() if isinstance(value, str) else None
    return None


def _keys(user: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(constraint, attribute, key) of everything that has to be unique.

    In the order in which the embedded service names them, as one refusal names one rule only.
    """
    name, email, external = user.get("userName"), primary_email(user), user.get("externalId")
    if email is not None:
        yield "emails.unique", "emails.value", email
    if isinstance(external, str):
        yield "externalId.unique", "externalId", external.lower()
    if isinstance(name, str):
        yield "userName.unique", "userName", name.lower()


@dataclass(slots=True)
class Batch:
    """Who took which unique value, in the order people would be sent."""

    _taken: dict[tuple[str, str], int] = field(default_factory=dict)

    def collisions(self, user: Mapping[str, Any]) -> list[Finding]:
        """The values of this user that somebody before already has."""
        return [
            _collision(code, path, key, self._taken[code, key])
            for code, path, key in _keys(user)
            if (code, key) in self._taken
        ]

    def take(self, user: Mapping[str, Any], index: int) -> None:
        """Note that this user is accepted, so that the values are gone."""
        for code, _, key in _keys(user):
            self._taken[code, key] = index


def _collision(code: str, path: str, key: str, other: int) -> Finding:
    rule = CONSTRAINTS[code]
    return Finding(
        code, Severity.ERROR, path, key, f"{rule.message}: person {other + 1} has it already",
        rule.fix, rule.source, other,
    )  # fmt: skip
