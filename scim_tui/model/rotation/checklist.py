"""A rotation for people: its eight steps with their evidence, and what comes next."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from scim_tui.model.ages import span, stamp
from scim_tui.model.plural import plural
from scim_tui.model.rotation.deliver import PASTED_AGAIN
from scim_tui.model.rotation.proof import is_silent, level, reached, silence_needed, silent_for
from scim_tui.model.rotation.rotation import KnownBy, Level, Rotation, State, Strategy, TestResult
from scim_tui.model.rotation.suspend import soak_left
from scim_tui.model.rotation.usage import BLIND, sees_requests
from scim_tui.model.unknown_values import NEVER, Absent, Moment

STEPS = ("Check", "Create", "Deliver", "Install", "Watch", "Prove", "Delete", "Receipt")
"""The steps of the wizard, in order; `place` says at which one a rotation stands."""

_S = State
_PLACE = {
    _S.PREFLIGHT: 0,
    _S.FREE_SLOT: 0,
    _S.CREATE_INTENT: 1,
    _S.CREATING: 1,
    _S.CREATE_LOST: 1,
    _S.HOLDING: 1,
    _S.PROBE_FAILED: 1,
    _S.SECRET_GONE: 1,
    _S.PROBED: 2,
    _S.DELIVERED: 3,
    _S.INSTALL_CLAIMED: 3,
    _S.IDP_TESTED: 4,
    _S.WATCHING: 4,
    _S.PROVEN: 5,
    _S.UNPROVEN_ACCEPTED: 5,
    _S.SUSPENDED: 5,
    _S.DELETE_CONFIRM: 6,
    _S.DELETING: 6,
    _S.DELETED: 7,
    _S.AFTERWATCH: 7,
    _S.DONE: 7,
}


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the checklist."""

    title: str
    mark: str
    """ok (done), now, "" (still to come), warn (done with less than hoped) or bad."""
    evidence: str
    """What was done or seen, as a sentence; empty while there is nothing."""
    at: Moment
    """When it was; `NEVER` while it is still to come."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What comes next."""

    sentence: str
    who: str
    """you, idp (wait for it), or program."""
    verb: str
    """The method of `Rotations` that goes on: create, look, delete_old ...; empty: none."""


def place(rotation: Rotation) -> int:
    """The index in `STEPS` where the rotation stands."""
    state = rotation.state
    if state in (State.ATTENTION, State.ABORTED):
        entered = [each.state for each in rotation.history if each.state in _PLACE]
        state = rotation.return_state if rotation.return_state in _PLACE else entered[-1]
    return _PLACE.get(state or State.PREFLIGHT, 0)


def checklist(rotation: Rotation) -> tuple[Step, ...]:
    """All eight steps, each with its evidence and time."""
    here = place(rotation)
    lines = (_check, _create, _deliver, _install, _watch, _prove, _delete, _receipt)
    found = []
    for number, (title, line) in enumerate(zip(STEPS, lines, strict=True)):
        evidence, at = line(rotation)
        mark = "ok" if number < here else "now" if number == here else ""
        if number == here and rotation.state in (State.ATTENTION, State.PROBE_FAILED):
            mark = "bad"
        if rotation.state is State.DONE:
            mark = "ok"
        if number == 5 and number < here and rotation.waiver is not None:
            mark = "warn"
        found.append(Step(title, mark, evidence if number <= here else "", at))
    return tuple(found)


def levels(rotation: Rotation) -> tuple[tuple[Level, str, Moment], ...]:
    """Each level of proof, what it means, and when it was reached (`NEVER`: not reached)."""
    found = reached(rotation)
    return tuple((each, meaning(rotation, each), found.get(each, NEVER)) for each in WORDS)


def meaning(rotation: Rotation, found: Level) -> str:
    """What a level says of this rotation, with the source where that is a person's word."""
    tested = rotation.tested
    by_word = found is Level.E2 and tested is not None and tested.by is KnownBy.WORD
    words = WORDS.get(found, "nothing was seen")
    return f"{words}, by your word" if by_word else words


WORDS = {
    Level.E0: "the text was accepted by this program as a token",
    Level.E1: "our own request with the new token was accepted",
    Level.E2: "the IdP's own test passed",
    Level.E3: "a request of the IdP with the new token was accepted",
    Level.E4: "a write of the IdP with the new token was accepted",
    Level.E5: "E4, and the old token was silent for a whole cycle",
}
"""What each level says, in words that claim no more than was seen."""


def silence(rotation: Rotation) -> str:
    """How long the old token has been silent, against what is needed."""
    silent, needed = silent_for(rotation), silence_needed(rotation)
    if rotation.strategy is Strategy.SWAP:
        return "the old token ended when the new one was made"
    if silent is None:
        return "whether the old token is in use cannot be seen here"
    if is_silent(rotation):
        return f"the old token was silent for {span(max(silent, timedelta()))}"
    return f"the old token was silent for {span(silent)} of {span(needed)}"


def advice(
    rotation: Rotation, now: datetime, *, secret_held: bool = False, held_by: str = ""
) -> Advice:
    """What comes next, and whose turn it is.

    `secret_held`: the text of the new token is in the memory of this process. `held_by` names
    another process that lives and works on the rotation, so that the text may be there.
    """
    if rotation.deletion is not None or rotation.state is State.DELETING:
        deletion = rotation.deletion
        what = deletion.token_id if deletion else rotation.old.id
        return Advice(f"Find out whether {what} was deleted.", "program", "resume")
    if rotation.state in HELD_STATES and held_by and now <= held_until(rotation):
        text = f"The text of {rotation.label} is held in memory by {held_by}: go on there."
        return Advice(text, "you", "")
    if rotation.state in HELD_STATES and not secret_held:
        return Advice("The text of the new token is lost; find out what to do.", "you", "resume")
    sentence, who, verb = _NEXT[rotation.state]
    if rotation.state is State.CREATE_INTENT and rotation.strategy is Strategy.SWAP:
        sentence = "Make the new token: that ends {old} at once, so have its way ready."
    if rotation.state in PASTED_AGAIN and rotation.strategy is Strategy.GUIDED:
        sentence = _PASTE_AGAIN[rotation.state]
    left = soak_left(rotation, now)
    if rotation.state is State.PROVEN and rotation.strategy is Strategy.SUSPEND:
        sentence, verb = "Seen: {level}; {silence}. Switch {old} off for a cycle first.", "suspend"
    if rotation.state is State.SUSPENDED and not left:
        sentence, who, verb = _SOAKED, "you", "delete_old"
    words = {
        "left": span(left),
        "old": rotation.old.id,
        "new": rotation.label,
        "trouble": rotation.trouble,
        "silence": silence(rotation),
        "level": str(level(rotation)),
        "ending": rotation.ending,
    }
    return Advice(sentence.format_map(words), who, verb)


def held_until(rotation: Rotation) -> datetime:
    """When a process that made the new token lets go of its text at the latest."""
    made = rotation.since(State.HOLDING)
    return (made if isinstance(made, datetime) else rotation.started_at) + rotation.policy.hold


_SOAKED = "{old} was off for a whole cycle, and nobody was refused. It can be deleted."
HELD_STATES = (State.HOLDING, State.PROBE_FAILED, State.PROBED)
_NEXT = {
    _S.PREFLIGHT: ("Mend what is marked bad, and check again.", "you", "check"),
    _S.FREE_SLOT: ("The most tokens exist: delete the one that is not needed.", "you", "free_slot"),
    _S.CREATE_INTENT: ("Make the new token; {old} stays valid.", "you", "create"),
    _S.CREATING: ("Find out whether a token was made.", "program", "resume"),
    _S.CREATE_LOST: ("Find out whether a token was made.", "program", "resume"),
    _S.HOLDING: ("Test the new token {new}.", "program", "probe"),
    _S.PROBE_FAILED: ("Test {new} again, or discard it and make another one.", "you", "probe"),
    _S.PROBED: ("Hand the secret of {new} over to the IdP.", "you", "deliver"),
    _S.DELIVERED: ("Install {new} in the IdP, and say so.", "you", "installed"),
    _S.SECRET_GONE: (
        "The text of {new} is lost for ever. That is safe: {old} still works."
        " Delete {new} and make another one.",
        "you",
        "discard",
    ),
    _S.INSTALL_CLAIMED: ("Say what the IdP's own test said.", "you", "idp_test"),
    _S.IDP_TESTED: ("Look for the IdP with {new}.", "idp", "look"),
    _S.WATCHING: ("Seen so far: {level}; {silence}. Wait, and look again.", "idp", "look"),
    _S.PROVEN: ("Seen: {level}; {silence}. {old} can be deleted.", "you", "delete_old"),
    _S.UNPROVEN_ACCEPTED: ("Accepted with {level}. {old} can be deleted.", "you", "delete_old"),
    _S.SUSPENDED: (
        "{old} is off for {left} more; it is let in again if anybody is refused.",
        "idp",
        "look",
    ),
    _S.DELETE_CONFIRM: ("{old} still exists. Type DELETE to delete it.", "you", "delete_old"),
    _S.DELETING: ("Find out whether {old} was deleted.", "program", "resume"),
    _S.DELETED: ("{old} is gone. Look whether anybody is refused.", "idp", "look"),
    _S.AFTERWATCH: ("{old} is gone. Look whether anybody is refused.", "idp", "look"),
    _S.DONE: ("{ending}", "you", ""),
    _S.ABORTED: ("{ending}", "you", ""),
    _S.ATTENTION: ("{trouble} Look at it, then let it go on or abort.", "you", "settle"),
}


_PASTE_AGAIN = {
    _S.PROBE_FAILED: "Enter the text of {new} again, whole, or that of another token.",
    _S.SECRET_GONE: "The text of {new} is not here any more; {old} still works. Enter it again if"
    " you still have it; else make another token, and delete {new} in the console.",
}


def _check(rotation: Rotation) -> tuple[str, Moment]:
    marks = [check.mark for check in rotation.checks]
    if not marks:
        return "", NEVER
    words = [
        f"{marks.count(mark)} {mark}" for mark in ("ok", "warn", "unknown", "bad") if mark in marks
    ]
    return ", ".join(words), rotation.started_at


def _create(rotation: Rotation) -> tuple[str, Moment]:
    if rotation.new is None:
        return "", NEVER
    how = "by your word" if rotation.created_by is KnownBy.WORD else "made here"
    how = "found in the list, its text is lost" if rotation.created_by is KnownBy.SEEN else how
    return f"{rotation.new.id}, {how}", rotation.since(State.HOLDING)


def _deliver(rotation: Rotation) -> tuple[str, Moment]:
    if not rotation.receipts:
        return "", NEVER
    last = rotation.receipts[-1]
    arrived = {True: last.outcome or "handed over", False: f"failed: {last.outcome}"}
    outcome = "it is not known whether it arrived" if last.ok is None else arrived[last.ok]
    return f"{last.way}: {outcome}", last.at


def _install(rotation: Rotation) -> tuple[str, Moment]:
    parts = []
    if rotation.installed_by is not None:
        parts.append(f"installed, {_BY[rotation.installed_by]}")
    if tested := rotation.tested:
        words = {
            TestResult.PASSED: "passed",
            TestResult.FAILED: "failed",
            TestResult.SKIPPED: "was left out",
        }
        parts.append(f"its test {words[tested.result]}, {_BY[tested.by]}")
    return "; ".join(parts), rotation.installed_at


_BY = {
    KnownBy.API: "done here",
    KnownBy.WORD: "by your word",
    KnownBy.SEEN: "seen at work",
    KnownBy.REFUSAL: "it is refused",
    KnownBy.OUTSIDE: "not by us",
}


def _watch(rotation: Rotation) -> tuple[str, Moment]:
    seen = rotation.seen
    if not seen.new_requests:
        return "the IdP was not seen with the new token", seen.looked_at
    who = "the IdP" if isinstance(seen.new_client, Absent) else seen.new_client
    requests, writes = plural(seen.new_requests, "request"), plural(seen.new_writes, "write")
    return f"{requests} with the new token, {writes}, by {who}", seen.newest_new_at


def _prove(rotation: Rotation) -> tuple[str, Moment]:
    words = f"{level(rotation)}; {silence(rotation)}"
    if rotation.waiver is not None:
        return (
            f"accepted with {rotation.waiver.level}: {rotation.waiver.reason}",
            rotation.waiver.at,
        )
    return words, rotation.proven_at


def _delete(rotation: Rotation) -> tuple[str, Moment]:
    if rotation.gone_by is None:
        return "", NEVER
    return f"{rotation.old.id} is gone, {_BY[rotation.gone_by]}", rotation.gone_at


def _receipt(rotation: Rotation) -> tuple[str, Moment]:
    if rotation.state is not State.DONE:
        return "", NEVER
    refused = isinstance(rotation.seen.newest_refused_at, datetime)
    words = (
        f"last refusal {stamp(rotation.seen.newest_refused_at)}" if refused else "nobody refused"
    )
    if not sees_requests(rotation):
        words = f"refusals are {BLIND}"
    return f"{rotation.ending} Since then: {words}", rotation.since(State.DONE)
