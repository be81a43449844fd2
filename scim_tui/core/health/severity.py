"""Marks, the rows of the Status screen, and the pieces of the health line, which have marks.

A mark shows the state without colour: "[ok]", a band of `model.expiry`, "[!!]" needs attention, "[
?]" unknown, "[--]" nothing to report. Unknown is never shown as fine, and never as 0.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum, auto

OK, BAD, UNSURE, NOTHING, LOADING = "[ok]", "[!!]", "[ ?]", "[--]", "[..]"
SEVERITY = ("[EXP]", "[ 7]", BAD, "[30]", UNSURE, "[60]", "[90]", "[no-exp]", LOADING, NOTHING, OK)
"""Marks, gravest first."""


class SignalId(StrEnum):
    """What is watched."""

    TOKEN_EXPIRY = auto()
    TOKEN_SLOTS = auto()
    ENDPOINT_PROBE = auto()
    IDP_TRAFFIC = auto()
    SIGN_IN_FAILURES = auto()
    REFUSED = auto()
    THROTTLED = auto()
    ROTATION = auto()
    AUDIT_TRAIL = auto()
    PRODUCT = auto()
    """A finding of the product's own API; there may be several, each with its own label."""


_LABELS = {
    SignalId.TOKEN_EXPIRY: "Token expiry",
    SignalId.TOKEN_SLOTS: "Token slots",
    SignalId.ENDPOINT_PROBE: "Endpoint probe",
    SignalId.IDP_TRAFFIC: "IdP traffic 24h",
    SignalId.SIGN_IN_FAILURES: "Sign-in failures",
    SignalId.REFUSED: "Refused objects",
    SignalId.THROTTLED: "Throttled 24h",
    SignalId.ROTATION: "Rotation",
    SignalId.AUDIT_TRAIL: "Audit trail",
}


@dataclass(frozen=True, slots=True)
class Signal:
    """The state of one thing that is watched, as a row."""

    id: SignalId
    mark: str
    word: str
    """WARN, DOWN, or empty."""
    detail: str
    key: str = ""
    """The key that leads to the screen with more about it, or empty."""
    title: str = ""
    """Its label where `id` alone does not give one."""

    @property
    def label(self) -> str:
        """The name of the row on a screen; for display only."""
        return self.title or _LABELS[self.id]

    @property
    def row(self) -> str:
        """The key of the row in a table."""
        return f"{self.id}:{self.title}" if self.title else self.id


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of the health line, for 80 columns and for 120."""

    mark: str
    short: str
    long: str


def worst(rows: Iterable[Signal]) -> Signal | None:
    """The gravest row, the first of equal ones; None: there are no rows."""
    return min(rows, key=lambda row: SEVERITY.index(row.mark), default=None)
