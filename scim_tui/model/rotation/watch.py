"""Rotation events of the installation and of watching, and what follows from the evidence.

A token is deleted on fresh proof or on a fresh waiver only, and always the one that was named at
the start, as long as it is still the same one.
"""

from dataclasses import dataclass
from datetime import datetime

from scim_tui.model.errors import ConfirmationMissing
from scim_tui.model.provisioning import DELETE_WORD
from scim_tui.model.rotation.callers import strangers
from scim_tui.model.rotation.guards import (
    HANDED,
    attention,
    find,
    old_may_miss,
    unproven,
    with_strays,
    without_new,
)
from scim_tui.model.rotation.proof import (
    Observation,
    fold,
    is_fresh,
    is_proven,
    level,
    stale,
    works,
)
from scim_tui.model.rotation.rotation import (
    KnownBy,
    OutOfTurn,
    Rotation,
    State,
    Strategy,
    Tested,
    TestResult,
    Waiver,
)
from scim_tui.model.rotation.suspend import is_off, soaking
from scim_tui.model.unknown_values import Absent

GROUNDED = (State.PROVEN, State.UNPROVEN_ACCEPTED, State.SUSPENDED, State.DELETE_CONFIRM)
"""The old token may go, as long as the proof is fresh."""
AFTER = (State.DELETED, State.AFTERWATCH)
LOOKING = (State.SECRET_GONE, *HANDED, *GROUNDED, *AFTER)
"""The states in which a look can change the state."""
LEAST_REASON = 3


@dataclass(frozen=True, slots=True)
class Installed:
    """The IdP has it, says a person or the program that wrote it and read it back."""

    at: datetime
    by: KnownBy

    def apply_to(self, rotation: Rotation) -> Rotation:
        """Claimed, not proven."""
        rotation.require("Saying that it is installed", State.DELIVERED)
        return rotation.to(
            State.INSTALL_CLAIMED,
            self.at,
            f"by {self.by}",
            installed_at=self.at,
            installed_by=self.by,
        )


@dataclass(frozen=True, slots=True)
class IdpTested:
    """What the IdP's own test said, or that it was left out."""

    at: datetime
    result: TestResult
    by: KnownBy
    detail: str = ""

    def apply_to(self, rotation: Rotation) -> Rotation:
        """E2, or less."""
        states = (State.INSTALL_CLAIMED, State.IDP_TESTED, State.WATCHING)
        rotation.require("Saying what the IdP's test said", *states)
        tested = Tested(at=self.at, result=self.result, by=self.by, detail=self.detail)
        if self.result is TestResult.FAILED:
            trouble = f"The IdP's test failed: {self.detail or 'no reason was given'}"
            return rotation.to(
                State.INSTALL_CLAIMED,
                self.at,
                "the IdP's test failed",
                tested=tested,
                trouble=trouble,
            )
        if rotation.state is State.WATCHING:
            return rotation.with_(tested=tested, trouble="")
        return rotation.to(State.IDP_TESTED, self.at, self.result, tested=tested, trouble="")


@dataclass(frozen=True, slots=True)
class Looked:
    """The other side was asked for its tokens and its log."""

    look: Observation

    @property
    def at(self) -> datetime:
        """When."""
        return self.look.at

    def apply_to(self, rotation: Rotation) -> Rotation:
        """Adds the evidence, and changes the state if that follows from it."""
        before = rotation.seen.newest_old_at
        found = rotation.with_(seen=fold(rotation, self.look))
        if rotation.state in AFTER:
            return _after(found, self.at)
        if rotation.state not in LOOKING:
            return found
        if (late := _carried_out_late(found, self.look)) is not None:
            return late
        found = with_strays(found, self.look.tokens)
        if trouble := outside_change(found, self.look):
            return attention(found, self.at, trouble)
        used = found.seen.newest_old_at != before
        return (
            _grounded(found, self.look, used=used)
            if rotation.state in GROUNDED
            else (_watched(found, self.at))
        )


def _carried_out_late(rotation: Rotation, look: Observation) -> Rotation | None:
    """The rotation after a deletion that was carried out although it seemed to have failed."""
    if look.tokens is None or rotation.new is None or rotation.deletion is not None:
        return None
    old, new = find(look.tokens, rotation.old), find(look.tokens, rotation.new)
    if new is None and old is not None and rotation.new.id in rotation.asked:
        gone = rotation.state is State.SECRET_GONE
        return without_new(rotation, look.at) if gone else None
    if old is None and new is not None and rotation.old.id in rotation.asked:
        note = f"{rotation.old.id} is gone"
        return rotation.to(State.DELETED, look.at, note, gone_at=look.at, gone_by=KnownBy.SEEN)
    return None


def outside_change(rotation: Rotation, look: Observation) -> str:
    """What changed that we did not do, as a sentence, or an empty text."""
    if look.tokens is not None:
        if not old_may_miss(rotation) and find(look.tokens, rotation.old) is None:
            return f"{rotation.old.id} is gone, and this rotation did not delete it."
        if rotation.new is not None and find(look.tokens, rotation.new) is None:
            return f"The new token {rotation.new.id} is gone."
    known = not isinstance(look.place, Absent) and not isinstance(rotation.place, Absent)
    if known and look.place != rotation.place:
        return "The SCIM endpoint is not the one that this rotation began with."
    return ""


def _watched(rotation: Rotation, at: datetime) -> Rotation:
    """Before there is proof: a request of the IdP with the new token means that it is installed."""
    seen, state = rotation.seen, rotation.state
    if state is State.IDP_TESTED:
        rotation = rotation.to(State.WATCHING, at)
    elif state is not State.WATCHING and seen.new_requests:
        by = rotation.installed_by or KnownBy.SEEN
        since = rotation.installed_at
        since = since if isinstance(since, datetime) else seen.first_new_at
        rotation = rotation.to(
            State.WATCHING, at, "seen at work", installed_by=by, installed_at=since
        )
    if rotation.state is State.SECRET_GONE and _strangely_used(rotation):
        return attention(rotation, at, strangers(seen))
    if rotation.state is State.WATCHING and is_proven(rotation):
        proven = rotation.to(State.PROVEN, at, str(level(rotation)), proven_at=at, trouble="")
        return _replaced(proven, at) if rotation.strategy is Strategy.SWAP else proven
    if rotation.state is State.DELIVERED and _unseen(rotation, at):
        return attention(rotation, at, "The IdP was not seen with the new token for too long.")
    return rotation


def _strangely_used(rotation: Rotation) -> bool:
    """Whether a client uses a token whose text is lost, and no person settled that yet."""
    newest, settled = rotation.seen.newest_other_at, rotation.settled_at
    if not isinstance(newest, datetime):
        return False
    return not isinstance(settled, datetime) or newest > settled


def _unseen(rotation: Rotation, at: datetime) -> bool:
    since = [rotation.since(State.DELIVERED), rotation.settled_at]
    known = [moment for moment in since if isinstance(moment, datetime)]
    return bool(known) and at - max(known) > rotation.policy.unseen


def _grounded(rotation: Rotation, look: Observation, *, used: bool) -> Rotation:
    """With proof: back to watching if the old token is used again."""
    at = look.at
    if is_off(rotation):
        return soaking(rotation, look)
    if used:
        return unproven(rotation, at, f"{rotation.old.id} was used")
    if rotation.waiver is None and not is_proven(rotation):
        return unproven(rotation, at, "the proof does not hold any more")
    return rotation


def _replaced(rotation: Rotation, at: datetime) -> Rotation:
    return rotation.to(
        State.DELETED, at, "the new token took its place", gone_at=at, gone_by=KnownBy.API
    )


def _after(rotation: Rotation, at: datetime) -> Rotation:
    """After the deletion: done after a time without refusals; a refusal needs attention."""
    found = rotation
    if rotation.state is State.DELETED:
        found = rotation.to(State.AFTERWATCH, at)
    refused = found.seen.newest_refused_at
    since = [m for m in (found.gone_at, found.settled_at) if isinstance(m, datetime)]
    if isinstance(refused, datetime) and refused > max(since):
        who = found.seen.refused_client
        name = "a client" if isinstance(who, Absent) else who
        return attention(found, at, f"After the deletion {name} was refused.")
    if at - max(since) >= found.policy.afterwatch:
        return found.to(State.DONE, at, ending=f"{found.old.id} was replaced by {found.label}.")
    return found


@dataclass(frozen=True, slots=True)
class Tick:
    """Time passed, so that proof or a waiver may be too old."""

    at: datetime

    def apply_to(self, rotation: Rotation) -> Rotation:
        """Back to watching once the look that the proof rests on is too old."""
        resting = (State.PROVEN, State.UNPROVEN_ACCEPTED, State.DELETE_CONFIRM)
        if rotation.state in resting and rotation.deletion is None and stale(rotation, self.at):
            if is_off(rotation):
                return rotation.to(
                    State.SUSPENDED, self.at, "the proof grew old", return_state=None
                )
            return unproven(rotation, self.at, "the proof grew old")
        return rotation


@dataclass(frozen=True, slots=True)
class Accepted:
    """A person accepts less than the policy wants: both words and a reason."""

    at: datetime
    token_word: str
    word: str
    reason: str
    by: str = ""

    def apply_to(self, rotation: Rotation) -> Rotation:
        """Raises unless the new token was accepted at least once and the newest look is fresh."""
        states = (State.INSTALL_CLAIMED, State.IDP_TESTED, State.WATCHING)
        rotation.require("Accepting less proof", *states)
        if self.token_word != rotation.old.id or self.word != DELETE_WORD:
            raise ConfirmationMissing(
                "Without proof two words are needed; nothing was done.",
                f"Type {rotation.old.id} and {DELETE_WORD}.",
            )
        reason = " ".join(self.reason.split())
        if len(reason) < LEAST_REASON:
            raise ConfirmationMissing("A reason is needed; nothing was done.", "Give one.")
        require_working_new(rotation)
        if not is_fresh(rotation, rotation.seen.looked_at, self.at):
            raise OutOfTurn("The look at who uses which token is too old.", "Look first.")
        waiver = Waiver(at=self.at, level=level(rotation), reason=reason, by=self.by)
        return rotation.to(State.UNPROVEN_ACCEPTED, self.at, reason, waiver=waiver)


def require_working_new(rotation: Rotation) -> None:
    """Raise `OutOfTurn` unless there is a new token that was let in at least once."""
    if rotation.new is None or rotation.new.id == rotation.old.id or not works(rotation):
        raise OutOfTurn(
            "The new token was never seen to be let in, so the old one stays.",
            "Test it, or wait until the IdP uses it.",
        )
