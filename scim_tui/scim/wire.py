"""Reads SCIM bodies into rows, and tolerates the deviations that real servers have.

Identity Center writes `schema` for `schemas` and a status as text, leaves out `totalResults`; Entra
writes booleans as "True"; others 1 and 0, `resources`, numbers for ids, or null.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Generic, NamedTuple

import orjson

from scim_tui.model.booleans import answered_boolean
from scim_tui.model.directory import GroupRow, RowT, UserRow
from scim_tui.model.errors import Unreadable
from scim_tui.model.json_object import JsonObject
from scim_tui.scim.error_words import is_error, one_line, words_in
from scim_tui.scim.fast_decode import read_groups as read_exact_groups
from scim_tui.scim.fast_decode import read_users as read_exact_users
from scim_tui.scim.names import canonical

_NOTHING: Mapping[str, Any] = {}
_MOST_DIGITS = 18


class Received(NamedTuple, Generic[RowT]):
    """One page of a listing, as the server sent it."""

    rows: list[RowT]
    items: int
    """How many items it held, readable or not."""
    total: int | None
    start_index: int | None
    next_cursor: str | None


def read_json(body: bytes, asked: str) -> Any:  # noqa: ANN401 - raw JSON
    """The JSON in a body. Raises `Unreadable` with a sentence that names what was asked."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return _read_odd_json(body, asked)


def read_object(body: bytes, asked: str) -> JsonObject:
    """The JSON object in a body. Raises `Unreadable`."""
    found = read_json(body, asked)
    if not isinstance(found, dict):
        raise Unreadable(
            f"{asked} was not answered with a JSON object.", "Is this a SCIM 2.0 endpoint?"
        )
    return found


def read_users(body: bytes, asked: str) -> Received[UserRow]:
    """A page of users. Raises `Unreadable`."""
    exact = read_exact_users(body)
    return Received(*exact) if exact else _read_page(body, asked, user_row)


def read_groups(body: bytes, asked: str) -> Received[GroupRow]:
    """A page of groups. Raises `Unreadable`."""
    exact = read_exact_groups(body)
    return Received(*exact) if exact else _read_page(body, asked, group_row)


def user_row(item: object) -> UserRow | None:
    """A user as a row, or None when it is no object or has no id."""
    if not isinstance(item, dict):
        return None
    user = canonical(item)
    resource_id = text(user.get("id"))
    if not resource_id:
        return None
    name = part(user, "name")
    meta = part(user, "meta")
    active = user.get("active")
    return UserRow(
        resource_id,
        text(user.get("userName")),
        text(user.get("displayName")),
        text(name.get("givenName")),
        text(name.get("familyName")),
        _email(user.get("emails")),
        text(user.get("externalId")),
        active if active is True or active is False else switch(active),
        text(meta.get("created")),
        text(meta.get("lastModified")),
    )


def group_row(item: object) -> GroupRow | None:
    """A group as a row, or None when it is no object or has no id."""
    if not isinstance(item, dict):
        return None
    group = canonical(item)
    resource_id = text(group.get("id"))
    if not resource_id:
        return None
    meta = part(group, "meta")
    return GroupRow(
        resource_id,
        text(group.get("displayName")),
        text(group.get("externalId")),
        text(meta.get("created")),
        text(meta.get("lastModified")),
    )


def text(value: object) -> str:
    """A text, or a whole number as text; anything else counts as absent."""
    if type(value) is str:
        return value
    return str(value) if type(value) is int else ""


def switch(value: object) -> bool | None:
    """A boolean, also written as text in any case or as a number; None when it is neither."""
    return answered_boolean(value)


def number(value: object) -> int | None:
    """A whole number from 0 to 18 digits, also written as text; None when it is anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        digits = value.strip()
        if len(digits) > _MOST_DIGITS or not (digits.isascii() and digits.isdigit()):
            return None
        return int(digits)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and 0 <= value < 10**_MOST_DIGITS else None


def part(whole: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A complex attribute; an empty object when it is absent or no object."""
    value = whole.get(name)
    return canonical(value) if isinstance(value, dict) else _NOTHING


def values(whole: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The objects in a list attribute; a single object counts as a list of one."""
    found = canonical(whole).get(name)
    if isinstance(found, dict):
        found = [found]
    if not isinstance(found, list):
        return []
    return [canonical(each) for each in found if isinstance(each, dict)]


def _email(emails: object) -> str:
    """The primary address, else the first one."""
    if type(emails) is list and len(emails) == 1 and type(emails[0]) is dict:
        return text(canonical(emails[0]).get("value"))
    return _choose_email(emails)


def _choose_email(emails: object) -> str:
    first = ""
    for email in emails if isinstance(emails, list) else [emails]:
        if isinstance(email, dict):
            found = canonical(email)
            address, primary = text(found.get("value")), switch(found.get("primary"))
        else:
            address, primary = text(email), False
        if primary and address:
            return address
        first = first or address
    return first


def _read_page(body: bytes, asked: str, row: Callable[[object], RowT | None]) -> Received[RowT]:
    found = read_json(body, asked)
    page = canonical(found) if isinstance(found, dict) else {"Resources": found}
    total = number(page.get("totalResults"))
    items = page.get("Resources")
    if items is None and (total is not None or "Resources" in page):
        items = []
    if not isinstance(items, list):
        if is_error(page):
            raise Unreadable(
                f"{asked} was answered with success, and refused: {one_line(words_in(page))}",
                "The service hides a refusal behind a status of success: ask its operator why.",
            )
        raise Unreadable(
            f"{asked} was not answered with a list of resources.", "Is this a SCIM 2.0 endpoint?"
        )
    rows = [made for item in items if (made := row(item)) is not None]
    cursor = text(page.get("nextCursor")) or None
    return Received(rows, len(items), total, number(page.get("startIndex")), cursor)


def _read_odd_json(body: bytes, asked: str) -> Any:  # noqa: ANN401 - raw JSON
    """Read what the strict parser refuses: a BOM, invalid UTF-8, raw control characters."""
    if body.lstrip()[:1] == b"<":
        raise Unreadable(
            f"{asked} was answered with a web page, not with SCIM.",
            "Check the endpoint: a portal or a proxy may answer in its place.",
        )
    try:
        return _clean(json.loads(body.decode("utf-8-sig", "replace"), strict=False))
    except (ValueError, RecursionError):
        raise Unreadable(
            f"{asked} was answered with something that is not JSON.",
            "Check the endpoint: a portal or a proxy may answer in its place.",
        ) from None


def _clean(value: Any) -> Any:  # noqa: ANN401 - raw JSON
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_clean(each) for each in value]
    if isinstance(value, dict):
        return {_clean(key): _clean(each) for key, each in value.items()}
    return value
