"""What the watch keeps on disk, so that a restart reports nothing twice."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import Field

from scim_tui.config.paths import write_atomic
from scim_tui.core.watch.decide import Reported
from scim_tui.core.watch.outbox import Pending, after_start
from scim_tui.model.base import Value
from scim_tui.model.errors import ScimTuiError, UsageError

FILE = "watch.json"


class WatchState(Value):
    """Everything a watch remembers."""

    reported: Mapping[str, Reported] = Field(default_factory=dict)
    """By profile."""
    outbox: tuple[Pending, ...] = ()
    sent: tuple[datetime, ...] = ()
    """When messages of the last hour were decided on."""

    def of(self, profile: str) -> Reported:
        """What was reported of one profile."""
        return self.reported.get(profile, Reported())

    def room(self, now: datetime, most: int) -> bool:
        """Whether another message may be sent within this hour."""
        return sum(now - at < timedelta(hours=1) for at in self.sent) < most

    def with_reported(self, profile: str, reported: Reported) -> "WatchState":
        """The state after a look at one profile."""
        return self.model_copy(update={"reported": {**self.reported, profile: reported}})


def read_state(folder: Path) -> WatchState:
    """The state as it was written last. Raises `UsageError` when it cannot be read."""
    path = folder / FILE
    try:
        found = WatchState.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return WatchState()
    except (OSError, ValueError) as error:
        raise UsageError(
            f"What the watch reported before cannot be read from {path}: {type(error).__name__}.",
            "Move the file away; then everything that holds is reported once more.",
        ) from None
    return found.model_copy(update={"outbox": after_start(found.outbox)})


def write_state(folder: Path, state: WatchState) -> None:
    """Write it whole or not at all. Raises `ScimTuiError` when the disk does not take it."""
    try:
        write_atomic(folder / FILE, state.model_dump_json())
    except OSError as error:
        raise ScimTuiError(
            f"The state of the watch cannot be written to {folder / FILE}: {error.strerror}.",
            "Nothing is sent until it can be, since it would be sent twice after a restart.",
        ) from error
