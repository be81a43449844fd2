"""Who may do what in which AWS account: permission sets, accounts and their assignments.

The words are those of the API of IAM Identity Center (`sso-admin` 2020-07-20): an assignment gives
one principal, a user or a group, one permission set in one account.
"""

from enum import StrEnum
from typing import NamedTuple

from scim_tui.model.directory import Kind


class PrincipalKind(StrEnum):
    """What an assignment is for."""

    USER = "user"
    GROUP = "group"

    @property
    def listed_as(self) -> Kind:
        """The kind of directory row it is."""
        return Kind.USERS if self is PrincipalKind.USER else Kind.GROUPS


class PermissionSet(NamedTuple):
    """One permission set."""

    id: str
    """Its ARN."""
    name: str
    description: str = ""
    session: str = ""
    """How long a session of its role lasts at most (ISO 8601, such as PT1H); empty: not known."""
    admin: bool | None = None
    """Whether it allows every action on everything; None: its policies could not be read."""


class AwsAccount(NamedTuple):
    """One account of the organization."""

    id: str
    name: str = ""
    """Empty: not known."""
    email: str = ""
    status: str = ""
    """ACTIVE, SUSPENDED, PENDING_CLOSURE; empty: not known."""


class Assignment(NamedTuple):
    """One permission set in one account for one principal."""

    account_id: str
    set_id: str
    kind: PrincipalKind
    principal_id: str


class Grant(NamedTuple):
    """What an assignment gives: this permission set in this account."""

    account_id: str
    set_id: str
