"""Findings about a group beyond its own attributes: its members, and other groups."""

from collections.abc import Sequence

from scim_tui.mapping.check.findings import Finding, Severity, collision
from scim_tui.model.constraints import CONSTRAINTS

NAMED = 5
"""Members that a finding names."""
_NESTED = (
    "Microsoft, how provisioning works; AWS user guide, Entra ID page: nested groups are not read"
)


def taken(code: str, path: str, key: str, other: int) -> Finding:
    """Another group of the file has this name or externalId."""
    return collision(code, path, key, other, "group")


def unknown_members(names: Sequence[str], of: int) -> Finding:
    """Members who are not among the people, so that it is not known whether they exist."""
    rule = CONSTRAINTS["members.unknown"]
    return Finding(
        "members.unknown",
        Severity.WARNING,
        "members",
        _some(names),
        f"{_count(len(names), of)} not among the people: the directory refuses a member that"
        " does not exist.",
        rule.fix,
        rule.source,
    )


def refused_members(names: Sequence[str], of: int) -> Finding:
    """Members who would not be sent."""
    return Finding(
        "members.notSent",
        Severity.WARNING,
        "members",
        _some(names),
        f"{_count(len(names), of)} not sent: refused, or not assigned to the app.",
        "Solve the problems of these people, or assign them.",
        CONSTRAINTS["members.unknown"].source,
    )


def nested(names: Sequence[str]) -> Finding:
    """Members that are groups."""
    return Finding(
        "members.nested",
        Severity.WARNING,
        "members",
        _some(names),
        f"{len(names):,} of the members are groups: what is in them is not sent.",
        "Put the people into the group itself.",
        _NESTED,
    )


def unlisted_members() -> Finding:
    """The file has the group and not its members."""
    return Finding(
        "members.untold",
        Severity.WARNING,
        "members",
        None,
        "The file does not say who is in the group.",
        "Export the groups with their members.",
        "the file of groups",
    )


def cut_members() -> Finding:
    """Active Directory returns 1,500 members at most in one answer."""
    return Finding(
        "members.cut",
        Severity.WARNING,
        "members",
        None,
        "The file has only the first members: Active Directory gave a range.",
        "Export with range retrieval, such as ldifde or ldapsearch -E.",
        "MS-ADTS, range retrieval",
    )


def without_external_id() -> Finding:
    """The group has no externalId, so it is matched by its name only."""
    return Finding(
        "externalId.missing",
        Severity.WARNING,
        "externalId",
        None,
        "The group has no externalId, so that a rename makes a second group.",
        "Map the immutable id of the group in the IdP.",
        "AWS user guide, provision-automatically",
    )


def made_by_hand(name: object) -> Finding:
    """The directory has a group of this name that the IdP did not create."""
    return Finding(
        "directory.byHand",
        Severity.WARNING,
        "displayName",
        name,
        "The directory has a group of this name without externalId, made by hand.",
        "An IdP that looks for externalId only is refused with a duplicate: delete that group, or"
        " let the IdP match by displayName.",
        "AWS user guide, troubleshooting",
    )


def name_taken(name: object) -> Finding:
    """The group would be renamed to a name that another group of the directory has."""
    rule = CONSTRAINTS["group.displayName.unique"]
    return Finding(
        "group.displayName.unique",
        Severity.ERROR,
        "displayName",
        name,
        "Another group of the directory has this name.",
        rule.fix,
        rule.source,
    )


def _some(names: Sequence[str]) -> str:
    more = f", and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def _count(number: int, of: int) -> str:
    return f"{number:,} of {of:,} members {'is' if number == 1 else 'are'}"
