"""Rotation events of the new secret: entered, tested, handed over, or lost."""

from dataclasses import dataclass
from datetime import datetime

from scim_tui.model.errors import ConfirmationMissing
from scim_tui.model.provisioning import AccessToken
from scim_tui.model.rotation.guards import (
    HANDED,
    HELD,
    Tokens,
    deleting,
    find,
    held,
    require_no_deletion,
    require_word,
    used_by_others,
    without_new,
)
from scim_tui.model.rotation.rotation import (
    DeletionReason,
    DeliveryReceipt,
    Fingerprint,
    KnownBy,
    OutOfTurn,
    Probed,
    Rotation,
    State,
    Strategy,
    TokenRef,
)


@dataclass(frozen=True, slots=True)
class Pasted:
    """Guided: a person made the token and gave us its id and, in memory, its text."""

    at: datetime
    token: AccessToken
    fingerprint: Fingerprint

    def apply_to(self, rotation: Rotation) -> Rotation:
        """As if the program had created it; may be repeated if the secret was wrong or is lost."""
        rotation.require("Entering a token", State.CREATE_INTENT, *PASTED_AGAIN)
        if rotation.strategy is not Strategy.GUIDED:
            raise OutOfTurn("Here the program makes the token itself.", "Go on with create.")
        if rotation.new is not None:
            rotation = self._instead(rotation, rotation.new)
        if self.token.id in rotation.known_ids():
            raise OutOfTurn(
                f"{self.token.id} is the id of a token that existed before.",
                "Enter the id of the new one.",
            )
        return held(rotation, self.at, self.token, self.fingerprint, KnownBy.WORD)

    def _instead(self, rotation: Rotation, before: TokenRef) -> Rotation:
        """Drops what was known of the earlier secret; a token with another id is kept in `lost`."""
        if rotation.seen.new_in_use:
            raise OutOfTurn(f"{before.id} is in use, so its text did arrive.", "Look again.")
        other = () if before.id == self.token.id else (before,)
        return rotation.with_(new=None, probes=(), receipts=(), strays=(*rotation.strays, *other))


PASTED_AGAIN = (State.PROBE_FAILED, State.SECRET_GONE)
"""Guided: the text can be entered again, since the person who made it may still have it."""


@dataclass(frozen=True, slots=True)
class ProbeSent:
    """A request of ours with the new secret is about to be sent."""

    at: datetime

    def apply_to(self, rotation: Rotation) -> Rotation:
        """Recorded before the request, as that changes the token's time of last use."""
        rotation.require("Testing the new token", *HELD, *HANDED)
        return rotation.with_(probes=(*rotation.probes, Probed(at=self.at)))


@dataclass(frozen=True, slots=True)
class ProbeAnswered:
    """The outcome of our own request."""

    at: datetime
    ok: bool
    status: int | None
    message: str = ""

    def apply_to(self, rotation: Rotation) -> Rotation:
        """E1, or the reason why not."""
        rotation.require("An answer to the test", *HELD, *HANDED)
        if not rotation.probes:
            raise OutOfTurn("No test was sent.")
        answer = {"ok": self.ok, "status": self.status, "message": self.message}
        last = rotation.probes[-1].model_copy(update=answer)
        found = rotation.with_(probes=(*rotation.probes[:-1], last))
        if rotation.state not in HELD:
            return found
        if self.ok:
            return found.to(State.PROBED, self.at, f"{self.status} with the new token")
        if rotation.state is State.PROBED and self.status not in {401, 403}:
            return found
        return found.to(State.PROBE_FAILED, self.at, self.message)


@dataclass(frozen=True, slots=True)
class Dropped:
    """The secret is no longer in memory: its time ran out, the session ended or crashed."""

    at: datetime
    why: str

    def apply_to(self, rotation: Rotation) -> Rotation:
        """Lost for ever, unless it was handed over, or may have been."""
        rotation.require("Dropping the secret", *HELD)
        if any(receipt.ok is not False for receipt in rotation.receipts):
            return rotation.to(State.DELIVERED, self.at, "it may have been handed over")
        return rotation.to(State.SECRET_GONE, self.at, self.why)


@dataclass(frozen=True, slots=True)
class Armed:
    """Swap: the way of delivery for the new secret is ready."""

    at: datetime
    way: str

    def apply_to(self, rotation: Rotation) -> Rotation:
        """Now the token may be made."""
        rotation.require("Getting the delivery ready", State.CREATE_INTENT)
        return rotation.with_(armed=self.way)


@dataclass(frozen=True, slots=True)
class DeliverSent:
    """The secret is about to be handed over."""

    at: datetime
    way: str

    def apply_to(self, rotation: Rotation) -> Rotation:
        """It may have arrived from here on."""
        rotation.require("Handing over the secret", State.PROBED, *HANDED)
        return rotation.with_(
            receipts=(*rotation.receipts, DeliveryReceipt(at=self.at, way=self.way))
        )


@dataclass(frozen=True, slots=True)
class DeliverEnded:
    """The outcome of the delivery."""

    at: datetime
    ok: bool
    outcome: str

    def apply_to(self, rotation: Rotation) -> Rotation:
        """Delivered, or not."""
        rotation.require("A receipt", State.PROBED, *HANDED)
        if not rotation.receipts:
            raise OutOfTurn("Nothing was handed over.")
        last = rotation.receipts[-1].model_copy(update={"ok": self.ok, "outcome": self.outcome})
        found = rotation.with_(receipts=(*rotation.receipts[:-1], last))
        if self.ok and rotation.state is State.PROBED:
            return found.to(State.DELIVERED, self.at, last.way)
        return found


@dataclass(frozen=True, slots=True)
class NotArrived:
    """A person says, with the new token's id typed, that the IdP does not have its text."""

    at: datetime
    token_word: str

    def apply_to(self, rotation: Rotation) -> Rotation:
        """Lost, if no client was seen with it: an IdP that has it would be refused."""
        rotation.require("Saying that it did not arrive", State.PROBED, State.DELIVERED)
        if rotation.new is None or self.token_word != rotation.new.id:
            raise ConfirmationMissing(
                "Saying that it did not arrive needs the new token's id; nothing was done.",
                f"Type {rotation.label}.",
            )
        if rotation.seen.new_in_use:
            raise OutOfTurn(f"{rotation.new.id} is in use, so it did arrive.", "Look again.")
        receipts = tuple(each.model_copy(update={"ok": False}) for each in rotation.receipts)
        found = rotation.with_(receipts=receipts)
        if found.state is State.PROBED:
            return found
        return found.to(State.SECRET_GONE, self.at, "it did not arrive, by word")


def discardable(rotation: Rotation) -> TokenRef:
    """The new token, where the rotation itself allows that it is deleted.

    Raises `OutOfTurn` with the reason; what only the list of tokens shows is not checked here.
    """
    require_no_deletion(rotation)
    if rotation.new is None or rotation.strategy is Strategy.SWAP:
        raise OutOfTurn("There is no second token to be discarded.", "Create again.")
    if isinstance(rotation.gone_at, datetime):
        raise OutOfTurn(
            f"{rotation.old.id} is gone, so {rotation.new.id} may be the only token that works.",
            "Keep the new one.",
        )
    if rotation.seen.new_in_use:
        raise _in_use(rotation.new.id)
    if any(receipt.ok is not False for receipt in rotation.receipts):
        raise OutOfTurn("The IdP may have its text.", "Hand it over again, or look for it.")
    rotation.require("Discarding it", State.SECRET_GONE, *HELD)
    return rotation.new


def _in_use(token_id: str) -> OutOfTurn:
    return OutOfTurn(f"{token_id} is in use, so it is not discarded.", "Look again.")


@dataclass(frozen=True, slots=True)
class DiscardChosen:
    """A new token that is not used, or not wanted, is about to be deleted."""

    at: datetime
    word: str
    tokens: Tokens

    def apply_to(self, rotation: Rotation) -> Rotation:
        """Intended; never for one that another client uses."""
        wanted = discardable(rotation)
        require_word(self.word, "Deleting a token")
        new = find(self.tokens, wanted)
        if new is None:
            raise OutOfTurn(f"{wanted.id} is not listed any more.", "Look again.")
        if find(self.tokens, rotation.old) is None:
            raise OutOfTurn(
                f"{rotation.old.id} is gone, so {new.id} may be the only token that works.",
                "Install the new one instead.",
            )
        if used_by_others(rotation, new):
            raise _in_use(new.id)
        return rotation.with_(**deleting(rotation, self.at, new.id, DeletionReason.DISCARD))


@dataclass(frozen=True, slots=True)
class Retried:
    """Swap: the text of the only token is lost, so another one has to be made at once."""

    at: datetime

    def apply_to(self, rotation: Rotation) -> Rotation:
        """Back to making, with the lost one remembered."""
        rotation.require("Making another one", State.SECRET_GONE, State.PROBE_FAILED)
        if rotation.strategy is not Strategy.SWAP:
            raise OutOfTurn("The lost token has to be deleted first.", "Discard it.")
        return without_new(rotation, self.at)
