"""Everything a verdict is made from: a snapshot, and what the weeks before it were like."""

from dataclasses import dataclass, field
from datetime import datetime

from scim_tui.core.health.rhythm import Rhythm
from scim_tui.core.health.snapshot import Snapshot
from scim_tui.model.capabilities import Capabilities
from scim_tui.model.clock_skew import judged
from scim_tui.model.history import Count, History
from scim_tui.model.thresholds import Thresholds
from scim_tui.model.unknown_values import UNKNOWN, Absent
from scim_tui.model.unknown_values import Count as Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What was observed of one directory."""

    snapshot: Snapshot
    can: Capabilities
    limits: Thresholds = field(default_factory=Thresholds)
    history: History | Absent = UNKNOWN
    rhythm: Rhythm | None = None
    """None: there is not enough to learn from."""
    earlier: tuple[Count, ...] = ()
    """What the directory held earlier, oldest first, as far as it was looked at."""
    locked_out: Number = UNKNOWN
    """How many people were refused at least as often as the threshold says, and not accepted
    since."""

    @property
    def now(self) -> datetime:
        """When the snapshot was taken, by the server's clock where ours is off."""
        return judged(self.snapshot.at, self.snapshot.skew)

    @property
    def at(self) -> datetime:
        """When the snapshot was taken, by our clock."""
        return self.snapshot.at
