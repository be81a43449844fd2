"""How every change is made: check that it is allowed, audit the intent, call, audit the outcome."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from scim_tui.core.base.audit import AuditTrail
from scim_tui.model.activity import Phase
from scim_tui.model.capabilities import Capability
from scim_tui.model.errors import ConfirmationMissing, OutcomeUnknown, ReadOnly, ScimTuiError

T = TypeVar("T")


WRITE_WORD = "WRITE"
"""The word that must be typed to leave read-only mode."""
ALLOW, FORBID = "connection.allow_changes", "connection.forbid_changes"


@dataclass(slots=True)
class Guard:
    """Whether this connection may change anything, and the audit trail of its changes."""

    audit: AuditTrail
    read_only: bool
    bound: bool = False
    """Whether read-only mode cannot be left, because `--read-only` was given."""

    def why_not(self) -> str | None:
        """The reason why nothing can be changed here, or None."""
        return "This connection is read-only." if self.read_only else None

    def require_writable(self, action: str) -> None:
        """Raise `ReadOnly` when nothing may be changed."""
        if self.read_only:
            raise ReadOnly(
                f"This connection is read-only, so {action} was not tried.",
                "Open it again with --read-write, or set read_only = false in the profile.",
            )

    async def allow_changes(self, word: str) -> None:
        """Leave read-only mode after the typed word, and write that to the audit trail.

        Raises `ReadOnly` after `--read-only`, `ConfirmationMissing` for another word, and
        `ScimTuiError` when the audit trail cannot be written; then the connection stays read-only.
        """
        if self.bound:
            raise ReadOnly(
                "scim-tui was started with --read-only, which holds until it ends.",
                "Start it again without.",
            )
        RequiredWord(word, WRITE_WORD, "Allowing changes").require()
        await self.audit.write(ALLOW, "", Phase.DONE)
        self.read_only = False

    async def forbid_changes(self) -> None:
        """Enter read-only mode, without a typed word; the audit trail is written if possible."""
        self.read_only = True
        await asyncio.to_thread(self.audit.try_write, FORBID, "", Phase.DONE)


class RequiredWord(NamedTuple):
    """The word that was typed, the word that is required, and for which action."""

    given: str
    wanted: str
    what: str

    def require(self) -> None:
        """Raise `ConfirmationMissing` unless exactly the wanted word was given."""
        if self.given != self.wanted:
            raise ConfirmationMissing(
                f"{self.what} needs the word {self.wanted}; nothing was done.",
                f"Type {self.wanted}; on the command line add --confirm {self.wanted}.",
            )


async def carry_out(
    guard: Guard,
    action: str,
    call: Callable[[], Awaitable[T]],
    *,
    can: Capability,
    target: str = "",
    word: RequiredWord | None = None,
    named: Callable[[T], str] | None = None,
) -> T:
    """Write the intent, make the call, write the outcome; `named` gives the id of what was created.

    Raises `ReadOnly`, `ConfirmationMissing` and `Unsupported` before anything is written, and what
    the call raises. When the intent cannot be written, the call is not made. When the outcome
    cannot be written, the result is still returned, and `AuditTrail.trouble` says why.
    """
    guard.require_writable(action)
    if word:
        word.require()
    can.require()
    await guard.audit.write(action, target, Phase.INTENDED)
    try:
        result = await call()
    except OutcomeUnknown as error:
        guard.audit.try_write(action, target, Phase.UNKNOWN, error.message)
        raise
    except ScimTuiError as error:
        guard.audit.try_write(action, target, Phase.FAILED, error.message)
        raise
    except (asyncio.CancelledError, Exception) as error:
        guard.audit.try_write(action, target, Phase.UNKNOWN, type(error).__name__)
        raise
    made = named(result) if named else target
    guard.audit.try_write(action, made, Phase.DONE)
    return result
