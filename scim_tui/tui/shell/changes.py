"""Changes of provisioning and of tokens: the dialog before each, and the message after it."""

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
from scim_tui.tui.shell import messages


def show_error(page: AskingScreen, error: ScimTuiError) -> None:
    """Show an error: what went wrong and what to do next."""
    page.say(error.sentence, "bad")


async def enable(page: AskingScreen, workspace: Workspace) -> None:
    """Enable provisioning, and hand over the endpoint and the first token."""
    page.say(messages.ENABLING, "dim", passing=True)
    try:
        enabled = await workspace.provisioning.enable()
    except ScimTuiError as error:
        show_error(page, error)
        return
    if enabled.first_token is None:
        page.say(messages.ENABLED_ONLY, "good")
    else:
        kept = await hand_over(page, workspace, enabled.first_token, enabled.status.scim_endpoint)
        lost = "" if kept else f" {messages.secret_dropped(enabled.first_token.token.id)}"
        page.say(f"{messages.ENABLED}{lost}", "good" if kept else "bad")
    page.session.look_now()


async def disable(page: AskingScreen, workspace: Workspace, snapshot: Snapshot) -> None:
    """Disable provisioning after the typed word."""
    dialog = TypedConfirm(
        messages.DISABLE_TITLE,
        _disable_facts(page, snapshot),
        [messages.DISABLE_WARNING],
        DISABLE_WORD,
        _command(page, workspace, "provisioning disable", DISABLE_WORD),
    )
    if (typed := await page.app.ask(dialog)) is None:
        page.say(messages.NOTHING_CHANGED, "dim")
        return
    try:
        status = await workspace.provisioning.disable(typed)
    except ScimTuiError as error:
        show_error(page, error)
        return
    page.say(messages.provisioning_is(status.state), "good")
    page.session.look_now()


def _value_width(page: AskingScreen) -> int:
    """Cells for a value beside its name in a dialog."""
    return min(page.app.size.width, WIDTH) - 20


def _command(page: AskingScreen, workspace: Workspace, act: str, word: str) -> str:
    """The command that does the same; empty for a demo, as it exists in this process only."""
    if workspace.profile.provider == "demo":
        return ""
    return f"scim-tui {act} --profile {page.session.name} --confirm {word}"


def _disable_facts(page: AskingScreen, snapshot: Snapshot) -> list[Line]:
    users, groups = (
        "".join(span.text for span in amount) for amount in present.amounts(snapshot.summary)
    )
    cells = _value_width(page)
    return [
        present.field("Profile", page.session.name),
        *present.paragraph("Endpoint", present.words(snapshot.status.scim_endpoint).text, cells),
        *present.paragraph("What stops", messages.STOPS_ALL, cells),
        present.field("What stays", messages.users_and_groups(users, groups)),
        *present.paragraph("Undo", messages.ENABLE_AGAIN, cells),
    ]


async def create_token(page: AskingScreen, workspace: Workspace, snapshot: Snapshot) -> None:
    """Generate a token and hand its secret over."""
    page.say(messages.GENERATING, "dim", passing=True)
    try:
        new = await workspace.tokens.create()
    except ScimTuiError as error:
        show_error(page, error)
        return
    if await hand_over(page, workspace, new, snapshot.status.scim_endpoint):
        page.say(
            messages.token_made(new.token.id),
            "good",
        )
    else:
        page.say(messages.secret_dropped(new.token.id), "bad")
    page.session.look_now()


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
        page.say(messages.NOTHING_DELETED, "dim")
        return
    try:
        await workspace.tokens.delete(token.id, typed)
    except ScimTuiError as error:
        show_error(page, error)
        return
    page.say(messages.token_deleted(token.id), "good")
    page.session.look_now()


async def switch_token(page: AskingScreen, workspace: Workspace, token: AccessToken) -> None:
    """Suspend a token after the typed word, or reinstate a suspended one."""
    try:
        if token.suspended is True:
            await workspace.tokens.reinstate(token.id)
            page.say(messages.token_reinstated(token.id), "good")
        else:
            typed = await page.app.ask(suspend_dialog(page, workspace, token))
            if typed is None:
                page.say(messages.NOTHING_CHANGED, "dim")
                return
            await workspace.tokens.suspend(token.id, typed)
            page.say(messages.token_suspended(token.id), "good")
    except ScimTuiError as error:
        show_error(page, error)
        return
    page.session.look_now()


def suspend_dialog(page: AskingScreen, workspace: Workspace, token: AccessToken) -> TypedConfirm:
    """The dialog before a token is suspended, with the evidence of its use."""
    facts, warnings = _use_of(page, workspace, token)
    facts += present.paragraph("Undo", messages.SUSPEND_UNDO, _value_width(page))
    return TypedConfirm(
        messages.suspend_title(token.id),
        facts,
        warnings,
        SUSPEND_WORD,
        _command(page, workspace, f"tokens suspend {token.id}", SUSPEND_WORD),
    )


def delete_dialog(page: AskingScreen, workspace: Workspace, token: AccessToken) -> TypedConfirm:
    """The dialog before a token is deleted, with the evidence of its use."""
    facts, warnings = _use_of(page, workspace, token)
    return TypedConfirm(
        messages.delete_title(token.id),
        facts,
        warnings,
        DELETE_WORD,
        _command(page, workspace, f"tokens delete {token.id}", DELETE_WORD),
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
        *present.paragraph(
            "Use", " ".join(e.text for e in evidence if not e.warning), _value_width(page)
        ),
    ]
    return facts, [each.text for each in evidence if each.warning]
