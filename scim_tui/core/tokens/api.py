"""Access tokens: list, make, delete, and what is known about who would be hurt."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from scim_tui.config.paths import write_new_file
from scim_tui.core.base.clock import Clock, utc_now
from scim_tui.core.base.mutation import Guard, Word, carry_out
from scim_tui.model.ages import age, exact_age, is_stale
from scim_tui.model.plural import plural
from scim_tui.model.provisioning import (
    DELETE_WORD,
    SUSPEND_WORD,
    AccessToken,
    NewToken,
    ProvisioningState,
    TokenState,
)
from scim_tui.model.token_use import by_words, only_by_us
from scim_tui.model.unknown_values import NEVER, UNKNOWN, Absent
from scim_tui.providers.port import Provider

if TYPE_CHECKING:
    from scim_tui.core.health.collect import Snapshot

IN_USE = timedelta(hours=24)
"""A token seen within this time counts as in use."""
_LETS_NOBODY_IN = {
    TokenState.EXPIRED: "It has expired, so it lets nobody in.",
    TokenState.SUSPENDED: "It is suspended, so it lets nobody in.",
}
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
            word=Word(confirm, DELETE_WORD, "Deleting a token"),
        )

    async def suspend(self, token_id: str, confirm: str) -> AccessToken:
        """Refuse a token until it is reinstated (typed SUSPEND). Raises as `delete` does."""
        return await carry_out(
            self._guard,
            "token.suspend",
            lambda: self._provider.suspend_token(token_id),
            can=self._provider.capabilities.suspend_token,
            target=token_id,
            word=Word(confirm, SUSPEND_WORD, "Suspending a token"),
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

    def why_not_create(self, snapshot: "Snapshot | None") -> str | None:
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

    def evidence(self, token: AccessToken, now: datetime) -> Sequence[str]:
        """What is known about the use of a token, beside the tokens listed last."""
        looked_at = self._looked_at or now
        found = evidence(token, self._known, looked_at)
        if is_stale(looked_at, now):
            found.append(f"! As of {looked_at:%H:%M:%SZ}: what happened since is not known.")
        return found

    def _in_the_way(self, snapshot: "Snapshot") -> str | None:
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


def evidence(
    token: AccessToken, tokens: Iterable[AccessToken] | Absent, now: datetime
) -> list[str]:
    """Sentences for whoever is about to delete the token; a warning starts with "!"."""
    others = [] if isinstance(tokens, Absent) else [each for each in tokens if each.id != token.id]
    lines = [_use(token, now)]
    if words := _LETS_NOBODY_IN.get(token.state(now)):
        return [*lines, words]
    if isinstance(token.last_used_at, datetime) and now - token.last_used_at < IN_USE:
        lines.append("! It is in use: provisioning stops for whoever holds it.")
    if isinstance(tokens, Absent):
        lines.append("It is not known whether another token works.")
    elif not any(other.state(now) not in _LETS_NOBODY_IN for other in others):
        lines.append("! It is the only working token: without it nobody can provision here.")
    elif not any(_used_after(other, token) for other in others):
        lines.append("! No request has come with the other token since this one was last used.")
    return lines


def _use(token: AccessToken, now: datetime) -> str:
    if only_by_us(token) and isinstance(token.own_used_at, datetime):
        tried = exact_age(token.own_used_at, now)
        return f"It is not used by an IdP: only this tool used it, {tried}."
    if token.last_used_at is NEVER:
        return "It was never used."
    if isinstance(token.last_used_at, Absent):
        return "It is not known whether it is in use."
    times = (
        ""
        if isinstance(token.requests, Absent)
        else f", {plural(token.requests, 'request')} in all"
    )
    return f"Last used {exact_age(token.last_used_at, now)}{by_words(token)}{times}."


def _used_after(other: AccessToken, token: AccessToken) -> bool:
    if isinstance(other.last_used_at, Absent):
        return False
    return isinstance(token.last_used_at, Absent) or other.last_used_at > token.last_used_at


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
