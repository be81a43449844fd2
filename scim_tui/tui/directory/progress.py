"""How the listing of the directory gets on, and what is kept of one that ended early."""

from datetime import datetime
from typing import TYPE_CHECKING

from scim_tui.model.ages import age
from scim_tui.model.unknown_values import Absent
from scim_tui.tui.drawing.listing import listing_progress
from scim_tui.tui.drawing.progress import Part, fitted, progress_line
from scim_tui.tui.drawing.text import Line, Span, line

if TYPE_CHECKING:
    from scim_tui.core.directory.api import LoadState
    from scim_tui.tui.directory.list_state import Half

QUIET_SECONDS = 1.0
"""A listing of what is known already is not worth a word before it takes this long."""


def listing_line(half: "Half", state: "LoadState", now: float, cells: int) -> Line:
    """The bar of a listing, or why the newest one ended early and what is kept."""
    if state.phase == "loading":
        took = now - half.started if half.started is not None else 0.0
        quiet = half.settled and took < QUIET_SECONDS
        return () if quiet else progress_line(listing_progress("loading", state, took), cells)
    if state.phase == "failed" and half.total:
        why = state.error.message if state.error else "it failed"
        return fitted([Part(Span(f" ! may be old: {why}", "bad")), *_kept(state)], cells)
    if state.phase == "stopped":
        return line((f" stopped at {state.loaded:,}, r goes on", "warn"))
    if state.phase == "ready" and state.warning:
        came, _, why = state.warning.partition(", ")
        return fitted([Part(Span(f" ! {came}", "warn")), Part(Span(f", {why}", "warn"), 1)], cells)
    return ()


def _kept(state: "LoadState") -> list[Part]:
    """A pass that dropped is taken up where it was."""
    number = "" if isinstance(state.total, Absent) else f" of {state.total:,}"
    kept = f"  {state.loaded:,}{number} kept" if state.loaded else ""
    return [Part(Span(kept, "dim"), 2), Part(Span("  goes on by itself, or r now", "dim"), 1)]


def kept_words(state: "LoadState", now: datetime) -> Line:
    """How old the rows are that are shown while they are listed again."""
    if isinstance(state.as_of, Absent) or state.phase == "ready":
        return ()
    return line((f"  rows of {age(state.as_of, now)}", "dim"))
