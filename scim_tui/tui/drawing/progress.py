"""The progress of long work: bar, count, rate, time left, and the key that stops it."""

from dataclasses import dataclass
from typing import NamedTuple

from scim_tui.model.unknown_values import UNKNOWN, Absent, Count
from scim_tui.tui.drawing.text import GLYPHS, Line, Span, width

BAR = 12
"""Cells of the bar."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far long work is, as far as that is known."""

    doing: str
    """What is done, as in "loading"."""
    done: Count = UNKNOWN
    total: Count = UNKNOWN
    rate: float = 0.0
    """Rows in a second; 0: not known."""
    left: float | Absent = UNKNOWN
    """Seconds until the end, at this rate."""
    slowed: bool = False
    """Whether the server answered 429 and requests are sent more slowly."""
    resumed_at: int = 0
    """The row it resumed at after a lost connection; 0: from the start."""
    about: bool = False
    """Whether the total is the one of the listing before."""
    unit: str = ""
    """What is counted, such as "groups"."""

    @classmethod
    def at(cls, doing: str, done: int, total: int, seconds: float) -> "Progress":
        """The progress after some seconds, with the rate and the time left computed from them."""
        rate = done / seconds if seconds > 0 else 0.0
        return cls(doing, done, total, rate, (total - done) / rate if rate else UNKNOWN)


class Part(NamedTuple):
    """A piece of a line; when the line is too long, the highest rank is dropped first."""

    span: Span
    rank: int = 0


def progress_line(progress: Progress, cells: int) -> Line:
    """The progress in one line."""
    parts = [Part(bar(progress.done, progress.total), 3), Part(Span(f" {_count(progress)}"))]
    if progress.rate >= 1:
        parts.append(Part(Span(f"  {progress.rate:,.0f}/s", "dim"), 5))
    if not isinstance(progress.left, Absent):
        parts.append(Part(Span(f"  {duration(progress.left)} left", "dim"), 4))
    if progress.slowed:
        parts.append(Part(Span("  slowed by 429", "warn"), 1))
    if progress.resumed_at:
        parts.append(Part(Span(f"  went on at {progress.resumed_at:,}", "dim"), 6))
    return fitted([*parts, Part(Span("  Ctrl-C stops", "dim"), 2)], cells)


def _count(progress: Progress) -> str:
    if isinstance(progress.done, Absent):
        return progress.doing
    about = "about " if progress.about else ""
    of = "" if isinstance(progress.total, Absent) else f" of {about}{progress.total:,}"
    return f"{progress.doing} {progress.done:,}{of} {progress.unit}".rstrip()


def bar(done: Count, total: Count) -> Span:
    """The share that is done, drawn; empty when it is not known."""
    if isinstance(done, Absent) or isinstance(total, Absent) or total <= 0:
        return Span("")
    full = min(done * BAR // total, BAR)
    return Span(f" {GLYPHS.full * full}{GLYPHS.dot * (BAR - full)}", "accent")


def fitted(parts: list[Part], cells: int) -> Line:
    """As many parts as fit, in their order."""
    kept = list(parts)
    while width(part.span for part in kept) > cells and any(part.rank for part in kept):
        kept.remove(max(kept, key=lambda part: part.rank))
    return tuple(part.span for part in kept if part.span.text)


def duration(seconds: float) -> str:
    """Seconds as people say them: "8 s", "3 min", "2 h"."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.0f} h"
