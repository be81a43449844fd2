"""The progress of a long check, on one line of the terminal."""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scim_tui.core.mapping.api import Totals, WorkProgress

MANY = 10_000
"""More people than this take long enough to show the progress."""
_CLEAR = "\r\x1b[K"


class ProgressLine:
    """Overwrites one line on stderr, if that is a terminal; else writes nothing."""

    def __init__(self) -> None:
        self._shown = False

    def report_totals(self, totals: "Totals") -> None:
        """Show how many people are checked."""
        if totals.of > MANY and not totals.complete:
            self._show(f"{totals.people:,} of {totals.of:,} checked")

    def report(self, work: "WorkProgress") -> None:
        """Show the progress of other work."""
        of = f" of {work.of:,}" if work.of else ""
        share = f", {work.share:.0%}" if work.share is not None else ""
        if work.done > MANY or work.of > MANY:
            self._show(f"{work.what}: {work.done:,}{of}{share}")

    def clear(self) -> None:
        """Clear the line."""
        if self._shown:
            sys.stderr.write(_CLEAR)
            self._shown = False

    def _show(self, words: str) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"{_CLEAR}{words}")
            sys.stderr.flush()
            self._shown = True
