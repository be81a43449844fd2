"""What the directory reports: the state of a listing, changes between passes, findings."""

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
    """The state of a listing, and of the rows it has read."""

    phase: LoadPhase = LoadPhase.IDLE
    loaded: int = 0
    """Rows received in this pass, including those before an interruption."""
    total: Count = UNKNOWN
    """How many the server says exist."""
    expected: Count = UNKNOWN
    """How many the previous pass found, for servers that state no total."""
    as_of: Moment = UNKNOWN
    """When the newest full pass ended; some rows may be older or newer."""
    error: ScimTuiError | None = None
    """Why the pass ended early; the rows before are kept."""
    rate: float = 0.0
    """Rows a second; 0: not known."""
    seconds_left: float | Absent = UNKNOWN
    """Seconds until the end of the pass at this rate."""
    slowed: bool = False
    """Whether the server answered 429 in this pass."""
    resumed_at: int = 0
    """Rows received before the interruption after which this pass resumed; 0: none."""
    repeated: int = 0
    """Rows that the server listed, and counted, a second time."""

    @property
    def warning(self) -> str:
        """A note about a listing that succeeded; empty: none."""
        return twice_words(self.repeated)


def twice_words(rows: int) -> str:
    """The note about rows that a server listed twice; empty: there are none."""
    if not rows:
        return ""
    came = "1 row came" if rows == 1 else f"{rows:,} rows came"
    return f"{came} twice, and the server counts that: each is shown once."


Progress = Callable[[LoadState], None]
Counted = Callable[[int, int], None]
"""A function that takes how many items are done, and of how many."""


def uncounted(_done: int, _of: int) -> None:
    """Ignore the count."""


class Happened(StrEnum):
    """How a row differs between two passes."""

    CAME = "came"
    WENT = "went"
    DISABLED = "disabled"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one resource that differed from the pass before."""

    at: datetime
    """When the later pass found it."""
    field: str
    """A field of the row; empty: the resource itself was added or removed."""
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
    """How often a finding occurs in the whole directory."""

    code: str
    """A code of `model.constraints`, or a name of our own such as users.inactive."""
    kind: Kind
    title: str
    count: Count
    query: str
    """The search that lists them."""
    listed: bool = True
    """Whether what it needs was listed. If so, an unknown count is due to the server's data."""

    @property
    def amount(self) -> str:
        """The count as text: a number, "not listed" or "unknown"."""
        if isinstance(self.count, int):
            return f"{self.count:,}"
        return self.count.value if self.listed else "not listed"


Findings = Mapping[str, FindingCount]


@dataclass(frozen=True, slots=True)
class CacheInfo:
    """The rows of a directory that are kept on disk."""

    path: Path | None
    """None: an unnamed file, which is deleted when the process ends."""
    bytes: int
    users: int
    groups: int
    as_of: Moment
    """When the older of the two listings ended."""
    notice: str = ""
    """What was wrong with the file when it was opened, and what was done about it."""
