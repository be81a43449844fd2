"""The dialogs of each change: the evidence before it, and a sentence about its outcome."""

import os

from scim_tui.core.health.snapshot import Snapshot
from scim_tui.core.workspace import Workspace
from scim_tui.model.errors import ScimTuiError
from scim_tui.model.provisioning import (
    DELETE_WORD,
    DISABLE_WORD,
    SUSPEND_WORD,
    AccessToken,
    NewToken,
)
from scim_tui.model.unknown_values import Absent
from scim_tui.tui.drawing import values as present
from scim_tui.tui.drawing.text import Line
from scim_tui.tui.modals.dialog import WIDTH
from scim_tui.tui.modals.secret import SecretDialog
from scim_tui.tui.modals.typed_confirm import TypedConfirm
from scim_tui.tui.session.host import AskingScreen


def tell_failure(page: AskingScreen, error: ScimTuiError) -> None:
    """Show what went wrong and what to do next."""
    page.say(error.sentence, "bad")


async def enable(page: AskingScreen, workspace: Workspace) -> None:
    """Enable provisioning, and hand over the endpoint and the first token."""
    page.say("Enabling provisioning.", "dim", passing=True)
    try:
        enabled = await workspace.provisioning.enable()
    except ScimTuiError as error:
        tell_failure(page, error)
        return
    if enabled.first_token is None:
        page.say("Provisioning is on. There was no new token to make.", "good")
    else:
        kept = await hand_over(page, workspace, enabled.first_token, enabled.status.scim_endpoint)
        lost = "" if kept else f" {_dropped(enabled.first_token.token.id)}"
        page.say(f"Provisioning is on.{lost}", "good" if kept else "bad")
    page.session.look_now()


async def disable(page: AskingScreen, workspace: Workspace, snapshot: Snapshot) -> None:
    """Disable provisioning after the typed word."""
    dialog = TypedConfirm(
        "DISABLE automatic provisioning",
        _disable_facts(page, snapshot),
        [
            "The IdP cannot create, change or disable users until provisioning is on again with a "
            "new endpoint and token. Leavers keep their access meanwhile."
        ],
        DISABLE_WORD,
        _command(page, workspace, "provisioning disable", "DISABLE"),
    )
    if (typed := await page.app.ask(dialog)) is None:
        page.say("Nothing was changed.", "dim")
        return
    try:
        status = await workspace.provisioning.disable(typed)
    except ScimTuiError as error:
        tell_failure(page, error)
        return
    page.say(f"Provisioning is {status.state}, as the server reports it.", "good")
    page.session.look_now()


def _room(page: AskingScreen) -> int:
    """Cells for a value beside its name in a dialog."""
    return min(page.app.size.width, WIDTH) - 20


def _command(page: AskingScreen, workspace: Workspace, act: str, word: str) -> str:
    """The command that does the same; empty for a demo, which no command can open."""
    if workspace.profile.provider == "demo":
        return ""
    return f"scim-tui {act} --profile {page.session.name} --confirm {word}"


def _disable_facts(page: AskingScreen, snapshot: Snapshot) -> list[Line]:
    users, groups = (
        "".join(span.text for span in amount) for amount in present.amounts(snapshot.summary)
    )
    cells = _room(page)
    return [
        present.field("Profile", page.session.name),
        *present.paragraph("Endpoint", present.words(snapshot.status.scim_endpoint).text, cells),
        *present.paragraph(
            "What stops", "new users, changes, group changes, disables: all of it", cells
        ),
        present.field("What stays", f"{users} and {groups}"),
        *present.paragraph("Undo", "enable again; endpoint and token will be new ones", cells),
    ]


async def create_token(page: AskingScreen, workspace: Workspace, snapshot: Snapshot) -> None:
    """Generate a token and hand its secret over."""
    page.say("Generating a token.", "dim", passing=True)
    try:
        new = await workspace.tokens.create()
    except ScimTuiError as error:
        tell_failure(page, error)
        return
    if await hand_over(page, workspace, new, snapshot.status.scim_endpoint):
        page.say(
            f"Token {new.token.id} exists. Install it in the IdP; it is used when LAST USED "
            "shows it.",
            "good",
        )
    else:
        page.say(_dropped(new.token.id), "bad")
    page.session.look_now()


def _dropped(token: str) -> str:
    return (
        f"The secret of {token} was dropped and cannot be shown again: "
        "delete the token and make another."
    )


async def hand_over(
    page: AskingScreen, workspace: Workspace, new: NewToken, endpoint: str | Absent
) -> bool:
    """Show the secret dialog; True when the secret was copied or saved."""
    shown = str(endpoint) if isinstance(endpoint, Absent) else endpoint
    path = workspace.facts.get("idp_token_file") or os.path.join("~", f"{new.token.id}.secret")
    dialog = SecretDialog(new, shown, workspace.tokens.save_secret, path)
    answer: bool | None = await page.app.ask(dialog)
    return answer is True


async def delete_token(page: AskingScreen, workspace: Workspace, token: AccessToken) -> None:
    """Delete a token after the typed word, with the evidence of its use."""
    typed = await page.app.ask(delete_dialog(page, workspace, token))
    if typed is None:
        page.say("Nothing was deleted.", "dim")
        return
    try:
        await workspace.tokens.delete(token.id, typed)
    except ScimTuiError as error:
        tell_failure(page, error)
        return
    page.say(f"Token {token.id} is deleted; requests with it get 401.", "good")
    page.session.look_now()


async def switch_token(page: AskingScreen, workspace: Workspace, token: AccessToken) -> None:
    """Suspend a token after the typed word, or reinstate a suspended one."""
    try:
        if token.suspended is True:
            await workspace.tokens.reinstate(token.id)
            page.say(f"Token {token.id} is let in again.", "good")
        else:
            typed = await page.app.ask(suspend_dialog(page, workspace, token))
            if typed is None:
                page.say("Nothing was changed.", "dim")
                return
            await workspace.tokens.suspend(token.id, typed)
            page.say(f"Token {token.id} is suspended; Z lets it in again.", "good")
    except ScimTuiError as error:
        tell_failure(page, error)
        return
    page.session.look_now()


def suspend_dialog(page: AskingScreen, workspace: Workspace, token: AccessToken) -> TypedConfirm:
    """The dialog before a token is suspended, with the evidence of its use."""
    facts, warnings = _use_of(page, workspace, token)
    facts += present.paragraph("Undo", "Z again lets it in; it keeps its slot", _room(page))
    return TypedConfirm(
        f"SUSPEND access token {token.id}",
        facts,
        warnings,
        SUSPEND_WORD,
        _command(page, workspace, f"tokens suspend {token.id}", SUSPEND_WORD),
    )


def delete_dialog(page: AskingScreen, workspace: Workspace, token: AccessToken) -> TypedConfirm:
    """The dialog before a token is deleted, with the evidence of its use."""
    facts, warnings = _use_of(page, workspace, token)
    return TypedConfirm(
        f"DELETE access token {token.id}",
        facts,
        warnings,
        DELETE_WORD,
        _command(page, workspace, f"tokens delete {token.id}", "DELETE"),
    )


def _use_of(
    page: AskingScreen, workspace: Workspace, token: AccessToken
) -> tuple[list[Line], list[str]]:
    """The facts about the token, and the warnings about its use."""
    evidence = workspace.tokens.evidence(token, workspace.clock())
    facts = [
        present.field("Profile", page.session.name),
        present.field("Token", token.id),
        present.field("Created", present.moment(token.created_at)),
        present.field("Expires", present.moment(token.expires_at)),
        *present.paragraph("Use", " ".join(e.text for e in evidence if not e.warning), _room(page)),
    ]
    return facts, [each.text for each in evidence if each.warning]
