"""The conditions and changes that several events of a rotation share."""

from datetime import datetime
from typing import Protocol

from scim_tui.model.errors import ConfirmationMissing
from scim_tui.model.provisioning import DELETE_WORD, AccessToken
from scim_tui.model.rotation.parts import without_use_of_new
from scim_tui.model.rotation.rotation import (
    Deletion,
    DeletionReason,
    Fingerprint,
    KnownBy,
    OutOfTurn,
    Rotation,
    State,
    Strategy,
    TokenRef,
)
from scim_tui.model.unknown_values import NEVER, UNKNOWN, Absent

Tokens = tuple[AccessToken, ...]

HELD = (State.HOLDING, State.PROBE_FAILED, State.PROBED)
"""The secret is in memory only."""
HANDED = (State.DELIVERED, State.INSTALL_CLAIMED, State.IDP_TESTED, State.WATCHING)
"""The secret was handed over, and the proof is not there yet."""


class RotationEvent(Protocol):
    """Something that happened to a rotation, or is about to."""

    @property
    def at(self) -> datetime:
        """When."""
        ...

    def apply_to(self, rotation: Rotation) -> Rotation:
        """The rotation after it. Raises `OutOfTurn`, `ConfirmationMissing`."""
        ...


def used_by_others(rotation: Rotation, new: AccessToken) -> bool:
    """Whether the list of tokens says that another client used it, or may have."""
    ours = max(len(rotation.probes), rotation.seen.own_requests)
    if isinstance(new.requests, int) and new.requests > ours:
        return True
    if isinstance(new.last_used_at, Absent):
        return False
    return not rotation.probes


def without_new(rotation: Rotation, at: datetime) -> Rotation:
    """Back to making a token: the new one is gone, and all that was said of it."""
    lost = (*rotation.lost, rotation.new) if rotation.new else rotation.lost
    return rotation.to(
        State.CREATE_INTENT,
        at,
        new=None,
        lost=lost,
        fingerprint=None,
        created_by=None,
        probes=(),
        receipts=(),
        tested=None,
        deletion=None,
        installed_at=NEVER,
        installed_by=None,
        proven_at=NEVER,
        waiver=None,
        seen=without_use_of_new(rotation.seen),
    )


def unproven(rotation: Rotation, at: datetime, why: str) -> Rotation:
    """Back to watching: what there was of proof or waiver does not count any more."""
    return rotation.to(State.WATCHING, at, why, waiver=None, proven_at=UNKNOWN, return_state=None)


def require_word(word: str, what: str) -> None:
    """Raise `ConfirmationMissing` unless the word is DELETE."""
    if word != DELETE_WORD:
        raise ConfirmationMissing(
            f"{what} needs the word {DELETE_WORD}; nothing was done.", f"Type {DELETE_WORD}."
        )


def require_no_deletion(rotation: Rotation) -> None:
    """Raise `OutOfTurn` while the answer to a deletion is awaited."""
    if rotation.deletion is not None:
        raise OutOfTurn(
            f"It is not known yet whether {rotation.deletion.token_id} was deleted.",
            "Look first: scim-tui tokens rotate --resume",
        )


def named(token: AccessToken) -> TokenRef:
    """What identifies this token."""
    return TokenRef(id=token.id, created_at=token.created_at, expires_at=token.expires_at)


def deleting(
    rotation: Rotation, at: datetime, token_id: str, why: DeletionReason
) -> dict[str, object]:
    """What changes when a deletion is intended."""
    asked = tuple(dict.fromkeys((*rotation.asked, token_id)))
    return {"deletion": Deletion(at=at, token_id=token_id, why=why), "asked": asked}


def find(tokens: Tokens, wanted: TokenRef) -> AccessToken | None:
    """The token with this id, if it is still the same one."""
    return next((t for t in tokens if t.id == wanted.id and same(t, wanted)), None)


def same(token: AccessToken, wanted: TokenRef) -> bool:
    """Whether it was made at the same instant, as far as both are known."""
    known = isinstance(token.created_at, datetime) and isinstance(wanted.created_at, datetime)
    return not known or token.created_at == wanted.created_at


def unknown(rotation: Rotation, tokens: Tokens) -> Tokens:
    """The tokens that this rotation knows nothing of."""
    known = rotation.known_ids()
    return tuple(token for token in tokens if token.id not in known)


def with_strays(rotation: Rotation, tokens: Tokens | None) -> Rotation:
    """The rotation with every token remembered that it knows nothing of."""
    fresh = tuple(named(token) for token in unknown(rotation, tokens or ()))
    return rotation.with_(strays=(*rotation.strays, *fresh)) if fresh else rotation


def old_may_miss(rotation: Rotation) -> bool:
    """Whether the old token may be missing: with swap it ends when the new one is made."""
    return rotation.strategy is Strategy.SWAP and rotation.attempts > 0


def attention(
    rotation: Rotation, at: datetime, trouble: str, return_state: State | None = None
) -> Rotation:
    """A person has to decide."""
    here = return_state or (
        rotation.return_state if rotation.state is State.ATTENTION else rotation.state
    )
    return rotation.to(State.ATTENTION, at, trouble, trouble=trouble, return_state=here)


def held(
    rotation: Rotation, at: datetime, token: AccessToken, fingerprint: Fingerprint, by: KnownBy
) -> Rotation:
    """The new token is known, and its secret in memory."""
    return rotation.to(
        State.HOLDING, at, token.id, new=named(token), fingerprint=fingerprint, created_by=by
    )
