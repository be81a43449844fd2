"""Recording a token that the provider does not list: its id, when it was made, when it ends."""

from typing import TYPE_CHECKING

from scim_tui.model.ages import day
from scim_tui.model.errors import ScimTuiError
from scim_tui.model.rotation.token_notes import read_day
from scim_tui.model.unknown_values import Absent, Moment
from scim_tui.tui.modals.prompt import Prompt
from scim_tui.tui.session.host import AskingScreen
from scim_tui.tui.shell.changes import tell_failure

if TYPE_CHECKING:
    from scim_tui.core.workspace import Workspace
    from scim_tui.model.rotation.token_notes import NotedToken

_KEPT = "Only ids and dates are kept, with your name: never type a secret here."


async def record(page: AskingScreen, workspace: "Workspace", current: "NotedToken | None") -> None:
    """Ask for the three things one by one, and write them down."""
    named = await page.app.ask(
        Prompt(
            "Id of the token",
            ("As the console of the provider lists it.", _KEPT),
            current.id if current else "",
            check=_id,
        )
    )
    if not named:
        return
    mine = current if current and current.id == named.strip() else None
    made = await page.app.ask(
        Prompt(
            f"When was {named.strip()} made?",
            ("Such as 2026-11-23; empty: not known.",),
            _typed(mine.created_at) if mine else "",
            check=_day,
        )
    )
    if made is None:
        return
    words = (
        "Such as 2027-11-23, or never; empty: not known, or computed where the provider's "
        "tokens are valid for a year.",
    )
    told = mine.expires_at if mine and not mine.computed else Absent.UNKNOWN
    ends = await page.app.ask(
        Prompt(f"When does {named.strip()} end?", words, _typed(told), check=_day)
    )
    if ends is None:
        return
    try:
        found = await workspace.ledger.record(named, read_day(made), read_day(ends))
    except ScimTuiError as error:
        tell_failure(page, error)
        return
    end = "has no known end" if found.expires_at is Absent.UNKNOWN else f"ends {_end(found)}"
    page.say(f"Recorded: {found.id} {end}, {found.source}.", "good")
    page.session.look_now()


def _end(note: "NotedToken") -> str:
    return "never" if note.expires_at is Absent.NEVER else day(note.expires_at)


def _typed(at: Moment) -> str:
    """A date as it would be typed."""
    if isinstance(at, Absent):
        return "" if at is Absent.UNKNOWN else "never"
    return f"{at:%Y-%m-%d}"


def _id(text: str) -> str:
    from scim_tui.core.tokens.ledger import require_id

    try:
        require_id(text.strip())
    except ScimTuiError as error:
        return error.sentence
    return ""


def _day(text: str) -> str:
    try:
        read_day(text)
    except ScimTuiError as error:
        return error.sentence
    return ""
