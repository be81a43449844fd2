"""What is kept of the verdicts on a profile, in its data folder: for a prompt, and for comparison.

It holds counts, times and words of this program: nothing of the directory, and no secret.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from scim_tui.config.paths import write_atomic
from scim_tui.core.health.verdict import Judgement
from scim_tui.model.base import Value
from scim_tui.model.directory import Summary
from scim_tui.model.history import Count
from scim_tui.model.unknown_values import Absent
from scim_tui.model.verdict import KEPT, Verdict

COUNTED_FOR = timedelta(hours=48)
"""How long counts of the directory are kept."""
BETWEEN_COUNTS = timedelta(minutes=5)
"""The least time between two counts that are kept."""


class Kept(Value):
    """The newest verdict, and how much the directory held in the last two days."""

    at: datetime
    verdict: Verdict
    reason: str
    next_step: str = ""
    counts: tuple[Count, ...] = ()
    """Oldest first."""


def keep(
    folder: Path, judged: Judgement, summary: Summary | Absent, before: Iterable[Count]
) -> None:
    """Write the verdict; a failure to write is ignored, since the next one is written anew."""
    kept = Kept(
        at=judged.at,
        verdict=judged.verdict,
        reason=judged.reason,
        next_step=judged.next_step,
        counts=_counts(judged.at, summary, before),
    )
    try:
        write_atomic(folder / KEPT, kept.model_dump_json())
    except OSError:
        return


def recall(folder: Path) -> Kept | None:
    """The newest verdict; None when there is none, or it cannot be read."""
    try:
        return Kept.model_validate_json((folder / KEPT).read_bytes())
    except (OSError, ValueError):
        return None


def _counts(at: datetime, summary: Summary | Absent, before: Iterable[Count]) -> tuple[Count, ...]:
    counts = [each for each in before if timedelta() <= at - each.at <= COUNTED_FOR]
    if isinstance(summary, Absent) or (counts and at - counts[-1].at < BETWEEN_COUNTS):
        return tuple(counts)
    return (*counts, Count(at=at, summary=summary))
