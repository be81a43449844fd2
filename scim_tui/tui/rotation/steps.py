"""The wizard's steps: the dialogs before each verb of the core, and the words after it."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from scim_tui.core.rotation.journal import HeldElsewhere
from scim_tui.model.errors import ScimTuiError
from scim_tui.model.provisioning import DELETE_WORD
from scim_tui.model.rotation.deliver import PASTED_AGAIN
from scim_tui.model.rotation.proof import level
from scim_tui.model.rotation.rotation import TAKE_OVER, State, Strategy
from scim_tui.model.rotation.settle import not_known
from scim_tui.tui.drawing import values as present
from scim_tui.tui.rotation import asking as rotation_asking
from scim_tui.tui.rotation import delivery as rotation_delivery
from scim_tui.tui.rotation import ending
from scim_tui.tui.rotation.ending import verbs
from scim_tui.tui.rotation.test_user import look_for
from scim_tui.tui.shell import changes

if TYPE_CHECKING:
    from scim_tui.tui.rotation.screen import RotationPage
    from scim_tui.tui.shell.page import Page

Work = Callable[["RotationPage"], Awaitable[None]]


async def begin(page: "Page") -> None:
    """From Status or Tokens into the wizard: start a rotation, or go on with the open one."""
    from scim_tui.tui.rotation.screen import RotationPage

    workspace = page.session.workspace
    if workspace is None:
        return
    rotations = workspace.rotations
    wizard = page.app.page("rotation")
    assert isinstance(wizard, RotationPage)
    try:
        standing = await rotations.status()
        if standing.rotation is None or not standing.rotation.open:
            page.say("Looking at both ends before anything is changed.", "dim", passing=True)
            await rotations.start(await rotation_asking.old_id(page))
        else:
            await _resume(page)
        wizard.rotation = (await rotations.status()).rotation
        if wizard.rotation and wizard.rotation.state is State.FREE_SLOT:
            wizard.slots = await rotations.slots()
    except ScimTuiError as error:
        changes.tell_failure(page, error)
        return
    wizard.came_from = page.NAME
    page.app.go_to("rotation")


async def _resume(page: "Page") -> None:
    """Go on; where somebody else holds it, only after the typed words. Raises `ScimTuiError`."""
    workspace = page.session.opened()
    try:
        await workspace.rotations.resume()
    except HeldElsewhere as error:
        if not await page.app.ask(rotation_asking.take_over(page, error)):
            raise
        await workspace.rotations.resume(TAKE_OVER)


async def go_on(page: "RotationPage") -> None:
    """Do what comes next."""
    rotation = page.rotation
    if rotation is None:
        return
    if not rotation.open:
        page.app.go_to(page.came_from)
        return
    again = rotation.strategy is Strategy.GUIDED and rotation.state in PASTED_AGAIN
    await (_create if again else _NEXT[rotation.state])(page)
    await _slots(page)


async def _slots(page: "RotationPage") -> None:
    rotations, found = page.rotations, page.rotation
    if rotations is None or found is None or found.state is not State.FREE_SLOT:
        return
    try:
        page.slots = await rotations.slots()
    except ScimTuiError as error:
        changes.tell_failure(page, error)
    page.redraw()


async def _check(page: "RotationPage") -> None:
    rotations = verbs(page)
    await page.attempt("Running the checks again.", rotations.check)


async def _free_slot(page: "RotationPage") -> None:
    """Choose a token that is not needed, and delete it after the typed word."""
    await _slots(page)
    chosen = await page.app.ask(rotation_asking.slot_choice(page))
    found = next((each for each in page.slots if each[0].id == chosen), None)
    if found is None:
        page.say("Nothing was deleted.", "dim")
        return
    token, reason = found
    if reason:
        page.say(reason, "warn")
        return
    if not await page.app.ask(changes.delete_dialog(page, page.session.opened(), token)):
        page.say("Nothing was deleted.", "dim")
        return
    rotations = verbs(page)
    if await page.attempt(
        f"Deleting {token.id}.", lambda: rotations.free_slot(token.id, DELETE_WORD)
    ):
        page.say(f"{token.id} is deleted; a slot is free.", "good")


async def _create(page: "RotationPage") -> None:
    """Make the token, or take the one that a person made, and test it."""
    rotations, rotation = verbs(page), page.rotation
    if rotation is None:
        return
    if rotation.strategy is Strategy.GUIDED:
        await rotation_asking.paste(page)
    elif rotation.strategy is Strategy.SWAP:
        await rotation_delivery.arm(page)
    else:
        await page.attempt("Asking for a new token.", rotations.create)
    if page.rotation and page.rotation.state is State.HOLDING:
        await _probe(page)
    if page.rotation and page.rotation.state is State.PROBED and page.rotation.armed:
        # Until it is installed nobody can provision, so there is no stop in between.
        await rotation_delivery.deliver(page)


async def _probe(page: "RotationPage") -> None:
    rotations = verbs(page)
    if await page.attempt("Testing the new token once.", rotations.probe):
        _tell_probe(page)


def _tell_probe(page: "RotationPage") -> None:
    rotation = page.rotation
    if rotation is None or not rotation.probes:
        return
    last = rotation.probes[-1]
    if last.ok:
        page.say(f"Our own request with {rotation.label} was accepted: E1.", "good")
    else:
        page.say(f"Our own request was not accepted: {last.message}", "bad")


async def _find_out(page: "RotationPage") -> None:
    await page.attempt("Finding out what became of it.", verbs(page).resume)


async def discard(page: "RotationPage") -> None:
    """Delete the new token, which nobody uses, and go back to making one."""
    rotation, rotations = page.rotation, verbs(page)
    if rotation is None or rotation.new is None:
        return
    if not await page.app.ask(rotation_asking.discard(page, rotation)):
        page.say("Nothing was deleted.", "dim")
        return
    new = rotation.new.id
    if await page.attempt(f"Deleting {new}.", lambda: rotations.discard(DELETE_WORD)):
        page.say(f"{new} is deleted; make another one.", "good")


async def settle(page: "RotationPage") -> None:
    """A person looked, and lets it go on."""
    rotations = verbs(page)
    reason = await page.app.ask(rotation_asking.reason_prompt("What did you find?"))
    if reason:
        await page.attempt("Going on from what exists.", lambda: rotations.settle(reason))


async def abort(page: "RotationPage") -> None:
    """Stop, and delete what was made if the person wants that and nobody uses it."""
    rotations = verbs(page)
    if page.rotation is not None and not_known(page.rotation):
        await page.attempt("Finding out what became of it.", rotations.resume)
    if (rotation := page.rotation) is None:
        return
    if reason := not_known(rotation):
        rotations.not_stopped(reason)
        page.say(f"Nothing was stopped: {reason} r looks again.", "warn")
        return
    answer, why = await rotation_asking.abort(page, rotation)
    if answer is None:
        rotations.not_stopped(why)
        page.say(f"Nothing was stopped: {why}.", "dim")
        return
    page.say("Stopping.", "dim", passing=True)
    try:
        stopped = await rotations.abort(answer)
    except ScimTuiError as error:
        await page.reload()
        page.say(f"Nothing was stopped: {error.sentence}", "bad")
        return
    await page.reload()
    page.say(f"Stopped. {stopped.ending}", "warn")


async def look(page: "RotationPage") -> None:
    """Look now; before anything was made, run the checks again."""
    rotation = page.rotation
    if rotation and rotation.state in (State.PREFLIGHT, State.FREE_SLOT, State.CREATE_INTENT):
        await _check(page)
        await _slots(page)
        return
    if rotation and rotation.state in (State.CREATING, State.CREATE_LOST, State.DELETING):
        await _find_out(page)
        return
    if await page.attempt("Looking who uses which token.", verbs(page).look):
        await _tell_look(page)


async def _tell_look(page: "RotationPage") -> None:
    if (rotation := page.rotation) is not None:
        at = present.moment(rotation.seen.looked_at).text
        page.say(f"Looked at {at[-9:]}: {level(rotation)}.", "dim", passing=True)


async def look_quietly(page: "RotationPage") -> None:
    """Look; only what is new changes the screen."""
    try:
        await verbs(page).look()
        if page.test_user is not None:
            page.test_user = await look_for(page, page.test_user)
    except ScimTuiError as error:
        changes.tell_failure(page, error)
    await page.reload()


async def _suspended(page: "RotationPage") -> None:
    await ending.suspended(page, look)


S = State
_NEXT: dict[State, Work] = {
    S.PREFLIGHT: _check,
    S.FREE_SLOT: _free_slot,
    S.CREATE_INTENT: _create,
    S.CREATING: _find_out,
    S.CREATE_LOST: _find_out,
    S.HOLDING: _probe,
    S.PROBE_FAILED: _probe,
    S.SECRET_GONE: discard,
    S.PROBED: rotation_delivery.deliver,
    S.DELIVERED: rotation_delivery.installed,
    S.INSTALL_CLAIMED: rotation_delivery.idp_test,
    S.IDP_TESTED: look,
    S.WATCHING: look,
    S.PROVEN: ending.proven,
    S.SUSPENDED: _suspended,
    S.UNPROVEN_ACCEPTED: ending.delete_old,
    S.DELETE_CONFIRM: ending.delete_old,
    S.DELETING: _find_out,
    S.DELETED: look,
    S.AFTERWATCH: look,
    S.ATTENTION: settle,
}


async def test(page: "RotationPage") -> None:
    """Our own test while the token is in our hands only, the IdP's own afterwards."""
    rotation = page.rotation
    if rotation and rotation.state in (S.HOLDING, S.PROBE_FAILED, S.PROBED):
        await _probe(page)
    else:
        await rotation_delivery.idp_test(page)


BY_ACTION: dict[str, Work] = {
    "go_on": go_on,
    "refresh": look,
    "unproven": ending.unproven,
    "trigger": rotation_delivery.trigger,
    "test": test,
    "secret": rotation_delivery.show_again,
    "discard": discard,
    "abort": abort,
    "by_hand": rotation_delivery.by_hand,
    "suspend": ending.suspend,
    "export": ending.export,
}
