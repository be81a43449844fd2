"""Reading the ledger: pages of events, traffic in numbers, and the size of the directory.

Counts come from indexes: all events of a stretch from the one on time, and what went wrong from
the rows that did. Half a million events take a tenth of a second.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from scim_tui.model.absent import NEVER, UNKNOWN, Moment
from scim_tui.model.activity import Event, EventPage, Reason, Traffic
from scim_tui.model.directory import Summary
from scim_tui.service.ledger import read_last
from scim_tui.service.rows import decoded
from scim_tui.service.storage_faults import Damaged
from scim_tui.service.store import Connection
from scim_tui.service.tokens import moment

HOURS = 24
MOST_REASONS = 20

_TOLD = {"accepted_at", "unauthorized_at"}
_HOUR = 3600.0
_END = float("inf")
_LAST_ID = 2**63 - 1
_EVENTS = (
    "SELECT id, at, operation, status, target, resource_id, token_id, client, violated, message,"
    " request_id, duration_ms, times FROM events WHERE id < ? AND id > ? AND at >= ?"
)
_REFUSED = " AND status >= 400"
_NEWEST = " ORDER BY id DESC LIMIT ?"
_COUNT = "SELECT count(*) FROM events WHERE at >= ? AND at < ?"
_COUNT_REFUSED = "SELECT count(*) FROM events WHERE status >= 400 AND at >= ?"
_FAILURES = (
    "SELECT CAST(at / 3600 AS INTEGER), at >= ?, status, violated, message, sum(times), count(*)"
    " FROM events"
    " WHERE status >= 400 AND at >= ? GROUP BY 1, 2, 3, 4, 5"
)


class _Failures(NamedTuple):
    """Equal failures of one hour."""

    hour: int
    asked: int
    """1 when they happened in the stretch that was asked for."""
    status: int
    violated: str
    message: str
    number: int
    """How many requests they were."""
    events: int
    """How many events those are; requests of strangers that are alike are one."""

    @property
    def refused(self) -> bool:
        """Whether it is an object that was refused, not a caller."""
        return self.status not in (401, 403, 429)


def events(
    connection: Connection,
    *,
    limit: int,
    before: int | None = None,
    after: int | None = None,
    since: datetime | None = None,
    refused: bool = False,
) -> EventPage:
    """Events newest first; the total is of all pages, whatever `before` and `after` say."""
    start = since.timestamp() if since else 0.0
    place = (_LAST_ID if before is None else before, after or 0, start, limit)
    rows = connection.execute(_EVENTS + (_REFUSED if refused else "") + _NEWEST, place)
    found = tuple(_event(row) for row in rows)
    if refused:
        total = connection.execute(_COUNT_REFUSED, (start,)).fetchone()[0]
    else:
        total = _number(connection, start)
    return EventPage(events=found, total=total)


def traffic(connection: Connection, since: datetime, now: datetime) -> Traffic:
    """What the IdP did since then. Reasons are those of refused objects, as `refused` counts."""
    start, hour = since.timestamp(), int(now.timestamp() // _HOUR)
    failures = _failures(connection, start, (hour - HOURS + 1) * _HOUR)
    asked = [failure for failure in failures if failure.asked]
    callers = [failure for failure in asked if not failure.refused]
    last = read_last(connection)
    return Traffic(
        since=since,
        accepted=_number(connection, start) - sum(failure.events for failure in asked),
        refused=sum(failure.number for failure in asked if failure.refused),
        unauthorized=sum(failure.number for failure in callers if failure.status != 429),
        throttled=sum(failure.number for failure in callers if failure.status == 429),
        last_request_at=_moment(last.get("request_at")),
        last_write_at=_moment(last.get("write_at")),
        last_client=(last["client"] or UNKNOWN) if "request_at" in last else NEVER,
        last_accepted_at=_told(last, "accepted_at"),
        last_unauthorized_at=_told(last, "unauthorized_at"),
        reasons=_reasons(asked),
        hours=_hours(connection, failures, hour),
    )


def summary(connection: Connection) -> Summary:
    """How much the directory holds, and when an IdP last changed it."""
    counts = dict(connection.execute("SELECT name, n FROM counts").fetchall())
    return Summary(**counts, last_write_at=_moment(read_last(connection).get("write_at")))


def _failures(connection: Connection, start: float, hours_start: float) -> list[_Failures]:
    rows = connection.execute(_FAILURES, (start, min(start, hours_start)))
    return [_Failures(*row) for row in rows]


def _number(connection: Connection, start: float, end: float = _END) -> int:
    found: int = connection.execute(_COUNT, (start, end)).fetchone()[0]
    return found


def _reasons(failures: list[_Failures]) -> tuple[Reason, ...]:
    counts: Counter[tuple[str, str]] = Counter()
    for failure in failures:
        if failure.refused:
            counts[failure.violated, failure.message] += failure.number
    frequent = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MOST_REASONS]
    return tuple(Reason(constraint=why[0], message=why[1], count=count) for why, count in frequent)


def _hours(
    connection: Connection, failures: list[_Failures], last: int
) -> tuple[tuple[int, int], ...]:
    failed: Counter[int] = Counter()
    refused: Counter[int] = Counter()
    for failure in failures:
        failed[failure.hour] += failure.events
        refused[failure.hour] += failure.number if failure.refused else 0
    return tuple(
        (_number(connection, hour * _HOUR, (hour + 1) * _HOUR) - failed[hour], refused[hour])
        for hour in range(last - HOURS + 1, last + 1)
    )


def _told(last: dict[str, Any], name: str) -> Moment:
    """As `_moment`, but a record from before this was kept does not say never."""
    if name in last:
        return moment(last[name])
    if name == "accepted_at" and "write_at" in last:
        return moment(last["write_at"])
    return UNKNOWN if "request_at" in last and not _TOLD & last.keys() else NEVER


def _moment(seconds: float | None) -> Moment:
    return NEVER if seconds is None else moment(seconds)


def damaged_events(connection: Connection) -> Iterator[str]:
    """The events that cannot be decoded, by name."""
    for row in connection.execute(_EVENTS + " ORDER BY id", (_LAST_ID, 0, -_END)):
        try:
            _event(row)
        except Damaged as error:
            yield str(error)


def _event(row: Sequence[Any]) -> Event:
    return decoded(f"event {row[0]}", lambda: _read_event(row))


def _read_event(row: Sequence[Any]) -> Event:
    number, at, operation, status, target, resource_id, token_id, client, *rest = row
    violated, message, request_id, duration_ms, times = rest
    return Event(
        id=number,
        at=moment(at),
        operation=operation,
        status=status,
        target=target or UNKNOWN,
        resource_id=resource_id or UNKNOWN,
        token_id=token_id or UNKNOWN,
        client=client or UNKNOWN,
        constraint=violated,
        message=_counted(message, times),
        request_id=request_id,
        duration_ms=duration_ms,
        times=times,
    )


def _counted(message: str, times: int) -> str:
    return message if times == 1 else f"{message} ({times:,} requests alike in ten minutes)"
