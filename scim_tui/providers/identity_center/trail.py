"""Turns CloudTrail records into events: requests to the SCIM endpoint, of the IdP and others.

Shape: user guide, scim-logging-using-cloudtrail. Names of people are masked by AWS, so the target
of a request is not known; its id is, where the request or the answer has one.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from scim_tui.model.activity import Event
from scim_tui.model.sent_request import SentRequest
from scim_tui.model.unknown_values import UNKNOWN
from scim_tui.providers.identity_center.refusals import unreadable
from scim_tui.providers.identity_center.shapes import part, words
from scim_tui.providers.identity_center.trail_words import constraint_of

LOOKUP = "cloudtrail:LookupEvents"
SCIM = "identitystore-scim.amazonaws.com"
CONSOLE = "sso-directory.amazonaws.com"
STORE = "identitystore.amazonaws.com"
SOURCES = (SCIM, CONSOLE, STORE)
TOKEN_ACTS = ("CreateBearerToken", "DeleteBearerToken")
_STATUSES = {
    "ValidationException": 400,
    "UnauthorizedException": 401,
    "AccessDeniedException": 403,
    "AccessDenied": 403,
    "ResourceNotFoundException": 404,
    "ConflictException": 409,
    "ThrottlingException": 429,
    "InternalServerException": 500,
}
_ABOUT_THE_TOKEN = ("auth", "credential", "denied", "expired", "forbidden", "signature", "token")
"""What is in the names of exceptions that turn the caller away, also those not published."""
_EMPTY = ("Delete", "PatchGroup")
_MADE = ("Create", "PutUser")
_METHODS = {"Create": "POST", "Put": "PUT", "Patch": "PATCH", "Delete": "DELETE"}
_MASKED = "HIDDEN_DUE_TO_SECURITY_REASONS"


class Logged(NamedTuple):
    """One record."""

    event_id: str
    at: datetime
    source: str
    name: str
    """Name of the operation."""
    read_only: bool
    error: str
    """Name of the exception; empty: it was carried out."""
    message: str
    key_id: str
    """Which credential was used; empty where the record does not say."""
    agent: str
    address: str
    who: str
    """The caller of an API of AWS; nothing for SCIM."""
    tenant_id: str
    store_id: str
    """The identity store; empty where the record does not say."""
    resource_id: str
    token_id: str
    """The access token that was made or deleted."""
    request_id: str
    body: object = None
    """What a refused request carried, as CloudTrail shows it: personal values are hidden."""


def read_record(found: Mapping[str, Any]) -> Logged:
    """An entry of LookupEvents. Raises `Unreadable`: a record that is left out is a false count."""
    try:
        raw = json.loads(str(found.get("CloudTrailEvent", "")))
    except ValueError:
        raise unreadable(LOOKUP, "a record is no JSON") from None
    at = found.get("EventTime")
    if not isinstance(raw, dict) or not isinstance(at, datetime):
        raise unreadable(LOOKUP, "a record has no time or no members")
    identity, asked = part(raw, "userIdentity"), part(raw, "requestParameters")
    answered = part(raw, "responseElements")
    return Logged(
        event_id=words(found, "EventId") or words(raw, "eventID"),
        at=at.astimezone(UTC),
        source=words(raw, "eventSource"),
        name=words(raw, "eventName"),
        read_only=raw.get("readOnly") is True,
        error=words(raw, "errorCode"),
        message=" ".join(words(raw, "errorMessage").split()),
        key_id=words(identity, "accessKeyId"),
        agent=words(raw, "userAgent"),
        address=words(raw, "sourceIPAddress"),
        who=words(identity, "arn") or words(identity, "principalId"),
        tenant_id=_first(asked, "tenantId"),
        store_id=_first(asked, "identityStoreId", "directoryId").rpartition("/")[2],
        resource_id=_plain(_first(asked, "id", "userId", "groupId"))
        or _plain(_first(answered, "id", "userId", "groupId")),
        token_id=_token_id(asked, answered),
        request_id=words(raw, "requestID"),
        body=asked.get("httpBody") if words(raw, "errorCode") else None,
    )


def event_of(record: Logged, number: int) -> Event:
    """The record as an event with this id."""
    by_scim = record.source == SCIM
    return Event(
        id=number,
        at=record.at,
        operation=record.name,
        status=status_of(record),
        target=record.token_id or UNKNOWN,
        resource_id=record.resource_id or UNKNOWN,
        token_id=(record.key_id or UNKNOWN) if by_scim else UNKNOWN,
        token_known=True if by_scim and record.key_id else UNKNOWN,
        client=(record.agent if by_scim else record.who or record.agent) or UNKNOWN,
        address=record.address or UNKNOWN,
        constraint=constraint_of(record.message) if record.error else "",
        message=(record.message or record.error) if record.error else "",
        request_id=record.request_id,
        way="" if by_scim else record.source.partition(".")[0],
    )


def sent_of(record: Logged) -> SentRequest:
    """What the request of a record carried. The method follows from the operation."""
    name = record.name
    method = next((word for start, word in _METHODS.items() if name.startswith(start)), "GET")
    kind = "Groups" if "Group" in name else "Users"
    one = "" if name.startswith(("Create", "List")) else f"/{record.resource_id or _MASKED}"
    return SentRequest(
        request_id=record.request_id,
        at=record.at,
        method=method,
        path=f"/{kind}{one}",
        body=_json(record.body),
        masked=True,
        note="" if record.body is not None else "CloudTrail shows no body of it.",
    )


def _json(body: object) -> object:
    """A body that is logged as a text, read."""
    if not isinstance(body, str):
        return body
    try:
        return json.loads(body)
    except ValueError:
        return body


def status_of(record: Logged) -> int:
    """The status of the answer, which a record of CloudTrail has as the name of an exception."""
    if record.error:
        strange = any(part in record.error.lower() for part in _ABOUT_THE_TOKEN)
        return _STATUSES.get(record.error, 401 if strange else 400)
    if record.source != SCIM:
        return 200
    return 204 if record.name.startswith(_EMPTY) else 201 if record.name.startswith(_MADE) else 200


def _first(found: Mapping[str, Any], *names: str) -> str:
    return next((value for name in names if (value := words(found, name))), "")


def _plain(value: str) -> str:
    return "" if value == _MASKED else value


def _token_id(asked: Mapping[str, Any], answered: Mapping[str, Any]) -> str:
    """AWS publishes no example of such a record, so all places where the id can be are searched."""
    for where in (answered, part(answered, "bearerToken"), part(answered, "BearerToken"), asked):
        if found := _plain(_first(where, "tokenId", "TokenId", "bearerTokenId")):
            return found
    return ""
