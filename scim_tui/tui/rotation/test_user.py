"""Pick a test user whose change in the IdP triggers a provisioning request."""

from scim_tui.core.workspace import Workspace
from scim_tui.model.activity import Event
from scim_tui.model.directory import Kind
from scim_tui.model.errors import ScimTuiError
from scim_tui.model.unknown_values import Absent
from scim_tui.tui.drawing.text import Span
from scim_tui.tui.modals.choice import Choice
from scim_tui.tui.modals.prompt import Prompt
from scim_tui.tui.rotation import messages
from scim_tui.tui.rotation.view import TestUser
from scim_tui.tui.rotation.wizard import Wizard
from scim_tui.tui.widgets.table import Column

_MOST = 20
_NEWEST = 200


async def pick(wizard: Wizard, how: str) -> None:
    """Choose a user of the directory, and say what to change of it in the IdP."""
    workspace = wizard.session.workspace
    if workspace is None:
        return
    words = (messages.WHO_IS_IT, messages.then(how))
    text = await wizard.ask(Prompt(messages.TEST_USER_TITLE, words))
    if not text:
        wizard.say(messages.person_does(how), "accent")
        return
    try:
        name = await _one_of(wizard, workspace, text.strip())
    except ScimTuiError as error:
        wizard.fail(error)
        return
    if name:
        wizard.watch_for(TestUser(name, workspace.clock()))
        wizard.screen.redraw()
        wizard.say(messages.change_user(name))


async def _one_of(wizard: Wizard, workspace: Workspace, text: str) -> str:
    """The userName of the user that is meant; empty: none was chosen."""
    found = await workspace.directory.first_rows(Kind.USERS, text, "", _MOST)
    rows = found.users(0, _MOST)
    if not rows:
        # What is not listed yet may exist all the same: the name is taken as it was typed.
        return text
    if len(rows) == 1:
        return rows[0].user_name
    columns = (Column("USER", 28, 1), Column("NAME", 20, 1))
    names = [
        (row.user_name, (Span(row.user_name), Span(row.display_name or "", "dim"))) for row in rows
    ]
    return await wizard.ask(Choice(messages.WHICH_ONE, columns, names)) or ""


async def look_for_request(wizard: Wizard) -> None:
    """Note the newest request about the test user. Raises what the provider raises."""
    workspace, user = wizard.session.workspace, wizard.test_user
    if workspace is None or user is None or not workspace.provider.capabilities.events:
        return
    events = (await workspace.provider.events(limit=_NEWEST, since=user.since)).events
    about = next((event for event in events if _same(event, user)), None)
    if about is not None:
        wizard.test_user_seen(_words(wizard, about))


def _same(event: Event, user: TestUser) -> bool:
    return not isinstance(event.target, Absent) and event.target.casefold() == user.name.casefold()


def _words(wizard: Wizard, event: Event) -> str:
    rotation = wizard.rotation
    if rotation is None:
        return f"{event.operation} {event.status} at {event.at:%H:%M:%SZ}"
    new, old = rotation.label, rotation.old.id
    token = {new: "the new token", old: "the OLD token"}.get(str(event.token_id), "no token known")
    return f"{event.operation} {event.status} at {event.at:%H:%M:%SZ} with {token}"
