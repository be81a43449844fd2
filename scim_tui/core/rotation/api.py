"""Rotations: the verbs that both front ends call to replace an access token without a gap.

One `Rotations` is one session's hold on the rotation of a profile. Every verb returns the rotation
as it stands on disk afterwards, and raises `OutOfTurn` where it cannot be done now,
`ConfirmationMissing` without its typed word, `HeldElsewhere` when somebody else works on it, and
what the provider raises. Intent is on disk before each effect and the result after it, so any
verb may be cut off anywhere: `resume` finds out what became of it.

The way through, and the state it leads to:
start (CREATE_INTENT, or FREE_SLOT) > free_slot > create (HOLDING) > probe (PROBED) >
deliver (DELIVERED) > installed (INSTALL_CLAIMED) > idp_test (IDP_TESTED) > look, again and again
(WATCHING, PROVEN) > [suspend (SUSPENDED) > look] > delete_old (DELETED) > look (AFTERWATCH, DONE).
"""

from collections.abc import Awaitable, Callable

from pydantic import SecretStr

from scim_tui.core.base.mutation import carry_out
from scim_tui.core.rotation import evidence
from scim_tui.core.rotation.session import fingerprint
from scim_tui.core.rotation.start import Opening, Standing
from scim_tui.model.activity import Phase
from scim_tui.model.capabilities import YES
from scim_tui.model.errors import OutcomeUnknown, ScimTuiError, UsageError
from scim_tui.model.provisioning import AccessToken
from scim_tui.model.rotation.create import Listed
from scim_tui.model.rotation.delete import DeleteAsked, DeletedByWord, DeleteTyped
from scim_tui.model.rotation.deliver import (
    Armed,
    DeliverEnded,
    DeliverSent,
    DiscardChosen,
    NotArrived,
    Pasted,
    ProbeAnswered,
    ProbeSent,
    Retried,
    discardable,
)
from scim_tui.model.rotation.guards import Tokens, old_may_miss, require_word
from scim_tui.model.rotation.proof import level
from scim_tui.model.rotation.rotation import (
    KnownBy,
    OutOfTurn,
    Rotation,
    State,
    Strategy,
    TestResult,
)
from scim_tui.model.rotation.settle import (
    Aborted,
    Settled,
    WayToStop,
    require_stoppable,
    ways_to_stop,
    why_not_discard,
)
from scim_tui.model.rotation.suspend import SuspendSent
from scim_tui.model.rotation.watch import Accepted, IdpTested, Installed
from scim_tui.model.unknown_values import NEVER, UNKNOWN, Moment

__all__ = ["HandOver", "Rotations", "Standing"]

HandOver = Callable[[SecretStr], Awaitable[str]]
"""Takes the secret somewhere and says what came of it, without the secret: "written"."""


LEAST_SECRET = 16
"""Characters that a token has at least; Identity Center's have 500 and more."""


class Rotations(Opening):
    """The rotation of one profile, as far as this session may work on it."""

    async def create(self, confirm: str = "") -> Rotation:
        """Make the new token: HOLDING, with its secret in memory.

        Swap: the first one ends the old token at once, which needs DELETE to be typed.

        An answer that was lost is found out by listing: SECRET_GONE when a token was made and its
        text is lost (then `discard`, and `create` again); the error is raised when none was made.
        Where the tokens are not what they were, the checks are made again instead.
        """
        async with self._session.turn() as rotation:
            if rotation.state is State.SECRET_GONE and rotation.strategy is Strategy.SWAP:
                self._session.step(Retried(self._clock()))
            if rotation.strategy is Strategy.SWAP and not old_may_miss(rotation):
                require_word(confirm, f"Making the new token ends {rotation.old.id}, which")
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
        """After an unknown delivery: it did not arrive (the new token's id typed): SECRET_GONE.

        Looks first, and refuses when the new token was seen in use.
        """
        async with self._session.turn():
            await self._session.observe()
            return self._session.step(NotArrived(self._clock(), token_word))

    async def installed(self, by: KnownBy) -> Rotation:
        """The IdP has it: by word, or because a program wrote it and read it back."""
        async with self._session.turn():
            return self._session.step(Installed(self._clock(), by))

    async def idp_test(self, result: TestResult, by: KnownBy, detail: str = "") -> Rotation:
        """What the IdP's own test said, or that it was left out."""
        async with self._session.turn():
            return self._session.step(IdpTested(self._clock(), result, by, detail))

    async def look(self) -> Rotation:
        """Look who uses which token: the one verb of watching, proving and after-watching.

        Call it again and again; it leads to WATCHING, PROVEN, DONE and ATTENTION by itself, and
        back from PROVEN when the old token is used, or SUSPENDED when somebody is refused.
        """
        async with self._session.turn():
            await self._session.put_back(await self._session.observe())
            return self._session.rotation

    async def suspend(self) -> Rotation:
        """Switch the old token off before it goes (SUSPENDED), where the provider can do that.

        Meanwhile `look` lets it in again as soon as somebody is refused.
        """
        async with self._session.turn():
            self._provider.capabilities.suspend_token.require()
            await self._session.observe()
            self._session.step(SuspendSent(self._clock()))
            await self._session.suspend()
            return self._session.rotation

    async def reinstate(self) -> Rotation:
        """Let the suspended old token in again, and watch on."""
        async with self._session.turn() as rotation:
            rotation.require("Switching the old token on", State.SUSPENDED)
            await self._session.reinstate("a person wanted it")
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
        """Stop. With DELETE typed, the new token is deleted first if nobody uses it.

        However it ends, the audit trail says so; where it raises, the rotation goes on.
        """
        try:
            async with self._session.turn() as rotation:
                return await self._stop(rotation, confirm)
        except ScimTuiError as error:
            self.not_stopped(error.message)
            raise

    def not_stopped(self, why: str) -> None:
        """Write down that a person asked to stop the rotation, and why it goes on."""
        rotation = self._session.current or self._journal.open()
        target = rotation.id if rotation is not None else ""
        self._guard.audit.try_write("rotation.abort", target, Phase.FAILED, f"not stopped: {why}")

    def ways_to_stop(self) -> tuple[WayToStop, ...]:
        """How the rotation can be stopped now, and what each way leaves."""
        return ways_to_stop(self._session.rotation, self._provider.capabilities.delete_token)

    def why_not_discard(self) -> str:
        """Why the new token cannot be deleted when the rotation stops now, or an empty text."""
        return why_not_discard(self._session.rotation, self._provider.capabilities.delete_token)

    async def _stop(self, rotation: Rotation, confirm: str) -> Rotation:
        if confirm and rotation.new is not None:
            discardable(rotation)
        if rotation.suspended_at is not NEVER:
            await self._let_old_in()
        if confirm and rotation.new is not None:
            await self._discard(confirm)
        require_stoppable(self._session.rotation)
        ending = await self._what_exists()
        await self._tell("abort", f"{rotation.id}: {ending}")
        return self._session.step(Aborted(self._clock(), ending))

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

    async def _let_old_in(self) -> None:
        """Nothing is left switched off by a rotation that stops."""
        if self._session.rotation.state is State.SUSPENDED:
            await self._session.reinstate("the rotation stops")
        else:
            await self._session.put_back(await self._session.observe())

    async def _what_exists(self) -> str:
        try:
            tokens = await evidence.list_tokens(self._provider)
        except ScimTuiError:
            tokens = None
        if tokens is None:
            return "Which tokens exist is not known."
        ids = ", ".join(token.id for token in tokens)
        return f"These tokens exist: {ids}." if ids else "No token exists."

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
