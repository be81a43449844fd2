"""The person whose change makes an IdP speak that nobody can make speak by a request."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from scim_tui.model.directory import Kind
from scim_tui.model.errors import ScimTuiError
from scim_tui.model.unknown_values import Absent
from scim_tui.tui.drawing.text import Span
from scim_tui.tui.modals.choice import Choice
from scim_tui.tui.modals.prompt import Prompt
from scim_tui.tui.shell import changes
from scim_tui.tui.widgets.table import Column

if TYPE_CHECKING:
    from scim_tui.core.workspace import Workspace
    from scim_tui.model.activity import Event
    from scim_tui.tui.rotation.screen import RotationPage

_MOST = 20
_NEWEST = 200


@dataclass(frozen=True, slots=True)
class TestUser:
    """Who is to be changed in the IdP, since when that is waited for, and what came of it."""

    name: str
    since: datetime
    seen: str = ""
    """The newest request about this person, in words; empty: none yet."""


async def pick(page: "RotationPage", how: str) -> None:
    """Choose somebody of the directory, and say what to change of them in the IdP."""
    workspace = page.session.workspace
    if workspace is None:
        return
    words = ("Who is it? A part of the name, the address or the id is enough.", f"Then: {how}")
    text = await page.app.ask(Prompt("A test user, assigned to the app in the IdP", words))
    if not text:
        page.say(f"A person does it: {how}", "accent")
        return
    try:
        name = await _one_of(page, workspace, text.strip())
    except ScimTuiError as error:
        changes.tell_failure(page, error)
        return
    if name:
        page.test_user = TestUser(name, workspace.clock())
        page.redraw()
        page.say(f"Change one attribute of {name} in the IdP; its request is watched for.")


async def _one_of(page: "RotationPage", workspace: "Workspace", text: str) -> str:
    """The userName of the one who is meant; empty: nobody was chosen."""
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
    return await page.app.ask(Choice("Which one?", columns, names)) or ""


async def look_for(page: "RotationPage", user: TestUser) -> TestUser:
    """Whether a request about the test user arrived. Raises what the provider raises."""
    workspace = page.session.workspace
    if workspace is None or not workspace.provider.capabilities.events:
        return user
    events = (await workspace.provider.events(limit=_NEWEST, since=user.since)).events
    about = next((event for event in events if _same(event, user)), None)
    if about is None:
        return user
    return TestUser(user.name, user.since, _words(page, about))


def _same(event: "Event", user: TestUser) -> bool:
    return not isinstance(event.target, Absent) and event.target.casefold() == user.name.casefold()


def _words(page: "RotationPage", event: "Event") -> str:
    rotation = page.rotation
    if rotation is None:
        return f"{event.operation} {event.status} at {event.at:%H:%M:%SZ}"
    new, old = rotation.label, rotation.old.id
    token = {new: "the new token", old: "the OLD token"}.get(str(event.token_id), "no token known")
    return f"{event.operation} {event.status} at {event.at:%H:%M:%SZ} with {token}"
