"""Rotation, ways out: what happened outside, what a person settles, and the end before the end."""

from dataclasses import dataclass, replace
from datetime import datetime

from scim_tui.model.errors import ConfirmationMissing
from scim_tui.model.rotation import By, OutOfTurn, Rotation, State
from scim_tui.model.rotation_guards import (
    Tokens,
    attention,
    find,
    old_may_miss,
    require_no_deletion,
    unproven,
    without_new,
)
from scim_tui.model.rotation_watch import LEAST_REASON


@dataclass(frozen=True, slots=True)
class Settled:
    """A person looked at what needed attention, and lets the rotation go on from the facts."""

    at: datetime
    reason: str
    tokens: Tokens | None = None

    def onto(self, rotation: Rotation) -> Rotation:
        """Never straight to a deletion: at most back to watching."""
        rotation.require("Settling it", State.ATTENTION)
        reason = " ".join(self.reason.split())
        if len(reason) < LEAST_REASON:
            raise ConfirmationMissing("A reason is needed; nothing was done.", "Give one.")
        found = rotation.but(trouble="", settled_at=self.at, back=None)
        if rotation.deletion is not None:
            raise OutOfTurn("A deletion is under way.", "Look first.")
        if isinstance(rotation.gone_at, datetime):
            return found.to(State.AFTERWATCH, self.at, reason)
        return replace(self, reason=reason).by_facts(found, rotation.back)

    def by_facts(self, rotation: Rotation, back: State | None) -> Rotation:
        """Where the tokens that exist say it stands."""
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
            return found.but(others=others).to(State.PREFLIGHT, at, self.reason)
        if new_there and not old_there:
            return rotation.to(State.DELETED, at, self.reason, gone_at=at, gone_by=By.OUTSIDE)
        if not new_there:
            raise OutOfTurn("Neither the old nor the new token exists.", "Abort, and start anew.")
        if back is State.SECRET_GONE and rotation.seen.other_requests:
            return unproven(rotation, at, self.reason)
        if back in (State.SECRET_GONE, State.DELIVERED, State.INSTALL_CLAIMED, State.IDP_TESTED):
            return rotation.to(back, at, self.reason)
        return unproven(rotation, at, self.reason)


@dataclass(frozen=True, slots=True)
class OutsideChange:
    """Something happened that a person has to know of before anything goes on."""

    at: datetime
    what: str

    def onto(self, rotation: Rotation) -> Rotation:
        """Attention, unless it is over or an answer is awaited."""
        if not rotation.open or rotation.deletion or rotation.state is State.CREATING:
            return rotation.but(trouble=self.what) if rotation.open else rotation
        return attention(rotation, self.at, self.what)


@dataclass(frozen=True, slots=True)
class Aborted:
    """A person stops it; `ending` tells which tokens exist now."""

    at: datetime
    ending: str

    def onto(self, rotation: Rotation) -> Rotation:
        """Not while it is unknown what became of a request, or a token is switched off."""
        if not rotation.open:
            raise OutOfTurn("This rotation is over.")
        require_no_deletion(rotation)
        if rotation.state in (State.CREATING, State.CREATE_LOST):
            raise OutOfTurn("It is not known yet whether a token was made.", "Look first.")
        if rotation.state is State.SUSPENDED:
            raise OutOfTurn("The old token is off.", "Switch it on again first.")
        return rotation.to(State.ABORTED, self.at, ending=self.ending)
