"""The end of the wizard: the pause, the deletion with or without full proof, and the receipt."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from scim_tui.config.paths import write_new_file
from scim_tui.model.errors import ScimTuiError
from scim_tui.model.provisioning import DELETE_WORD
from scim_tui.model.rotation.proof import level, server_now
from scim_tui.model.rotation.receipt import as_text
from scim_tui.model.rotation.rotation import State, Strategy
from scim_tui.model.rotation.suspend import soak_left
from scim_tui.tui.modals.prompt import Prompt
from scim_tui.tui.rotation import asking as rotation_asking

if TYPE_CHECKING:
    from scim_tui.core.rotation.api import Rotations
    from scim_tui.tui.rotation.screen import RotationPage

Look = Callable[["RotationPage"], Awaitable[None]]


async def delete_old(page: "RotationPage") -> None:
    """Delete the old token after the typed word, with the proof in front."""
    rotation, rotations = page.rotation, verbs(page)
    if rotation is None or not await page.app.ask(rotation_asking.delete_old(page, rotation)):
        page.say("Nothing was deleted.", "dim")
        return
    await _deleted(page, rotation.strategy)
    if page.rotation and page.rotation.state in (State.DELETED, State.AFTERWATCH):
        await page.attempt("Looking whether anybody is refused.", rotations.look)
        page.say(f"{rotation.old.id} is gone. Whoever still sends it gets 401.", "good")


async def suspend(page: "RotationPage") -> None:
    """Switch the old token off for a cycle, or on again; both can be undone, so a yes is enough."""
    rotation, rotations = page.rotation, verbs(page)
    if rotation is None:
        return
    if rotation.state is State.SUSPENDED:
        if await page.attempt(f"Letting {rotation.old.id} in again.", rotations.reinstate):
            page.say(f"{rotation.old.id} is on again, and watched.", "good")
        return
    if not await page.app.ask(rotation_asking.suspend(page, rotation)):
        page.say("Nothing was switched off.", "dim")
        return
    if await page.attempt(f"Switching {rotation.old.id} off.", rotations.suspend):
        page.say(f"{rotation.old.id} is off; a refusal brings it back by itself.", "good")


async def proven(page: "RotationPage") -> None:
    """The pause first where this rotation has one."""
    pauses = page.rotation is not None and page.rotation.strategy is Strategy.SUSPEND
    await (suspend if pauses else delete_old)(page)


async def suspended(page: "RotationPage", look: Look) -> None:
    """After a whole cycle it may go; before that, look."""
    workspace = page.session.workspace
    rotation = page.rotation
    soaked = (
        workspace and rotation and not soak_left(rotation, server_now(rotation, workspace.clock()))
    )
    await (delete_old if soaked else look)(page)


async def export(page: "RotationPage") -> None:
    """Write the receipt for a ticket."""
    rotation = page.rotation
    if rotation is None:
        return
    text = as_text(rotation)

    async def write(path: str) -> str:
        try:
            await asyncio.to_thread(write_new_file, path.strip(), text)
        except ScimTuiError as error:
            return error.sentence
        return ""

    words = ("A new file, readable by its owner only (0600). It holds ids and times, no secret.",)
    path = await page.app.ask(Prompt("Write the receipt", words, f"~/{rotation.id}.txt", write))
    if path:
        page.say(f"The receipt is in {path.strip()}.", "good")


async def _deleted(page: "RotationPage", strategy: Strategy) -> None:
    rotations = verbs(page)
    verb = rotations.deleted_by_word if strategy is Strategy.GUIDED else rotations.delete_old
    await page.attempt("Looking once more, then deleting.", lambda: verb(DELETE_WORD))


async def unproven(page: "RotationPage") -> None:
    """Accept less than the policy wants: a reason and both words, then the deletion."""
    rotation, rotations = page.rotation, verbs(page)
    if rotation is None:
        return
    reason = await rotation_asking.unproven(page, rotation)
    if not reason:
        page.say("Nothing was accepted, nothing was deleted.", "dim")
        return
    accepted = await page.attempt(
        "Looking once more.",
        lambda: rotations.accept_unproven(rotation.old.id, DELETE_WORD, reason),
    )
    if accepted and rotation.strategy is Strategy.GUIDED:
        # The words were for less proof; that it is deleted is another word, for later.
        page.say(f"Accepted. Delete {rotation.old.id} in the console, then Enter.", "warn")
    elif accepted:
        await _deleted(page, rotation.strategy)
        if page.rotation and page.rotation.state in (State.DELETED, State.AFTERWATCH):
            page.say(f"{rotation.old.id} is gone, accepted with {level(rotation)}.", "warn")


def verbs(page: "RotationPage") -> "Rotations":
    """The verbs of the core. Raises `Unreachable` while the connection is not open."""
    return page.session.opened().rotations
