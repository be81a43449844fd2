"""The users that a push would disable, make anew or take out of groups, so that access is lost.

A user whose externalId differs is found by userName or address. Identity Center's own IdPs change
that user; ssosync deletes the user and makes another one since its PR #361, and then assignments
of the person's own are lost. Which of them pushes is not known here, so the worse is shown.
"""

from collections.abc import Iterator

from scim_tui.core.access.loss import Cause, PersonChange
from scim_tui.core.base.timeslice import giving_way
from scim_tui.core.leavers.leaver import IdpState
from scim_tui.core.mapping.run import Run
from scim_tui.mapping.check.changes import ChangeKind, PlannedChange
from scim_tui.model.booleans import as_boolean

_WORTH_A_LOOK = frozenset({ChangeKind.DEACTIVATE, ChangeKind.UPDATE})


def access_changes(run: Run) -> list[PersonChange]:
    """What a push of everything would do to users, as far as access depends on it."""
    if run.comparing is None:
        return []
    people = giving_way(range(len(run.results)))
    found = [
        change
        for index in people
        if run.results.kind(index) in _WORTH_A_LOOK
        and (change := person_change(run.result(index).change)) is not None
    ]
    return [*found, *_left_groups(run)]


def person_change(planned: PlannedChange | None) -> PersonChange | None:
    """What one planned change does to a user; None: access does not depend on it."""
    if planned is None or not planned.user_id:
        return None
    if planned.kind is ChangeKind.DEACTIVATE:
        return PersonChange(planned.user_id, Cause.DEACTIVATED)
    anew = any(
        each.path == "externalId" and each.now and each.after for each in planned.differences
    )
    return PersonChange(planned.user_id, Cause.RECREATED) if anew else None


def idp_states(run: Run) -> dict[str, IdpState]:
    """What the people of the file say about each user of the directory, by user id."""
    found: dict[str, IdpState] = {}
    known = len(run.people)
    for index in giving_way(range(len(run.results))):
        result = run.result(index)
        if result.change is None or not result.change.user_id:
            continue
        user_id = result.change.user_id
        if index >= known or result.assigned is False:
            found[user_id] = IdpState.GONE
        else:
            found[user_id] = _STATES[as_boolean(result.payload.user.get("active"))]
    return found


_STATES = {True: IdpState.ACTIVE, False: IdpState.DISABLED, None: IdpState.UNKNOWN}


def _left_groups(run: Run) -> Iterator[PersonChange]:
    for comparison in run.groups.comparisons.values():
        group = frozenset({comparison.change.user_id})
        for user_id in comparison.removed_ids:
            yield PersonChange(user_id, Cause.LEFT_GROUPS, group)
