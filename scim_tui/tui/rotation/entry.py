"""From Status or Tokens into the wizard: start a rotation, or go on with the open one."""

from scim_tui.core.health.signals import first_to_end
from scim_tui.core.rotation.api import Rotations
from scim_tui.core.rotation.journal import HeldElsewhere
from scim_tui.core.workspace import Workspace
from scim_tui.model.errors import ScimTuiError
from scim_tui.model.rotation.rotation import TAKE_OVER
from scim_tui.tui.drawing import values as present
from scim_tui.tui.drawing.text import line
from scim_tui.tui.modals.prompt import Prompt
from scim_tui.tui.modals.typed_confirm import TypedConfirm
from scim_tui.tui.rotation.asking import at_least
from scim_tui.tui.rotation.screen import RotationPage
from scim_tui.tui.shell import changes
from scim_tui.tui.shell.page import Page


async def begin(page: Page) -> None:
    """Start a rotation, or resume the open one, and show the wizard."""
    workspace = page.session.workspace
    if workspace is None:
        return
    screen = page.app.page("rotation")
    assert isinstance(screen, RotationPage)
    try:
        standing = await workspace.rotations.status()
        if standing.rotation is None or not standing.rotation.open:
            page.say("Looking at both ends before anything is changed.", "dim", passing=True)
            await workspace.rotations.start(await _old_id(page, workspace))
        else:
            await _resume(page, workspace.rotations)
        await screen.wizard.load()
    except ScimTuiError as error:
        changes.show_error(page, error)
        return
    screen.wizard.open_from(page.NAME)
    page.app.go_to("rotation")


async def _resume(page: Page, rotations: Rotations) -> None:
    """Go on; take it over from another process only after the typed words."""
    try:
        await rotations.resume()
    except HeldElsewhere as error:
        typed = await page.app.ask(_take_over(page, error))
        if not typed:
            raise
        await rotations.resume(typed)


async def _old_id(page: Page, workspace: Workspace) -> str:
    """Where tokens cannot be listed, the id of the old one; else empty: the one in use."""
    if workspace.provider.capabilities.list_tokens:
        return ""
    words = ("The tokens cannot be listed here. The old one needs a name in the receipt.",)
    known = first_to_end([each.token for each in await workspace.ledger.list()], workspace.clock())
    prompt = Prompt(
        "Id of the token to be replaced",
        words,
        known.id if known else "",
        check=at_least(1, "Type its id."),
    )
    return await page.app.ask(prompt) or ""


def _take_over(page: Page, error: ScimTuiError) -> TypedConfirm:
    """The question where another process works on the rotation."""
    facts = [line(error.message), (), present.field("Profile", page.session.name)]
    warnings = [
        "What the other session still does will fail from then on. If it holds the secret "
        "of a new token, that text is lost with it, and the token has to be made again. "
        "Ask there first."
    ]
    return TypedConfirm(
        "TAKE OVER the rotation",
        facts,
        warnings,
        TAKE_OVER,
        "scim-tui tokens rotate --resume --take-over 'TAKE OVER'",
    )
