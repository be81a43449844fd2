"""Users and groups of a directory: short rows for lists, whole records for details."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import Field

from scim_tui.model.base import Value
from scim_tui.model.unknown_values import UNKNOWN, Count, Moment


class Kind(StrEnum):
    """The two resource types of a directory; the value is the SCIM endpoint (RFC 7644 3.2)."""

    USERS = "Users"
    GROUPS = "Groups"


class UserRow(NamedTuple):
    """One user in a list. An empty text means that the attribute is absent."""

    id: str
    user_name: str
    display_name: str
    given_name: str
    family_name: str
    email: str
    external_id: str
    active: bool | None
    """None: the server does not say."""
    created: str
    """`meta.created`, as sent (ISO 8601)."""
    changed: str
    """`meta.lastModified`, as sent (ISO 8601)."""


class GroupRow(NamedTuple):
    """One group in a list. An empty text means that the attribute is absent."""

    id: str
    display_name: str
    external_id: str
    created: str
    changed: str


Row = UserRow | GroupRow
RowT = TypeVar("RowT", UserRow, GroupRow)


class Page(NamedTuple, Generic[RowT]):
    """One page of a listing."""

    rows: list[RowT]
    next_cursor: str | None
    """What to pass to get the next page; None: this was the last."""
    total: Count
    """How many exist, as the server states; most listings by cursor do not."""
    skipped: int = 0
    """How many items of the page could not be read, such as a user without an id."""
    repeated: int = 0
    """How many items the server sent and counted a second time; `rows` has them once."""
    left_out: Mapping[str, int] | None = None
    """For members of a group: how many are not users, by kind."""


class MembershipPage(NamedTuple):
    """One page of memberships: which user is in which group."""

    pairs: list[tuple[str, str]]
    """Id of the group, id of the user."""
    done: int
    """How many groups, or users, were read for this page."""
    next_cursor: str | None
    """What to pass to go on from here; None: this was the last."""
    total: Count = UNKNOWN
    """How many groups, or users, there are, where the server says."""
    ids: Sequence[str] = ()
    """The groups or users whose memberships these are, if they come from a listing."""
    skipped: int = 0
    """Items of that listing that could not be read."""
    repeated: int = 0
    """Items that the server sent, and counts, a second time."""


class Record(Value):
    """A whole resource, as the server sent it."""

    kind: Kind
    id: str
    attributes: Mapping[str, Any]
    fetched_at: datetime
    beside: Mapping[str, Any] = Field(default_factory=dict)
    """Further attributes, from another API of the product."""


class Summary(Value):
    """How much a directory holds."""

    users: Count = UNKNOWN
    active_users: Count = UNKNOWN
    groups: Count = UNKNOWN
    memberships: Count = UNKNOWN
    last_write_at: Moment = UNKNOWN
    """When the IdP last changed anything."""
