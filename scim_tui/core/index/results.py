"""What a directory at hand can tell about itself: listings, changes between passes, findings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from scim_tui.model.directory import Kind
from scim_tui.model.errors import ScimTuiError
from scim_tui.model.unknown_values import UNKNOWN, Absent, Count, Moment


class LoadPhase(StrEnum):
    """How far a listing got."""

    IDLE = "idle"
    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class LoadState:
    """What is known about the rows at hand."""

    phase: LoadPhase = LoadPhase.IDLE
    loaded: int = 0
    """Rows received in this pass, those before it was taken up again included."""
    total: Count = UNKNOWN
    """How many the server says exist."""
    expected: Count = UNKNOWN
    """How many the pass before found, for servers that tell no number."""
    as_of: Moment = UNKNOWN
    """When the newest full pass ended; rows at hand may be older or newer in parts."""
    error: ScimTuiError | None = None
    """Why the pass ended early; the rows before are kept."""
    rate: float = 0.0
    """Rows a second; 0: not known."""
    seconds_left: float | Absent = UNKNOWN
    """Until the end of the pass, at this rate."""
    slowed: bool = False
    """The server asked for patience (429) in this pass."""
    resumed_at: int = 0
    """Rows that an earlier pass had received where this one goes on; 0: from the start."""
    repeated: int = 0
    """Rows that the server gave, and counts, a second time."""

    @property
    def warning(self) -> str:
        """What is odd about a listing that is whole; empty: nothing."""
        return twice_words(self.repeated)


def twice_words(rows: int) -> str:
    """What to say of rows that a server gave twice; empty: there are none."""
    if not rows:
        return ""
    came = "1 row came" if rows == 1 else f"{rows:,} rows came"
    return f"{came} twice, and the server counts that: each is shown once."


Progress = Callable[[LoadState], None]
Counted = Callable[[int, int], None]
"""Takes how many things were done, and of how many."""


def uncounted(_done: int, _of: int) -> None:
    """Listen to no count."""


class Happened(StrEnum):
    """What two passes differ by."""

    CAME = "came"
    WENT = "went"
    DISABLED = "disabled"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one resource that differed from the pass before."""

    at: datetime
    """When the later pass saw it."""
    field: str
    """A field of the row; empty: the resource itself came or went."""
    before: str
    after: str
    what: Happened = Happened.CHANGED


@dataclass(frozen=True, slots=True)
class RowChange:
    """One resource that differed between passes, for a report."""

    kind: Kind
    id: str
    name: str
    what: Happened
    at: datetime
    field: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class FindingCount:
    """How often one thing is wrong in the whole directory."""

    code: str
    """A code of `model.constraints`, or a name of our own such as users.inactive."""
    kind: Kind
    title: str
    count: Count
    query: str
    """The search that lists them."""
    listed: bool = True
    """Whether what it needs was listed. If so, an unknown count is one the server leaves open."""

    @property
    def amount(self) -> str:
        """The count as text: a number, "not listed" or "unknown"."""
        if isinstance(self.count, int):
            return f"{self.count:,}"
        return self.count.value if self.listed else "not listed"


Findings = Mapping[str, FindingCount]


@dataclass(frozen=True, slots=True)
class CacheInfo:
    """What is kept on disk of a directory."""

    path: Path | None
    """None: an unnamed file that ends with the process."""
    bytes: int
    users: int
    groups: int
    as_of: Moment
    """When the older of the two listings ended."""
    notice: str = ""
    """What was found wrong with the file when it was opened, and what was done."""
