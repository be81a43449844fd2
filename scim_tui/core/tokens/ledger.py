"""The ledger of tokens that the provider does not list, known from people, rotations or a log.

What people typed in is stored in one JSON file in the profile's data folder: ids and dates, never a
secret. What rotations know is read from their journal, and is not copied.
"""

import asyncio
import json
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from scim_tui.config.paths import private_folder, write_atomic
from scim_tui.core.base.mutation import Guard
from scim_tui.core.rotation.journal import Journal
from scim_tui.model.activity import Phase
from scim_tui.model.capabilities import Capability
from scim_tui.model.clock import Clock, utc_now
from scim_tui.model.errors import NotFound, ScimTuiError, Unsupported, UsageError
from scim_tui.model.rotation.key_ids import keys_of
from scim_tui.model.rotation.token_notes import NotedToken, known, with_use
from scim_tui.model.token_acts import KeyUse, TokenAct
from scim_tui.model.unknown_values import UNKNOWN, Moment
from scim_tui.providers.port import SideChannel

FILE = "tokens.json"
_NOTES = TypeAdapter(tuple[NotedToken, ...])


class TokenLedger:
    """The known tokens of one profile whose provider does not list them."""

    def __init__(
        self,
        folder: Path,
        guard: Guard,
        can_list: Capability,
        clock: Clock = utc_now,
        *,
        one_year: bool = False,
        log: SideChannel | None = None,
    ) -> None:
        self._log = log
        self._folder, self._guard, self._clock = folder, guard, clock
        self._can_list, self._one_year = can_list, one_year

    async def list(self) -> tuple[NotedToken, ...]:
        """The known tokens; none where the provider itself lists its tokens.

        Raises `ScimTuiError` for a file that is no ledger.
        """
        if self._can_list:
            return ()
        acts = await self._acts()
        rotations = await asyncio.to_thread(Journal.of(self._folder, "", self._clock).all)
        typed = await asyncio.to_thread(self._typed)
        notes = known(typed, rotations, acts, one_year=self._one_year)
        if not any(keys_of(each) for each in rotations):
            return notes
        return with_use(notes, rotations, await self._uses())

    def why_not_record(self) -> str | None:
        """The reason why nothing has to be recorded here, or None."""
        return "The provider lists its tokens by itself." if self._can_list else None

    async def record(
        self, token_id: str, created_at: Moment = UNKNOWN, expires_at: Moment = UNKNOWN
    ) -> NotedToken:
        """Record a token, or new dates of a recorded one. Raises `UsageError`, `Unsupported`."""
        self._require()
        name = token_id.strip()
        require_id(name)
        if isinstance(created_at, datetime) and isinstance(expires_at, datetime):
            _require_order(created_at, expires_at)
        note = NotedToken(
            id=name,
            created_at=created_at,
            expires_at=expires_at,
            at=self._clock(),
            by=self._guard.audit.actor,
        )
        await self._change("token.record", note.id, (note,))
        return next(each for each in await self.list() if each.id == name)

    async def forget(self, token_id: str) -> None:
        """Remove a token from the ledger. Raises `NotFound` when it is not in it."""
        self._require()
        if not any(each.id == token_id for each in await asyncio.to_thread(self._typed)):
            raise NotFound(f"No token {token_id} was typed in.", "See: scim-tui tokens check")
        await self._change("token.forget", token_id, ())

    async def _change(self, action: str, token_id: str, more: tuple[NotedToken, ...]) -> None:
        def change() -> None:
            kept = tuple(each for each in self._typed() if each.id != token_id)
            private_folder(self._folder)
            try:
                write_atomic(self._file, _NOTES.dump_json((*kept, *more), indent=1).decode() + "\n")
            except OSError as error:
                raise ScimTuiError(
                    f"{self._file} cannot be written: {error.strerror or error}."
                ) from error

        await self._guard.audit.write(action, token_id, Phase.INTENDED)
        await asyncio.to_thread(change)
        self._guard.audit.try_write(action, token_id, Phase.DONE)

    @property
    def _file(self) -> Path:
        return self._folder / FILE

    async def _acts(self) -> tuple[TokenAct, ...]:
        """Token events in the product's log; none if it cannot be read, which Status shows."""
        if self._log is None:
            return ()
        try:
            return await self._log.token_acts()
        except ScimTuiError:
            return ()

    async def _uses(self) -> tuple[KeyUse, ...]:
        if self._log is None:
            return ()
        try:
            return await self._log.key_uses()
        except ScimTuiError:
            return ()

    def _typed(self) -> tuple[NotedToken, ...]:
        try:
            return _NOTES.validate_json(self._file.read_bytes())
        except FileNotFoundError:
            return ()
        except (OSError, ValidationError, json.JSONDecodeError) as error:
            raise ScimTuiError(
                f"{self._file} is not a ledger of tokens.", "Look at it, and put it aside."
            ) from error

    def _require(self) -> None:
        if reason := self.why_not_record():
            raise Unsupported(reason)


MOST = 100
"""Most characters of an id; a longer text may be the secret, which must not be kept."""


def require_id(name: str) -> None:
    """Raise `UsageError` for what cannot be the id of a token."""
    if not name or not name.isprintable() or " " in name:
        raise UsageError("That is not the id of a token.", "Type it as the console lists it.")
    if len(name) > MOST:
        raise UsageError(
            f"An id has at most {MOST} characters; is that the secret?",
            "Type the id as the console lists it. Nothing was written down.",
        )


def _require_order(created_at: datetime, expires_at: datetime) -> None:
    if expires_at <= created_at:
        raise UsageError("It would end before it was made.", "Look at both dates again.")
