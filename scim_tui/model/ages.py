"""Ages in words that rarely change, so that an idle screen need not be repainted."""

from datetime import UTC, datetime, timedelta

from scim_tui.model.unknown_values import Absent, Moment

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_SKEW = timedelta(seconds=60)
"""The difference between two clocks that is not shown as "in the future"."""

STALE = timedelta(seconds=60)
"""An older observation may be out of date, and is marked as stale."""


def is_stale(looked_at: datetime, now: datetime, every: float = 0.0) -> bool:
    """Whether an observation is too old to be shown as current; `every`: its interval in s."""
    return now - looked_at > max(STALE, timedelta(seconds=3 * every))


def span(length: timedelta) -> str:
    """The length in its largest whole unit: "40s", "6m", "3h", "2d"."""
    seconds = int(abs(length).total_seconds())
    if seconds < _MINUTE:
        return f"{seconds}s"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE}m"
    if seconds < _DAY:
        return f"{seconds // _HOUR}h"
    return f"{seconds // _DAY}d"


def age(at: Moment, now: datetime) -> str:
    """The age: "now" under a minute, else "6m ago"; the future is "in 6m"; unknown stays so."""
    if isinstance(at, Absent):
        return at.value
    if at - now > _SKEW:
        return f"in {span(at - now)}"
    return "now" if now - at < timedelta(minutes=1) else f"{span(now - at)} ago"


def exact_age(at: datetime, now: datetime) -> str:
    """As `age`, but to the second under a minute, for a sentence that is read once."""
    return f"{span(max(now - at, timedelta()))} ago"


def stamp(at: Moment) -> str:
    """The instant as UTC ISO 8601 to the second, or the word for its absence."""
    if isinstance(at, Absent):
        return at.value
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def day(at: Moment) -> str:
    """The day of the instant in UTC, or the word for its absence."""
    return at.value if isinstance(at, Absent) else f"{at:%Y-%m-%d}"
