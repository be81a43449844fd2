"""The difference between a group that would be sent and those of the directory."""

from collections.abc import Iterator, Mapping
from typing import Any

from scim_tui.mapping.check.changes import ChangeKind, Difference, PlannedChange
from scim_tui.model.directory import GroupRow

_NO_GROUP = "No group has this externalId or displayName."


def compare_group(
    group: Mapping[str, Any], by_id: GroupRow | None, by_name: GroupRow | None
) -> PlannedChange:
    """What a push would do to the group that matches, by externalId or else by displayName."""
    row = by_id or by_name
    if row is None:
        return PlannedChange(ChangeKind.CREATE, message=_NO_GROUP)
    matched_by = "externalId" if by_id else "displayName"
    by_hand = bool(group.get("externalId")) and not row.external_id
    if by_id and by_name and by_name.id != by_id.id:
        return PlannedChange(
            ChangeKind.CONFLICT,
            row.id,
            message="Another group has this displayName.",
            matched_by=matched_by,
        )
    differences = tuple(_differences(group, row))
    kind = ChangeKind.UPDATE if differences else ChangeKind.UNCHANGED
    message = f"Found by {matched_by}" + (
        ", and made by hand: it has no externalId." if by_hand else "."
    )
    return PlannedChange(kind, row.id, differences, message, matched_by, by_hand)


def _differences(group: Mapping[str, Any], row: GroupRow) -> Iterator[Difference]:
    for path, now in (("displayName", row.display_name), ("externalId", row.external_id)):
        after = group.get(path)
        if after is not None and after != now:
            yield Difference(path, now, after)
