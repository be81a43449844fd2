"""The first verbs of a rotation: start, resume, check and free a slot; and leaving it."""

import secrets
from dataclasses import dataclass

from pydantic import SecretStr

from scim_tui.core.base.mutation import Guard
from scim_tui.core.rotation import evidence
from scim_tui.core.rotation.journal import Holder, Journal
from scim_tui.core.rotation.session import Session
from scim_tui.model.activity import Phase
from scim_tui.model.clock import Clock, utc_now
from scim_tui.model.errors import Unsupported, UsageError
from scim_tui.model.provisioning import AccessToken
from scim_tui.model.rotation.create import Recheck, SlotChosen, begin
from scim_tui.model.rotation.guards import require_word
from scim_tui.model.rotation.rotation import OutOfTurn, Policy, Rotation, State, Strategy
from scim_tui.providers.port import Provider


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the rotation of a profile stands, without asking anybody."""

    rotation: Rotation | None
    """The open one, else the newest, else None."""
    holder: Holder | None
    """Whoever else works on it now."""
    secret_held: bool
    """Whether this session has the new secret in memory."""


class Opening:
    """What a session does before there is a new token, and when it goes."""

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
        self._provider, self._guard, self._journal = provider, guard, journal
        self._profile, self._policy = profile, policy or Policy()
        self._session = Session(provider, guard, journal, clock, self._policy.hold)
        self._clock: Clock = self._session.clock

    @property
    def secret(self) -> SecretStr | None:
        """The new secret while it is held; for showing it only. `deliver` hands it over."""
        return self._session.secret

    @property
    def at_work(self) -> Rotation | None:
        """The open rotation that this session holds; None: it has none, or it was taken over."""
        found = self._session.current
        if found is None or not found.open or self._journal.holder() is not None:
            return None
        return found

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
                id=self._journal.next_id(),
                profile=self._profile,
                strategy=chosen,
                old=old,
                policy=self._policy,
                at=self._clock(),
                by=self._journal.me.by,
                nonce=secrets.token_hex(8),
            )
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

    async def leave(self) -> None:
        """Forget the secret and let go, so that another session may go on; nothing else changes."""
        self._session.leave()

    async def _check(self) -> Rotation:
        if self._session.rotation.state in (State.CREATE_INTENT, State.FREE_SLOT):
            self._session.step(Recheck(self._clock()))
        found = await evidence.checks(self._provider, self._session.rotation, self._clock)
        return self._session.step(found)

    async def _old(self, old_id: str) -> AccessToken:
        tokens = await evidence.list_tokens(self._provider)
        if tokens is not None:
            return evidence.choose_old(tokens, old_id, self._clock())
        if not old_id:
            raise UsageError("The tokens cannot be listed here.", "Name the old one by its id.")
        return AccessToken(id=old_id)

    async def _tell(self, action: str, detail: str) -> None:
        await self._guard.audit.write(f"rotation.{action}", detail, Phase.DONE)

    def _strategy(self, wanted: Strategy | None) -> Strategy:
        """The one that is wanted, or that fits. Raises `Unsupported`."""
        can = self._provider.capabilities
        if not can.create_token:
            fits = Strategy.GUIDED
        else:
            fits = Strategy.SWAP if can.max_tokens == 1 else Strategy.OVERLAP
        suspends = fits is Strategy.OVERLAP and can.suspend_token
        if wanted is Strategy.SUSPEND and suspends:
            return wanted
        if wanted is None or wanted is fits:
            return Strategy.SUSPEND if suspends and self._policy.suspend else fits
        raise Unsupported(f"{wanted} is not possible with this provider: it takes {fits}.")

    def _require_none_open(self) -> None:
        if (other := self._journal.open()) is None:
            return
        self._journal.release()
        raise OutOfTurn(
            f"{other.id} is open since {other.started_at:%Y-%m-%d %H:%M}Z.",
            "Resume it or abort it: scim-tui tokens rotate --resume",
        )
