"""The allowed transitions, and the laws that each step of a rotation is checked against."""

from scim_tui.model.rotation.deliver import PASTED_AGAIN
from scim_tui.model.rotation.guards import RotationEvent
from scim_tui.model.rotation.proof import works
from scim_tui.model.rotation.rotation import DeletionReason, OutOfTurn, Rotation, State, Strategy

_S = State
_WATCH = frozenset({_S.WATCHING, _S.PROVEN, _S.DELETED})
NEXT: dict[State, frozenset[State]] = {
    _S.PREFLIGHT: frozenset({_S.FREE_SLOT, _S.CREATE_INTENT}),
    _S.FREE_SLOT: frozenset({_S.PREFLIGHT}),
    _S.CREATE_INTENT: frozenset({_S.CREATING, _S.HOLDING, _S.PREFLIGHT, _S.SECRET_GONE}),
    _S.CREATING: frozenset({_S.HOLDING, _S.CREATE_INTENT, _S.CREATE_LOST, _S.SECRET_GONE}),
    _S.CREATE_LOST: frozenset({_S.CREATE_INTENT, _S.SECRET_GONE}),
    _S.HOLDING: frozenset({_S.PROBED, _S.PROBE_FAILED, _S.SECRET_GONE, _S.CREATE_INTENT}),
    _S.PROBE_FAILED: frozenset({_S.PROBED, _S.SECRET_GONE, _S.DELIVERED, _S.CREATE_INTENT}),
    _S.PROBED: frozenset({_S.PROBE_FAILED, _S.DELIVERED, _S.SECRET_GONE, _S.CREATE_INTENT}),
    _S.DELIVERED: frozenset({_S.INSTALL_CLAIMED, _S.SECRET_GONE}) | _WATCH,
    _S.SECRET_GONE: frozenset({_S.CREATE_INTENT}) | _WATCH,
    _S.INSTALL_CLAIMED: frozenset({_S.IDP_TESTED, _S.UNPROVEN_ACCEPTED}) | _WATCH,
    _S.IDP_TESTED: frozenset({_S.INSTALL_CLAIMED, _S.UNPROVEN_ACCEPTED}) | _WATCH,
    _S.WATCHING: frozenset({_S.PROVEN, _S.DELETED, _S.UNPROVEN_ACCEPTED, _S.INSTALL_CLAIMED}),
    _S.PROVEN: frozenset({_S.WATCHING, _S.DELETED, _S.SUSPENDED, _S.DELETE_CONFIRM}),
    _S.UNPROVEN_ACCEPTED: frozenset({_S.WATCHING, _S.DELETED, _S.DELETE_CONFIRM}),
    _S.SUSPENDED: frozenset({_S.WATCHING, _S.DELETED, _S.DELETE_CONFIRM}),
    _S.DELETE_CONFIRM: frozenset(
        {_S.DELETING, _S.DELETED, _S.WATCHING, _S.PROVEN, _S.UNPROVEN_ACCEPTED, _S.SUSPENDED}
    ),
    _S.DELETING: frozenset({_S.DELETED, _S.DELETE_CONFIRM}),
    _S.DELETED: frozenset({_S.AFTERWATCH, _S.DONE}),
    _S.AFTERWATCH: frozenset({_S.DONE}),
    _S.ATTENTION: frozenset(
        {
            _S.PREFLIGHT,
            _S.SECRET_GONE,
            _S.DELIVERED,
            _S.INSTALL_CLAIMED,
            _S.IDP_TESTED,
            _S.WATCHING,
            _S.DELETED,
            _S.AFTERWATCH,
        }
    ),
    _S.DONE: frozenset(),
    _S.ABORTED: frozenset(),
}
"""Every state may also stay; every open one may go to ATTENTION, or be ABORTED."""


def apply(rotation: Rotation, event: RotationEvent) -> Rotation:
    """The rotation after the event. Raises `OutOfTurn` or `ConfirmationMissing`: not now."""
    if not rotation.open:
        raise OutOfTurn(f"The rotation {rotation.id} is over.", "Start a new one.")
    found = event.apply_to(rotation)
    if wrong := broken(rotation, found):
        raise OutOfTurn(wrong, "This should not happen: please report it.")
    return found


def broken(before: Rotation, after: Rotation) -> str:
    """The law that the step would break, as a sentence; empty: none."""
    if not (_may_follow(before.state, after.state) or _entered_again(before, after)):
        return f"{after.state.value!r} does not follow on {before.state.value!r}."
    if before.old != after.old:
        return "A rotation never turns to another old token."
    if after.new is not None and after.new.id == after.old.id:
        return "The new token cannot be the old one."
    if before.known_ids() - set(before.others) - after.known_ids():
        return "A token that was made would be forgotten."
    return _deletion(before, after)


def _may_follow(before: State, after: State) -> bool:
    if after is before or after in (State.ATTENTION, State.ABORTED):
        return True
    return after in NEXT[before]


def _entered_again(before: Rotation, after: Rotation) -> bool:
    """Guided: the person who made the token may enter its text a second time."""
    guided = after.strategy is Strategy.GUIDED and after.state is State.HOLDING
    return guided and before.state in PASTED_AGAIN


def _deletion(before: Rotation, after: Rotation) -> str:
    """What may be deleted, and when."""
    deletion = after.deletion
    if deletion is None or deletion == before.deletion:
        return ""
    if before.deletion is not None:
        return "One deletion at a time."
    if deletion.why is not DeletionReason.OLD:
        return "The old token goes last." if deletion.token_id == after.old.id else ""
    if after.state is not State.DELETING or deletion.token_id != after.old.id:
        return "The deletion is not of the token that was named."
    if after.new is None or not works(after) or after.strategy is Strategy.SWAP:
        return "Without a new token that works the old one stays."
    return ""
