"""What comes next in a rotation, and who has to do it: decided here for both front ends."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from scim_tui.model.ages import span
from scim_tui.model.rotation.deliver import PASTED_AGAIN
from scim_tui.model.rotation.guards import HELD, old_may_miss
from scim_tui.model.rotation.proof import level, silence
from scim_tui.model.rotation.rotation import Rotation, State, Strategy
from scim_tui.model.rotation.suspend import soak_left


class Next(StrEnum):
    """What comes next; each front end has one function for each of these."""

    CHECK = "check"
    """Check both ends again."""
    FREE_SLOT = "free slot"
    """Delete a token that is not needed."""
    CREATE = "create"
    """Make the new token; the old one stays valid."""
    CREATE_BY_SWAP = "create by swap"
    """Make the new token, which ends the old one, or the next one after that."""
    ENTER = "enter"
    """Enter the id and the text of a token that a person made."""
    ENTER_AGAIN = "enter again"
    """The same, after a text that was wrong or that is lost."""
    FIND_OUT = "find out"
    """List the tokens, to see what became of a request without an answer or of a lost text."""
    GO_THERE = "go there"
    """Another process has the text of the new token in its memory."""
    TEST = "test"
    """Send a request of our own with the new token."""
    DISCARD = "discard"
    """Delete the new token, whose text is lost."""
    DELIVER = "deliver"
    """Hand over the secret."""
    CONFIRM_INSTALL = "confirm install"
    """Say that the IdP has the secret."""
    IDP_TEST = "idp test"
    """Let the IdP test the new token, or say what its test said."""
    LOOK = "look"
    """Look who uses which token."""
    SUSPEND = "suspend"
    """Switch the old token off for a cycle."""
    SOAK = "soak"
    """Look whether a client is refused while the old token is off."""
    DELETE_OLD = "delete old"
    """Delete the old token, after the typed word."""
    LOOK_AFTER = "look after"
    """Look whether a client is refused since the old token is gone."""
    SETTLE = "settle"
    """A person looks at what changed outside, and gives a reason to go on."""
    OVER = "over"
    """Nothing: the rotation is over."""


class Turn(StrEnum):
    """Who has to act next."""

    YOU = "you"
    IDP = "idp"
    """The IdP has to send a request; wait for it."""
    PROGRAM = "program"


@dataclass(frozen=True, slots=True)
class NextStep:
    """What comes next, as a sentence for people."""

    next: Next
    sentence: str
    turn: Turn


def what_next(
    rotation: Rotation, now: datetime, *, secret_held: bool = False, held_by: str = ""
) -> NextStep:
    """What comes next, and whose turn it is.

    `secret_held`: the text of the new token is in the memory of this process. `held_by` names
    another process that works on the rotation, so that the text may be in its memory.
    """
    found = (
        _request_without_answer(rotation)
        or _text_not_here(rotation, now, secret_held=secret_held, held_by=held_by)
        or _of_strategy(rotation, now)
        or _OF_STATE[rotation.state]
    )
    words = {
        "left": span(soak_left(rotation, now)),
        "old": rotation.old.id,
        "new": rotation.label,
        "asked": rotation.deletion.token_id if rotation.deletion else rotation.old.id,
        "held_by": held_by,
        "trouble": rotation.trouble,
        "silence": silence(rotation),
        "level": str(level(rotation)),
        "ending": rotation.ending,
    }
    return NextStep(found.next, found.sentence.format_map(words), found.turn)


def held_until(rotation: Rotation) -> datetime:
    """When a process that made the new token forgets its text at the latest."""
    made = rotation.since(State.HOLDING)
    return (made if isinstance(made, datetime) else rotation.started_at) + rotation.policy.hold


def _request_without_answer(rotation: Rotation) -> NextStep | None:
    if rotation.deletion is not None or rotation.state is State.DELETING:
        return NextStep(Next.FIND_OUT, "Find out whether {asked} was deleted.", Turn.PROGRAM)
    return None


def _text_not_here(
    rotation: Rotation, now: datetime, *, secret_held: bool, held_by: str
) -> NextStep | None:
    if rotation.state not in HELD:
        return None
    if held_by and now <= held_until(rotation):
        sentence = "The text of {new} is held in memory by {held_by}: go on there."
        return NextStep(Next.GO_THERE, sentence, Turn.YOU)
    if not secret_held:
        sentence = "The text of the new token is lost; find out what to do."
        return NextStep(Next.FIND_OUT, sentence, Turn.YOU)
    return None


def _of_strategy(rotation: Rotation, now: datetime) -> NextStep | None:
    """The next step where the strategy or the time matters, and not the state alone."""
    state, strategy = rotation.state, rotation.strategy
    if strategy is Strategy.SWAP and state in (State.CREATE_INTENT, State.SECRET_GONE):
        return _swap(rotation)
    if strategy is Strategy.GUIDED and state is State.CREATE_INTENT:
        return NextStep(Next.ENTER, _OF_STATE[state].sentence, Turn.YOU)
    if strategy is Strategy.GUIDED and state in PASTED_AGAIN and not _unanswered(rotation):
        return NextStep(Next.ENTER_AGAIN, _ENTER_AGAIN[state], Turn.YOU)
    if strategy is Strategy.SUSPEND and state is State.PROVEN:
        sentence = "Seen: {level}; {silence}. Switch {old} off for a cycle first."
        return NextStep(Next.SUSPEND, sentence, Turn.YOU)
    if state is State.SUSPENDED and not soak_left(rotation, now):
        return NextStep(Next.DELETE_OLD, _SOAKED, Turn.YOU)
    return None


def _swap(rotation: Rotation) -> NextStep:
    if rotation.state is State.SECRET_GONE:
        sentence = "The text of {new} is lost for ever, and {old} has ended: make another one now."
    elif old_may_miss(rotation):
        sentence = "Make the new token; {old} has ended, so have its way ready."
    else:
        sentence = "Make the new token: that ends {old} at once, so have its way ready."
    return NextStep(Next.CREATE_BY_SWAP, sentence, Turn.YOU)


def _unanswered(rotation: Rotation) -> bool:
    """Whether our last test failed for a reason that does not mean a wrong secret."""
    if rotation.state is not State.PROBE_FAILED or not rotation.probes:
        return False
    status = rotation.probes[-1].status
    return status is None or status == 429 or status >= 500


_SOAKED = "{old} was off for a whole cycle, and nothing was refused. It can be deleted."
_ENTER_AGAIN = {
    State.PROBE_FAILED: "Enter the text of {new} again, whole, or that of another token.",
    State.SECRET_GONE: (
        "The text of {new} is not here any more; {old} still works. Enter it again if you still "
        "have it; else make another token, and delete {new} in the console."
    ),
}
_FIND_OUT = NextStep(Next.FIND_OUT, "Find out whether a token was made.", Turn.PROGRAM)
_LOOK_AFTER = NextStep(
    Next.LOOK_AFTER, "{old} is gone. Look whether a client is refused.", Turn.IDP
)
_OVER = NextStep(Next.OVER, "{ending}", Turn.YOU)
_OF_STATE = {
    State.PREFLIGHT: NextStep(Next.CHECK, "Mend what is marked bad, and check again.", Turn.YOU),
    State.FREE_SLOT: NextStep(
        Next.FREE_SLOT, "The most tokens exist: delete the one that is not needed.", Turn.YOU
    ),
    State.CREATE_INTENT: NextStep(Next.CREATE, "Make the new token; {old} stays valid.", Turn.YOU),
    State.CREATING: _FIND_OUT,
    State.CREATE_LOST: _FIND_OUT,
    State.HOLDING: NextStep(Next.TEST, "Test the new token {new}.", Turn.PROGRAM),
    State.PROBE_FAILED: NextStep(
        Next.TEST, "Test {new} again, or discard it and make another one.", Turn.YOU
    ),
    State.PROBED: NextStep(Next.DELIVER, "Hand the secret of {new} over to the IdP.", Turn.YOU),
    State.DELIVERED: NextStep(
        Next.CONFIRM_INSTALL, "Install {new} in the IdP, and say so.", Turn.YOU
    ),
    State.SECRET_GONE: NextStep(
        Next.DISCARD,
        "The text of {new} is lost for ever. That is safe: {old} still works."
        " Delete {new} and make another one.",
        Turn.YOU,
    ),
    State.INSTALL_CLAIMED: NextStep(Next.IDP_TEST, "Say what the IdP's own test said.", Turn.YOU),
    State.IDP_TESTED: NextStep(Next.LOOK, "Look for the IdP with {new}.", Turn.IDP),
    State.WATCHING: NextStep(
        Next.LOOK, "Seen so far: {level}; {silence}. Wait, and look again.", Turn.IDP
    ),
    State.PROVEN: NextStep(
        Next.DELETE_OLD, "Seen: {level}; {silence}. {old} can be deleted.", Turn.YOU
    ),
    State.UNPROVEN_ACCEPTED: NextStep(
        Next.DELETE_OLD, "Accepted with {level}. {old} can be deleted.", Turn.YOU
    ),
    State.SUSPENDED: NextStep(
        Next.SOAK, "{old} is off for {left} more; a refusal lets it in again.", Turn.IDP
    ),
    State.DELETE_CONFIRM: NextStep(
        Next.DELETE_OLD, "{old} still exists. Type DELETE to delete it.", Turn.YOU
    ),
    State.DELETING: _FIND_OUT,
    State.DELETED: _LOOK_AFTER,
    State.AFTERWATCH: _LOOK_AFTER,
    State.DONE: _OVER,
    State.ABORTED: _OVER,
    State.ATTENTION: NextStep(
        Next.SETTLE, "{trouble} Look at it, then let it go on or abort.", Turn.YOU
    ),
}
"""The next step by state, unless `what_next` finds a more specific one."""
