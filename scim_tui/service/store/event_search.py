"""Search in the events, newest first, in bounded time; and the groups of what is found.

The rarest term is looked up in its index; where there is none, the newest events are looked
through. Either goes from the newest ids back in growing stretches, until there are enough rows or
the time is up: then the page says where to go on.
"""

# ruff: noqa: S608 - what is put into a statement is a constant of this file; values are parameters

import time
from collections.abc import Sequence
from typing import Any

from scim_tui.model.activity import Event, EventGroup, EventGroups, EventPage
from scim_tui.model.event_search import EventSearch
from scim_tui.model.unknown_values import UNKNOWN
from scim_tui.service.store.event_conditions import Choice, Condition, condition
from scim_tui.service.store.history import COLUMNS, read_event
from scim_tui.service.store.store import Connection
from scim_tui.service.store.tokens import moment

SECONDS = 0.02
"""After that a page is given as it is."""
MOST_GROUPED = 250_000
"""How many of the newest events are looked through for groups."""
_FIRST_STRETCH = 10_000
_LONGEST_SCAN = 10_000
"""About 5 ms."""
_GROWTH = 8
_ENOUGH = 2_000
"""How far events are counted to find the rarest term."""
_PEOPLE = (
    "SELECT max(target), max(resource_id), '', sum(times),"
    " sum(CASE WHEN status >= 400 THEN times ELSE 0 END), NULL, min(at), max(at), max(id)"
    " FROM events WHERE operation LIKE '%User' AND coalesce(target, resource_id) IS NOT NULL{}"
    " GROUP BY lower(coalesce(target, resource_id)) ORDER BY 9 DESC LIMIT ?"
)
_CAUSES = (
    "SELECT violated, NULL, max(message), sum(times), sum(times),"
    " count(DISTINCT CASE WHEN operation LIKE '%User' THEN lower(coalesce(target, resource_id))"
    " END), min(at), max(at), max(id) FROM events WHERE status >= 400{}"
    " GROUP BY violated, CASE violated WHEN '' THEN message END ORDER BY 4 DESC, 9 DESC LIMIT ?"
)


def search_events(
    connection: Connection, search: EventSearch, *, limit: int, before: int | None = None
) -> EventPage:
    """The newest events that match, older than id `before`."""
    conditions = _conditions(connection, search)
    driver = _rarest(connection, conditions)
    newest, oldest = _reach(connection, search)
    high = newest + 1 if before is None else min(before, newest + 1)
    longest = max(newest, 1) if driver else _LONGEST_SCAN
    until, stretch = time.monotonic() + SECONDS, _FIRST_STRETCH
    found: list[Event] = []
    impossible = any(each.sql == "(0)" for each in conditions)
    while high > oldest and not impossible:
        low = max(high - stretch, oldest)
        rows = _stretch(connection, conditions, driver, (low, high, limit - len(found)))
        found += map(read_event, rows)
        high = found[-1].id if len(found) >= limit else low
        if len(found) >= limit or time.monotonic() > until:
            break
        stretch = min(stretch * _GROWTH, longest)
    going_on = high > oldest and not impossible
    return EventPage(events=tuple(found), more=going_on, older=high if going_on else None)


def group_events(
    connection: Connection, search: EventSearch, *, by_person: bool, limit: int
) -> EventGroups:
    """The events that match by person, the newest first, or by cause, the most frequent first."""
    conditions = _conditions(connection, search)
    newest, oldest = _reach(connection, search)
    low = max(oldest, newest + 1 - MOST_GROUPED)
    where = "".join(f" AND {each.sql}" for each in conditions) + " AND +id >= ?"
    sql = (_PEOPLE if by_person else _CAUSES).format(where)
    values = [value for each in conditions for value in each.values]
    rows = connection.execute(sql, (*values, low, limit)).fetchall()
    return EventGroups(groups=tuple(map(_group, rows)), whole=low <= oldest)


def _conditions(connection: Connection, search: EventSearch) -> list[Condition]:
    found = [condition(connection, term) for term in search.terms]
    for moment_of, sign in ((search.since, ">="), (search.until, "<=")):
        if moment_of is not None:
            found.append(Condition(f"+at {sign} ?", (moment_of.timestamp(),), None))
    return found


def _reach(connection: Connection, search: EventSearch) -> tuple[int, int]:
    """The newest id, and the oldest one that can match.

    Ids are given in the order of time, but an event of strangers is moved to the newest of those
    it counts, so that it may have a lower id than events before it.
    """
    newest, oldest = connection.execute(
        "SELECT ifnull((SELECT max(id) FROM events), 0), ifnull((SELECT min(id) FROM events), 1)"
    ).fetchone()
    if search.since is not None:
        since = search.since.timestamp()
        (first,) = connection.execute(
            "SELECT min(id) FROM (SELECT id FROM events WHERE at >= ? ORDER BY at LIMIT 500)",
            (since,),
        ).fetchone()
        (stranger,) = connection.execute(
            "SELECT min(id) FROM events WHERE token_id IS NULL AND status = 401 AND at >= ?",
            (since,),
        ).fetchone()
        oldest = min(first or newest + 1, stranger or newest + 1)
    return newest, oldest


def _rarest(connection: Connection, conditions: list[Condition]) -> Condition | None:
    """The condition with the fewest events, of those that an index finds."""
    best, fewest = None, -1
    for each in conditions:
        if each.choices:
            count = sum(_count(connection, choice) for choice in each.choices)
            if best is None or count < fewest:
                best, fewest = each, count
    return best


def _count(connection: Connection, choice: Choice) -> int:
    sql = f"SELECT count(*) FROM (SELECT 1 FROM events WHERE {choice.sql} LIMIT {_ENOUGH})"
    found: int = connection.execute(sql, choice.values).fetchone()[0]
    return found


def _stretch(
    connection: Connection,
    conditions: list[Condition],
    driver: Condition | None,
    place: tuple[int, int, int],
) -> list[Sequence[Any]]:
    """Rows of the ids from `low` to before `high`, the newest first."""
    others = [each for each in conditions if each is not driver]
    # The plus keeps SQLite from another index than that of the choice.
    rest = "".join(f" AND +({each.sql})" for each in others)
    values = [value for each in others for value in each.values]
    choices = driver.choices if driver and driver.choices else (Choice("1"),)
    found: dict[int, Sequence[Any]] = {}
    for choice in choices:
        sql = (
            f"SELECT {COLUMNS} FROM events WHERE {choice.sql} AND id >= ? AND id < ?{rest}"
            " ORDER BY id DESC LIMIT ?"
        )
        given = (*choice.values, place[0], place[1], *values, place[2])
        found |= {row[0]: row for row in connection.execute(sql, given)}
    return [found[number] for number in sorted(found, reverse=True)[: place[2]]]


def _group(row: Sequence[Any]) -> EventGroup:
    name, other, message, requests, refused, people, first, newest, newest_id = row
    return EventGroup(
        key=name or other or UNKNOWN,
        message=message,
        requests=requests,
        refused=refused,
        people=UNKNOWN if people is None else people,
        first=moment(first),
        newest=moment(newest),
        newest_id=newest_id,
    )
