"""People who left, what they still have, and how far it is proved that nothing is left."""

from dataclasses import dataclass, field
from enum import StrEnum

from scim_tui.core.access.rows import AssignmentRow, Holding
from scim_tui.model.unknown_values import UNKNOWN, Moment


class Reason(StrEnum):
    """Why a person counts as one who left; the gravest comes first."""

    DELETED = "deleted here, assignments left"
    DISABLED = "disabled here"
    GONE = "gone from the IdP's export"
    IDP_DISABLED = "disabled in the IdP's export"


class IdpState(StrEnum):
    """What the export of the IdP says about a user of the directory."""

    ACTIVE = "active"
    DISABLED = "disabled"
    GONE = "gone"
    UNKNOWN = "unknown"
    """It does not say, or there is no export."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is proved, from the IdP to the log; None: not known."""

    idp_disabled: bool | None
    directory_disabled: bool | None
    """Also true for a user who was deleted."""
    no_group: bool | None
    no_direct: bool | None
    """No assignment of the person's own."""
    no_dangling: bool | None
    """No assignment of an earlier user of the same name that was deleted."""
    silent_since: Moment = UNKNOWN
    """From when on CloudTrail was read and shows no sign-in; unknown: not read, or not silent."""
    last_sign_in: Moment = UNKNOWN

    def levels(self) -> tuple[tuple[str, bool | None], ...]:
        """Each level with its name."""
        silent = None if self.silent_since is UNKNOWN else True
        return (
            ("IdP disabled", self.idp_disabled),
            ("directory disabled", self.directory_disabled),
            ("no group", self.no_group),
            ("no direct assignment", self.no_direct),
            ("no dangling assignment", self.no_dangling),
            ("silent in CloudTrail", False if self.last_sign_in is not UNKNOWN else silent),
        )


@dataclass(frozen=True, slots=True)
class GroupRef:
    """A group that a person is in."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Leaver:
    """One person who left and still has something."""

    user_id: str
    user_name: str
    """Empty: not known."""
    reason: Reason
    evidence: Evidence
    groups: tuple[GroupRef, ...] = ()
    access: tuple[Holding, ...] = ()
    """Every way of access, through groups, too."""
    dangling: tuple[AssignmentRow, ...] = ()
    """Assignments of a deleted user: this one, or an earlier one of the same name."""


@dataclass(frozen=True, slots=True)
class Leavers:
    """All of them, and what is not known."""

    people: tuple[Leaver, ...]
    access_as_of: Moment = UNKNOWN
    """Unknown: access was not crawled, so nothing is said of assignments."""
    members_as_of: Moment = UNKNOWN
    """Unknown: memberships were not listed, so nothing is said of groups."""
    idp: str = ""
    """Name of the IdP's export; empty: there is none."""
    notes: tuple[str, ...] = field(default=())
    """What to know about them, in sentences."""


SESSIONS = (
    "No API lists or ends a person's session in the access portal: in the console, choose the user,"
    " then Active sessions.",
    "A session of a role that began before goes on for as long as its permission set says, up to"
    " 12 hours, whatever is deleted here.",
)
"""What no API can end (AWS user guide, revoke-user-permissions)."""
