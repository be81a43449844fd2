"""The last steps: suspend the old token, delete it with or without full proof, the receipt."""

import asyncio

from scim_tui.config.paths import write_new_file
from scim_tui.model.errors import ScimTuiError
from scim_tui.model.rotation.proof import level
from scim_tui.model.rotation.receipt import as_text
from scim_tui.model.rotation.rotation import State, Strategy
from scim_tui.tui.modals.prompt import Prompt
from scim_tui.tui.rotation import asking, messages
from scim_tui.tui.rotation.wizard import Wizard


async def delete_old(wizard: Wizard) -> None:
    """Delete the old token after the typed word, with the proof in front."""
    rotation, rotations = wizard.rotation, wizard.opened().rotations
    if rotation is None:
        return
    typed = await wizard.ask(asking.delete_old(wizard, rotation))
    if not typed:
        wizard.say(messages.NOTHING_DELETED, "dim")
        return
    await _deleted(wizard, rotation.strategy, typed)
    if wizard.rotation and wizard.rotation.state in (State.DELETED, State.AFTERWATCH):
        await wizard.attempt(messages.LOOKING_REFUSED, rotations.look)
        wizard.say(messages.old_deleted(rotation.old.id), "good")


async def suspend(wizard: Wizard) -> None:
    """Suspend the old token for a cycle, or reinstate it. Both can be undone, so y is enough."""
    rotation, rotations = wizard.rotation, wizard.opened().rotations
    if rotation is None:
        return
    if rotation.state is State.SUSPENDED:
        if await wizard.attempt(messages.reinstating(rotation.old.id), rotations.reinstate):
            wizard.say(messages.reinstated(rotation.old.id), "good")
        return
    if not await wizard.ask(asking.suspend(wizard, rotation)):
        wizard.say(messages.NOTHING_SWITCHED, "dim")
        return
    if await wizard.attempt(messages.suspending(rotation.old.id), rotations.suspend):
        wizard.say(messages.suspended(rotation.old.id), "good")


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

    words = (messages.RECEIPT_HELP,)
    path = await wizard.ask(Prompt(messages.RECEIPT_TITLE, words, f"~/{rotation.id}.txt", write))
    if path:
        wizard.say(messages.receipt_written(path.strip()), "good")


async def _deleted(wizard: Wizard, strategy: Strategy, typed: str) -> None:
    rotations = wizard.opened().rotations
    verb = rotations.deleted_by_word if strategy is Strategy.GUIDED else rotations.delete_old
    await wizard.attempt(messages.DELETING_OLD, lambda: verb(typed))


async def unproven(wizard: Wizard) -> None:
    """Accept less than the policy wants: a reason and both words, then the deletion."""
    rotation, rotations = wizard.rotation, wizard.opened().rotations
    if rotation is None:
        return
    words = await asking.unproven(wizard, rotation)
    if words is None:
        wizard.say(messages.NOTHING_ACCEPTED, "dim")
        return
    reason, old_id, typed = words
    accepted = await wizard.attempt(
        messages.LOOKING_ONCE, lambda: rotations.accept_unproven(old_id, typed, reason)
    )
    if accepted and rotation.strategy is Strategy.GUIDED:
        # This accepted less proof. That the token was deleted is confirmed by another word, later.
        wizard.say(messages.accepted_in_console(rotation.old.id), "warn")
    elif accepted:
        await _deleted(wizard, rotation.strategy, typed)
        if wizard.rotation and wizard.rotation.state in (State.DELETED, State.AFTERWATCH):
            wizard.say(messages.old_deleted_unproven(rotation.old.id, str(level(rotation))), "warn")
