"""The progress of a listing in one line, and how old rows of an earlier listing are."""

from datetime import datetime

from scim_tui.core.directory.api import LoadState
from scim_tui.model.unknown_values import Absent
from scim_tui.tui.directory import messages
from scim_tui.tui.directory.list_state import ListState
from scim_tui.tui.drawing.listing import listing_progress
from scim_tui.tui.drawing.progress import Part, fitted, progress_line
from scim_tui.tui.drawing.text import Line, Span, line

QUIET_SECONDS = 1.0
"""A repeated listing that takes less than this is not shown."""


def listing_line(state: ListState, load: LoadState, now: float, cells: int) -> Line:
    """The progress bar of a listing, or why it ended early and how many rows are kept."""
    if load.phase == "loading":
        took = now - state.started if state.started is not None else 0.0
        quiet = state.listed_once and took < QUIET_SECONDS
        return () if quiet else progress_line(listing_progress("loading", load, took), cells)
    if load.phase == "failed" and state.total:
        why = load.error.message if load.error else messages.LISTING_FAILED
        return fitted([Part(Span(messages.outdated(why), "bad")), *_kept(load)], cells)
    if load.phase == "stopped":
        return line((messages.stopped_at(load.loaded), "warn"))
    if load.phase == "ready" and load.warning:
        came, _, why = load.warning.partition(", ")
        return fitted([Part(Span(f" ! {came}", "warn")), Part(Span(f", {why}", "warn"), 1)], cells)
    return ()


def _kept(load: LoadState) -> list[Part]:
    """How many rows of a failed listing are kept; the next one continues after them."""
    number = "" if isinstance(load.total, Absent) else f" of {load.total:,}"
    kept = f"  {load.loaded:,}{number} kept" if load.loaded else ""
    return [Part(Span(kept, "dim"), 2), Part(Span(messages.RETRIES, "dim"), 1)]


def kept_words(load: LoadState, now: datetime) -> Line:
    """How old the rows are that stay on the screen while they are listed again."""
    if isinstance(load.as_of, Absent) or load.phase == "ready":
        return ()
    return line((messages.rows_of(load.as_of, now), "dim"))
