"""A fast decoder for pages of a listing that are written exactly as in RFC 7643.

Only the attributes of a row are decoded, which is three times as fast as decoding everything. A
page with a value of another type, or with a missing name that may be there in another case, is left
to `wire`, which makes the same rows of every page that is read here.
"""

from collections.abc import Iterable, Sequence
from typing import Annotated, Generic, NamedTuple, TypeVar

from msgspec import Meta, Struct, field
from msgspec.json import Decoder

from scim_tui.model.directory import GroupRow, Row, RowT, UserRow


class _Name(Struct, gc=False, rename="camel"):
    given_name: str | None = None
    family_name: str | None = None


class _Meta(Struct, gc=False, rename="camel"):
    created: str | None = None
    last_modified: str | None = None


class _Email(Struct, gc=False):
    value: str | None = None
    primary: bool | None = None


class _User(Struct, gc=False, rename="camel"):
    id: str
    user_name: str | None = None
    display_name: str | None = None
    external_id: str | None = None
    active: bool | None = None
    name: _Name | None = None
    emails: list[_Email] | None = None
    meta: _Meta | None = None


class _Group(Struct, gc=False, rename="camel"):
    id: str
    display_name: str | None = None
    external_id: str | None = None
    meta: _Meta | None = None


_Count = Annotated[int, Meta(ge=0, lt=10**18)]
ItemT = TypeVar("ItemT", _User, _Group)


class _Page(Struct, Generic[ItemT], gc=False, rename="camel"):
    resources: list[ItemT] = field(name="Resources")
    total_results: _Count | None = None
    start_index: _Count | None = None
    next_cursor: str | None = None


class Exact(NamedTuple, Generic[RowT]):
    """The fields of a page."""

    rows: list[RowT]
    items: int
    total: int | None
    start_index: int | None
    next_cursor: str | None


_USER = (
    "userName",
    "displayName",
    "givenName",
    "familyName",
    "value",
    "externalId",
    "active",
    "created",
    "lastModified",
)
_GROUP = ("displayName", "externalId", "created", "lastModified")
"""The attribute names of a row after the id, in its order."""
_WITHIN = {
    "givenName": "name",
    "familyName": "name",
    "value": "emails",
    "created": "meta",
    "lastModified": "meta",
}
_NO_NAME, _NO_META = _Name(), _Meta()
_users = Decoder(_Page[_User]).decode
_groups = Decoder(_Page[_Group]).decode


def read_users(body: bytes) -> Exact[UserRow] | None:
    """A page of users; None: `wire` has to read it."""
    try:
        page = _users(body)
    except (ValueError, RecursionError):
        return None
    rows = [_user_row(user) for user in page.resources]
    missing = _missing(page, _USER, rows)
    if any(user.emails and len(user.emails) > 1 for user in page.resources):
        missing |= {"value", "primary"}
    return None if _may_be_elsewhere(body, missing) else _exact(page, rows)


def read_groups(body: bytes) -> Exact[GroupRow] | None:
    """A page of groups; None: `wire` has to read it."""
    try:
        page = _groups(body)
    except (ValueError, RecursionError):
        return None
    rows = [_group_row(group) for group in page.resources]
    missing = _missing(page, _GROUP, rows)
    return None if _may_be_elsewhere(body, missing) else _exact(page, rows)


def _user_row(user: _User) -> UserRow:
    name, meta, emails = user.name or _NO_NAME, user.meta or _NO_META, user.emails
    return UserRow(
        user.id,
        user.user_name or "",
        user.display_name or "",
        name.given_name or "",
        name.family_name or "",
        (emails[0].value or "" if len(emails) == 1 else _address(emails)) if emails else "",
        user.external_id or "",
        user.active,
        meta.created or "",
        meta.last_modified or "",
    )


def _group_row(group: _Group) -> GroupRow:
    meta = group.meta or _NO_META
    return GroupRow(
        group.id,
        group.display_name or "",
        group.external_id or "",
        meta.created or "",
        meta.last_modified or "",
    )


def _address(emails: Sequence[_Email]) -> str:
    """The primary address, else the first one."""
    addresses = [email for email in emails if email.value]
    chosen = next((email for email in addresses if email.primary), None)
    return (chosen or addresses[0]).value or "" if addresses else ""


def _exact(page: _Page[ItemT], rows: list[RowT]) -> Exact[RowT]:
    return Exact(
        [row for row in rows if row.id],
        len(rows),
        page.total_results,
        page.start_index,
        page.next_cursor or None,
    )


def _missing(page: _Page[ItemT], names: Iterable[str], rows: Sequence[Row]) -> set[str]:
    """The names that are missing around the resources, or in one of them."""
    columns = list(zip(*rows, strict=True))[1:]
    within = {
        name for name, column in zip(names, columns, strict=False) if "" in column or None in column
    }
    # Where a cursor leads on, nothing else around the resources is of interest.
    around = set() if page.next_cursor else {"nextCursor", "startIndex"}
    if not page.next_cursor and page.total_results is None:
        around.add("totalResults")
    return around | within | {_WITHIN[name] for name in within & _WITHIN.keys()}


def _may_be_elsewhere(body: bytes, names: set[str]) -> bool:
    """Whether one of these names occurs in the body in another case."""
    lower = body.lower() if names else b""
    quoted = [f'"{name}"'.encode() for name in names]
    return any(lower.count(name.lower()) != body.count(name) for name in quoted)
