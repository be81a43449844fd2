"""Rotation events of the pause before the deletion: the old token is off, and can be put back.

Where a product can switch a token off and on, that shows which client still needs the token.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from scim_tui.model.ages import span
from scim_tui.model.rotation.guards import find, unproven
from scim_tui.model.rotation.proof import Observation, silence_needed, stale
from scim_tui.model.rotation.rotation import OutOfTurn, Rotation, State, Strategy
from scim_tui.model.unknown_values import UNKNOWN, Absent


@dataclass(frozen=True, slots=True)
class SuspendSent:
    """The old token is about to be switched off."""

    at: datetime

    def apply_to(self, rotation: Rotation) -> Rotation:
        """It counts as off from here on."""
        rotation.require("Suspending the old token", State.PROVEN)
        if rotation.strategy not in (Strategy.OVERLAP, Strategy.SUSPEND):
            raise OutOfTurn("This rotation does not suspend tokens.", "Delete the old one.")
        if stale(rotation, self.at):
            raise OutOfTurn("The proof is too old.", "Look again.")
        return rotation.to(
            State.SUSPENDED, self.at, suspended_at=self.at, strategy=Strategy.SUSPEND
        )


@dataclass(frozen=True, slots=True)
class Unsuspended:
    """The old token is on again, or never went off."""

    at: datetime
    why: str = ""

    def apply_to(self, rotation: Rotation) -> Rotation:
        """Back to watching; the reason is kept in the history."""
        rotation.require("Switching the old token on", State.SUSPENDED)
        return unproven(rotation.with_(suspended_at=UNKNOWN), self.at, self.why)


def is_off(rotation: Rotation) -> bool:
    """Whether the old token is switched off, as far as this rotation is concerned."""
    return rotation.state is State.SUSPENDED or (
        rotation.state is State.DELETE_CONFIRM and rotation.return_state is State.SUSPENDED
    )


def soaking(rotation: Rotation, look: Observation) -> Rotation:
    """Check, while the old token is off, that no client is refused and that it stays off."""
    old = find(look.tokens or (), rotation.old)
    if old is not None and old.suspended is False:
        return unproven(rotation.with_(suspended_at=UNKNOWN), look.at, f"{old.id} is on")
    refused, off = rotation.seen.newest_refused_at, rotation.suspended_at
    if not (isinstance(refused, datetime) and isinstance(off, datetime) and refused > off):
        return rotation
    who = rotation.seen.refused_client
    name = "A client" if isinstance(who, Absent) else who
    trouble = f"{name} was refused since {rotation.old.id} is off."
    return rotation.to(State.SUSPENDED, look.at, trouble, trouble=trouble, return_state=None)


def require_soaked(rotation: Rotation, at: datetime) -> None:
    """Raise `OutOfTurn` unless it was off for a whole cycle, and no client was refused."""
    if rotation.trouble:
        raise OutOfTurn(rotation.trouble, "Switch the old token on again.")
    if left := soak_left(rotation, at):
        raise OutOfTurn(f"{rotation.old.id} has to be off for {span(left)} more.", "Wait.")


def soak_left(rotation: Rotation, at: datetime) -> timedelta:
    """How long the old token still has to be off before it may go."""
    begins = [rotation.suspended_at, rotation.seen.silent_from]
    known = [moment for moment in begins if isinstance(moment, datetime)]
    off = isinstance(rotation.suspended_at, datetime)
    been = at - max(known) if off else timedelta()
    return max(silence_needed(rotation) - been, timedelta())
