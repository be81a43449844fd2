"""Switch between read-only and changes: after a typed word, and with an audit entry."""

from scim_tui.core.base.mutation import WRITE_WORD
from scim_tui.core.workspace import Workspace
from scim_tui.model.errors import ScimTuiError
from scim_tui.tui.drawing import values as present
from scim_tui.tui.drawing.text import clean, middle
from scim_tui.tui.modals.typed_confirm import TypedConfirm
from scim_tui.tui.session.host import AskingScreen
from scim_tui.tui.shell.changes import tell_failure

_ROOM = 50


async def switch(page: AskingScreen, workspace: Workspace) -> None:
    """Allow changes where they are forbidden, after the typed word; else forbid them."""
    if workspace.guard.read_only:
        await _allow(page, workspace)
    else:
        await workspace.guard.forbid_changes()
        page.say("Read-only from now on.", "good")
    page.session.changed()


async def _allow(page: AskingScreen, workspace: Workspace) -> None:
    guard = workspace.guard
    # Where --read-only was promised no word would help, and the guard says so.
    typed: str | None = ""
    if not guard.bound:
        typed = await page.app.ask(_question(workspace))
    if typed is None:
        return
    try:
        await guard.allow_changes(typed)
    except ScimTuiError as error:
        tell_failure(page, error)
    else:
        page.say("Changes are allowed until this profile is left, or W.", "warn")


def _question(workspace: Workspace) -> TypedConfirm:
    profile = workspace.profile
    facts = [
        present.field("Profile", profile.label),
        present.field("Provider", clean(workspace.provider.title)),
        present.field("Endpoint", middle(profile.endpoint or profile.admin_endpoint or "-", _ROOM)),
        present.field("Until", "the profile is left, or W is pressed again"),
        present.field("Written", "into the audit trail, before it holds"),
    ]
    warnings = ["This is production: what is changed here decides who can sign in."]
    return TypedConfirm(
        f"ALLOW CHANGES in {profile.name}",
        facts,
        warnings if profile.production else [],
        WRITE_WORD,
        f"scim-tui --profile {profile.name} --read-write" if profile.provider != "demo" else "",
    )
