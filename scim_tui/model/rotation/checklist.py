"""The checklist of a rotation: its eight steps, each with its evidence and time."""

from dataclasses import dataclass
from datetime import datetime

from scim_tui.model.ages import stamp
from scim_tui.model.plural import plural
from scim_tui.model.rotation.proof import level, reached, silence
from scim_tui.model.rotation.rotation import KnownBy, Level, Rotation, State, TestResult
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
class ChecklistStep:
    """One line of the checklist."""

    title: str
    mark: str
    """ok (done), now, "" (to come), warn (done with less proof than required) or bad."""
    evidence: str
    """What was done or seen, as a sentence; empty while there is nothing."""
    at: Moment
    """When it was; `NEVER` while it is still to come."""


def place(rotation: Rotation) -> int:
    """The index in `STEPS` where the rotation stands."""
    state = rotation.state
    if state in (State.ATTENTION, State.ABORTED):
        entered = [each.state for each in rotation.history if each.state in _PLACE]
        state = rotation.return_state if rotation.return_state in _PLACE else entered[-1]
    return _PLACE.get(state or State.PREFLIGHT, 0)


def checklist(rotation: Rotation) -> tuple[ChecklistStep, ...]:
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
        if rotation.state is State.ABORTED and number == here:
            mark = ""  # It is over, and this step was not done.
        if number == 5 and number < here and rotation.waiver is not None:
            mark = "warn"
        found.append(ChecklistStep(title, mark, evidence if number <= here else "", at))
    return tuple(found)


def levels(rotation: Rotation) -> tuple[tuple[Level, str, Moment], ...]:
    """Each level of proof, what it means, and when it was reached (`NEVER`: not reached)."""
    found = reached(rotation)
    return tuple((each, meaning(rotation, each), found.get(each, NEVER)) for each in WORDS)


def meaning(rotation: Rotation, found: Level) -> str:
    """The meaning of a level for this rotation, with "by your word" if a person said so."""
    tested = rotation.tested
    by_word = found is Level.E2 and tested is not None and tested.by is KnownBy.WORD
    words = WORDS.get(found, "nothing was seen")
    return f"{words}, by your word" if by_word else words


WORDS = {
    Level.E0: "the text was accepted by this program as a token",
    Level.E1: "our own request with the new token was accepted",
    Level.E2: "the IdP's own test passed",
    Level.E3: "a request of the IdP with the new token was let in",
    Level.E4: "a write of the IdP with the new token was accepted",
    Level.E5: "E4, and the old token was silent for a whole cycle",
}
"""The meaning of each level; it claims no more than was seen."""


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
        parts.append(
            "no result of its own test was given"
            if tested.result is TestResult.SKIPPED
            else f"its test {tested.result}, {_BY[tested.by]}"
        )
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
        f"last refusal {stamp(rotation.seen.newest_refused_at)}" if refused else "no refusal seen"
    )
    if not sees_requests(rotation):
        words = f"refusals are {BLIND}"
    return f"{rotation.ending} Since then: {words}", rotation.since(State.DONE)
