"""Reads the recorded events: pages of them, traffic in numbers, and the size of the directory.

Counts are read from indexes: the number of all events from the index on time, refusals from the
partial index of refused events. Half a million events take a tenth of a second.
"""

# ruff: noqa: S608 - what is put into a statement is a constant of this file; values are parameters

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from scim_tui.model.activity import Caller, Event, EventPage, Reason, Traffic
from scim_tui.model.directory import Summary
from scim_tui.model.unknown_values import NEVER, UNKNOWN, Moment
from scim_tui.service.store.ledger import read_last
from scim_tui.service.store.rows import decoded
from scim_tui.service.store.storage_faults import DamagedStore
from scim_tui.service.store.store import Connection
from scim_tui.service.store.tokens import moment

HOURS = 24
MOST_REASONS = 20
MOST_STRANGERS = 10

_TOLD = {"accepted_at", "unauthorized_at"}
_HOUR = 3600.0
_END = float("inf")
_LAST_ID = 2**63 - 1
COLUMNS = (
    "id, at, operation, status, target, resource_id, token_id, client, violated, message,"
    " request_id, duration_ms, token_known, address, times, holder"
)
"""The columns of an event in the order of `read_event`."""
_EVENTS = f"SELECT {COLUMNS} FROM events WHERE id < ? AND id > ? AND at >= ?"
_REFUSED = " AND status >= 400"
_NEWEST = " ORDER BY id DESC LIMIT ?"
_COUNT = "SELECT count(*) FROM events WHERE at >= ? AND at < ?"
_COUNT_REFUSED = "SELECT count(*) FROM events WHERE status >= 400 AND at >= ?"
_OWN = "client GLOB 'scim-tui/*'"
"""Requests of this program; the index `events_own` needs just these words."""
_FAILURES = (
    "SELECT CAST(at / 3600 AS INTEGER), at >= ?, status, violated, message,"
    f" ifnull(token_known, 0), ifnull({_OWN}, 0), sum(times), count(*) FROM events"
    " WHERE status >= 400 AND at >= ? GROUP BY 1, 2, 3, 4, 5, 6, 7"
)
_OWN_ACCEPTED = (
    "SELECT CAST(at / 3600 AS INTEGER), at >= ?, count(*) FROM events"
    f" WHERE {_OWN} AND status < 400 AND at >= ? GROUP BY 1, 2"
)
_STRANGERS = (
    "SELECT client, address, sum(times), max(at) FROM events"
    " WHERE status >= 400 AND status IN (401, 403) AND NOT ifnull(token_known, 0) AND at >= ?"
    " GROUP BY 1, 2 ORDER BY 4 DESC LIMIT ?"
)
_REFUSED_OBJECTS = (
    "SELECT count(DISTINCT CASE WHEN operation LIKE '%User' THEN object END),"
    " count(DISTINCT CASE WHEN operation LIKE '%Group' THEN object END), count(*) - count(object)"
    " FROM (SELECT operation, CASE WHEN operation LIKE '%User' OR operation LIKE '%Group'"
    " THEN lower(coalesce(target, resource_id)) END AS object FROM events WHERE status >= 400"
    f" AND status NOT IN (401, 403, 429) AND at >= ? AND NOT ifnull({_OWN}, 0))"
)


class _Failures(NamedTuple):
    """Equal failures of one hour."""

    hour: int
    asked: int
    """1 when they happened in the period that was asked for."""
    status: int
    violated: str
    message: str
    known: int
    """1 when they came with a token that exists here or did."""
    own: int
    """1 when this program sent them."""
    number: int
    """How many requests they were."""
    events: int
    """How many events those are; similar requests with an unknown token are one event."""

    @property
    def refused(self) -> bool:
        """Whether a user or group of the IdP was refused, and not the sender of the request."""
        return not self.own and self.status not in (401, 403, 429)

    @property
    def unauthorized(self) -> bool:
        """Whether the sender was not authorized."""
        return self.status in (401, 403)


def events(
    connection: Connection,
    *,
    limit: int,
    before: int | None = None,
    after: int | None = None,
    since: datetime | None = None,
    refused: bool = False,
) -> EventPage:
    """Events newest first; the total counts all pages, without regard to `before` and `after`."""
    start = since.timestamp() if since else 0.0
    place = (_LAST_ID if before is None else before, after or 0, start, limit)
    rows = connection.execute(_EVENTS + (_REFUSED if refused else "") + _NEWEST, place)
    found = tuple(read_event(row) for row in rows)
    if refused:
        total = connection.execute(_COUNT_REFUSED, (start,)).fetchone()[0]
    else:
        total = _number(connection, start)
    return EventPage(events=found, total=total)


def traffic(connection: Connection, since: datetime, now: datetime) -> Traffic:
    """The requests of the IdP since then. The reasons are those of refused users and groups."""
    start, hour = since.timestamp(), int(now.timestamp() // _HOUR)
    first = min(start, (hour - HOURS + 1) * _HOUR)
    failures = [_Failures(*row) for row in connection.execute(_FAILURES, (start, first))]
    own = connection.execute(_OWN_ACCEPTED, (start, first)).fetchall()
    asked = [failure for failure in failures if failure.asked]
    refused_in = [failure for failure in asked if failure.unauthorized]
    not_the_idp = sum(number for _, in_stretch, number in own if in_stretch)
    users, groups, unnamed = connection.execute(_REFUSED_OBJECTS, (start,)).fetchone()
    last = read_last(connection)
    return Traffic(
        since=since,
        accepted=_number(connection, start) - sum(each.events for each in asked) - not_the_idp,
        refused=sum(failure.number for failure in asked if failure.refused),
        refused_users=users,
        refused_groups=groups,
        refused_unnamed=unnamed,
        unauthorized=sum(each.number for each in refused_in if each.known and not each.own),
        sign_in_failures=sum(failure.number for failure in refused_in),
        strangers=_strangers(connection, start),
        own=not_the_idp + sum(each.number for each in asked if each.own),
        throttled=sum(each.number for each in asked if each.status == 429 and not each.own),
        last_request_at=_moment(last, "request_at"),
        last_write_at=_moment(last, "write_at"),
        last_client=(last["client"] or UNKNOWN) if "request_at" in last else NEVER,
        last_accepted_at=_told(last, "accepted_at"),
        last_unauthorized_at=_told(last, "unauthorized_at"),
        reasons=_reasons(asked),
        hours=_hours(connection, failures, own, hour),
    )


def summary(connection: Connection) -> Summary:
    """How much the directory holds, and when it was last changed by SCIM."""
    counts = dict(connection.execute("SELECT name, n FROM counts").fetchall())
    last = read_last(connection)
    changed = "changed_at" if "changed_at" in last else "write_at"
    return Summary(**counts, last_write_at=_moment(last, changed))


def _strangers(connection: Connection, start: float) -> tuple[Caller, ...]:
    rows = connection.execute(_STRANGERS, (start, MOST_STRANGERS))
    return tuple(
        Caller(
            client=client or UNKNOWN, address=address or UNKNOWN, count=count, last_at=moment(at)
        )
        for client, address, count, at in rows
    )


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
    connection: Connection, failures: list[_Failures], own: list[tuple[int, int, int]], last: int
) -> tuple[tuple[int, int], ...]:
    failed: Counter[int] = Counter()
    refused: Counter[int] = Counter()
    for failure in failures:
        failed[failure.hour] += failure.events
        refused[failure.hour] += failure.number if failure.refused else 0
    for hour, _, number in own:
        failed[hour] += number
    return tuple(
        (_number(connection, hour * _HOUR, (hour + 1) * _HOUR) - failed[hour], refused[hour])
        for hour in range(last - HOURS + 1, last + 1)
    )


def _told(last: dict[str, Any], name: str) -> Moment:
    """As `_moment`, but unknown instead of never for a file that did not record it yet."""
    if name in last:
        return _moment(last, name)
    if name == "accepted_at" and "write_at" in last:
        return _moment(last, "write_at")
    return UNKNOWN if "request_at" in last and not _TOLD & last.keys() else NEVER


def _moment(last: dict[str, Any], name: str) -> Moment:
    if name not in last:
        return NEVER
    return UNKNOWN if last[name] is None else moment(last[name])


def damaged_events(connection: Connection) -> Iterator[str]:
    """The events that cannot be decoded, by name."""
    for row in connection.execute(_EVENTS + " ORDER BY id", (_LAST_ID, 0, -_END)):
        try:
            read_event(row)
        except DamagedStore as error:
            yield str(error)


def read_event(row: Sequence[Any]) -> Event:
    """The event of a row with `COLUMNS`. Raises `DamagedStore`."""
    return decoded(f"event {row[0]}", lambda: _read_event(row))


def _read_event(row: Sequence[Any]) -> Event:
    number, at, operation, status, target, resource_id, token_id, client, *rest = row
    violated, message, request_id, duration_ms, token_known, address, times, holder = rest
    return Event(
        id=number,
        at=moment(at),
        operation=operation,
        status=status,
        target=target or UNKNOWN,
        resource_id=resource_id or UNKNOWN,
        token_id=token_id or UNKNOWN,
        token_known=UNKNOWN if token_known is None else bool(token_known),
        client=client or UNKNOWN,
        address=address or UNKNOWN,
        constraint=violated,
        message=_counted(message, times),
        request_id=request_id,
        duration_ms=duration_ms,
        times=times,
        holder_id=holder or UNKNOWN,
    )


def _counted(message: str, times: int) -> str:
    return message if times == 1 else f"{message} ({times:,} requests alike in ten minutes)"
