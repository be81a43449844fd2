"""The questions of the rotation wizard."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scim_tui.core.health.signals import first_to_end
from scim_tui.model.ages import span
from scim_tui.model.errors import ScimTuiError
from scim_tui.model.provisioning import DELETE_WORD
from scim_tui.model.rotation.proof import level, silence, silence_needed
from scim_tui.model.rotation.rotation import TAKE_OVER, Rotation, Strategy
from scim_tui.model.rotation.usage import by_idp, use_of_old, write_with_new
from scim_tui.model.rotation.watch import LEAST_REASON
from scim_tui.scim.endpoints import is_identity_center
from scim_tui.tui.drawing import values as present
from scim_tui.tui.drawing.text import Line, Span, line
from scim_tui.tui.modals.choice import Choice
from scim_tui.tui.modals.prompt import Prompt
from scim_tui.tui.modals.question import Question
from scim_tui.tui.modals.typed_confirm import TypedConfirm
from scim_tui.tui.rotation.words import needed
from scim_tui.tui.widgets.table import Column

if TYPE_CHECKING:
    from scim_tui.tui.modals.prompt import Check
    from scim_tui.tui.rotation.screen import RotationPage
    from scim_tui.tui.shell.page import Page


async def old_id(page: "Page") -> str:
    """Where tokens cannot be listed, the id of the old one; else empty: the one in use."""
    workspace = page.session.workspace
    if workspace is None or workspace.provider.capabilities.list_tokens:
        return ""
    words = ("The tokens cannot be listed here. The old one needs a name in the receipt.",)
    told = first_to_end([each.token for each in await workspace.ledger.list()], workspace.clock())
    prompt = Prompt(
        "Id of the token to be replaced",
        words,
        told.id if told else "",
        check=_some("Type its id."),
    )
    return await page.app.ask(prompt) or ""


def _some(words: str, least: int = 1) -> "Check":
    return lambda text: "" if len(" ".join(text.split())) >= least else words


def take_over(page: "Page", error: ScimTuiError) -> TypedConfirm:
    """Somebody else works on it."""
    facts = [line(error.message), (), present.field("Profile", page.session.name)]
    warnings = [
        "What the other session still does will fail from then on. If it holds the secret "
        "of a new token, that text is lost with it, and the token has to be made again. "
        "Ask there first."
    ]
    return TypedConfirm(
        "TAKE OVER the rotation",
        facts,
        warnings,
        TAKE_OVER,
        "scim-tui tokens rotate --resume --take-over 'TAKE OVER'",
    )


def slot_choice(page: "RotationPage") -> Choice:
    """Which token goes, best first."""
    columns = (
        Column("TOKEN", 14),
        Column("STATE", 8),
        Column("LAST USED", 10),
        Column("WHY NOT", 20, 1),
    )
    now = page.session.opened().clock()
    rows = [
        (
            token.id,
            (
                Span(token.id),
                Span(str(token.state(now))),
                present.last_use(token, now),
                Span(
                    reason or ("recommended" if not place else "may go"),
                    "warn" if reason else "good",
                ),
            ),
        )
        for place, (token, reason) in enumerate(page.slots)
    ]
    return Choice("Two tokens exist, the most allowed: which one is not needed?", columns, rows)


def reason_prompt(title: str) -> Prompt:
    """A sentence that is kept."""
    return Prompt(
        title,
        ("It is kept in the receipt and in the audit.",),
        check=_some("Give a reason.", LEAST_REASON),
    )


def _evidence(page: "RotationPage", rotation: Rotation) -> list[Line]:
    seen = rotation.seen
    users = ", ".join(seen.old_clients) or "nobody known"
    return [
        present.field("Profile", page.session.name),
        present.field(
            "Token",
            f"{rotation.old.id}, created "
            + present.moment(rotation.old.created_at, day_only=True).text,
        ),
        present.field("Last use", present.moment(use_of_old(rotation))),
        present.field("Seen with it", users),
        present.field("New", f"{rotation.label}, proof {level(rotation)}"),
        present.field("Newest write", present.moment(write_with_new(rotation))),
        *present.paragraph("Silence", silence(rotation), 50),
    ]


_NO_UNDO = "Whoever still uses it is refused at once, and nothing brings it back."


def delete_old(page: "RotationPage", rotation: Rotation) -> TypedConfirm:
    """The question at the end."""
    warnings = [_NO_UNDO]
    if rotation.strategy is Strategy.GUIDED:
        warnings = ["Delete it in the console first, then type the word here.", _NO_UNDO]
    return TypedConfirm(
        f"DELETE the old token {rotation.old.id}",
        _evidence(page, rotation),
        warnings,
        DELETE_WORD,
        f"scim-tui tokens rotate --resume --confirm {DELETE_WORD}",
    )


def suspend(page: "RotationPage", rotation: Rotation) -> Question:
    """The question before the pause; nothing is ended by it."""
    soak = span(silence_needed(rotation))
    words = (
        f"For {soak} every request with {rotation.old.id} is refused. As soon as anybody is, the "
        "next look lets it in again, also after this session was lost and taken up again."
    )
    return Question(
        f"Switch {rotation.old.id} off before it is deleted?",
        [*_evidence(page, rotation), (), *present.paragraph("It means", words, 50)],
        "yes, switch it off",
    )


def swap(page: "RotationPage", rotation: Rotation, way: str) -> TypedConfirm:
    """The question before the only token is replaced by the next one."""
    return TypedConfirm(
        f"DELETE {rotation.old.id} by making the next one",
        [*_evidence(page, rotation), present.field("Goes by", way)],
        [
            f"Only one token may exist: {rotation.old.id} ends at once, and the IdP is refused "
            "until the new one is installed. Have its console open."
        ],
        DELETE_WORD,
    )


async def unproven(page: "RotationPage", rotation: Rotation) -> str:
    """The reason, once both words were typed; else empty."""
    found = await page.app.ask(reason_prompt(f"Why is {level(rotation)} enough here?"))
    if not found:
        return ""
    title = f"DELETE {rotation.old.id} WITHOUT FULL PROOF"
    less = "Without that nobody knows whether the IdP works with the new one."
    warnings = [f"Seen: {level(rotation)}. Needed: {needed(rotation)}.", f"{less} {_NO_UNDO}"]
    facts = _evidence(page, rotation)
    for word in (rotation.old.id, DELETE_WORD):
        if not await page.app.ask(TypedConfirm(title, facts, warnings, word)):
            return ""
    return found


def discard(page: "RotationPage", rotation: Rotation) -> TypedConfirm:
    """The question before the new token goes."""
    facts = [
        present.field("Profile", page.session.name),
        present.field("Token", f"{rotation.label}, made by this rotation"),
        present.field("Seen with it", f"by the IdP: {by_idp(rotation)}"),
        present.field("What stays", f"{rotation.old.id}, which is not touched"),
    ]
    return TypedConfirm(
        f"DELETE the new token {rotation.label}",
        facts,
        ["Wherever its text went, it is refused from then on."],
        DELETE_WORD,
    )


async def abort(page: "RotationPage", rotation: Rotation) -> tuple[str | None, str]:
    """The word for the core, DELETE to clean up or empty to stop only; None: why it goes on."""
    columns = (Column("WHAT", 31), Column("WHAT IT LEAVES", 30, 1))
    ways = page.session.opened().rotations.ways_to_stop()
    rows = [("", (Span("go on with the rotation"), Span("everything as it is", "dim")))]
    rows += [
        (str(n), (Span(way.title), Span(way.leaves, "good" if way.word else "warn")))
        for n, way in enumerate(ways)
    ]
    chosen = await page.app.ask(Choice(f"Abort {rotation.id}?", columns, rows))
    if not chosen:
        return None, "you chose to go on"
    word = ways[int(chosen)].word
    if word and not await page.app.ask(discard(page, rotation)):
        return None, f"{DELETE_WORD} was not typed"
    return word, ""


async def paste(page: "RotationPage") -> None:
    """Guided: the id and, hidden, the text of a token that a person made."""
    from pydantic import SecretStr

    from scim_tui.tui.modals.hidden import Hidden

    rotations = page.rotations
    assert rotations is not None
    named = await page.app.ask(
        Prompt("Id of the new token", _where(page), check=_some("Type its id."))
    )
    if not named:
        return
    text = await page.app.ask(Hidden("Text of the new token", _PASTE))
    if text:
        await page.attempt("Taking the token.", lambda: rotations.paste(SecretStr(text), named))


def _where(page: "RotationPage") -> tuple[str, ...]:
    """Where a person makes the token, as far as the provider or the endpoint tells."""
    space = page.session.workspace
    console = space.provider.capabilities.console if space else ""
    host = urlsplit(page.endpoint()).hostname or ""
    if not console and not is_identity_center(host):
        return ("Make it in the console; this is its id as that lists it.",)
    return (
        console or f"https://{host.split('.')[1]}.console.aws.amazon.com/singlesignon",
        "Settings > Identity source > Actions > Manage provisioning > Generate token."
        " This is its id as the list there has it.",
    )


_PASTE: Sequence[str] = ("Paste it here. It is not echoed and not written to disk.",)
