"""From read-only to changes and back: asked for by a typed word, and written down."""

from typing import TYPE_CHECKING

from scim_tui.core.base.mutation import WRITE_WORD
from scim_tui.model.errors import ScimTuiError
from scim_tui.tui.drawing import values as present
from scim_tui.tui.drawing.text import clean, middle
from scim_tui.tui.modals.typed_confirm import TypedConfirm
from scim_tui.tui.shell.changes import tell_failure

if TYPE_CHECKING:
    from scim_tui.core.workspace import Workspace
    from scim_tui.tui.shell.page import Page

_ROOM = 50


async def ask(page: "Page", workspace: "Workspace") -> None:
    """The other way round than it is now."""
    guard = workspace.guard
    if not guard.read_only:
        await guard.forbid_changes()
        page.say("Read-only from now on.", "good")
        page.session.changed()
        return
    word: str | None = ""
    if not guard.bound:
        word = await page.app.ask(_question(workspace))
    if word is not None:
        try:
            await guard.allow_changes(word)
        except ScimTuiError as error:
            tell_failure(page, error)
            return
        page.say("Changes are allowed until this profile is left, or W.", "warn")
    page.session.changed()


def _question(workspace: "Workspace") -> TypedConfirm:
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
