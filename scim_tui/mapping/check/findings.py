"""Findings: what the directory would refuse or warn about, with the fix and the source."""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from scim_tui.mapping.check.odd_values import odd_values
from scim_tui.model.booleans import as_boolean
from scim_tui.model.constraints import CONSTRAINTS
from scim_tui.model.escaping import reveal
from scim_tui.model.fast_check import is_plain_user
from scim_tui.model.normalise import PART_ATTRIBUTES, Repeated, part_from, user_from
from scim_tui.model.violations import Violation, group_violations, user_violations


class Severity(StrEnum):
    """Whether the directory would refuse the resource."""

    ERROR = "error"
    """The person would be refused."""
    WARNING = "warning"
    """The person would be accepted, but an administrator should check it."""


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

    @property
    def is_ours(self) -> bool:
        """Whether the check itself refuses the person, and not the directory."""
        return self.code in _KEPT_BACK


_KEPT_BACK = frozenset({"rule.failed", "active.unknown"})
MAX_BODY = 1024 * 1024
"""Bytes in one request (ServiceProviderConfig of Identity Center)."""
_WORD = 40
"""Characters of a status word that a message repeats."""


_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+").fullmatch
_EXTERNAL = "AWS user guide, provision-automatically: externalId is how a person is found again"


def findings_of(user: Mapping[str, Any], *, unstable: bool = False) -> tuple[Finding, ...]:
    """The findings about one user, errors first.

    `unstable`: the rules compute externalId from the name or the address.
    """
    if is_plain_user(user):
        return warnings_of(user, unstable)
    errors = [] if _sendable(user) else [_of_violation(Violation("json.invalid", ""))]
    try:
        violations = list(user_violations(user_from(user)))
    except Repeated as error:
        violations = [Violation("json.invalid", str(error))]
    errors += [_of_violation(violation) for violation in violations]
    return (*errors, *warnings_of(user, unstable))


def findings_of_group(group: Mapping[str, Any]) -> tuple[Finding, ...]:
    """The findings about one group, without its members."""
    errors = [] if _sendable(group) else [_of_violation(Violation("json.invalid", ""))]
    errors += [_of_violation(violation) for violation in group_violations(group)]
    return (*errors, *(_warning(*odd) for odd in odd_values(group)))


def _sendable(user: Mapping[str, Any]) -> bool:
    """Whether it is JSON in UTF-8 (RFC 8259): no lone surrogate, no NaN, at most 1 MB."""
    try:
        text = json.dumps(user, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except ValueError:
        return False
    return len(text) <= MAX_BODY


def not_evaluated(path: str, expression: str, reason: str) -> Finding:
    """A rule failed for a person, so that it is not known what would be sent."""
    return Finding(
        "rule.failed",
        Severity.ERROR,
        path,
        expression,
        f"The rule cannot be evaluated: {reason}",
        "Change the expression, or the value in the file.",
        "the mapping",
    )


def not_known(path: str, expression: str, reason: str) -> Finding:
    """Only the IdP can compute the value of a rule, so the attribute is not checked."""
    return Finding(
        "rule.unknown",
        Severity.WARNING,
        path,
        expression,
        f"Not evaluated: {reason}",
        "Look at this attribute in the IdP, or put a rule of your own in its place.",
        "the mapping",
    )


ACTIVE_MISSING = "active.missing"
_STATUS = "AWS user guide, provision-automatically: active false disables a user"


def active_unknown(word: object) -> Finding:
    """An unknown status word, which never counts as active."""
    shown = reveal(str(word))[:_WORD]
    return Finding(
        "active.unknown",
        Severity.ERROR,
        "active",
        word,
        f"It is not known whether {shown!r} means an active person, so nothing is sent",
        "Say what the word means in the rule of active, such as"
        " switch(status, status, 'On Leave', `true`).",
        _STATUS,
    )


def active_missing(expression: str) -> Finding:
    """The rule of active has no value for this person, so the status is not sent."""
    return Finding(
        ACTIVE_MISSING,
        Severity.WARNING,
        "active",
        expression,
        "There is no status of the person, so active is not sent: a person who is disabled in the"
        " IdP stays as the directory has them.",
        "Export the status, or map a column that has it.",
        _STATUS,
    )


def _of_violation(violation: Violation) -> Finding:
    rule = violation.constraint
    return Finding(
        violation.code,
        Severity.ERROR,
        violation.path,
        violation.value,
        violation.message,
        rule.fix,
        rule.source,
    )


_GUIDE_NAMES = "AWS user guide, Okta and Entra ID pages; the identitystore model accepts them"
_EXPORT = "files as programs export them"
_WARNINGS = {
    "characters.disputed": (
        "Some releases of Identity Center refuse < > ; : % and tabs or line breaks.",
        "Leave these characters out.",
        _GUIDE_NAMES,
    ),
    "characters.invisible": (
        "There is an invisible character, such as a no-break space: the value is not the one"
        " that people type.",
        "Write the value anew in the IdP.",
        _EXPORT,
    ),
    "value.typeName": (
        "This is the name of a type, or an error of a sheet, which a program wrote in place of the"
        " value.",
        "Export the value itself, such as with -join in PowerShell.",
        _EXPORT,
    ),
    "value.exponent": (
        "A sheet rounded a long number: its last digits are lost.",
        "Export again, and open the file with the column as text.",
        _EXPORT,
    ),
    "value.hex": (
        "These are the bytes of a value as csvde writes them, not the value.",
        "Export with ldifde, or map another attribute.",
        _EXPORT,
    ),
    "emails.address": (
        "The address has no @.",
        "Map the address of the person.",
        "AWS user guide, attribute mappings",
    ),
    "userName.nameId": (
        "The SAML NameID has to be an e-mail address and equal to userName: no user can sign in"
        " with this one.",
        "Map the same address to userName and to the NameID.",
        "AWS user guide, troubleshooting; SAML federation requirements",
    ),
    "userName.decomposed": (
        "userName is written with combining marks (not in NFC): the directory takes it and the"
        " same name in NFC, which looks alike, for two users.",
        "Send the name in NFC, as most sources write it.",
        "Unicode Standard Annex 15; the embedded service compares names as they are written",
    ),
    "emails.missing": (
        "There is no primary address.",
        "Map the address of the person with primary: true.",
        "AWS user guide, attribute mappings",
    ),
    "addresses.partial": (
        "The address has not all of street, city, state, zip and country: Okta's app sends them"
        " together, and a part alone is not changed or is refused.",
        "Fill all five in Okta, or map none of them.",
        "AWS user guide, gs-okta and troubleshooting",
    ),
    "externalId.missing": (
        "There is no externalId, so that a rename makes a second user.",
        "Map the immutable id of the IdP.",
        _EXTERNAL,
    ),
    "externalId.unstable": (
        "externalId is, or is made of, the name or the address of the person: a rename makes a"
        " second user, and entitlements are lost.",
        "Map the immutable id of the IdP, such as objectId or id.",
        _EXTERNAL,
    ),
}


def warnings_of(user: Mapping[str, Any], unstable: bool = False) -> tuple[Finding, ...]:
    """Warnings: what the directory accepts and an administrator should check."""
    name, external = user.get("userName"), user.get("externalId")
    email = primary_email(user)
    found = [_warning(*odd) for odd in odd_values(user)]
    if isinstance(name, str) and name and not _ADDRESS(name):
        found.append(_warning("userName.nameId", "userName", name))
    if isinstance(name, str) and not name.isascii() and not unicodedata.is_normalized("NFC", name):
        found.append(_warning("userName.decomposed", "userName", name))
    if email is None:
        found.append(_warning("emails.missing", "emails.value", None))
    elif "@" not in email:
        found.append(_warning("emails.address", "emails.value", email))
    if external is None:
        found.append(_warning("externalId.missing", "externalId", None))
    elif unstable or (isinstance(external, str) and external.lower() in (email, _lower(name))):
        found.append(_warning("externalId.unstable", "externalId", external))
    return tuple(found)


def _lower(value: object) -> str | None:
    return value.lower() if isinstance(value, str) else None


def _warning(code: str, path: str, value: object) -> Finding:
    message, fix, source = _WARNINGS[code]
    return Finding(code, Severity.WARNING, path, value, message, fix, source)


ADDRESS = frozenset({"streetAddress", "locality", "region", "postalCode", "country"})


def partial_address(user: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Okta sends a change of an address only where all five parts are filled."""
    found: tuple[Finding, ...] = ()
    addresses = user.get("addresses")
    for address in addresses if isinstance(addresses, list) else ():
        if not isinstance(address, dict) or address.keys() >= ADDRESS:
            continue
        gone = sorted(ADDRESS - address.keys())
        if len(gone) < len(ADDRESS):
            found += (_warning("addresses.partial", "addresses", ", ".join(gone)),)
    return found


UNASSIGNED = "assignment.none"


def unassigned(label: str) -> Finding:
    """A person who is not assigned to the app is not sent by the IdP."""
    return Finding(
        UNASSIGNED,
        Severity.WARNING,
        "",
        label,
        "Not assigned to the app of the IdP, so the IdP does not send this person.",
        "Assign the person, or a group of the person, to the app.",
        "AWS user guide, provision-automatically",
    )


def by_hand(matched_by: str, value: object) -> Finding:
    """The directory has this user already, created by hand and not by the IdP."""
    return Finding(
        "directory.byHand",
        Severity.WARNING,
        "",
        value,
        f"The directory has a user with the same {matched_by} and without externalId,"
        " made by hand.",
        "An IdP that looks for externalId only is refused with a duplicate: delete that user, or"
        " let the IdP match by userName.",
        "AWS user guide, troubleshooting",
    )


def conflicting(message: str, value: object) -> Finding:
    """Another user of the directory has a unique value of this person."""
    code = next((code for word, code in _CONFLICTS if word in message), "userName.unique")
    rule = CONSTRAINTS[code]
    return Finding(
        code, Severity.ERROR, code.removesuffix(".unique"), value, message, rule.fix, rule.source
    )


_CONFLICTS = (
    ("address", "emails.unique"),
    ("externalId", "externalId.unique"),
    ("userName", "userName.unique"),
)


def primary_email(user: Mapping[str, Any]) -> str | None:
    """The address that has to be unique, lower-cased."""
    emails = user.get("emails")
    if not isinstance(emails, list):
        return None
    for each in emails:
        if isinstance(each, Mapping):
            email = each if each.keys() <= _EMAIL_PARTS else _read_email(each)
            primary = email.get("primary")
            if primary is True or as_boolean(primary):
                value = email.get("value")
                return value.lower() if isinstance(value, str) else None
    return None


_EMAIL_PARTS = frozenset(PART_ATTRIBUTES["emails"].values())


def _read_email(email: Mapping[str, Any]) -> Mapping[str, Any]:
    """An address whose parts are written in another case."""
    try:
        found = part_from("emails", email)
    except Repeated:
        return email
    return found if isinstance(found, Mapping) else email


def collision(code: str, path: str, key: str, other: int, what: str = "person") -> Finding:
    """A person earlier in the file has the same unique value."""
    rule = CONSTRAINTS[code]
    return Finding(
        code,
        Severity.ERROR,
        path,
        key,
        f"{rule.message}: {what} {other + 1} has it already",
        rule.fix,
        rule.source,
        other,
    )
