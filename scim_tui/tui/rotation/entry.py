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
from scim_tui.tui.rotation import messages
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
            page.say(messages.LOOKING_AT_BOTH, "dim", passing=True)
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
    """The id of the old token where tokens cannot be listed; else empty, for the one in use."""
    if workspace.provider.capabilities.list_tokens:
        return ""
    words = (messages.OLD_ID_HELP,)
    known = first_to_end([each.token for each in await workspace.ledger.list()], workspace.clock())
    prompt = Prompt(
        messages.OLD_ID_TITLE,
        words,
        known.id if known else "",
        check=at_least(1, messages.TYPE_ID),
    )
    return await page.app.ask(prompt) or ""


def _take_over(page: Page, error: ScimTuiError) -> TypedConfirm:
    """The question where another process works on the rotation."""
    facts = [line(error.message), (), present.field("Profile", page.session.name)]
    warnings = [messages.TAKE_OVER_WARNING]
    return TypedConfirm(
        messages.TAKE_OVER_TITLE,
        facts,
        warnings,
        TAKE_OVER,
        f"{messages.RESUME_COMMAND} --take-over '{TAKE_OVER}'",
    )
