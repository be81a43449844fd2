"""Requests with an unknown token, merged so that they cannot fill the history.

The first request becomes an event at once. Similar ones within ten minutes only increase its count.
Beyond `MOST_KINDS` different ones in ten minutes, all others become one event.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from scim_tui.service.store.event_row import EventRow
from scim_tui.service.store.store import Connection

WINDOW_SECONDS = 600.0
MOST_KINDS = 8
"""How many kinds of requests in ten minutes get an event of their own."""
MOST_EVENTS = 10_000
"""How many events with an unknown token are stored, apart from all others."""
SEVERAL = "Several"
"""The operation of the event that merges requests of many kinds."""

Key = tuple[Any, ...]
_MORE = "UPDATE events SET times = times + ?, at = max(at, ?) WHERE id = ?"
_OF_STRANGERS = "events WHERE token_id IS NULL AND status = 401"
"""The condition of the index `events_strangers`."""


class Folded(NamedTuple):
    """Similar requests, merged."""

    entry: EventRow
    """The newest of them."""
    times: int


class Strangers:
    """Requests with an unknown token that are not written yet, and the events that count them."""

    def __init__(self) -> None:
        self._pending: dict[Key, Folded] = {}
        self._rows: dict[Key, int] = {}
        """The event id of each kind in the current ten minutes."""
        self._window = 0.0

    def __bool__(self) -> bool:
        """Whether there are requests to write."""
        return bool(self._pending)

    def add(self, entry: EventRow) -> None:
        """Count one request."""
        window = entry.at // WINDOW_SECONDS
        if window != self._window:
            self._window, self._rows = window, {}
        key = _key(entry)
        if key not in self._rows and key not in self._pending and self._kinds() >= MOST_KINDS:
            entry = entry._replace(operation=SEVERAL, client=None, address=None)
            key = _key(entry)
        self._merge(key, Folded(entry, 1))

    def take(self) -> dict[Key, Folded]:
        """The requests to write now; the caller then calls `written` or `put_back`."""
        taken, self._pending = self._pending, {}
        return taken

    def put_back(self, taken: dict[Key, Folded]) -> None:
        """Add requests again that could not be written."""
        later, self._pending = self._pending, taken
        for key, folded in later.items():
            self._merge(key, folded)

    def rows(self) -> dict[Key, int]:
        """The event ids of the current ten minutes, for the writer."""
        return dict(self._rows)

    def written(self, rows: dict[Key, int], window: float) -> None:
        """Note the event ids to which the requests were written."""
        if window == self._window:
            self._rows |= rows

    @property
    def window(self) -> float:
        """The start of the current ten minutes."""
        return self._window

    def _kinds(self) -> int:
        return len(self._rows.keys() | self._pending.keys())

    def _merge(self, key: Key, folded: Folded) -> None:
        before = self._pending.get(key)
        times = folded.times + (before.times if before else 0)
        self._pending[key] = Folded(folded.entry, times)


def _key(entry: EventRow) -> Key:
    """The fields by which requests count as similar: not time, resource, request id, duration."""
    return entry._replace(at=0.0, resource_id=None, request_id="", duration_ms=None)


def write_folded(
    connection: Connection, insert: str, taken: dict[Key, Folded], rows: dict[Key, int]
) -> dict[Key, int]:
    """Insert an event for each kind, or increase the count of its event; return the event ids."""
    found = {}
    for key, (entry, times) in taken.items():
        row = rows.get(key)
        if row is None or not connection.execute(_MORE, (times, entry.at, row)).rowcount:
            row = connection.execute(insert, (*entry,)).lastrowid
            connection.execute("UPDATE events SET times = ? WHERE id = ?", (times, row))
        if row is not None:
            found[key] = row
    return found


def forget_surplus(connection: Connection) -> tuple[int, int]:
    """Delete surplus events with an unknown token; return the number before, and of the deleted."""
    count: int = connection.execute(f"SELECT count(*) FROM {_OF_STRANGERS}").fetchone()[0]  # noqa: S608
    if count <= MOST_EVENTS:
        return count, 0
    connection.execute(
        f"DELETE FROM events WHERE id IN (SELECT id FROM {_OF_STRANGERS} ORDER BY id LIMIT ?)",  # noqa: S608
        (count - MOST_EVENTS,),
    )
    return count, count - MOST_EVENTS


def entries(taken: dict[Key, Folded]) -> Iterable[EventRow]:
    """The newest request of each kind."""
    return (folded.entry for folded in taken.values())
