"""One session that works on a rotation: its state on disk, the secret in memory, and the effects.

Only this module creates and deletes tokens for a rotation: the intent is written to disk before and
the result after, and if no answer came, the tokens are listed to find out the outcome.
"""

import asyncio
import hashlib
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from pydantic import SecretStr

from scim_tui.core.base.mutation import Guard, RequiredWord, carry_out
from scim_tui.core.rotation import evidence
from scim_tui.core.rotation.journal import Journal
from scim_tui.model.activity import Phase
from scim_tui.model.clock import Clock
from scim_tui.model.clock_skew import judged
from scim_tui.model.errors import (
    NotFound,
    OutcomeUnknown,
    ScimTuiError,
    Unreachable,
    Unreadable,
    Unsupported,
)
from scim_tui.model.provisioning import DELETE_WORD, AccessToken, NewToken
from scim_tui.model.rotation.create import CreateLost, CreateOk, CreateSent, Listed
from scim_tui.model.rotation.delete import Gone, StillThere
from scim_tui.model.rotation.deliver import Dropped
from scim_tui.model.rotation.guards import HELD, RotationEvent, Tokens, find
from scim_tui.model.rotation.rotation import Fingerprint, KnownBy, OutOfTurn, Rotation, State
from scim_tui.model.rotation.suspend import Unsuspended, is_off
from scim_tui.model.rotation.transitions import apply
from scim_tui.model.rotation.watch import Looked, Tick
from scim_tui.model.unknown_values import NEVER
from scim_tui.providers.port import Provider

_ASKED = (State.CREATING, State.CREATE_LOST)


class RotationSession:
    """The rotation that this session works on, and its secret if that is in memory."""

    def __init__(
        self, provider: Provider, guard: Guard, journal: Journal, clock: Clock, hold: timedelta
    ) -> None:
        self.provider, self.guard, self.journal, self._own_clock = provider, guard, journal, clock
        self._rotation: Rotation | None = None
        self._secret: SecretStr | None = None
        self._secret_since: datetime | None = None
        self._hold = hold
        self._one_at_a_time = asyncio.Lock()

    def clock(self) -> datetime:
        """The present time by the server's clock, since it is compared with the server's dates."""
        skew = self.provider.clock_skew
        if skew is None and self._rotation is not None:
            skew = self._rotation.seen.skew
        return judged(self._own_clock(), skew)

    @property
    def rotation(self) -> Rotation:
        """The one this session works on. Raises `OutOfTurn` while there is none."""
        if self._rotation is None:
            raise OutOfTurn("No rotation is open in this session.", "Start one, or resume it.")
        return self._rotation

    @property
    def current(self) -> Rotation | None:
        """The one this session works on, if there is one."""
        return self._rotation

    @property
    def secret(self) -> SecretStr | None:
        """The new secret, until its time in memory has run out."""
        if self._secret_since is not None and self._own_clock() - self._secret_since > self._hold:
            self.forget()
        return self._secret

    def forget(self) -> None:
        """Delete the secret from memory."""
        self._secret = self._secret_since = None

    def keep(self, secret: SecretStr) -> None:
        """Keep the secret, in memory only."""
        self._secret, self._secret_since = secret, self._own_clock()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Rotation]:
        """Run one method at a time, after finding out the outcome of any interrupted request."""
        async with self._one_at_a_time:
            self.guard.require_writable("the rotation")
            if self.rotation.open:
                self.journal.require_held()
            await self.recover()
            yield self.rotation

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Run one method at a time, before there is a rotation."""
        async with self._one_at_a_time:
            self.guard.require_writable("a rotation")
            yield

    def open(self, rotation: Rotation) -> None:
        """Work on this rotation from now on."""
        self._rotation = rotation

    def begin(self, rotation: Rotation) -> None:
        """Write a new rotation to disk, and work on it."""
        self.journal.save(rotation)
        self._rotation = rotation

    def step(self, event: RotationEvent) -> Rotation:
        """Apply the event and write the rotation to disk, without an await between the two."""
        before = self.rotation
        found = apply(before, event)
        if found != before:
            self.journal.save(found)
            self._rotation = found
        if not found.open:
            self.forget()
            self.journal.release()
        return found

    def leave(self) -> None:
        """Forget the secret, and release the lock."""
        self.forget()
        if self._rotation is not None and self._rotation.state in HELD:
            self.step(Dropped(self.clock(), "the session was left"))
        self._rotation = None
        self.journal.release()

    async def recover(self) -> None:
        """Find out whether the secret is lost, and whether an interrupted request was carried out.

        Raises what the provider raises; then it stays unknown.
        """
        if self.rotation.state in HELD and self.secret is None:
            self.step(Dropped(self.clock(), "its text is no longer in memory"))
        if self.rotation.deletion is not None or self.rotation.state in _ASKED:
            await self._find_out()
        self.step(Tick(self.clock()))

    async def observe(self) -> Tokens:
        """Look once at the provider's tokens and log; return the tokens."""
        look = await evidence.look(self.provider, self.rotation, self.clock)
        if self.step(Looked(look)).open:
            self.step(Tick(self.clock()))
        return look.tokens or ()

    async def tokens(self) -> Tokens | None:
        """The tokens that the provider lists; None where they cannot be listed."""
        return await evidence.list_tokens(self.provider)

    async def note(self, action: str, detail: str) -> None:
        """Write what was done to the rotation into the audit trail."""
        await self.guard.audit.write(f"rotation.{action}", detail, Phase.DONE)

    async def make(self, tokens: Tokens) -> None:
        """Create the new token. Raises the error if it is known that none was created."""
        can = self.provider.capabilities.create_token
        can.require()
        self.step(CreateSent(self.clock(), tokens, self.provider.capabilities.max_tokens))
        try:
            made = await carry_out(
                self.guard, "token.create", self.provider.create_token, can=can, named=_id_of
            )
        except ScimTuiError as error:
            await self._not_made(error)
            return
        self._made(made)
        await self._compare()

    async def delete(self, action: str, word: str) -> None:
        """Carry out the intended deletion, if `word` is the required word."""
        deletion = self.rotation.deletion
        if deletion is None:
            raise OutOfTurn("No deletion is intended.")
        try:
            await carry_out(
                self.guard,
                action,
                lambda: self.provider.delete_token(deletion.token_id),
                can=self.provider.capabilities.delete_token,
                target=deletion.token_id,
                word=RequiredWord(word, DELETE_WORD, "Deleting a token"),
            )
        except NotFound:
            self.step(Gone(self.clock(), KnownBy.SEEN))
        except ScimTuiError as error:
            if not _may_have_happened(error):
                self.step(StillThere(self.clock(), evidence.reason_of(error)))
                raise
            await self._find_out()
        else:
            self.step(Gone(self.clock(), KnownBy.API))

    async def suspend(self) -> None:
        """Carry out the intended suspension. Raises the error if the old token is still on."""
        try:
            await self._switch("token.suspend", self.provider.suspend_token)
        except ScimTuiError as error:
            if not _may_have_happened(error):
                self.step(Unsuspended(self.clock(), evidence.reason_of(error)))
                raise
            await self.observe()
            if self.rotation.state is not State.SUSPENDED:
                raise

    async def reinstate(self, why: str = "") -> None:
        """Reinstate the old token, and go on watching. Raises what the provider raises."""
        await self._switch("token.reinstate", self.provider.reinstate_token)
        if self.rotation.state is State.SUSPENDED:
            self.step(Unsuspended(self.clock(), why))

    async def put_back(self, tokens: Tokens) -> None:
        """Reinstate the old token if it should not be suspended, as after a delayed request."""
        rotation = self.rotation
        trouble = rotation.trouble if rotation.state is State.SUSPENDED else ""
        old = find(tokens, rotation.old)
        ours = rotation.suspended_at is not NEVER and not is_off(rotation)
        if trouble or (ours and old is not None and old.suspended is True):
            await self.reinstate(trouble)

    async def _switch(
        self, action: str, call: Callable[[str], Awaitable[AccessToken]]
    ) -> AccessToken:
        old_id = self.rotation.old.id
        return await carry_out(
            self.guard,
            action,
            lambda: call(old_id),
            can=self.provider.capabilities.suspend_token,
            target=old_id,
        )

    def _made(self, made: NewToken) -> None:
        print_ = fingerprint(made.secret)
        if self.step(CreateOk(self.clock(), made.token, print_)).state is State.HOLDING:
            self.keep(made.secret)

    async def _not_made(self, error: ScimTuiError) -> None:
        """Handle an error of `make`: only the list of tokens shows whether one was created."""
        self.step(CreateLost(self.clock()))
        await self._find_out()
        if self.rotation.state is State.CREATE_INTENT:
            raise error

    async def _compare(self) -> None:
        """Check whether other tokens appeared too; if this fails, the next look checks again."""
        try:
            tokens = await self.tokens()
        except ScimTuiError:
            return
        if tokens is not None and self.rotation.state in HELD:
            self.step(Listed(self.clock(), tokens))

    async def _find_out(self) -> None:
        """List the tokens, and find out which interrupted request was carried out."""
        tokens = await self.tokens()
        if tokens is None:
            raise Unsupported("The tokens cannot be listed here, so it is not known.")
        deletion = self.rotation.deletion
        if deletion is None:
            self.step(Listed(self.clock(), tokens))
        elif any(token.id == deletion.token_id for token in tokens):
            self.step(StillThere(self.clock(), f"{deletion.token_id} is still listed"))
        else:
            self.step(Gone(self.clock(), KnownBy.SEEN))


def fingerprint(secret: SecretStr, salt: str = "") -> Fingerprint:
    """A salted digest, which identifies the secret without containing it."""
    salt, text = salt or secrets.token_hex(16), secret.get_secret_value()
    digest = hashlib.sha256((salt + text).encode("utf-8", "surrogatepass")).hexdigest()
    return Fingerprint(salt=salt, digest=digest, length=len(text))


def _may_have_happened(error: ScimTuiError) -> bool:
    """Whether a request that ended with this error may have been carried out."""
    if isinstance(error, OutcomeUnknown | Unreachable | Unreadable):
        return True
    return getattr(error, "status", 0) >= 500


def _id_of(made: NewToken) -> str:
    return made.token.id
