"""Rotations: the verbs that both front ends call to replace an access token without a gap.

One `Rotations` is one session's hold on the rotation of a profile. Every verb returns the rotation
as it stands on disk afterwards, and raises `OutOfTurn` where it cannot be done now,
`ConfirmationMissing` without its typed word, `HeldElsewhere` when somebody else works on it, and
what the provider raises. Intent is on disk before each effect and the result after it, so any
verb may be cut off anywhere: `resume` finds out what became of it.

The way through, and the state it leads to:
start (CREATE_INTENT, or FREE_SLOT) > free_slot > create (HOLDING) > probe (PROBED) >
deliver (DELIVERED) > installed (INSTALL_CLAIMED) > idp_test (IDP_TESTED) > look, again and again
(WATCHING, PROVEN) > delete_old (DELETED) > look (AFTERWATCH, DONE).
"""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from pydantic import SecretStr

from scim_tui.core import rotation_evidence as evidence
from scim_tui.core.clock import Clock, utc_now
from scim_tui.core.journal import Holder, Journal
from scim_tui.core.mutation import Guard, carry_out
from scim_tui.core.rotation_session import Session, fingerprint
from scim_tui.model.absent import UNKNOWN, Moment
from scim_tui.model.activity import Phase
from scim_tui.model.capabilities import YES
from scim_tui.model.errors import OutcomeUnknown, ScimTuiError, Unsupported, UsageError
from scim_tui.model.provisioning import AccessToken
from scim_tui.model.rotation import By, OutOfTurn, Policy, Rotation, State, Strategy, TestResult
from scim_tui.model.rotation_deletion import DeleteAsked, DeletedByWord, DeleteTyped
from scim_tui.model.rotation_delivery import (
    Armed,
    DeliverEnded,
    DeliverSent,
    DiscardChosen,
    Pasted,
    ProbeAnswered,
    ProbeSent,
    Retried,
)
from scim_tui.model.rotation_guards import Tokens, require_word
from scim_tui.model.rotation_making import Listed, Recheck, SlotChosen, begin
from scim_tui.model.rotation_proof import level
from scim_tui.model.rotation_watch import Accepted, IdpTested, Installed
from scim_tui.model.rotation_ways_out import Aborted, Settled
from scim_tui.providers.port import Provider

HandOver = Callable[[SecretStr], Awaitable[str]]
"""Takes the secret somewhere and says what came of it, without the secret: "written"."""


LEAST_SECRET = 16
"""Characters that a token has at least; Identity Center's have 500 and more."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the rotation of a profile stands, without asking anybody."""

    rotation: Rotation | None
    """The open one, else the newest, else None."""
    holder: Holder | None
    """Whoever else works on it now."""
    secret_held: bool
    """Whether this session has the new secret in memory."""


class Rotations:
    """The rotation of one profile, as far as this session may work on it."""

    def __init__(
        self,
        provider: Provider,
        guard: Guard,
        journal: Journal,
        clock: Clock = utc_now,
        *,
        profile: str = "",
        policy: Policy | None = None,
    ) -> None:
        self._provider, self._guard, self._journal, self._clock = provider, guard, journal, clock
        self._profile, self._policy = profile, policy or Policy()
        self._session = Session(provider, guard, journal, clock, self._policy.hold)

    @property
    def secret(self) -> SecretStr | None:
        """The new secret while it is held; for showing it only. `deliver` hands it over."""
        return self._session.secret

    async def status(self) -> Standing:
        """Where it stands, from the disk; changes nothing, needs no hold, asks no network."""
        rotation = self._journal.open()
        if rotation is None:
            rotation = next(iter(reversed(self._journal.all())), None)
        return Standing(rotation, self._journal.holder(), self.secret is not None)

    def receipts(self) -> list[Rotation]:
        """Every rotation of the profile, oldest first; those that are over are receipts."""
        return self._journal.all()

    def why_not_start(self) -> str | None:
        """The reason why no rotation can be started or resumed here, or None."""
        return self._guard.why_not()

    async def start(self, old_id: str = "", strategy: Strategy | None = None) -> Rotation:
        """Begin, and make the checks: on to CREATE_INTENT or FREE_SLOT, unless one is bad.

        Without an id the token in use is replaced. Nothing is changed but our own files. Raises
        `OutOfTurn` while a rotation is open, `Unsupported` for a strategy the provider has not.
        """
        async with self._session.alone():
            chosen = self._strategy(strategy)
            old = await self._old(old_id)
            self._journal.hold()
            self._require_none_open()
            rotation = begin(
                id=self._journal.next_id(), profile=self._profile, strategy=chosen, old=old,
                policy=self._policy, at=self._clock(), by=self._journal.me.by,
                nonce=secrets.token_hex(8),
            )  # fmt: skip
            await self._tell("start", f"{rotation.id} of {old.id}")
            self._session.begin(rotation)
            return await self._check()

    async def resume(self, take_over: str = "") -> Rotation:
        """Go on with the open rotation, and find out what became of what was cut off.

        Raises `HeldElsewhere` while another session works on it, unless `take_over` is the typed
        word; `OutOfTurn` when no rotation is open. What cannot be found out now, because the
        provider does not answer, stays open, and its error is raised.
        """
        async with self._session.alone():
            if (found := self._journal.open()) is None:
                raise OutOfTurn("No rotation is open.", "Start one: tokens rotate")
            if (other := self._journal.hold(take_over)) is not None:
                await self._tell("take over", f"{found.id} from {other.by}")
            # Whoever held it may have gone on until a moment ago.
            self._session.open(self._journal.load(found.id))
            await self._session.recover()
            return self._session.rotation

    async def check(self) -> Rotation:
        """Make the checks again."""
        async with self._session.turn():
            return await self._check()

    async def slots(self) -> list[tuple[AccessToken, str]]:
        """At FREE_SLOT: the tokens, best to delete first, with the reason to keep each or ""."""
        tokens = await evidence.list_tokens(self._provider) or ()
        return evidence.may_go(self._session.rotation, tokens, self._clock())

    async def free_slot(self, token_id: str, confirm: str) -> Rotation:
        """Delete a token that is not needed (typed DELETE), then check again.

        Also deletes a stray: a token that appeared while ours was made.
        """
        async with self._session.turn():
            require_word(confirm, "Deleting a token")
            self._provider.capabilities.delete_token.require()
            tokens = await evidence.list_tokens(self._provider) or ()
            self._session.step(SlotChosen(self._clock(), token_id, confirm, tokens))
            await self._session.delete("token.delete")
            if self._session.rotation.state is State.PREFLIGHT:
                return await self._check()
            return self._session.rotation

    async def create(self) -> Rotation:
        """Make the new token: HOLDING, with its secret in memory.

        An answer that was lost is found out by listing: SECRET_GONE when a token was made and its
        text is lost (then `discard`, and `create` again); the error is raised when none was made.
        Where the tokens are not what they were, the checks are made again instead.
        """
        async with self._session.turn() as rotation:
            if rotation.state is State.SECRET_GONE and rotation.strategy is Strategy.SWAP:
                self._session.step(Retried(self._clock()))
            tokens = await evidence.list_tokens(self._provider) or ()
            found = self._session.step(Listed(self._clock(), tokens))
            if found.state is State.PREFLIGHT or self._is_full(found, tokens):
                return await self._check()
            if found.state is State.CREATE_INTENT:
                await self._session.make(tokens)
            return self._session.rotation

    async def paste(
        self, secret: SecretStr, token_id: str, created_at: Moment = UNKNOWN
    ) -> Rotation:
        """Guided: take the token that a person made. Raises `UsageError` for no or the old text."""
        async with self._session.turn() as rotation:
            self._require_new_text(secret, rotation.old.id)
            token = AccessToken(id=token_id.strip(), created_at=created_at)
            found = self._session.step(Pasted(self._clock(), token, fingerprint(secret)))
            self._session.keep(secret)
            return found

    async def arm(self, way: str) -> Rotation:
        """Swap: say where the new secret will go, before `create` ends the old one."""
        async with self._session.turn():
            return self._session.step(Armed(self._clock(), way))

    async def probe(self) -> Rotation:
        """Ask the SCIM endpoint once with the new secret: PROBED (E1), or PROBE_FAILED."""
        async with self._session.turn() as rotation:
            secret = self._require_secret()
            self._session.step(ProbeSent(self._clock()))
            try:
                probe = await self._provider.probe_with(secret, rotation.nonce)
            except ScimTuiError as error:
                return self._session.step(ProbeAnswered(self._clock(), False, None, error.message))
            answer = ProbeAnswered(self._clock(), probe.ok, probe.status, probe.message)
            return self._session.step(answer)

    async def deliver(self, way: str, hand_over: HandOver) -> Rotation:
        """Hand the secret over; may be called again while it is held. `way` is for people.

        Raises what `hand_over` raises; `OutcomeUnknown` from it leaves open whether it arrived.
        """
        async with self._session.turn() as rotation:
            secret = self._require_secret()
            self._session.step(DeliverSent(self._clock(), way))
            try:
                outcome = await carry_out(
                    self._guard, "secret.deliver", lambda: hand_over(secret), can=YES,
                    target=f"{rotation.label} to {way}",
                )  # fmt: skip
            except OutcomeUnknown:
                raise
            except ScimTuiError as error:
                words = _hide(error.message, secret)
                self._session.step(DeliverEnded(self._clock(), False, words))
                raise
            return self._session.step(DeliverEnded(self._clock(), True, _hide(outcome, secret)))

    async def installed(self, by: By) -> Rotation:
        """The IdP has it: by word, or because a program wrote it and read it back."""
        async with self._session.turn():
            return self._session.step(Installed(self._clock(), by))

    async def idp_test(self, result: TestResult, by: By, detail: str = "") -> Rotation:
        """What the IdP's own test said, or that it was left out."""
        async with self._session.turn():
            return self._session.step(IdpTested(self._clock(), result, by, detail))

    async def look(self) -> Rotation:
        """Look who uses which token: the one verb of watching, proving and after-watching.

        Call it again and again; it leads to WATCHING, PROVEN, DONE and ATTENTION by itself, and
        back from PROVEN when the old token is used.
        """
        async with self._session.turn():
            await self._session.observe()
            return self._session.rotation

    async def accept_unproven(self, token_word: str, confirm: str, reason: str) -> Rotation:
        """Accept less proof: the old token's id and DELETE, both typed, and a reason."""
        async with self._session.turn():
            await self._session.observe()
            words = Accepted(self._clock(), token_word, confirm, reason, self._journal.me.by)
            found = self._session.step(words)
            await self._tell("accept", f"{found.id} with {level(found)}: {reason}")
            return found

    async def delete_old(self, confirm: str) -> Rotation:
        """Look once more, then delete the old token (typed DELETE).

        Raises `OutOfTurn` when the proof does not hold any more. A lost answer is found out by
        listing; the rotation is at DELETE_CONFIRM when the token is still there.
        """
        async with self._session.turn():
            require_word(confirm, "Deleting the old token")
            self._provider.capabilities.delete_token.require()
            tokens = await self._session.observe()
            if self._session.rotation.state is State.DELETED:
                return self._session.rotation
            self._session.step(DeleteAsked(self._clock()))
            self._session.step(DeleteTyped(self._clock(), confirm, tokens))
            await self._session.delete("token.delete")
            return self._session.rotation

    async def deleted_by_word(self, confirm: str) -> Rotation:
        """Guided: a person deleted the old token (typed DELETE)."""
        async with self._session.turn():
            require_word(confirm, "Saying that it is deleted")
            self._session.step(DeleteAsked(self._clock()))
            found = self._session.step(DeletedByWord(self._clock(), confirm))
            await self._tell("deleted by word", found.old.id)
            return found

    async def discard(self, confirm: str) -> Rotation:
        """Delete the new token (typed DELETE) and go back to making one. Never one in use."""
        async with self._session.turn():
            return await self._discard(confirm)

    async def settle(self, reason: str) -> Rotation:
        """At ATTENTION: a person looked, and lets it go on from the tokens that exist."""
        async with self._session.turn():
            tokens = await evidence.list_tokens(self._provider)
            found = self._session.step(Settled(self._clock(), reason, tokens))
            await self._tell("settle", f"{found.id}: {reason}")
            return found

    async def abort(self, confirm: str = "") -> Rotation:
        """Stop. With DELETE typed, the new token is deleted first if nobody uses it."""
        async with self._session.turn() as rotation:
            if confirm and rotation.new is not None:
                await self._discard(confirm)
            ending = await self._what_exists()
            await self._tell("abort", f"{rotation.id}: {ending}")
            return self._session.step(Aborted(self._clock(), ending))

    async def leave(self) -> None:
        """Forget the secret and let go, so that another session may go on; nothing else changes."""
        self._session.leave()

    async def _check(self) -> Rotation:
        if self._session.rotation.state in (State.CREATE_INTENT, State.FREE_SLOT):
            self._session.step(Recheck(self._clock()))
        found = await evidence.checks(self._provider, self._session.rotation, self._clock())
        return self._session.step(found)

    async def _old(self, old_id: str) -> AccessToken:
        tokens = await evidence.list_tokens(self._provider)
        if tokens is not None:
            return evidence.choose_old(tokens, old_id, self._clock())
        if not old_id:
            raise UsageError("The tokens cannot be listed here.", "Name the old one by its id.")
        return AccessToken(id=old_id)

    async def _discard(self, confirm: str) -> Rotation:
        require_word(confirm, "Deleting a token")
        self._provider.capabilities.delete_token.require()
        tokens = await self._session.observe()
        if self._session.rotation.new is None:
            return self._session.rotation
        self._session.step(DiscardChosen(self._clock(), confirm, tokens))
        self._session.forget()
        await self._session.delete("token.delete")
        return self._session.rotation

    async def _what_exists(self) -> str:
        try:
            tokens = await evidence.list_tokens(self._provider)
        except ScimTuiError:
            tokens = None
        if tokens is None:
            return "Which tokens exist is not known."
        ids = ", ".join(token.id for token in tokens)
        return f"These tokens exist: {ids}." if ids else "No token exists."

    async def _tell(self, action: str, detail: str) -> None:
        await self._guard.audit.write(f"rotation.{action}", detail, Phase.DONE)

    def _strategy(self, wanted: Strategy | None) -> Strategy:
        """The one that is wanted, or that fits. Raises `Unsupported`."""
        can = self._provider.capabilities
        if not can.create_token:
            fits = Strategy.GUIDED
        else:
            fits = Strategy.SWAP if can.max_tokens == 1 else Strategy.OVERLAP
        if wanted is None or wanted is fits:
            return fits
        raise Unsupported(f"{wanted} is not possible with this provider: it takes {fits}.")

    def _require_none_open(self) -> None:
        if (other := self._journal.open()) is None:
            return
        self._journal.release()
        raise OutOfTurn(
            f"{other.id} is open since {other.started_at:%Y-%m-%d %H:%M}Z.",
            "Resume it or abort it: scim-tui tokens rotate --resume",
        )

    def _is_full(self, rotation: Rotation, tokens: Tokens) -> bool:
        most = self._provider.capabilities.max_tokens
        making = rotation.state is State.CREATE_INTENT
        swap = rotation.strategy is Strategy.SWAP
        return making and not swap and most is not None and len(tokens) >= most

    def _require_secret(self) -> SecretStr:
        if (secret := self._session.secret) is None:
            raise OutOfTurn("The new secret is not in memory.", "See: tokens rotate --status")
        return secret

    def _require_new_text(self, secret: SecretStr, old_id: str) -> None:
        text = secret.get_secret_value()
        if len(text) < LEAST_SECRET or not text.isascii() or not text.isprintable() or " " in text:
            raise UsageError("That does not look like a token.", "Copy it again, in one piece.")
        known = self._journal.fingerprint_of(old_id)
        if known is not None and fingerprint(secret, known.salt) == known:
            raise UsageError("That is the text of the old token.", "Copy the new one.")


def _hide(words: str, secret: SecretStr) -> str:
    return words.replace(secret.get_secret_value(), "(hidden)")
