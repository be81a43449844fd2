"""Marks, and what carries them: the rows of the Status screen and the pieces of the health line.

A mark says the state without colour: "[ok]", a band of `model.expiry`, "[!!]" needs a look,
"[ ?]" not known, "[--]" nothing to report. Unknown is never shown as fine, and never as 0.
"""

from collections.abc import Iterable
from dataclasses import dataclass

OK, BAD, UNSURE, NOTHING, LOADING = "[ok]", "[!!]", "[ ?]", "[--]", "[..]"
SEVERITY = ("[EXP]", "[ 7]", BAD, "[30]", UNSURE, "[60]", "[90]", "[no-exp]", LOADING, NOTHING, OK)
"""Marks, gravest first."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing that is watched."""

    name: str
    mark: str
    word: str
    """WARN, DOWN, or empty."""
    detail: str
    key: str = ""
    """The key that leads on, or empty."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of the health line, for 80 columns and for 120."""

    mark: str
    short: str
    long: str


def worst(rows: Iterable[Signal]) -> Signal | None:
    """The gravest row; the first of several alike; None of none."""
    return min(rows, key=lambda row: SEVERITY.index(row.mark), default=None)
