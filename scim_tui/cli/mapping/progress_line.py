"""How far a long check is, on one line of a terminal that people look at."""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scim_tui.core.mapping.api import Totals, WorkProgress

MANY = 10_000
"""People from which it takes long enough to be told."""
_CLEAR = "\r\x1b[K"


class ProgressLine:
    """Writes over its own line on stderr, where that is a terminal; else nothing at all."""

    def __init__(self) -> None:
        self._told = False

    def checked(self, totals: "Totals") -> None:
        """How many were checked so far."""
        if totals.of > MANY and not totals.complete:
            self._tell(f"{totals.people:,} of {totals.of:,} checked")

    def doing(self, doing: "WorkProgress") -> None:
        """How far something else is."""
        of = f" of {doing.of:,}" if doing.of else ""
        share = f", {doing.share:.0%}" if doing.share is not None else ""
        if doing.done > MANY or doing.of > MANY:
            self._tell(f"{doing.what}: {doing.done:,}{of}{share}")

    def end(self) -> None:
        """Take the line away."""
        if self._told:
            sys.stderr.write(_CLEAR)
            self._told = False

    def _tell(self, words: str) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"{_CLEAR}{words}")
            sys.stderr.flush()
            self._told = True
