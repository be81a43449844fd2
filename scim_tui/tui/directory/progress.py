"""How the listing of the directory gets on, and what is kept of one that ended early."""

from datetime import datetime
from typing import TYPE_CHECKING

from scim_tui.model.ages import age
from scim_tui.model.unknown_values import UNKNOWN, Absent
from scim_tui.tui.directory.list_state import ListState
from scim_tui.tui.drawing.progress import Part, Progress, fitted, progress_line
from scim_tui.tui.drawing.text import Line, Span, line

if TYPE_CHECKING:
    from scim_tui.core.directory.api import LoadState

QUIET_SECONDS = 1.0
"""A listing of what is known already is not worth a word before it takes this long."""


def listing_line(state: ListState, load: "LoadState", now: float, cells: int) -> Line:
    """The bar of a listing, or why the newest one ended early and what is kept."""
    if load.phase == "loading":
        took = now - state.started if state.started is not None else 0.0
        quiet = state.listed_once and took < QUIET_SECONDS
        return () if quiet else progress_line(of_listing("loading", load, took), cells)
    if load.phase == "failed" and state.total:
        why = load.error.message if load.error else "it failed"
        return fitted([Part(Span(f" ! may be old: {why}", "bad")), *_kept(load)], cells)
    if load.phase == "stopped":
        return line((f" stopped at {load.loaded:,}, r goes on", "warn"))
    if load.phase == "ready" and load.warning:
        came, _, why = load.warning.partition(", ")
        return fitted([Part(Span(f" ! {came}", "warn")), Part(Span(f", {why}", "warn"), 1)], cells)
    return ()


def _kept(load: "LoadState") -> list[Part]:
    """A pass that dropped is taken up where it was."""
    number = "" if isinstance(load.total, Absent) else f" of {load.total:,}"
    kept = f"  {load.loaded:,}{number} kept" if load.loaded else ""
    return [Part(Span(kept, "dim"), 2), Part(Span("  goes on by itself, or r now", "dim"), 1)]


def of_listing(doing: str, load: "LoadState", took: float, unit: str = "") -> Progress:
    """What the core tells of a pass; a rate of the first moments says nothing."""
    known = took >= 1
    rate, left = (load.rate, load.seconds_left) if known else (0.0, UNKNOWN)
    total, about = load.total, False
    if isinstance(total, Absent) and not isinstance(expected := load.expected, Absent):
        about = 0 < load.loaded <= expected
        total = expected if about else UNKNOWN
        left = (expected - load.loaded) / rate if about and rate else UNKNOWN
    return Progress(
        doing, load.loaded, total, rate, left, load.slowed, load.resumed_at, about, unit
    )


def kept_words(load: "LoadState", now: datetime) -> Line:
    """How old the rows are that are shown while they are listed again."""
    if isinstance(load.as_of, Absent) or load.phase == "ready":
        return ()
    return line((f"  rows of {age(load.as_of, now)}", "dim"))
