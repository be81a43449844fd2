"""Rotation events of the deletion of the old token.

A token is deleted on fresh proof or on a fresh waiver only, and always the one that was named at
the start, as long as it is still the same one.
"""

from dataclasses import dataclass
from datetime import datetime

from scim_tui.model.rotation.guards import (
    Tokens,
    deleting,
    find,
    named,
    require_no_deletion,
    require_word,
    without_new,
)
from scim_tui.model.rotation.proof import is_proven, stale
from scim_tui.model.rotation.rotation import (
    DeletionReason,
    KnownBy,
    OutOfTurn,
    Rotation,
    State,
    Strategy,
)
from scim_tui.model.rotation.suspend import require_soaked
from scim_tui.model.rotation.watch import GROUNDED, require_working_new


@dataclass(frozen=True, slots=True)
class DeleteAsked:
    """A person is asked to confirm the deletion of the old token."""

    at: datetime

    def apply_to(self, rotation: Rotation) -> Rotation:
        """Only with proof, or a waiver, that is fresh."""
        rotation.require("Deleting the old token", *GROUNDED)
        require_no_deletion(rotation)
        if rotation.strategy is Strategy.SWAP:
            raise OutOfTurn("Making the new token has ended the old one.", "Look again.")
        require_working_new(rotation)
        if stale(rotation, self.at):
            raise OutOfTurn("The proof is too old.", "Look again.")
        if rotation.waiver is None and not is_proven(rotation):
            raise OutOfTurn("The proof does not hold.", "Look again.")
        if rotation.waiver is None and rotation.seen.skew is None:
            raise OutOfTurn(
                "The server's answers carry no Date, so how long the old token was silent rests "
                "on this machine's clock alone.",
                "Accept less proof: O in the wizard, or --accept-unproven REASON.",
            )
        if rotation.state is State.SUSPENDED:
            require_soaked(rotation, self.at)
        if rotation.state is State.DELETE_CONFIRM:
            return rotation
        return rotation.to(State.DELETE_CONFIRM, self.at, return_state=rotation.state)


@dataclass(frozen=True, slots=True)
class DeleteTyped:
    """The word was typed, and the tokens were just listed; the deletion is about to be sent."""

    at: datetime
    word: str
    tokens: Tokens

    def apply_to(self, rotation: Rotation) -> Rotation:
        """Raises unless both tokens are still the same and the new one has not expired."""
        rotation.require("Deleting the old token", State.DELETE_CONFIRM)
        DeleteAsked(self.at).apply_to(rotation)
        require_word(self.word, "Deleting the old token")
        if rotation.strategy is Strategy.GUIDED and not self.tokens:
            raise OutOfTurn("Here a person deletes the token.", "Say so when it is done.")
        if find(self.tokens, rotation.old) is None:
            raise OutOfTurn(f"{rotation.old.id} is not the token it was.", "Look again.")
        new = find(self.tokens, rotation.new) if rotation.new else None
        if new is None or named(new).expired(self.at):
            raise OutOfTurn("The new token is gone or has expired.", "Look again.")
        changes = deleting(rotation, self.at, rotation.old.id, DeletionReason.OLD)
        return rotation.to(State.DELETING, self.at, "", **changes)


@dataclass(frozen=True, slots=True)
class DeletedByWord:
    """Guided: a person says that the old token is deleted."""

    at: datetime
    word: str

    def apply_to(self, rotation: Rotation) -> Rotation:
        """Requires the same proof as a deletion by the program."""
        rotation.require("Saying that it is deleted", State.DELETE_CONFIRM)
        DeleteAsked(self.at).apply_to(rotation)
        require_word(self.word, "Saying that the old token is deleted")
        if rotation.strategy is not Strategy.GUIDED:
            raise OutOfTurn("Here the program deletes the token itself.", "Delete it.")
        return rotation.to(
            State.DELETED,
            self.at,
            "by word",
            gone_at=self.at,
            gone_by=KnownBy.WORD,
            return_state=None,
        )


@dataclass(frozen=True, slots=True)
class Gone:
    """The deletion was carried out, by its answer or by the list of tokens."""

    at: datetime
    by: KnownBy = KnownBy.API

    def apply_to(self, rotation: Rotation) -> Rotation:
        """Continues with what the deletion was for."""
        deletion = rotation.deletion
        if deletion is None:
            raise OutOfTurn("No deletion was sent.")
        found = rotation.with_(deletion=None)
        if deletion.why is DeletionReason.OLD:
            note = f"{deletion.token_id} is gone"
            return found.to(
                State.DELETED, self.at, note, gone_at=self.at, gone_by=self.by, return_state=None
            )
        if deletion.why is DeletionReason.DISCARD:
            return without_new(found, self.at)
        return _freed(found, self.at, deletion.token_id)


def _freed(rotation: Rotation, at: datetime, token_id: str) -> Rotation:
    strays = tuple(each for each in rotation.strays if each.id != token_id)
    lost = tuple(each for each in rotation.strays if each.id == token_id)
    found = rotation.with_(
        strays=strays,
        lost=(*rotation.lost, *lost),
        others=tuple(each for each in rotation.others if each != token_id),
    )
    if rotation.state is not State.FREE_SLOT:
        return found
    return found.to(State.PREFLIGHT, at, f"{token_id} was deleted")


@dataclass(frozen=True, slots=True)
class StillThere:
    """The deletion was not carried out: it was refused, or the token is still listed."""

    at: datetime
    why: str = ""

    def apply_to(self, rotation: Rotation) -> Rotation:
        """The word has to be typed again; nothing is sent a second time by itself."""
        if rotation.deletion is None:
            raise OutOfTurn("No deletion was sent.")
        found = rotation.with_(deletion=None)
        if rotation.deletion.why is DeletionReason.OLD:
            return found.to(State.DELETE_CONFIRM, self.at, self.why)
        return found
