"""Rotations: the methods that both front ends call to replace an access token without a gap.

One `Rotations` is one session that works on the rotation of a profile. Every method returns the
rotation as it is on disk afterwards. It raises `OutOfTurn` where it cannot be done now,
`ConfirmationMissing` without its typed word, `HeldElsewhere` when another session works on the
rotation, and what the provider raises. The intent is on disk before each effect and the result
after it. So a method may be interrupted anywhere: `resume` finds out what was carried out.

Methods in their order, with the states they lead to: start (CREATE_INTENT, or FREE_SLOT) >
free_slot > create (HOLDING) > probe (PROBED) > deliver (DELIVERED) > installed (INSTALL_CLAIMED) >
idp_test (IDP_TESTED) > look, repeatedly (WATCHING, PROVEN) > [suspend (SUSPENDED) > look] >
delete_old (DELETED) > look (AFTERWATCH, DONE).
"""

from collections.abc import Awaitable, Callable

from pydantic import SecretStr

from scim_tui.core.base.mutation import Guard, carry_out
from scim_tui.core.rotation.journal import Journal
from scim_tui.core.rotation.session import RotationSession, fingerprint
from scim_tui.core.rotation.start import Preparation, Standing
from scim_tui.core.rotation.stop import discard, stop
from scim_tui.model.activity import Phase
from scim_tui.model.capabilities import YES
from scim_tui.model.clock import Clock, utc_now
from scim_tui.model.errors import OutcomeUnknown, ScimTuiError, UsageError
from scim_tui.model.provisioning import AccessToken
from scim_tui.model.rotation.create import Listed
from scim_tui.model.rotation.delete import DeleteAsked, DeletedByWord, DeleteTyped
from scim_tui.model.rotation.deliver import (
    Armed,
    DeliverEnded,
    DeliverSent,
    NotArrived,
    Pasted,
    ProbeAnswered,
    ProbeSent,
    Retried,
)
from scim_tui.model.rotation.guards import Tokens, old_may_miss, require_word
from scim_tui.model.rotation.proof import level
from scim_tui.model.rotation.rotation import (
    KnownBy,
    OutOfTurn,
    Policy,
    Rotation,
    State,
    Strategy,
    TestResult,
)
from scim_tui.model.rotation.settle import (
    Settled,
    WayToStop,
    ways_to_stop,
    why_not_discard,
)
from scim_tui.model.rotation.suspend import SuspendSent
from scim_tui.model.rotation.watch import Accepted, IdpTested, Installed
from scim_tui.model.unknown_values import UNKNOWN, Moment
from scim_tui.providers.port import Provider

__all__ = ["HandOver", "Rotations", "Standing"]

HandOver = Callable[[SecretStr], Awaitable[str]]
"""Delivers the secret, and returns the outcome without the secret: "written"."""


LEAST_SECRET = 16
"""The least number of characters of a token; those of Identity Center have 500 and more."""


class Rotations:
    """The rotation of one profile, for one session."""

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
        policy = policy or Policy()
        self._provider, self._guard, self._journal = provider, guard, journal
        self._session = RotationSession(provider, guard, journal, clock, policy.hold)
        self._preparation = Preparation(self._session, profile, policy)
        self._clock: Clock = self._session.clock

    @property
    def secret(self) -> SecretStr | None:
        """The new secret while it is in memory, only to be shown. `deliver` hands it over."""
        return self._session.secret

    @property
    def at_work(self) -> Rotation | None:
        """The open rotation that this session works on; None: it has none, or it was taken over."""
        found = self._session.current
        if found is None or not found.open or self._journal.holder() is not None:
            return None
        return found

    async def status(self) -> Standing:
        """The state of the rotation, read from disk only: no lock, no request, no change."""
        rotation = self._journal.open()
        if rotation is None:
            rotation = next(iter(reversed(self._journal.all())), None)
        return Standing(rotation, self._journal.holder(), self.secret is not None)

    def receipts(self) -> list[Rotation]:
        """Every rotation of the profile, oldest first; the ended ones are receipts."""
        return self._journal.all()

    async def start(self, old_id: str = "", strategy: Strategy | None = None) -> Rotation:
        """Begin, and make the checks. If all pass, the state is CREATE_INTENT or FREE_SLOT.

        Without an id the token in use is replaced. Only our own files are changed. Raises
        `OutOfTurn` while a rotation is open, `Unsupported` for a strategy that the provider cannot
        do.
        """
        return await self._preparation.start(old_id, strategy)

    async def resume(self, take_over: str = "") -> Rotation:
        """Go on with the open rotation, and find out what an interrupted request has done.

        Raises `HeldElsewhere` while another session works on it, unless `take_over` is the typed
        word; `OutOfTurn` when no rotation is open. If the provider does not answer, its error is
        raised, and the question stays open.
        """
        return await self._preparation.resume(take_over)

    async def check(self) -> Rotation:
        """Make the checks again."""
        async with self._session.turn():
            return await self._preparation.check()

    async def slots(self) -> list[tuple[AccessToken, str]]:
        """At FREE_SLOT: the tokens, best to delete first, with the reason to keep each or ""."""
        return await self._preparation.slots()

    async def free_slot(self, token_id: str, confirm: str) -> Rotation:
        """Delete a token that is not needed (typed DELETE), then check again.

        Also deletes a stray: another token that appeared while the new one was created.
        """
        return await self._preparation.free_slot(token_id, confirm)

    async def leave(self) -> None:
        """Forget the secret and release the lock, so that another session can go on."""
        self._session.leave()

    async def create(self, confirm: str = "") -> Rotation:
        """Make the new token: HOLDING, with its secret in memory.

        With the strategy swap the old token ends at once, so DELETE has to be typed. If the answer
        is lost, listing shows the outcome: SECRET_GONE when a token was made, whose text is lost
        (then `discard`, and `create` again); otherwise the error is raised. If other tokens
        appeared or disappeared since the checks, nothing is created and the checks are made again.
        """
        async with self._session.turn() as rotation:
            if rotation.state is State.SECRET_GONE and rotation.strategy is Strategy.SWAP:
                self._session.step(Retried(self._clock()))
            if rotation.strategy is Strategy.SWAP and not old_may_miss(rotation):
                require_word(confirm, f"Making the new token ends {rotation.old.id}, which")
            tokens = await self._session.tokens() or ()
            found = self._session.step(Listed(self._clock(), tokens))
            if found.state is State.PREFLIGHT or self._is_full(found, tokens):
                return await self._preparation.check()
            if found.state is State.CREATE_INTENT:
                await self._session.make(tokens)
            return self._session.rotation

    async def paste(
        self, secret: SecretStr, token_id: str, created_at: Moment = UNKNOWN
    ) -> Rotation:
        """Guided: take a token that a person made. Raises `UsageError` for no or the old secret."""
        async with self._session.turn() as rotation:
            self._require_new_text(secret, rotation.old.id)
            token = AccessToken(id=token_id.strip(), created_at=created_at)
            found = self._session.step(Pasted(self._clock(), token, fingerprint(secret)))
            self._session.keep(secret)
            return found

    async def arm(self, way: str) -> Rotation:
        """Swap: set where the new secret will be delivered, before `create` ends the old token."""
        async with self._session.turn():
            return self._session.step(Armed(self._clock(), way))

    async def probe(self) -> Rotation:
        """Send one SCIM request with the new secret: the state is PROBED (E1) or PROBE_FAILED."""
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
        """Hand the secret over; may be repeated while it is in memory. `way` is a text for people.

        Raises what `hand_over` raises; after its `OutcomeUnknown` it is unknown whether it arrived.
        """
        async with self._session.turn() as rotation:
            secret = self._require_secret()
            self._session.step(DeliverSent(self._clock(), way))
            try:
                outcome = await carry_out(
                    self._guard,
                    "secret.deliver",
                    lambda: hand_over(secret),
                    can=YES,
                    target=f"{rotation.label} to {way}",
                )
            except OutcomeUnknown:
                raise
            except ScimTuiError as error:
                words = _hide(error.message, secret)
                self._session.step(DeliverEnded(self._clock(), False, words))
                raise
            return self._session.step(DeliverEnded(self._clock(), True, _hide(outcome, secret)))

    async def not_arrived(self, token_word: str) -> Rotation:
        """After an unknown delivery: it did not arrive (typed id of the new token): SECRET_GONE.

        Looks first, and refuses if the new token was used.
        """
        async with self._session.turn():
            await self._session.observe()
            return self._session.step(NotArrived(self._clock(), token_word))

    async def installed(self, by: KnownBy) -> Rotation:
        """The IdP has the secret: a person says so, or a program wrote it and read it back."""
        async with self._session.turn():
            return self._session.step(Installed(self._clock(), by))

    async def idp_test(self, result: TestResult, by: KnownBy, detail: str = "") -> Rotation:
        """Record the result of the IdP's own test, or that it was skipped."""
        async with self._session.turn():
            return self._session.step(IdpTested(self._clock(), result, by, detail))

    async def look(self) -> Rotation:
        """Look which client uses which token; to be called repeatedly until the rotation ends.

        It leads to WATCHING, PROVEN, DONE and ATTENTION by itself. It leads back from PROVEN when
        the old token is used, and from SUSPENDED when a client is refused.
        """
        async with self._session.turn():
            await self._session.put_back(await self._session.observe())
            return self._session.rotation

    async def suspend(self) -> Rotation:
        """Suspend the old token before its deletion (SUSPENDED), where the provider can do that.

        `look` reinstates it as soon as a client is refused.
        """
        async with self._session.turn():
            self._provider.capabilities.suspend_token.require()
            await self._session.observe()
            self._session.step(SuspendSent(self._clock()))
            await self._session.suspend()
            return self._session.rotation

    async def reinstate(self) -> Rotation:
        """Reinstate the suspended old token, and go on watching."""
        async with self._session.turn() as rotation:
            rotation.require("Switching the old token on", State.SUSPENDED)
            await self._session.reinstate("a person wanted it")
            return self._session.rotation

    async def accept_unproven(self, token_word: str, confirm: str, reason: str) -> Rotation:
        """Go on with less proof: the id of the old token and DELETE, both typed, and a reason."""
        async with self._session.turn():
            await self._session.observe()
            words = Accepted(self._clock(), token_word, confirm, reason, self._journal.me.by)
            found = self._session.step(words)
            await self._session.note("accept", f"{found.id} with {level(found)}: {reason}")
            return found

    async def delete_old(self, confirm: str) -> Rotation:
        """Look once more, then delete the old token (typed DELETE).

        Raises `OutOfTurn` when the proof no longer holds. If the answer is lost, listing shows the
        outcome; the rotation is at DELETE_CONFIRM when the token still exists.
        """
        async with self._session.turn():
            require_word(confirm, "Deleting the old token")
            self._provider.capabilities.delete_token.require()
            tokens = await self._session.observe()
            if self._session.rotation.state is State.DELETED:
                return self._session.rotation
            self._session.step(DeleteAsked(self._clock()))
            self._session.step(DeleteTyped(self._clock(), confirm, tokens))
            await self._session.delete("token.delete", confirm)
            return self._session.rotation

    async def deleted_by_word(self, confirm: str) -> Rotation:
        """Guided: a person deleted the old token (typed DELETE)."""
        async with self._session.turn():
            require_word(confirm, "Saying that it is deleted")
            self._session.step(DeleteAsked(self._clock()))
            found = self._session.step(DeletedByWord(self._clock(), confirm))
            await self._session.note("deleted by word", found.old.id)
            return found

    async def discard(self, confirm: str) -> Rotation:
        """Delete the new token (typed DELETE) unless it is in use, and go back to creating one."""
        async with self._session.turn():
            return await discard(self._session, confirm)

    async def settle(self, reason: str) -> Rotation:
        """At ATTENTION: a person looked, and the rotation goes on with the tokens that exist."""
        async with self._session.turn():
            tokens = await self._session.tokens()
            found = self._session.step(Settled(self._clock(), reason, tokens))
            await self._session.note("settle", f"{found.id}: {reason}")
            return found

    async def abort(self, confirm: str = "") -> Rotation:
        """Stop. With DELETE typed, the new token is deleted first if no client uses it.

        The audit trail records the outcome in any case. If this raises, the rotation goes on.
        """
        try:
            async with self._session.turn():
                return await stop(self._session, confirm)
        except ScimTuiError as error:
            self.not_stopped(error.message)
            raise

    def not_stopped(self, why: str) -> None:
        """Record in the audit trail that a person tried to stop it, and why it goes on."""
        rotation = self._session.current or self._journal.open()
        target = rotation.id if rotation is not None else ""
        self._guard.audit.try_write("rotation.abort", target, Phase.FAILED, f"not stopped: {why}")

    def ways_to_stop(self) -> tuple[WayToStop, ...]:
        """How the rotation can be stopped now, and what each way leaves."""
        return ways_to_stop(self._session.rotation, self._provider.capabilities.delete_token)

    def why_not_discard(self) -> str:
        """Why the new token cannot be deleted if the rotation stops now; empty: it can."""
        return why_not_discard(self._session.rotation, self._provider.capabilities.delete_token)

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
