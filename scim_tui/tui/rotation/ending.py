"""The end of the wizard: the pause, the deletion with or without full proof, and the receipt."""

import asyncio

from scim_tui.config.paths import write_new_file
from scim_tui.model.errors import ScimTuiError
from scim_tui.model.rotation.proof import level
from scim_tui.model.rotation.receipt import as_text
from scim_tui.model.rotation.rotation import State, Strategy
from scim_tui.tui.modals.prompt import Prompt
from scim_tui.tui.rotation import asking
from scim_tui.tui.rotation.wizard import Wizard


async def delete_old(wizard: Wizard) -> None:
    """Delete the old token after the typed word, with the proof in front."""
    rotation, rotations = wizard.rotation, wizard.opened().rotations
    if rotation is None:
        return
    typed = await wizard.ask(asking.delete_old(wizard, rotation))
    if not typed:
        wizard.say("Nothing was deleted.", "dim")
        return
    await _deleted(wizard, rotation.strategy, typed)
    if wizard.rotation and wizard.rotation.state in (State.DELETED, State.AFTERWATCH):
        await wizard.attempt("Looking whether a client is refused.", rotations.look)
        wizard.say(f"{rotation.old.id} is gone. Requests with it get 401.", "good")


async def suspend(wizard: Wizard) -> None:
    """Switch the old token off for a cycle, or on again; both can be undone, so a yes is enough."""
    rotation, rotations = wizard.rotation, wizard.opened().rotations
    if rotation is None:
        return
    if rotation.state is State.SUSPENDED:
        if await wizard.attempt(f"Letting {rotation.old.id} in again.", rotations.reinstate):
            wizard.say(f"{rotation.old.id} is on again, and watched.", "good")
        return
    if not await wizard.ask(asking.suspend(wizard, rotation)):
        wizard.say("Nothing was switched off.", "dim")
        return
    if await wizard.attempt(f"Switching {rotation.old.id} off.", rotations.suspend):
        wizard.say(f"{rotation.old.id} is off; a refusal brings it back by itself.", "good")


async def export(wizard: Wizard) -> None:
    """Write the receipt for a ticket."""
    rotation = wizard.rotation
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
    path = await wizard.ask(Prompt("Write the receipt", words, f"~/{rotation.id}.txt", write))
    if path:
        wizard.say(f"The receipt is in {path.strip()}.", "good")


async def _deleted(wizard: Wizard, strategy: Strategy, typed: str) -> None:
    rotations = wizard.opened().rotations
    verb = rotations.deleted_by_word if strategy is Strategy.GUIDED else rotations.delete_old
    await wizard.attempt("Looking once more, then deleting.", lambda: verb(typed))


async def unproven(wizard: Wizard) -> None:
    """Accept less than the policy wants: a reason and both words, then the deletion."""
    rotation, rotations = wizard.rotation, wizard.opened().rotations
    if rotation is None:
        return
    words = await asking.unproven(wizard, rotation)
    if words is None:
        wizard.say("Nothing was accepted, nothing was deleted.", "dim")
        return
    reason, old_id, typed = words
    accepted = await wizard.attempt(
        "Looking once more.", lambda: rotations.accept_unproven(old_id, typed, reason)
    )
    if accepted and rotation.strategy is Strategy.GUIDED:
        # The words were for less proof; that it is deleted is another word, for later.
        wizard.say(f"Accepted. Delete {rotation.old.id} in the console, then Enter.", "warn")
    elif accepted:
        await _deleted(wizard, rotation.strategy, typed)
        if wizard.rotation and wizard.rotation.state in (State.DELETED, State.AFTERWATCH):
            wizard.say(f"{rotation.old.id} is gone, accepted with {level(rotation)}.", "warn")
