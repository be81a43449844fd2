"""What is known of access, as rows for front ends. An empty name means that it is not known."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from scim_tui.model.access import PrincipalKind
from scim_tui.model.unknown_values import UNKNOWN, Absent, Count, Moment


class Standing(StrEnum):
    """What is known about the principal of an assignment."""

    LISTED = "listed"
    """It is among the users or groups that were listed."""
    DELETED = "deleted"
    """It does not exist any more; the assignment outlived it."""
    ELSEWHERE = "elsewhere"
    """It exists, though no listing has it."""
    UNKNOWN = "unknown"


class Holding(NamedTuple):
    """One way in which one person has one permission set in one account."""

    user_id: str
    user_name: str
    active: bool | None
    """None: the directory does not say."""
    account_id: str
    account_name: str
    set_id: str
    set_name: str
    admin: bool | None
    """Whether the set allows everything; None: not known."""
    group_id: str
    """Through which group; empty: by an assignment of the person's own."""
    group_name: str
    since: Moment
    """When a crawl saw the assignment first; unknown: it was there at the first crawl."""

    @property
    def direct(self) -> bool:
        """Whether the assignment is the person's own."""
        return not self.group_id


class AssignmentRow(NamedTuple):
    """One assignment with its names."""

    account_id: str
    account_name: str
    set_id: str
    set_name: str
    admin: bool | None
    kind: PrincipalKind
    principal_id: str
    principal_name: str
    standing: Standing
    active: bool | None
    """Whether the user is enabled; None for a group, or where it is not known."""
    people: Count
    """How many people it gives access to: one, or the members of the group."""
    since: Moment


@dataclass(frozen=True, slots=True)
class Ages:
    """How old what is known of access is."""

    assignments: Moment = UNKNOWN
    """When the newest whole crawl ended."""
    memberships: Moment = UNKNOWN
    """When all memberships were listed; unknown: who has access through a group is not known."""
    users: Moment = UNKNOWN
    groups: Moment = UNKNOWN
    no_names: str = ""
    """Why accounts have no names; empty: they have."""

    @property
    def through_groups(self) -> bool:
        """Whether access through groups is known."""
        return not isinstance(self.memberships, Absent)
