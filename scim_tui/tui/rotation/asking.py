"""The questions of the rotation wizard."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from scim_tui.model.ages import span
from scim_tui.model.provisioning import DELETE_WORD
from scim_tui.model.rotation.proof import level, silence, silence_needed
from scim_tui.model.rotation.rotation import Rotation, Strategy
from scim_tui.model.rotation.usage import by_idp, use_of_old, write_with_new
from scim_tui.model.rotation.watch import LEAST_REASON
from scim_tui.scim.endpoints import is_identity_center
from scim_tui.tui.drawing import values as present
from scim_tui.tui.drawing.text import Line, Span
from scim_tui.tui.modals.choice import Choice
from scim_tui.tui.modals.prompt import Check, Prompt
from scim_tui.tui.modals.question import ConfirmDialog
from scim_tui.tui.modals.typed_confirm import TypedConfirm
from scim_tui.tui.rotation.wizard import Wizard
from scim_tui.tui.rotation.words import needed
from scim_tui.tui.widgets.table import Column


def at_least(letters: int, words: str) -> Check:
    """A check of a prompt: `words` is said of a text with fewer letters."""
    return lambda text: "" if len(" ".join(text.split())) >= letters else words


def slot_choice(wizard: Wizard) -> Choice:
    """Which token goes, best first."""
    columns = (
        Column("TOKEN", 14),
        Column("STATE", 8),
        Column("LAST USED", 10),
        Column("WHY NOT", 20, 1),
    )
    now = wizard.opened().clock()
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
        for place, (token, reason) in enumerate(wizard.slots)
    ]
    return Choice("Two tokens exist, the most allowed: which one is not needed?", columns, rows)


def reason_prompt(title: str) -> Prompt:
    """A sentence that is kept."""
    return Prompt(
        title,
        ("It is kept in the receipt and in the audit.",),
        check=at_least(LEAST_REASON, "Give a reason."),
    )


def _evidence(wizard: Wizard, rotation: Rotation) -> list[Line]:
    seen = rotation.seen
    users = ", ".join(seen.old_clients) or "no known client"
    return [
        present.field("Profile", wizard.session.name),
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


_NO_UNDO = "Requests with it are refused at once, and nothing brings it back."


def delete_old(wizard: Wizard, rotation: Rotation) -> TypedConfirm:
    """The question at the end."""
    warnings = [_NO_UNDO]
    if rotation.strategy is Strategy.GUIDED:
        warnings = ["Delete it in the console first, then type the word here.", _NO_UNDO]
    return TypedConfirm(
        f"DELETE the old token {rotation.old.id}",
        _evidence(wizard, rotation),
        warnings,
        DELETE_WORD,
        f"scim-tui tokens rotate --resume --confirm {DELETE_WORD}",
    )


def suspend(wizard: Wizard, rotation: Rotation) -> ConfirmDialog:
    """The question before the pause; nothing is ended by it."""
    soak = span(silence_needed(rotation))
    words = (
        f"For {soak} every request with {rotation.old.id} is refused. As soon as one is, the "
        "next look lets it in again, also after this session was lost and taken up again."
    )
    return ConfirmDialog(
        f"Switch {rotation.old.id} off before it is deleted?",
        [*_evidence(wizard, rotation), (), *present.paragraph("It means", words, 50)],
        "yes, switch it off",
    )


def swap(wizard: Wizard, rotation: Rotation, way: str) -> TypedConfirm:
    """The question before the only token is replaced by the next one."""
    return TypedConfirm(
        f"DELETE {rotation.old.id} by making the next one",
        [*_evidence(wizard, rotation), present.field("Goes by", way)],
        [
            f"Only one token may exist: {rotation.old.id} ends at once, and the IdP is refused "
            "until the new one is installed. Have its console open."
        ],
        DELETE_WORD,
    )


async def unproven(wizard: Wizard, rotation: Rotation) -> tuple[str, str, str] | None:
    """The reason, the old token's id and the word as they were typed; None: one is missing."""
    reason = await wizard.ask(reason_prompt(f"Why is {level(rotation)} enough here?"))
    if not reason:
        return None
    title = f"DELETE {rotation.old.id} WITHOUT FULL PROOF"
    less = "Without that it is not known whether the IdP works with the new one."
    warnings = [f"Seen: {level(rotation)}. Needed: {needed(rotation)}.", f"{less} {_NO_UNDO}"]
    facts = _evidence(wizard, rotation)
    typed_id = await wizard.ask(TypedConfirm(title, facts, warnings, rotation.old.id))
    if not typed_id:
        return None
    typed_word = await wizard.ask(TypedConfirm(title, facts, warnings, DELETE_WORD))
    return (reason, typed_id, typed_word) if typed_word else None


def discard(wizard: Wizard, rotation: Rotation) -> TypedConfirm:
    """The question before the new token goes."""
    facts = [
        present.field("Profile", wizard.session.name),
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


async def abort(wizard: Wizard, rotation: Rotation) -> tuple[str | None, str]:
    """The word for the core, empty to stop without a deletion; None: why the rotation goes on."""
    columns = (Column("WHAT", 31), Column("WHAT IT LEAVES", 30, 1))
    ways = wizard.opened().rotations.ways_to_stop()
    rows = [("", (Span("go on with the rotation"), Span("everything as it is", "dim")))]
    rows += [
        (str(n), (Span(way.title), Span(way.leaves, "good" if way.deletes else "warn")))
        for n, way in enumerate(ways)
    ]
    chosen = await wizard.ask(Choice(f"Abort {rotation.id}?", columns, rows))
    if not chosen:
        return None, "you chose to go on"
    if not ways[int(chosen)].deletes:
        return "", ""
    typed = await wizard.ask(discard(wizard, rotation))
    return (typed, "") if typed else (None, f"{DELETE_WORD} was not typed")


async def paste(wizard: Wizard) -> None:
    """Guided: the id and, hidden, the text of a token that a person made."""
    from pydantic import SecretStr

    from scim_tui.tui.modals.hidden import Hidden

    rotations = wizard.opened().rotations
    named = await wizard.ask(
        Prompt("Id of the new token", _where(wizard), check=at_least(1, "Type its id."))
    )
    if not named:
        return
    text = await wizard.ask(Hidden("Text of the new token", _PASTE))
    if text:
        await wizard.attempt("Taking the token.", lambda: rotations.paste(SecretStr(text), named))


def _where(wizard: Wizard) -> tuple[str, ...]:
    """Where a person makes the token, as far as the provider or the endpoint says."""
    space = wizard.session.workspace
    console = space.provider.capabilities.console if space else ""
    host = urlsplit(wizard.endpoint()).hostname or ""
    if not console and not is_identity_center(host):
        return ("Make it in the console; this is its id as that lists it.",)
    return (
        console or f"https://{host.split('.')[1]}.console.aws.amazon.com/singlesignon",
        "Settings > Identity source > Actions > Manage provisioning > Generate token."
        " This is its id as the list there has it.",
    )


_PASTE: Sequence[str] = ("Paste it here. It is not echoed and not written to disk.",)
