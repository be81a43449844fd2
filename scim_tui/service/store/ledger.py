"""Records requests as events, and the use of each token, without a write per request.

`record` only appends to a list. The list is written half a second later at most and when the
service stops, in one transaction with the use of the tokens. Readers in this process flush it
first.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable, Iterable
from typing import Any

from scim_tui.service.store import strangers
from scim_tui.service.store.clock_leaps import ClockReading, may_forget, steady_seconds
from scim_tui.service.store.event_row import EventRow
from scim_tui.service.store.rows import read_note
from scim_tui.service.store.store import Connection, Store, StoreError

MOST_EVENTS = 1_000_000
"""How many events are kept."""
KEEP_DAYS = 90
"""How long an event is kept, as CloudTrail keeps its history."""
FLUSH_SECONDS = 0.5
REFRESH_SECONDS = 1.0
"""How long a reader waits for the newest requests to be written."""

LAST = "traffic.last"
"""Key in `meta` of the newest requests of the IdP; it outlives pruning."""

_LOG = logging.getLogger(__name__)
_KEPT = "events.kept"
_MOST_PENDING = 100_000
_PRUNE_AT_ONCE = 1_000
"""Or as many as were added: then a flush takes about twice as long, however much is too much."""
_MOST_CLIENT = 256
_INSERT = (
    "INSERT INTO events (at, operation, status, target, resource_id, token_id, client, violated,"
    " message, request_id, duration_ms, token_known, address, holder)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_FORGET_NAME = (
    "DELETE FROM event_names WHERE name = ?1"
    " AND NOT EXISTS (SELECT 1 FROM events WHERE target = ?1)"
)
_NAME = "INSERT OR IGNORE INTO event_names VALUES (?, ?)"
_USE = (
    "UPDATE tokens SET requests = requests + ?1,"
    " last_client = CASE WHEN coalesce(last_used_at, 0) <= ?2 THEN ?3 ELSE last_client END,"
    " last_used_at = max(coalesce(last_used_at, 0), ?2) WHERE id = ?4"
)
_OWN_USE = (
    "UPDATE tokens SET requests = requests + ?1,"
    " own_used_at = max(coalesce(own_used_at, 0), ?2) WHERE id = ?3"
)


class Ledger:
    """The requests of one service process that are not yet written to its store."""

    def __init__(self, store: Store, steady: Callable[[], float] = steady_seconds) -> None:
        self._store = store
        self._steady = steady
        self._before: ClockReading | None = None
        self._pending: list[EventRow] = []
        self._strangers = strangers.Strangers()
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
        holder: str | None = None,
    ) -> None:
        """Add one request. Call it on the event loop; it does not block.

        `token_id` is that of a token that exists here or did, also where it is not accepted.
        """
        entry = EventRow(
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
            holder,
        )
        if entry.of_a_stranger:
            self._strangers.add(entry)
        else:
            self._keep(entry)
        self._some.set()

    def _keep(self, entry: EventRow) -> None:
        if len(self._pending) >= _MOST_PENDING:
            del self._pending[: _MOST_PENDING // 2]
        self._pending.append(entry)

    def start(self) -> None:
        """Flush in the background from now on. Without requests no timer runs."""
        if self._task is None:
            self._task = asyncio.create_task(self._keep_flushing(), name="ledger")

    async def flush(self) -> None:
        """Write what was recorded until now, so that readers see it."""
        if not (self._pending or self._strangers or self._flushing.locked()):
            return
        # Shielded: when the caller is cancelled, the batch is still either written or put back.
        writing = asyncio.ensure_future(self._flush())
        writing.add_done_callback(_look_at_failure)
        await asyncio.shield(writing)

    async def refresh(self) -> None:
        """Flush before a read, for `REFRESH_SECONDS` at most; a failure to write is ignored."""
        with contextlib.suppress(StoreError, TimeoutError):
            # wait_for of Python 3.11 swallows a cancellation that comes with the result.
            async with asyncio.timeout(REFRESH_SECONDS):
                await self.flush()

    async def aclose(self) -> None:
        """Stop flushing in the background, and flush a last time."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None
        try:
            await self.flush()
        except StoreError as error:
            kept = len(self._pending)
            _LOG.warning("The last %d requests are not in the history: %s.", kept, error)

    async def _keep_flushing(self) -> None:
        while True:
            await self._some.wait()
            await asyncio.sleep(FLUSH_SECONDS)
            self._some.clear()
            # What could not be written is tried again with the next request, and kept until then.
            with contextlib.suppress(StoreError):
                await self.flush()

    async def _flush(self) -> None:
        async with self._flushing:
            if not (self._pending or self._strangers):
                return
            batch, self._pending = self._pending, []
            folded, window = self._strangers.take(), self._strangers.window
            rows, before = self._strangers.rows(), self._before
            now = ClockReading(self._store.now(), self._steady())

            def work(connection: Connection) -> dict[strangers.Key, int]:
                written = strangers.write_folded(connection, _INSERT, folded, rows)
                everything = sorted(
                    [*batch, *strangers.entries(folded)], key=lambda entry: entry.at
                )
                _write(connection, everything, batch)
                added = len(batch) + len(set(written.values()) - set(rows.values()))
                by_age = may_forget(connection, now, before)
                _prune(connection, now.wall, added, by_age=by_age)
                return written

            try:
                self._strangers.written(await self._store.write(work), window)
            except StoreError:
                self._pending = batch + self._pending
                self._strangers.put_back(folded)
                raise
            self._before = now


def _look_at_failure(writing: "asyncio.Future[None]") -> None:
    """Fetch the exception, so that asyncio does not log it when the caller did not wait."""
    if not writing.cancelled():
        writing.exception()


def write_events(connection: Connection, events: list[EventRow]) -> None:
    """Write events of the past, oldest first, with the use of their tokens."""
    _write(connection, events, events)


def _write(connection: Connection, everything: list[EventRow], batch: list[EventRow]) -> None:
    connection.executemany(_INSERT, batch)
    names = {entry.target for entry in everything if entry.target is not None}
    connection.executemany(_NAME, [(name, name.casefold()) for name in sorted(names)])
    used = [entry for entry in batch if entry.token_id is not None and not entry.unauthorized]
    connection.executemany(_USE, _uses(entry for entry in used if entry.by_the_idp))
    own = _uses(entry for entry in used if not entry.by_the_idp)
    connection.executemany(_OWN_USE, [(count, at, name) for count, at, _, name in own])
    _remember_last(connection, everything)


def _uses(batch: Iterable[EventRow]) -> list[tuple[int, float, str | None, str]]:
    """(requests, newest, client of the newest, token id) for each token of the entries."""
    uses: dict[str, tuple[int, float, str | None]] = {}
    for entry in batch:
        if entry.token_id is not None:
            count = uses.get(entry.token_id, (0,))[0]
            uses[entry.token_id] = (count + 1, entry.at, entry.client)
    return [(*use, token_id) for token_id, use in uses.items()]


def _remember_last(connection: Connection, everything: list[EventRow]) -> None:
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
    """The IdP's newest `request_at`, `write_at`, `accepted_at`, `unauthorized_at` and `client`.

    `changed_at` is the time of the newest write of any client. A missing key means never, None
    unknown.
    """
    last: dict[str, Any] = read_note(connection, LAST) or {}
    return last


def _prune(connection: Connection, now: float, added: int, *, by_age: bool) -> None:
    """Delete the oldest events, a few at a time, so that no flush is slow.

    Requests with an unknown token have a limit of their own, so that they displace no other events.
    """
    kept = _kept(connection, added)
    of_strangers, forgotten = strangers.forget_surplus(connection)
    surplus = kept - of_strangers - MOST_EVENTS
    most = max(_PRUNE_AT_ONCE, added)
    if surplus > 0:
        forgotten += _forget(connection, "ORDER BY id LIMIT ?", (min(surplus, most),))
    if by_age:
        old = (now - KEEP_DAYS * 86400, most)
        forgotten += _forget(connection, "WHERE at < ? ORDER BY at LIMIT ?", old)
    connection.execute("REPLACE INTO meta VALUES (?, ?)", (_KEPT, str(kept - forgotten)))


def _forget(connection: Connection, which: str, values: tuple[float, ...]) -> int:
    """Delete events, and the names that no event has any more; answers how many events."""
    sql = f"DELETE FROM events WHERE id IN (SELECT id FROM events {which}) RETURNING target"  # noqa: S608
    gone = connection.execute(sql, values).fetchall()
    names = {name for (name,) in gone if name is not None}
    connection.executemany(_FORGET_NAME, [(name,) for name in sorted(names)])
    return len(gone)


def _kept(connection: Connection, added: int) -> int:
    """The number of events. It is stored, since counting them takes long."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (_KEPT,)).fetchone()
    if row:
        return int(row[0]) + added
    counted: int = connection.execute("SELECT count(*) FROM events").fetchone()[0]
    return counted
