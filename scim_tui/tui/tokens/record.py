"""Record a token that the provider does not list: its id, its creation and its end."""

from scim_tui.core.workspace import Workspace
from scim_tui.model.ages import day
from scim_tui.model.errors import ScimTuiError
from scim_tui.model.rotation.token_notes import NotedToken, read_day
from scim_tui.model.unknown_values import Absent, Moment
from scim_tui.tui.modals.prompt import Prompt
from scim_tui.tui.session.host import AskingScreen
from scim_tui.tui.shell.changes import show_error
from scim_tui.tui.tokens import messages


async def record(page: AskingScreen, workspace: Workspace, current: NotedToken | None) -> None:
    """Ask for id, creation and end one after the other, and write them down."""
    id_prompt = Prompt(
        messages.ID_PROMPT, messages.ID_HELP, current.id if current else "", check=_id
    )
    if not (named := await page.app.ask(id_prompt)):
        return
    mine = current if current and current.id == named.strip() else None
    made = await _ask_day(
        page,
        messages.CREATED_PROMPT.format(id=named.strip()),
        messages.CREATED_HELP,
        mine.created_at if mine else Absent.UNKNOWN,
    )
    if made is None:
        return
    ends = await _ask_day(
        page,
        messages.EXPIRES_PROMPT.format(id=named.strip()),
        messages.EXPIRES_HELP,
        mine.expires_at if mine and not mine.computed else Absent.UNKNOWN,
    )
    if ends is None:
        return
    try:
        found = await workspace.ledger.record(named, read_day(made), read_day(ends))
    except ScimTuiError as error:
        show_error(page, error)
        return
    page.say(messages.recorded(found.id, _end(found), found.source), "good")
    page.session.look_now()


async def _ask_day(
    page: AskingScreen, title: str, words: tuple[str, ...], known: Moment
) -> str | None:
    return await page.app.ask(Prompt(title, words, _typed(known), check=_day))


def _end(note: NotedToken) -> str:
    if note.expires_at is Absent.UNKNOWN:
        return messages.NO_KNOWN_END
    return "ends never" if note.expires_at is Absent.NEVER else f"ends {day(note.expires_at)}"


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
