"""Allow changes in a read-only profile after a typed word, or forbid them again; both audited."""

from scim_tui.core.base.mutation import WRITE_WORD
from scim_tui.core.workspace import Workspace
from scim_tui.model.errors import ScimTuiError
from scim_tui.tui.drawing import values as present
from scim_tui.tui.drawing.text import clean, middle
from scim_tui.tui.modals.typed_confirm import TypedConfirm
from scim_tui.tui.session.host import AskingScreen
from scim_tui.tui.shell import messages
from scim_tui.tui.shell.changes import show_error

_ENDPOINT_CELLS = 50


async def switch(page: AskingScreen, workspace: Workspace) -> None:
    """Allow changes where they are forbidden, after the typed word; else forbid them."""
    if workspace.guard.read_only:
        await _allow(page, workspace)
    else:
        await workspace.guard.forbid_changes()
        page.say(messages.CHANGES_FORBIDDEN, "good")
    page.session.changed()


async def _allow(page: AskingScreen, workspace: Workspace) -> None:
    guard = workspace.guard
    # With --read-only on the command line no word allows changes; the guard raises and says so.
    typed: str | None = ""
    if not guard.bound:
        typed = await page.app.ask(_question(workspace))
    if typed is None:
        return
    try:
        await guard.allow_changes(typed)
    except ScimTuiError as error:
        show_error(page, error)
    else:
        page.say(messages.CHANGES_ALLOWED, "warn")


def _question(workspace: Workspace) -> TypedConfirm:
    profile = workspace.profile
    facts = [
        present.field("Profile", profile.label),
        present.field("Provider", clean(workspace.provider.title)),
        present.field(
            "Endpoint", middle(profile.endpoint or profile.admin_endpoint or "-", _ENDPOINT_CELLS)
        ),
        present.field("Until", messages.ALLOWED_UNTIL),
        present.field("Written", messages.WRITTEN_FIRST),
    ]
    warnings = [messages.PRODUCTION]
    return TypedConfirm(
        messages.allow_title(profile.name),
        facts,
        warnings if profile.production else [],
        WRITE_WORD,
        f"scim-tui --profile {profile.name} --read-write" if profile.provider != "demo" else "",
    )
