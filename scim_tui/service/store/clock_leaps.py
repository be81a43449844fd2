"""Limits the damage of a wrong system clock: deleted events, and times in the future.

Events are deleted by their age, so a clock that jumps ahead would delete all of them at once. For a
week after a jump no event is deleted, which is time to notice it. A clock that was ahead and was
set right leaves times in the future, which would stay the newest ones for that long. They are set
to the time at which this is noticed, which is the latest that they can really have been.
"""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from scim_tui.model.ages import span, stamp
from scim_tui.service.store.rows import read_note
from scim_tui.service.store.store import Connection

CLOCK = "clock"
"""Key in `meta` of the state of the clock."""
LEAP_SECONDS = 86400.0
"""A shorter jump is ignored: it deletes one day of the history at most."""
HOLD_SECONDS = 7 * 86400.0
SLACK_SECONDS = 60.0
"""A smaller difference is ignored: clocks are corrected that much all the time."""
_SHOWN = timedelta(minutes=1)
_TOLD_FOR = timedelta(days=30)
_EVENTS_AT_ONCE = 5_000
_LAST = "traffic.last"


class ClockReading(NamedTuple):
    """The wall clock, and one that never goes back."""

    wall: float
    steady: float


def steady_seconds() -> float:
    """Seconds that passed, also while the machine slept where that can be known."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


def may_forget(connection: Connection, now: ClockReading, before: ClockReading | None) -> bool:
    """Correct times in the future; return whether events may be deleted by their age.

    `before` is the reading at the previous write of this process.
    """
    known = read_clock(connection)
    seen = known.get("seen")
    if before is not None:
        leap = (now.wall - before.wall) - (now.steady - before.steady)
    else:
        # A jump looks the same as a service that did not run for that long.
        leap = 0.0 if seen is None else now.wall - seen
    if _take_back(connection, now.wall) or leap < -SLACK_SECONDS:
        known |= {"set_back_at": now.wall, "set_back_by": max(-leap, 0.0)}
    if abs(leap) > LEAP_SECONDS:
        known["hold_until"] = now.wall + HOLD_SECONDS
        if before is not None and leap > 0:
            known |= {"leapt_at": now.wall, "leapt_by": leap}
    known["seen"] = now.wall
    connection.execute("REPLACE INTO meta VALUES (?, ?)", (CLOCK, json.dumps(known)))
    return bool(now.wall >= known.get("hold_until", 0.0))


def read_clock(connection: Connection) -> dict[str, Any]:
    """`seen`, `hold_until`, `set_back_at` and `_by`, `leapt_at` and `_by`, as far as known."""
    known: dict[str, Any] = read_note(connection, CLOCK) or {}
    return known


def clock_notes(connection: Connection, now: datetime) -> tuple[str, ...]:
    """Sentences for the operator about wrong clocks."""
    known, notes = read_clock(connection), []
    back, ahead = (_when(known.get(f"{name}_at")) for name in ("set_back", "leapt"))
    if back is not None and now - back < _TOLD_FOR:
        length = timedelta(seconds=known["set_back_by"])
        by = f" by {span(length)}" if length >= _SHOWN else ""
        notes.append(
            f"The clock of the service was set back{by} before {stamp(back)}: instants that lay in"
            " the future count as that one."
        )
    if ahead is not None and now - ahead < _TOLD_FOR:
        by = span(timedelta(seconds=known["leapt_by"]))
        notes.append(f"The clock of the service leapt ahead by {by} before {stamp(ahead)}.")
    return tuple(notes)


def _when(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _take_back(connection: Connection, now: float) -> bool:
    """Set every time in the future to `now`; return whether there was any."""
    limit = now + SLACK_SECONDS
    changed = 0
    for column in ("last_used_at", "own_used_at"):
        sql = f"UPDATE tokens SET {column} = ? WHERE {column} > ?"  # noqa: S608 - our own names
        changed += connection.execute(sql, (now, limit)).rowcount
    changed += connection.execute(
        "UPDATE events SET at = ? WHERE id IN (SELECT id FROM events WHERE at > ? LIMIT ?)",
        (now, limit, _EVENTS_AT_ONCE),
    ).rowcount
    last: dict[str, Any] = read_note(connection, _LAST) or {}
    ahead = [name for name, value in last.items() if isinstance(value, float) and value > limit]
    if ahead:
        last |= dict.fromkeys(ahead, now)
        connection.execute("REPLACE INTO meta VALUES (?, ?)", (_LAST, json.dumps(last)))
    return changed > 0 or bool(ahead)
