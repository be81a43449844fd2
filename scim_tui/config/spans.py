"""A span of time in the config file: one number and one unit, such as 40m or 24h."""

import re
from datetime import timedelta

from scim_tui.config.keys import MOST_HOURS, SPAN_PATTERN

MOST = timedelta(hours=MOST_HOURS)
WRITE = "Write a number with its unit, such as 90s, 40m or 24h; 48h at most."
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours"}


def read_span(value: object) -> timedelta | None:
    """The span of a text, or of a number: those are minutes, as older files have them.

    None: it is no span, or not above 0 and 48 hours at most.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, str):
        if (found := re.fullmatch(SPAN_PATTERN, value)) is None:
            return None
        span = timedelta(**{_UNITS[found[2]]: float(found[1])})
    elif 0 < value <= MOST / timedelta(minutes=1):
        span = timedelta(minutes=value)
    else:
        return None
    return span if timedelta() < span <= MOST else None
