"""What proof a rotation needs on a profile, and how long is waited for it."""

from datetime import timedelta
from typing import TYPE_CHECKING

from scim_tui.config.profiles import Profile
from scim_tui.model.rotation.rotation import Level, Policy

if TYPE_CHECKING:
    from scim_tui.idps.port import Idp

LATE = timedelta(minutes=15)
"""How late a record of CloudTrail may come (CloudTrail user guide)."""
DEMO = Policy(
    cycle=timedelta(seconds=20), least=timedelta(seconds=20), afterwatch=timedelta(seconds=20)
)
"""The simulated IdP writes every few seconds, so a cycle of an hour is not needed."""


def policy_of(profile: Profile, idp: "Idp", *, delayed: bool = False) -> Policy:
    """What the profile asks for; else the usual, with this IdP's cycle where that is longer.

    Where records come `delayed`, silence counts only after that delay.
    """
    if profile.provider == "demo":
        return DEMO
    usual, late = Policy(), LATE if delayed else timedelta()
    cycle = max(usual.cycle, idp.guide.cycle or usual.cycle)
    if profile.idp_cycle is not None:
        cycle = profile.idp_cycle
    return Policy(
        level=Level[profile.proof],
        silence=profile.proof_silence,
        cycle=cycle + late,
        least=min(usual.least, cycle) + late,
        suspend=profile.suspend_old,
    )
