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

import asyncio
import hashlib
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from pydantic import SecretStr

from scim_tui.core import rotation_evidence as evidence
from scim_tui.core.clock import Clock, utc_now
from scim_tui.core.journal import Holder, Journal
from scim_tui.core.mutation import Guard, Word, carry_out
from scim_tui.model.absent import UNKNOWN, Moment
from scim_tui.model.activity import Phase
from scim_tui.model.capabilities import YES
from scim_tui.model.errors import (
    ConfirmationMissing,
    NotFound,
    OutcomeUnknown,
    ScimTuiError,
    Unsupported,
    UsageError,
)
from scim_tui.model.provisioning import DELETE_WORD, AccessToken
from scim_tui.model.rotation import (
    By,
    Fingerprint,
    OutOfTurn,
    Policy,
    Rotation,
    State,
    Strategy,
    TestResult,
    Why,
)
from scim_tui.model.rotation_deletion import (
    DeleteAsked,
    DeletedByWord,
    DeleteTyped,
    Gone,
    StillThere,
)
from scim_tui.model.rotation_delivery import (
    Armed,
    DeliverEnded,
    DeliverSent,
    DiscardChosen,
    Dropped,
    Pasted,
    ProbeAnswered,
    ProbeSent,
    Retried,
)
from scim_tui.model.rotation_guards import HELD, Event, Tokens
from scim_tui.model.rotation_laws import apply
from scim_tui.model.rotation_making import (
    CreateFailed,
    CreateLost,
    CreateOk,
    CreateSent,
    Listed,
    Recheck,
    SlotChosen,
    begin,
)
from scim_tui.model.rotation_watch import GROUNDED, Accepted, IdpTested, Installed, Looked, Tick
from scim_tui.model.rotation_ways_out import Aborted, Settled
from scim_tui.providers.port import Provider

HandOver = Callable[[SecretStr], Awaitable[str]]
"""Takes the secret somewhere and says what came of it, without the secret: "written"."""


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
        self._rotation: Rotation | None = None
        self._secret: SecretStr | None = None
        self._since: datetime | None = None
        self._one_at_a_time = asyncio.Lock()

    async def status(self) -> Standing:
        """Where it stands, from the disk; changes nothing, needs no hold, asks no network."""
        rotation = self._rotation or self._journal.open()
        if rotation is None:
            rotation = next(iter(reversed(self._journal.all())), None)
        return Standing(rotation, self._journal.holder(), self.secret is not None)

    def receipts(self) -> list[Rotation]:
        """Every rotation of the profile, oldest first; those that are over are receipts."""
        return self._journal.all()

    @property
    def secret(self) -> SecretStr | None:
        """The new secret while it is held; for showing it only. `deliver` hands it over."""
        if self._since is not None and self._clock() - self._since > self._policy.hold:
            self._secret = self._since = None
        return self._secret

    def why_not_start(self) -> str | None:
        """The reason why no rotation can be started or resumed here, or None."""
        return self._guard.why_not()

    async def start(self, old_id: str = "", strategy: Strategy | None = None) -> Rotation:
        """Begin, and make the checks: on to CREATE_INTENT or FREE_SLOT, unless one is bad.

        Without an id the token in use is replaced. Nothing is changed but our own files. Raises
        `OutOfTurn` while a rotation is open, `Unsupported` for a strategy the provider has not.
        """
        async with self._one_at_a_time:
            self._guard.require_writable("a rotation")
            if (other := self._journal.open()) is not None:
                raise OutOfTurn(f"{other.id} is open since {other.started_at:%Y-%m-%d %H:%M}Z.",
                                "Resume it, or abort it: tokens rotate --resume")  # fmt: skip
            chosen = self._strategy(strategy)
            tokens = await evidence.list_tokens(self._provider)
            now = self._clock()
            if tokens is None and not old_id:
                raise UsageError("The tokens cannot be listed here.", "Name the old one by its id.")
            old = (
                AccessToken(id=old_id)
                if tokens is None
                else evidence.choose_old(tokens, old_id, now)
            )
            self._journal.hold()
            rotation = begin(
                id=self._journal.next_id(), profile=self._profile, strategy=chosen, old=old,
                policy=self._policy, at=now, by=self._journal.me.by, nonce=secrets.token_hex(8),
            )  # fmt: skip
            await self._guard.audit.write("rotation.start", old.id, Phase.DONE, rotation.id)
            self._journal.save(rotation)
            self._rotation = rotation
            return await self._check()

    async def resume(self, take_over: str = "") -> Rotation:
        """Go on with the open rotation, and find out what became of what was cut off.

        Raises `HeldElsewhere` while another session works on it, unless `take_over` is the typed
        word; `OutOfTurn` when no rotation is open. What cannot be found out now, because the
        provider does not answer, stays open, and its error is raised.
        """
        raise NotImplementedError

    async def check(self) -> Rotation:
        """Make the checks again."""
        raise NotImplementedError

    async def slots(self) -> list[tuple[AccessToken, str]]:
        """At FREE_SLOT: the tokens, best to delete first, with the reason to keep each or ""."""
        raise NotImplementedError

    async def free_slot(self, token_id: str, confirm: str) -> Rotation:
        """Delete a token that is not needed (typed DELETE), then check again.

        Also deletes a stray: a token that appeared while ours was made.
        """
        raise NotImplementedError

    async def create(self) -> Rotation:
        """Make the new token: HOLDING, with its secret in memory.

        An answer that was lost is found out by listing: SECRET_GONE when a token was made and its
        text is lost (then `discard`, and `create` again); the error is raised when none was made.
        """
        raise NotImplementedError

    async def paste(
        self, secret: SecretStr, token_id: str, created_at: Moment = UNKNOWN
    ) -> Rotation:
        """Guided: take the token that a person made. Raises `UsageError` for no or the old text."""
        raise NotImplementedError

    def arm(self, way: str) -> Rotation:
        """Swap: say where the new secret will go, before `create` ends the old one."""
        raise NotImplementedError

    async def probe(self) -> Rotation:
        """Ask the SCIM endpoint once with the new secret: PROBED (E1), or PROBE_FAILED."""
        raise NotImplementedError

    async def deliver(self, way: str, hand_over: HandOver) -> Rotation:
        """Hand the secret over; may be called again while it is held. `way` is for people.

        Raises what `hand_over` raises. Needs PROBED or later.
        """
        raise NotImplementedError

    async def installed(self, by: By) -> Rotation:
        """The IdP has it: by word, or because a program wrote it and read it back."""
        raise NotImplementedError

    async def idp_test(self, result: TestResult, by: By, detail: str = "") -> Rotation:
        """What the IdP's own test said, or that it was left out."""
        raise NotImplementedError

    async def look(self) -> Rotation:
        """Look who uses which token: the one verb of watching, proving and after-watching.

        Call it again and again; it leads to WATCHING, PROVEN, DONE and ATTENTION by itself, and
        back from PROVEN when the old token is used.
        """
        raise NotImplementedError

    async def accept_unproven(self, token_word: str, confirm: str, reason: str) -> Rotation:
        """Accept less proof: the old token's id and DELETE, both typed, and a reason."""
        raise NotImplementedError

    async def delete_old(self, confirm: str) -> Rotation:
        """Look once more, then delete the old token (typed DELETE).

        Raises `OutOfTurn` when the proof does not hold any more. A lost answer is found out by
        listing; the rotation is at DELETE_CONFIRM when the token is still there.
        """
        raise NotImplementedError

    async def deleted_by_word(self, confirm: str) -> Rotation:
        """Guided: a person deleted the old token (typed DELETE)."""
        raise NotImplementedError

    async def discard(self, confirm: str) -> Rotation:
        """Delete the new token (typed DELETE) and go back to making one. Never one in use."""
        raise NotImplementedError

    async def settle(self, reason: str) -> Rotation:
        """At ATTENTION: a person looked, and lets it go on from the tokens that exist."""
        raise NotImplementedError

    async def abort(self, confirm: str = "") -> Rotation:
        """Stop. With DELETE typed, the new token is deleted first if nobody uses it."""
        raise NotImplementedError

    def leave(self) -> None:
        """Forget the secret and let go, so that another session may go on; nothing else changes."""
        raise NotImplementedError
