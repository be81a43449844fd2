"""Rotation events outside the usual order: settled by a person, or stopped early."""

from dataclasses import dataclass, replace
from datetime import datetime

from scim_tui.model.capabilities import Capability
from scim_tui.model.errors import ConfirmationMissing, Unsupported
from scim_tui.model.rotation.deliver import discardable
from scim_tui.model.rotation.guards import (
    Tokens,
    find,
    old_may_miss,
    unproven,
    without_new,
)
from scim_tui.model.rotation.rotation import KnownBy, OutOfTurn, Rotation, State
from scim_tui.model.rotation.watch import LEAST_REASON


@dataclass(frozen=True, slots=True)
class Settled:
    """A person looked at the problem; the rotation goes on with the tokens that exist."""

    at: datetime
    reason: str
    tokens: Tokens | None = None

    def apply_to(self, rotation: Rotation) -> Rotation:
        """Goes back to watching at most, never directly to a deletion."""
        rotation.require("Settling it", State.ATTENTION)
        reason = " ".join(self.reason.split())
        if len(reason) < LEAST_REASON:
            raise ConfirmationMissing("A reason is needed; nothing was done.", "Give one.")
        found = rotation.with_(trouble="", settled_at=self.at, return_state=None)
        if rotation.deletion is not None:
            raise OutOfTurn("A deletion is under way.", "Look first.")
        if isinstance(rotation.gone_at, datetime):
            return found.to(State.AFTERWATCH, self.at, reason)
        return replace(self, reason=reason).by_facts(found, rotation.return_state)

    def by_facts(self, rotation: Rotation, return_state: State | None) -> Rotation:
        """The state that follows from the tokens that exist."""
        tokens, new, at = self.tokens, rotation.new, self.at
        old_there = tokens is None or old_may_miss(rotation) or find(tokens, rotation.old)
        new_there = new is not None and (tokens is None or find(tokens, new) is not None)
        if old_there and not new_there:
            found = without_new(rotation, at)
            others = (
                found.others
                if tokens is None
                else tuple(token.id for token in tokens if token.id != rotation.old.id)
            )
            return found.with_(others=others).to(State.PREFLIGHT, at, self.reason)
        if new_there and not old_there:
            return rotation.to(State.DELETED, at, self.reason, gone_at=at, gone_by=KnownBy.OUTSIDE)
        if not new_there:
            raise OutOfTurn("Neither the old nor the new token exists.", "Abort, and start anew.")
        if return_state is State.SECRET_GONE and rotation.seen.other_requests:
            return unproven(rotation, at, self.reason)
        if return_state in (
            State.SECRET_GONE,
            State.DELIVERED,
            State.INSTALL_CLAIMED,
            State.IDP_TESTED,
        ):
            return rotation.to(return_state, at, self.reason)
        return unproven(rotation, at, self.reason)


@dataclass(frozen=True, slots=True)
class Aborted:
    """A person stops it; `ending` says which tokens exist now."""

    at: datetime
    ending: str

    def apply_to(self, rotation: Rotation) -> Rotation:
        """Raises while the outcome of a request is unknown, or the old token is suspended."""
        require_stoppable(rotation)
        return rotation.to(State.ABORTED, self.at, ending=self.ending)


def require_stoppable(rotation: Rotation) -> None:
    """Raise `OutOfTurn` where a rotation cannot be stopped before its end, with the reason."""
    if not rotation.open:
        raise OutOfTurn("This rotation is over.")
    if reason := not_known(rotation):
        raise OutOfTurn(reason, "Look first: scim-tui tokens rotate --resume")
    if rotation.state is State.SUSPENDED:
        raise OutOfTurn("The old token is off.", "Switch it on again first.")


def not_known(rotation: Rotation) -> str:
    """Which request is not known to be carried out, as a sentence; empty: all are known."""
    if rotation.deletion is not None:
        return f"It is not known yet whether {rotation.deletion.token_id} was deleted."
    if rotation.state in (State.CREATING, State.CREATE_LOST):
        return "It is not known yet whether a token was made."
    return ""


@dataclass(frozen=True, slots=True)
class WayToStop:
    """One way to stop a rotation before its end."""

    title: str
    leaves: str
    """Which tokens there are afterwards."""
    deletes: bool = False
    """Whether the new token is deleted first, which needs the typed word."""


def ways_to_stop(rotation: Rotation, can_delete: Capability) -> tuple[WayToStop, ...]:
    """The ways that are possible now."""
    keep = _keep(rotation)
    if why_not_discard(rotation, can_delete):
        return (keep,)
    clean = WayToStop("stop, and delete the new token", f"{rotation.old.id} only", deletes=True)
    return clean, keep


def why_not_discard(rotation: Rotation, can_delete: Capability) -> str:
    """Why the new token cannot be deleted when the rotation stops, or an empty text."""
    try:
        discardable(rotation)
        can_delete.require()
    except (OutOfTurn, Unsupported) as error:
        return error.message
    return ""


def _keep(rotation: Rotation) -> WayToStop:
    """Stop without a deletion; at the receipt there is only one token left to keep."""
    old, new = rotation.old.id, rotation.label
    ended = isinstance(rotation.gone_at, datetime) or old_may_miss(rotation)
    if rotation.new is None and ended:
        return WayToStop("stop before another one is made", f"no token: {old} has ended")
    if rotation.new is None:
        return WayToStop("stop; nothing was made", "every token as it is")
    if ended:
        return WayToStop("stop; the old token is gone", f"{new}; {old} is gone")
    off = " on again," if rotation.state is State.SUSPENDED else ""
    return WayToStop("stop, and keep both tokens", f"{old}{off} and {new}")
