"""The wizard's steps: each asks what it needs, calls the core, and shows the result."""

from collections.abc import Awaitable, Callable

from scim_tui.model.errors import ScimTuiError
from scim_tui.model.rotation.guards import HELD
from scim_tui.model.rotation.next_step import Next
from scim_tui.model.rotation.proof import level
from scim_tui.model.rotation.rotation import State
from scim_tui.model.rotation.settle import not_known
from scim_tui.tui.drawing import values as present
from scim_tui.tui.rotation import asking, delivery, ending, messages
from scim_tui.tui.rotation.test_user import look_for_request
from scim_tui.tui.rotation.wizard import Wizard

Step = Callable[[Wizard], Awaitable[None]]
_CHECKS = (State.PREFLIGHT, State.FREE_SLOT, State.CREATE_INTENT)
_NO_ANSWER = (State.CREATING, State.CREATE_LOST, State.DELETING)


async def go_on(wizard: Wizard) -> None:
    """Do what comes next; leave a rotation that is over."""
    rotation = wizard.rotation
    if rotation is None:
        return
    if not rotation.open:
        wizard.leave()
        return
    await STEP_FOR[wizard.next(rotation)](wizard)
    await wizard.load_slots()


async def _check(wizard: Wizard) -> None:
    rotations = wizard.opened().rotations
    await wizard.attempt(messages.CHECKING_AGAIN, rotations.check)


async def _free_slot(wizard: Wizard) -> None:
    """Choose a token that is not needed, and delete it after the typed word."""
    await wizard.load_slots()
    chosen = await wizard.ask(asking.slot_choice(wizard))
    found = next((each for each in wizard.slots if each[0].id == chosen), None)
    if found is None:
        wizard.say(messages.NOTHING_DELETED, "dim")
        return
    token, reason = found
    if reason:
        wizard.say(reason, "warn")
        return
    typed = await wizard.ask(wizard.screen.delete_dialog(token))
    if not typed:
        wizard.say(messages.NOTHING_DELETED, "dim")
        return
    rotations = wizard.opened().rotations
    if await wizard.attempt(
        messages.deleting(token.id), lambda: rotations.free_slot(token.id, typed)
    ):
        wizard.say(messages.slot_free(token.id), "good")


async def _create(wizard: Wizard) -> None:
    """Make the token, and test it."""
    rotations = wizard.opened().rotations
    await wizard.attempt(messages.ASKING_NEW, rotations.create)
    await _test_new(wizard)


async def _create_by_swap(wizard: Wizard) -> None:
    """Make the only token anew, and hand it over at once: until then the IdP is refused."""
    await delivery.create_by_swap(wizard)
    await _test_new(wizard)
    if wizard.rotation and wizard.rotation.state is State.PROBED:
        await delivery.deliver(wizard)


async def _enter(wizard: Wizard) -> None:
    """Take the token that a person made, and test it."""
    await asking.paste(wizard)
    await _test_new(wizard)


async def _test_new(wizard: Wizard) -> None:
    if wizard.rotation and wizard.rotation.state is State.HOLDING:
        await _probe(wizard)


async def _probe(wizard: Wizard) -> None:
    rotations = wizard.opened().rotations
    if await wizard.attempt(messages.TESTING_NEW, rotations.probe):
        _show_probe(wizard)


def _show_probe(wizard: Wizard) -> None:
    rotation = wizard.rotation
    if rotation is None or not rotation.probes:
        return
    last = rotation.probes[-1]
    if last.ok:
        wizard.say(messages.probe_accepted(rotation.label), "good")
    else:
        wizard.say(messages.probe_refused(last.message), "bad")


async def _find_out(wizard: Wizard) -> None:
    await wizard.attempt(messages.FINDING_OUT, wizard.opened().rotations.resume)


async def discard(wizard: Wizard) -> None:
    """Delete the new token, which is not in use, and go back to making one."""
    rotation, rotations = wizard.rotation, wizard.opened().rotations
    if rotation is None or rotation.new is None:
        return
    typed = await wizard.ask(asking.discard(wizard, rotation))
    if not typed:
        wizard.say(messages.NOTHING_DELETED, "dim")
        return
    new = rotation.new.id
    if await wizard.attempt(messages.deleting(new), lambda: rotations.discard(typed)):
        wizard.say(messages.make_another(new), "good")


async def settle(wizard: Wizard) -> None:
    """Go on from the state that a person found at the provider, with the reason they give."""
    rotations = wizard.opened().rotations
    reason = await wizard.ask(asking.reason_prompt(messages.WHAT_FOUND))
    if reason:
        await wizard.attempt(messages.GOING_ON, lambda: rotations.settle(reason))


async def abort(wizard: Wizard) -> None:
    """Stop the rotation; delete the new token if the person wants that and it is not in use."""
    rotations = wizard.opened().rotations
    if wizard.rotation is not None and not_known(wizard.rotation):
        await wizard.attempt(messages.FINDING_OUT, rotations.resume)
    if (rotation := wizard.rotation) is None:
        return
    if reason := not_known(rotation):
        rotations.not_stopped(reason)
        wizard.say(messages.not_stopped(f"{reason} r looks again."), "warn")
        return
    answer, why = await asking.abort(wizard, rotation)
    if answer is None:
        rotations.not_stopped(why)
        wizard.say(messages.not_stopped(f"{why}."), "dim")
        return
    wizard.say(messages.STOPPING, "dim", passing=True)
    try:
        stopped = await rotations.abort(answer)
    except ScimTuiError as error:
        await wizard.reload()
        wizard.say(messages.not_stopped(error.sentence).strip(), "bad")
        return
    await wizard.reload()
    wizard.say(messages.stopped(stopped.ending), "warn")


async def look(wizard: Wizard) -> None:
    """Look now; before anything was made, run the checks again."""
    rotation = wizard.rotation
    if rotation and rotation.state in _CHECKS:
        await _check(wizard)
        await wizard.load_slots()
        return
    if rotation and rotation.state in _NO_ANSWER:
        await _find_out(wizard)
        return
    if await wizard.attempt(messages.LOOKING_WHO, wizard.opened().rotations.look):
        await _show_uses(wizard)


async def _show_uses(wizard: Wizard) -> None:
    if (rotation := wizard.rotation) is not None:
        at = present.moment(rotation.seen.looked_at).text
        wizard.say(messages.looked_at(at[-9:], str(level(rotation))), "dim", passing=True)


async def look_quietly(wizard: Wizard) -> None:
    """Look, without a message unless it fails."""
    try:
        await wizard.opened().rotations.look()
        await look_for_request(wizard)
    except ScimTuiError as error:
        wizard.fail(error)
    await wizard.reload()


STEP_FOR: dict[Next, Step] = {
    Next.CHECK: _check,
    Next.FREE_SLOT: _free_slot,
    Next.CREATE: _create,
    Next.CREATE_BY_SWAP: _create_by_swap,
    Next.ENTER: _enter,
    Next.ENTER_AGAIN: _enter,
    Next.FIND_OUT: _find_out,
    Next.TEST: _probe,
    Next.DISCARD: discard,
    Next.DELIVER: delivery.deliver,
    Next.CONFIRM_INSTALL: delivery.installed,
    Next.IDP_TEST: delivery.idp_test,
    Next.LOOK: look,
    Next.SUSPEND: ending.suspend,
    Next.SOAK: look,
    Next.DELETE_OLD: ending.delete_old,
    Next.LOOK_AFTER: look,
    Next.SETTLE: settle,
}
"""The step for each value of `Next`."""


async def test(wizard: Wizard) -> None:
    """Our own test before the secret is handed over, the IdP's own afterwards."""
    rotation = wizard.rotation
    if rotation and rotation.state in HELD:
        await _probe(wizard)
    else:
        await delivery.idp_test(wizard)


READING_STEPS: tuple[Step, ...] = (look, look_quietly)
"""The steps that only read from the server."""
BY_ACTION: dict[str, Step] = {
    "go_on": go_on,
    "refresh": look,
    "unproven": ending.unproven,
    "trigger": delivery.trigger,
    "test": test,
    "secret": delivery.show_again,
    "discard": discard,
    "abort": abort,
    "by_hand": delivery.by_hand,
    "suspend": ending.suspend,
    "export": ending.export,
}
