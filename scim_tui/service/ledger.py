"""What the IdP did: events and the use of each token, kept without a write per request.

`record` only appends to a list. The list is written at most half a second later, in one
transaction with the use of the tokens, and at stop; whoever reads in this process flushes first.
"""

import asyncio
import contextlib
import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from scim_tui.model.own_agent import is_ours
from scim_tui.service.store import Connection, OperationalError, Store, StoreError

MOST_EVENTS = 500_000
"""How many events are kept."""
KEEP_DAYS = 90
"""How long an event is kept, as CloudTrail keeps its history."""
FLUSH_SECONDS = 0.5

LAST = "traffic.last"
"""Key in `meta` of the newest requests of the IdP; it outlives pruning."""

_MOST_PENDING = 100_000
_PRUNE_AT_ONCE = 5_000
_MOST_CLIENT = 256
_INSERT = (
    "INSERT INTO events (at, operation, status, target, resource_id, token_id, client, violated,"
    " message, request_id, duration_ms, token_known, address)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_USE = (
    "UPDATE tokens SET requests = requests + ?1,"
    " last_client = CASE WHEN coalesce(last_used_at, 0) <= ?2 THEN ?3 ELSE last_client END,"
    " last_used_at = max(coalesce(last_used_at, 0), ?2) WHERE id = ?4"
)
_OWN_USE = (
    "UPDATE tokens SET requests = requests + ?1,"
    " own_used_at = max(coalesce(own_used_at, 0), ?2) WHERE id = ?3"
)


class _Entry(NamedTuple):
    """One row of `events`, in the order of the insert."""

    at: float
    operation: str
    status: int
    target: str | None
    resource_id: str | None
    token_id: str | None
    client: str | None
    violated: str
    message: str
    request_id: str
    duration_ms: float | None
    token_known: bool
    address: str | None

    @property
    def accepted(self) -> bool:
        return self.status < 400

    @property
    def unauthorized(self) -> bool:
        return self.status in (401, 403)

    @property
    def accepted_write(self) -> bool:
        return self.status < 400 and self.operation.startswith(("Create", "Put", "Patch", "Delete"))

    @property
    def by_the_idp(self) -> bool:
        """Whether an IdP sent it: not this program, and with a token that is or was known here."""
        return not is_ours(self.client) and (self.token_known or not self.unauthorized)


class Ledger:
    """The memory of one service process, emptied into its store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._pending: list[_Entry] = []
        self._some = asyncio.Event()
        self._flushing = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    def record(  # noqa: PLR0913 - one field of an event each
        self,
        *,
        operation: str,
        status: int,
        target: str | None = None,
        resource_id: str | None = None,
        token_id: str | None = None,
        client: str | None = None,
        address: str | None = None,
        constraint: str = "",
        message: str = "",
        request_id: str = "",
        duration_ms: float | None = None,
    ) -> None:
        """Remember one request. Call it on the event loop; it never waits.

        `token_id` is that of a token that is or was known here, also where it is not accepted.
        """
        if len(self._pending) >= _MOST_PENDING:
            del self._pending[: _MOST_PENDING // 2]
        self._pending.append(
            _Entry(
                self._store.now(),
                operation,
                status,
                target,
                resource_id,
                token_id,
                client[:_MOST_CLIENT] if client else None,
                constraint,
                message,
                request_id,
                duration_ms,
                token_id is not None,
                address,
            )
        )
        self._some.set()

    def start(self) -> None:
        """Flush in the background from now on. An idle service stays asleep."""
        if self._task is None:
            self._task = asyncio.create_task(self._keep_flushing(), name="ledger")

    async def flush(self) -> None:
        """Write what was recorded; when it returns, readers see everything recorded before."""
        if not self._pending and not self._flushing.locked():
            return
        # Shielded: a caller that goes away must not leave open whether its batch was written.
        await asyncio.shield(asyncio.ensure_future(self._flush()))

    async def aclose(self) -> None:
        """Stop flushing in the background, and flush a last time."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None
        await self.flush()

    async def _keep_flushing(self) -> None:
        while True:
            await self._some.wait()
            await asyncio.sleep(FLUSH_SECONDS)
            self._some.clear()
            # A locked file is tried again with the next request; nothing is lost until then.
            with contextlib.suppress(OperationalError):
                await self.flush()

    async def _flush(self) -> None:
        async with self._flushing:
            batch, self._pending = self._pending, []
            if not batch:
                return
            try:
                await self._store.write(lambda connection: _write(connection, batch))
            except StoreError:
                self._pending = batch + self._pending
                raise


def _write(connection: Connection, batch: list[_Entry]) -> None:
    connection.executemany(_INSERT, batch)
    used = [entry for entry in batch if entry.token_id is not None and not entry.unauthorized]
    connection.executemany(_USE, _uses(entry for entry in used if entry.by_the_idp))
    own = _uses(entry for entry in used if not entry.by_the_idp)
    connection.executemany(_OWN_USE, [(count, at, name) for count, at, _, name in own])
    _remember_last(connection, batch)
    _prune(connection, batch[-1].at)


def _uses(batch: Iterable[_Entry]) -> list[tuple[int, float, str | None, str]]:
    """(requests, newest, client of the newest, token id) for each token of the entries."""
    uses: dict[str, tuple[int, float, str | None]] = {}
    for entry in batch:
        if entry.token_id is not None:
            count = uses.get(entry.token_id, (0,))[0]
            uses[entry.token_id] = (count + 1, entry.at, entry.client)
    return [(*use, token_id) for token_id, use in uses.items()]


def _remember_last(connection: Connection, everything: list[_Entry]) -> None:
    last, batch = read_last(connection), [entry for entry in everything if entry.by_the_idp]
    if batch and batch[-1].at >= (last.get("request_at") or 0.0):
        last["request_at"], last["client"] = batch[-1].at, batch[-1].client
    newest = {
        "write_at": [entry.at for entry in batch if entry.accepted_write],
        "accepted_at": [entry.at for entry in batch if entry.accepted],
        "unauthorized_at": [entry.at for entry in batch if entry.unauthorized],
        "changed_at": [entry.at for entry in everything if entry.accepted_write],
    }
    for name, moments in newest.items():
        if moments and moments[-1] > (last.get(name) or 0.0):
            last[name] = moments[-1]
    connection.execute("REPLACE INTO meta VALUES (?, ?)", (LAST, json.dumps(last)))


def read_last(connection: Connection) -> dict[str, Any]:
    """The IdP's `request_at`, `client`, `write_at`, `accepted_at` and `unauthorized_at`.

    And `changed_at`, of the newest write, whatever client sent it. One that is not there never
    was; None: it is not known.
    """
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (LAST,)).fetchone()
    last: dict[str, Any] = json.loads(row[0]) if row else {}
    return last


def _prune(connection: Connection, now: float) -> None:
    """Forget the oldest, a few at a time, so that no flush is slow."""
    connection.execute(
        "DELETE FROM events WHERE id IN (SELECT id FROM events"
        " WHERE id <= (SELECT max(id) FROM events) - ? ORDER BY id LIMIT ?)",
        (MOST_EVENTS, _PRUNE_AT_ONCE),
    )
    connection.execute(
        "DELETE FROM events WHERE id IN (SELECT id FROM events WHERE at < ? ORDER BY at LIMIT ?)",
        (now - KEEP_DAYS * 86400, _PRUNE_AT_ONCE),
    )
