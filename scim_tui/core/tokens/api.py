"""Access tokens: list, create, suspend, delete, and the evidence of their use."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from pydantic import SecretStr

from scim_tui.config.paths import write_new_file
from scim_tui.core.base.mutation import Guard, RequiredWord, carry_out
from scim_tui.core.tokens.evidence import IN_USE, Evidence, evidence
from scim_tui.core.tokens.observed import Observed
from scim_tui.model.ages import age, is_stale
from scim_tui.model.clock import Clock, utc_now
from scim_tui.model.provisioning import (
    DELETE_WORD,
    SUSPEND_WORD,
    AccessToken,
    NewToken,
    ProvisioningState,
    TokenState,
)
from scim_tui.model.token_use import only_by_us
from scim_tui.model.unknown_values import NEVER, UNKNOWN, Absent
from scim_tui.providers.port import Provider

_NUMBERS = {1: "One token exists", 2: "Two tokens exist"}


class Tokens:
    """The access tokens of one directory."""

    def __init__(self, provider: Provider, guard: Guard, clock: Clock = utc_now) -> None:
        self._provider, self._guard, self._clock = provider, guard, clock
        self._known: tuple[AccessToken, ...] | Absent = UNKNOWN
        self._looked_at: datetime | None = None

    async def list(self) -> tuple[AccessToken, ...]:
        """The tokens, oldest first, without their secrets."""
        self._known = known = tuple(await self._provider.tokens())
        self._looked_at = self._clock()
        return known

    async def create(self) -> NewToken:
        """Make a token; its secret exists in the result only. Raises `ReadOnly`, `Conflict`."""
        return await carry_out(
            self._guard,
            "token.create",
            self._provider.create_token,
            can=self._provider.capabilities.create_token,
            named=_id_of,
        )

    async def delete(self, token_id: str, confirm: str) -> None:
        """Delete a token at once. Raises `ReadOnly`, `ConfirmationMissing`, `NotFound`."""
        await carry_out(
            self._guard,
            "token.delete",
            lambda: self._provider.delete_token(token_id),
            can=self._provider.capabilities.delete_token,
            target=token_id,
            word=RequiredWord(confirm, DELETE_WORD, "Deleting a token"),
        )

    async def discard(self, made: NewToken) -> None:
        """Delete a token that was just made, as its secret could not be handed over.

        It needs no typed word: it undoes what this program did, and `made` with its secret exists
        only where the token was made. Raises `ReadOnly`, `NotFound`.
        """
        await carry_out(
            self._guard,
            "token.delete",
            lambda: self._provider.delete_token(made.token.id),
            can=self._provider.capabilities.delete_token,
            target=made.token.id,
        )

    async def suspend(self, token_id: str, confirm: str) -> AccessToken:
        """Refuse a token until it is reinstated (typed SUSPEND). Raises as `delete` does."""
        return await carry_out(
            self._guard,
            "token.suspend",
            lambda: self._provider.suspend_token(token_id),
            can=self._provider.capabilities.suspend_token,
            target=token_id,
            word=RequiredWord(confirm, SUSPEND_WORD, "Suspending a token"),
        )

    async def reinstate(self, token_id: str) -> AccessToken:
        """Let a suspended token in again. Raises `ReadOnly`, `NotFound`."""
        return await carry_out(
            self._guard,
            "token.reinstate",
            lambda: self._provider.reinstate_token(token_id),
            can=self._provider.capabilities.suspend_token,
            target=token_id,
        )

    def why_not_create(self, snapshot: Observed | None) -> str | None:
        """The reason why no token can be made now, or None."""
        if reason := self._guard.why_not():
            return reason
        if not (can := self._provider.capabilities.create_token):
            return can.reason
        return None if snapshot is None else self._in_the_way(snapshot)

    def why_not_delete(self, token: AccessToken | None) -> str | None:
        """The reason why this token cannot be deleted now, or None."""
        if reason := self._guard.why_not():
            return reason
        if not (can := self._provider.capabilities.delete_token):
            return can.reason
        return "No token is selected." if token is None else None

    def why_not_suspend(self, token: AccessToken | None) -> str | None:
        """The reason why this token cannot be switched off, or on, now, or None."""
        if reason := self._guard.why_not():
            return reason
        if not (can := self._provider.capabilities.suspend_token):
            return can.reason
        return "No token is selected." if token is None else None

    def evidence(self, token: AccessToken, now: datetime) -> Sequence[Evidence]:
        """What is known about the use of a token, given the tokens listed last."""
        looked_at = self._looked_at or now
        found = evidence(token, self._known, looked_at)
        if is_stale(looked_at, now):
            words = f"As of {looked_at:%H:%M:%SZ}: what happened since is not known."
            found.append(Evidence(words, warning=True))
        return found

    def _in_the_way(self, snapshot: Observed) -> str | None:
        most = self._provider.capabilities.max_tokens
        if snapshot.status.state is ProvisioningState.DISABLED:
            return "Provisioning is off: enable it first (Status, E)."
        if isinstance(snapshot.tokens, Absent) or most is None or len(snapshot.tokens) < most:
            return None
        return _full(snapshot.tokens, self._clock())

    async def save_secret(self, secret: SecretStr, path: Path | str) -> Path:
        """Write the secret into a new file that only this user can read.

        Raises `UsageError` when the file exists, its folder does not, or it cannot be written.
        """
        return await asyncio.to_thread(write_new_file, path, secret.get_secret_value() + "\n")


def _full(tokens: tuple[AccessToken, ...], now: datetime) -> str:
    count = _NUMBERS.get(len(tokens), f"{len(tokens)} tokens exist")
    hints = [f"{token.id} {_idle(token, now)}" for token in tokens if _idle(token, now)]
    tail = f"; {', '.join(hints)}" if hints else ""
    return f"{count}, the most allowed: delete the expired or unused one first{tail}."


def _idle(token: AccessToken, now: datetime) -> str:
    if token.state(now) is TokenState.EXPIRED:
        return "has expired"
    if only_by_us(token):
        return "is not used by an IdP"
    if token.last_used_at is NEVER:
        return "was never used"
    if isinstance(token.last_used_at, Absent) or now - token.last_used_at < IN_USE:
        return ""
    return f"was last used {age(token.last_used_at, now)}"


def _id_of(made: NewToken) -> str:
    return made.token.id
