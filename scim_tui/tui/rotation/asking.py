"""The dialogs of the rotation wizard that ask before a step."""

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
from scim_tui.tui.rotation import messages
from scim_tui.tui.rotation.step_table import needed
from scim_tui.tui.rotation.wizard import Wizard
from scim_tui.tui.widgets.table import Column


def at_least(letters: int, words: str) -> Check:
    """A check of a prompt: `words` is said of a text with fewer letters."""
    return lambda text: "" if len(" ".join(text.split())) >= letters else words


def slot_choice(wizard: Wizard) -> Choice:
    """The tokens to choose from where a slot has to be freed, the best to delete first."""
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
                    reason or (messages.RECOMMENDED if not place else messages.MAY_GO),
                    "warn" if reason else "good",
                ),
            ),
        )
        for place, (token, reason) in enumerate(wizard.slots)
    ]
    return Choice(messages.WHICH_NOT_NEEDED, columns, rows)


def reason_prompt(title: str) -> Prompt:
    """Asks for a reason, which the receipt and the audit keep."""
    return Prompt(
        title,
        (messages.KEPT_REASON,),
        check=at_least(LEAST_REASON, messages.GIVE_REASON),
    )


def _evidence(wizard: Wizard, rotation: Rotation) -> list[Line]:
    seen = rotation.seen
    users = ", ".join(seen.old_clients) or messages.NO_CLIENT
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


def delete_old(wizard: Wizard, rotation: Rotation) -> TypedConfirm:
    """The question before the old token is deleted."""
    warnings = [messages.NO_UNDO]
    if rotation.strategy is Strategy.GUIDED:
        warnings = [messages.IN_CONSOLE_FIRST, messages.NO_UNDO]
    return TypedConfirm(
        messages.delete_old_title(rotation.old.id),
        _evidence(wizard, rotation),
        warnings,
        DELETE_WORD,
        f"{messages.RESUME_COMMAND} --confirm {DELETE_WORD}",
    )


def suspend(wizard: Wizard, rotation: Rotation) -> ConfirmDialog:
    """The question before the old token is suspended, which can be undone."""
    soak = span(silence_needed(rotation))
    words = messages.suspend_means(soak, rotation.old.id)
    return ConfirmDialog(
        messages.suspend_title(rotation.old.id),
        [*_evidence(wizard, rotation), (), *present.paragraph("It means", words, 50)],
        messages.YES_SWITCH_OFF,
    )


def swap(wizard: Wizard, rotation: Rotation, way: str) -> TypedConfirm:
    """The question before the only token is replaced by the next one."""
    return TypedConfirm(
        messages.swap_title(rotation.old.id),
        [*_evidence(wizard, rotation), present.field("Goes by", way)],
        [messages.swap_warning(rotation.old.id)],
        DELETE_WORD,
    )


async def unproven(wizard: Wizard, rotation: Rotation) -> tuple[str, str, str] | None:
    """The reason, the old token's id and the word as they were typed; None: one is missing."""
    reason = await wizard.ask(reason_prompt(messages.why_enough(str(level(rotation)))))
    if not reason:
        return None
    title = messages.unproven_title(rotation.old.id)
    warnings = [
        messages.seen_and_needed(str(level(rotation)), needed(rotation)),
        f"{messages.IDP_NOT_KNOWN} {messages.NO_UNDO}",
    ]
    facts = _evidence(wizard, rotation)
    typed_id = await wizard.ask(TypedConfirm(title, facts, warnings, rotation.old.id))
    if not typed_id:
        return None
    typed_word = await wizard.ask(TypedConfirm(title, facts, warnings, DELETE_WORD))
    return (reason, typed_id, typed_word) if typed_word else None


def discard(wizard: Wizard, rotation: Rotation) -> TypedConfirm:
    """The question before the new token is deleted."""
    facts = [
        present.field("Profile", wizard.session.name),
        present.field("Token", messages.made_here(rotation.label)),
        present.field("Seen with it", f"by the IdP: {by_idp(rotation)}"),
        present.field("What stays", messages.stays(rotation.old.id)),
    ]
    return TypedConfirm(
        messages.delete_new_title(rotation.label),
        facts,
        [messages.REFUSED_THEN],
        DELETE_WORD,
    )


async def abort(wizard: Wizard, rotation: Rotation) -> tuple[str | None, str]:
    """The word for the core, empty to stop without a deletion; None: why the rotation goes on."""
    columns = (Column("WHAT", 31), Column("WHAT IT LEAVES", 30, 1))
    ways = wizard.opened().rotations.ways_to_stop()
    rows = [("", (Span(messages.GO_ON), Span(messages.ALL_STAYS, "dim")))]
    rows += [
        (str(n), (Span(way.title), Span(way.leaves, "good" if way.deletes else "warn")))
        for n, way in enumerate(ways)
    ]
    chosen = await wizard.ask(Choice(f"Abort {rotation.id}?", columns, rows))
    if not chosen:
        return None, messages.CHOSE_TO_GO_ON
    if not ways[int(chosen)].deletes:
        return "", ""
    typed = await wizard.ask(discard(wizard, rotation))
    return (typed, "") if typed else (None, messages.not_typed(DELETE_WORD))


async def paste(wizard: Wizard) -> None:
    """Guided: the id and, hidden, the text of a token that a person made."""
    from pydantic import SecretStr

    from scim_tui.tui.modals.hidden import Hidden

    rotations = wizard.opened().rotations
    named = await wizard.ask(
        Prompt(messages.ID_TITLE, _where(wizard), check=at_least(1, messages.TYPE_ID))
    )
    if not named:
        return
    text = await wizard.ask(Hidden(messages.TEXT_TITLE, _PASTE))
    if text:
        await wizard.attempt(messages.TAKING, lambda: rotations.paste(SecretStr(text), named))


def _where(wizard: Wizard) -> tuple[str, ...]:
    """Where a person makes the token, as far as the provider or the endpoint says."""
    space = wizard.session.workspace
    console = space.provider.capabilities.console if space else ""
    host = urlsplit(wizard.endpoint()).hostname or ""
    if not console and not is_identity_center(host):
        return (messages.MAKE_IN_CONSOLE,)
    return (
        console or f"https://{host.split('.')[1]}.console.aws.amazon.com/singlesignon",
        messages.MAKE_IN_AWS,
    )


_PASTE: Sequence[str] = (messages.PASTE_HERE,)
