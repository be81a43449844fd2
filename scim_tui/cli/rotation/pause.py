"""The pause before the old token goes: it is off for a cycle, and nobody may be refused."""

from typing import TYPE_CHECKING

from scim_tui.cli.base.output import say
from scim_tui.cli.rotation.answers import NotYet
from scim_tui.model.ages import span
from scim_tui.model.rotation.rotation import Rotation, State
from scim_tui.model.rotation.suspend import soak_left

if TYPE_CHECKING:
    from scim_tui.cli.rotation.drive import Drive


async def switch_off(drive: "Drive", rotation: Rotation) -> Rotation:
    """Suspend the old token; `soak` watches what comes of it."""
    found = await drive.rotations.suspend()
    if found.state is State.SUSPENDED:
        left = span(soak_left(found, drive.now(found)))
        say(f"{rotation.old.id} is off for {left}, and let in again if anybody is refused.")
    return found


async def switch_on(drive: "Drive") -> Rotation:
    """Let the old token in again, as a person wants it, and stop there."""
    found = await drive.rotations.reinstate()
    raise NotYet(f"{found.old.id} is on again, and stays valid.", "Go on when it may go: --resume.")


async def soak(drive: "Drive") -> Rotation:
    """Look until the cycle is over. Raises `NotYet` when somebody was refused, or time is up."""
    while True:
        found = await drive.look()
        if found.state is not State.SUSPENDED:
            raise NotYet(
                f"{found.old.id} is on again: {found.history[-1].note}",
                "Find out who still holds it, then go on: --resume",
            )
        left = soak_left(found, drive.now(found))
        if not left:
            return found
        if not drive.may_wait():
            raise NotYet(
                f"{found.old.id} is off, and has to be for {span(left)} more.",
                "Go on later: --resume --wait-observed 45m. --reinstate lets it in again.",
            )
        await drive.rest()
