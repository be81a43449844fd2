"""Requests with a token that is not known here, folded so that they cannot fill the history.

The first one is an event at once. Those that are alike within ten minutes only add to its count,
and beyond a few kinds in ten minutes the rest are one event.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from scim_tui.service.store.event_row import EventRow
from scim_tui.service.store.store import Connection

WINDOW_SECONDS = 600.0
MOST_KINDS = 8
"""Kinds of requests in ten minutes that have an event of their own."""
MOST_EVENTS = 10_000
"""How many events of strangers are kept, apart from all others."""
SEVERAL = "Several"
"""In place of the operation where requests of many kinds are one event."""

Key = tuple[Any, ...]
_MORE = "UPDATE events SET times = times + ?, at = max(at, ?) WHERE id = ?"
_OF_STRANGERS = "events WHERE token_id IS NULL AND status = 401"
"""The words of the index `events_strangers`."""


class Folded(NamedTuple):
    """Requests that are alike."""

    entry: EventRow
    """The newest of them."""
    times: int


class Strangers:
    """Requests of strangers that are not written yet, and the events that count them."""

    def __init__(self) -> None:
        self._pending: dict[Key, Folded] = {}
        self._rows: dict[Key, int] = {}
        """The event of each kind in the present window."""
        self._window = 0.0

    def __bool__(self) -> bool:
        """Whether anything waits to be written."""
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
        """What is to be written now; `written` or `put_back` must follow."""
        taken, self._pending = self._pending, {}
        return taken

    def put_back(self, taken: dict[Key, Folded]) -> None:
        """It was not written."""
        later, self._pending = self._pending, taken
        for key, folded in later.items():
            self._merge(key, folded)

    def rows(self) -> dict[Key, int]:
        """The events of this window, for the writer."""
        return dict(self._rows)

    def written(self, rows: dict[Key, int], window: float) -> None:
        """It was written to these events."""
        if window == self._window:
            self._rows |= rows

    @property
    def window(self) -> float:
        """The present window."""
        return self._window

    def _kinds(self) -> int:
        return len(self._rows.keys() | self._pending.keys())

    def _merge(self, key: Key, folded: Folded) -> None:
        before = self._pending.get(key)
        times = folded.times + (before.times if before else 0)
        self._pending[key] = Folded(folded.entry, times)


def _key(entry: EventRow) -> Key:
    """All of an event but its instant, its resource, its request and its duration."""
    return entry._replace(at=0.0, resource_id=None, request_id="", duration_ms=None)


def write_folded(
    connection: Connection, insert: str, taken: dict[Key, Folded], rows: dict[Key, int]
) -> dict[Key, int]:
    """Write them, into the event of their kind where there is one; answers the events."""
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
    """Forget the oldest events of strangers; answers how many there were, and how many went."""
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
