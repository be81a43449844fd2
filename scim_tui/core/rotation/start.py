"""The part of a rotation before the new token: start or resume, make the checks, free a slot."""

import secrets
from dataclasses import dataclass

from scim_tui.core.rotation import evidence
from scim_tui.core.rotation.journal import Holder
from scim_tui.core.rotation.session import RotationSession
from scim_tui.model.errors import Unsupported, UsageError
from scim_tui.model.provisioning import AccessToken
from scim_tui.model.rotation.create import Recheck, SlotChosen, begin
from scim_tui.model.rotation.guards import require_word
from scim_tui.model.rotation.rotation import OutOfTurn, Policy, Rotation, State, Strategy


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of a profile's rotation, read from disk only."""

    rotation: Rotation | None
    """The open rotation, else the newest one, else None."""
    holder: Holder | None
    """Another process that works on it now."""
    secret_held: bool
    """Whether this session has the new secret in memory."""


@dataclass(frozen=True, slots=True)
class Preparation:
    """What a session does with a rotation before the new token is made."""

    session: RotationSession
    profile: str
    policy: Policy

    async def start(self, old_id: str = "", strategy: Strategy | None = None) -> Rotation:
        """See `Rotations.start`."""
        async with self.session.alone():
            chosen = self._strategy(strategy)
            old = await self._old(old_id)
            self.session.journal.hold()
            self._require_none_open()
            rotation = begin(
                id=self.session.journal.next_id(),
                profile=self.profile,
                strategy=chosen,
                old=old,
                policy=self.policy,
                at=self.session.clock(),
                by=self.session.journal.me.by,
                nonce=secrets.token_hex(8),
            )
            await self.session.note("start", f"{rotation.id} of {old.id}")
            self.session.begin(rotation)
            return await self.check()

    async def resume(self, take_over: str = "") -> Rotation:
        """See `Rotations.resume`."""
        async with self.session.alone():
            if (found := self.session.journal.open()) is None:
                raise OutOfTurn("No rotation is open.", "Start one: tokens rotate")
            if (other := self.session.journal.hold(take_over)) is not None:
                await self.session.note("take over", f"{found.id} from {other.by}")
            # The holder before may have changed it until a moment ago, so it is read again.
            self.session.open(self.session.journal.load(found.id))
            await self.session.recover()
            return self.session.rotation

    async def slots(self) -> list[tuple[AccessToken, str]]:
        """The tokens, best to delete first, each with the reason to keep it, which may be empty."""
        tokens = await self.session.tokens() or ()
        return evidence.may_go(self.session.rotation, tokens, self.session.clock())

    async def free_slot(self, token_id: str, confirm: str) -> Rotation:
        """See `Rotations.free_slot`."""
        async with self.session.turn():
            require_word(confirm, "Deleting a token")
            self.session.provider.capabilities.delete_token.require()
            tokens = await self.session.tokens() or ()
            self.session.step(SlotChosen(self.session.clock(), token_id, confirm, tokens))
            await self.session.delete("token.delete", confirm)
            if self.session.rotation.state is State.PREFLIGHT:
                return await self.check()
            return self.session.rotation

    async def check(self) -> Rotation:
        """Make the checks; the caller has entered `session.turn` or `session.alone`."""
        if self.session.rotation.state in (State.CREATE_INTENT, State.FREE_SLOT):
            self.session.step(Recheck(self.session.clock()))
        found = await evidence.checks(
            self.session.provider, self.session.rotation, self.session.clock
        )
        return self.session.step(found)

    async def _old(self, old_id: str) -> AccessToken:
        tokens = await self.session.tokens()
        if tokens is not None:
            return evidence.choose_old(tokens, old_id, self.session.clock())
        if not old_id:
            raise UsageError("The tokens cannot be listed here.", "Name the old one by its id.")
        return AccessToken(id=old_id)

    def _strategy(self, wanted: Strategy | None) -> Strategy:
        """The requested strategy, or the one that fits the provider. Raises `Unsupported`."""
        can = self.session.provider.capabilities
        if not can.create_token:
            fits = Strategy.GUIDED
        else:
            fits = Strategy.SWAP if can.max_tokens == 1 else Strategy.OVERLAP
        suspends = fits is Strategy.OVERLAP and can.suspend_token
        if wanted is Strategy.SUSPEND and suspends:
            return wanted
        if wanted is None or wanted is fits:
            return Strategy.SUSPEND if suspends and self.policy.suspend else fits
        raise Unsupported(f"{wanted} is not possible with this provider: it takes {fits}.")

    def _require_none_open(self) -> None:
        if (other := self.session.journal.open()) is None:
            return
        self.session.journal.release()
        raise OutOfTurn(
            f"{other.id} is open since {other.started_at:%Y-%m-%d %H:%M}Z.",
            "Resume it or abort it: scim-tui tokens rotate --resume",
        )
