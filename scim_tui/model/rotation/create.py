"""Rotation events before the new token exists: checks, a free slot, the request for it.

An event is something that happened or is about to happen; `apply_to` returns the rotation after it,
and raises `OutOfTurn` if it is not possible now. What is about to happen (`...Sent`, `...Chosen`)
is written to disk before, so that after a crash it is known what may have been done.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from scim_tui.model.provisioning import AccessToken
from scim_tui.model.rotation.guards import (
    HANDED,
    HELD,
    Tokens,
    attention,
    deleting,
    find,
    held,
    named,
    old_may_miss,
    require_no_deletion,
    require_word,
    unknown,
    with_strays,
)
from scim_tui.model.rotation.proof import add_client, add_clients
from scim_tui.model.rotation.rotation import (
    Check,
    DeletionReason,
    Fingerprint,
    KnownBy,
    OutOfTurn,
    Policy,
    Rotation,
    State,
    Strategy,
    TokenActivity,
)
from scim_tui.model.unknown_values import UNKNOWN, Words

IN_USE = timedelta(hours=24)
"""A token seen within this time counts as in use."""


def begin(
    *,
    id: str,
    profile: str,
    strategy: Strategy,
    old: AccessToken,
    policy: Policy,
    at: datetime,
    by: str,
    nonce: str,
) -> Rotation:
    """A rotation of this token, with nothing done yet."""
    found = Rotation(
        id=id,
        profile=profile,
        strategy=strategy,
        state=State.PREFLIGHT,
        policy=policy,
        started_at=at,
        started_by=by,
        nonce=nonce,
        old=named(old),
        seen=TokenActivity(old_clients=add_client((), old.last_client), old_count=old.requests),
    )
    return found.to(State.PREFLIGHT, at, f"to replace {old.id}")


@dataclass(frozen=True, slots=True)
class Checked:
    """The checks were made; `tokens` is None where they cannot be listed."""

    at: datetime
    checks: tuple[Check, ...]
    tokens: Tokens | None = None
    most: int | None = None
    place: Words = UNKNOWN
    gap: timedelta | None = None
    cursor: int | None = None
    callers: tuple[str, ...] = ()
    """Who used the old token until now."""
    skew: timedelta | None = None
    """How far the server's clock is ahead of ours; None: it sent no date."""

    def apply_to(self, rotation: Rotation) -> Rotation:
        """On to the next step, unless a check is bad."""
        rotation.require("Checking", State.PREFLIGHT)
        known = add_clients(rotation.seen.old_clients, self.callers)
        found = rotation.with_(
            checks=self.checks,
            place=self.place,
            gap=self.gap,
            seen=rotation.seen.model_copy(
                update={"cursor": self.cursor, "old_clients": known, "skew": self.skew}
            ),
        )
        if any(check.mark == "bad" for check in self.checks):
            return found
        if self.tokens is None:
            return found.to(State.CREATE_INTENT, self.at)
        if rotation.attempts:
            found = with_strays(found, self.tokens)
        if (old := find(self.tokens, rotation.old)) is None:
            return attention(found, self.at, f"{rotation.old.id} is not listed any more.")
        found = found.with_(others=tuple(token.id for token in self.tokens if token.id != old.id))
        full = self.most is not None and len(self.tokens) >= self.most
        if full and rotation.strategy is not Strategy.SWAP:
            return found.to(State.FREE_SLOT, self.at, f"{len(self.tokens)} tokens exist")
        return found.to(State.CREATE_INTENT, self.at)


@dataclass(frozen=True, slots=True)
class Recheck:
    """Other tokens appeared or disappeared: the checks have to be made again."""

    at: datetime
    why: str = ""

    def apply_to(self, rotation: Rotation) -> Rotation:
        """Back to the checks, which change nothing."""
        rotation.require("Checking again", State.CREATE_INTENT, State.FREE_SLOT)
        require_no_deletion(rotation)
        return rotation.to(State.PREFLIGHT, self.at, self.why)


@dataclass(frozen=True, slots=True)
class SlotChosen:
    """A token that is not needed is about to be deleted, to make room or because it is a stray."""

    at: datetime
    token_id: str
    word: str
    tokens: Tokens

    def apply_to(self, rotation: Rotation) -> Rotation:
        """The deletion is intended."""
        stray = self.token_id in {each.id for each in rotation.strays}
        if not stray:
            rotation.require("Freeing a slot", State.FREE_SLOT)
        require_word(self.word, "Deleting a token")
        require_no_deletion(rotation)
        chosen = next((token for token in self.tokens if token.id == self.token_id), None)
        if chosen is None:
            raise OutOfTurn(f"There is no token {self.token_id}.", "List them again.")
        if reason := why_keep(rotation, chosen, self.tokens, self.at):
            raise OutOfTurn(reason, "Choose another one, or stop this rotation.")
        return rotation.with_(**deleting(rotation, self.at, chosen.id, DeletionReason.SLOT))


def why_keep(rotation: Rotation, token: AccessToken, tokens: Tokens, now: datetime) -> str:
    """Why this token must not be deleted to make room; empty when it may go."""
    if token.id == rotation.old.id:
        return f"{token.id} is the one to be replaced: it goes last."
    if rotation.new is not None and token.id == rotation.new.id:
        return f"{token.id} is the new one."
    if _lets_nobody_in(rotation, token, now):
        return ""
    if isinstance(token.last_used_at, datetime) and now - token.last_used_at < IN_USE:
        return f"{token.id} is in use."
    old = find(tokens, rotation.old)
    if old is None or rotation.old.expired(now):
        return f"{token.id} is the only token that may still work."
    return ""


def _lets_nobody_in(rotation: Rotation, token: AccessToken, now: datetime) -> bool:
    """Whether it has expired by the server's clock, and no request was accepted after its end."""
    end, used = token.expires_at, token.last_used_at
    if rotation.seen.skew is None or not isinstance(end, datetime) or end > now:
        return False
    return not isinstance(used, datetime) or used < end


@dataclass(frozen=True, slots=True)
class CreateSent:
    """A token is about to be created; `tokens` is the list just before."""

    at: datetime
    tokens: Tokens
    most: int | None = None

    def apply_to(self, rotation: Rotation) -> Rotation:
        """Intended, with the list that any new id will be compared with."""
        rotation.require("Making a token", State.CREATE_INTENT)
        if rotation.strategy is Strategy.GUIDED:
            raise OutOfTurn("Here a person makes the token.", "Enter its id and its text.")
        swap = rotation.strategy is Strategy.SWAP
        if swap and not rotation.armed:
            raise OutOfTurn(
                "Making the new token ends the old one, and nothing stands ready to take it.",
                "Choose the way of delivery first.",
            )
        if not swap and self.most is not None and len(self.tokens) >= self.most:
            raise OutOfTurn(f"{len(self.tokens)} tokens exist, the most allowed.", "Check again.")
        if unknown(rotation, self.tokens):
            raise OutOfTurn("A token appeared that is not known.", "Check again.")
        others = tuple(t.id for t in self.tokens if t.id != rotation.old.id)
        return rotation.to(State.CREATING, self.at, others=others, attempts=rotation.attempts + 1)


@dataclass(frozen=True, slots=True)
class CreateOk:
    """The answer came: a token and, in memory, its secret."""

    at: datetime
    token: AccessToken
    fingerprint: Fingerprint

    def apply_to(self, rotation: Rotation) -> Rotation:
        """The id is on disk from here on."""
        rotation.require("A new token", State.CREATING)
        if self.token.id in rotation.known_ids():
            return attention(
                rotation,
                self.at,
                f"The service gave the id of a token that existed before: {self.token.id}.",
                return_state=State.CREATE_LOST,
            )
        return held(rotation, self.at, self.token, self.fingerprint, KnownBy.API)


@dataclass(frozen=True, slots=True)
class CreateFailed:
    """The service said no: nothing was made by this request."""

    at: datetime
    message: str

    def apply_to(self, rotation: Rotation) -> Rotation:
        """Back to where nothing was sent."""
        rotation.require("An answer", State.CREATING)
        return rotation.to(State.CREATE_INTENT, self.at, self.message)


@dataclass(frozen=True, slots=True)
class CreateLost:
    """No answer came."""

    at: datetime

    def apply_to(self, rotation: Rotation) -> Rotation:
        """Whether a token was made is found out by listing."""
        rotation.require("A lost answer", State.CREATING)
        return rotation.to(State.CREATE_LOST, self.at)


@dataclass(frozen=True, slots=True)
class Listed:
    """The tokens were listed, to find out whether a request without an answer was carried out."""

    at: datetime
    tokens: Tokens

    def apply_to(self, rotation: Rotation) -> Rotation:
        """One new id: that token was made; none: nothing was made; several: a person decides."""
        states = (
            State.CREATING,
            State.CREATE_LOST,
            State.CREATE_INTENT,
            State.SECRET_GONE,
            *HELD,
            *HANDED,
        )
        rotation.require("Comparing the tokens", *states)
        if not old_may_miss(rotation) and find(self.tokens, rotation.old) is None:
            found = with_strays(rotation, self.tokens)
            return attention(found, self.at, f"{rotation.old.id} is not listed any more.")
        fresh = unknown(rotation, self.tokens)
        if rotation.state in (State.CREATING, State.CREATE_LOST, State.CREATE_INTENT):
            return self._made(rotation, fresh)
        return with_strays(rotation, self.tokens)

    def _made(self, rotation: Rotation, fresh: Tokens) -> Rotation:
        if len(fresh) > 1:
            found = with_strays(rotation, self.tokens)
            ids = ", ".join(token.id for token in fresh)
            return attention(found, self.at, f"More than one token appeared: {ids}.")
        if fresh and rotation.attempts == 0:
            return rotation.to(State.PREFLIGHT, self.at, f"{fresh[0].id} appeared")
        if fresh:
            note = f"{fresh[0].id} was made, and its text is lost"
            return rotation.to(
                State.SECRET_GONE, self.at, note, new=named(fresh[0]), created_by=KnownBy.SEEN
            )
        if rotation.state is State.CREATE_INTENT:
            return rotation
        return rotation.to(State.CREATE_INTENT, self.at, "nothing was made")
