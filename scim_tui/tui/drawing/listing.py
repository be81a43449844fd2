"""The progress of a listing of the directory."""

from scim_tui.core.directory.api import LoadState
from scim_tui.model.unknown_values import UNKNOWN, Absent
from scim_tui.tui.drawing.progress import Progress

_LEAST_SECONDS = 1
"""Seconds before which the rate is not shown, since it is not reliable yet."""


def listing_progress(doing: str, load: LoadState, took: float, unit: str = "") -> Progress:
    """The progress after `took` seconds; without a total, that of the listing before is used."""
    known = took >= _LEAST_SECONDS
    rate, left = (load.rate, load.seconds_left) if known else (0.0, UNKNOWN)
    total, about = load.total, False
    if isinstance(total, Absent) and not isinstance(expected := load.expected, Absent):
        about = 0 < load.loaded <= expected
        total = expected if about else UNKNOWN
        left = (expected - load.loaded) / rate if about and rate else UNKNOWN
    return Progress(
        doing, load.loaded, total, rate, left, load.slowed, load.resumed_at, about, unit
    )
