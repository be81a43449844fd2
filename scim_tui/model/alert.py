"""A message about a change of the verdict on one directory."""

from datetime import datetime
from enum import StrEnum, auto

from scim_tui.model.base import Value


class AlertKind(StrEnum):
    """Why a message is sent."""

    TROUBLE = auto()
    """The verdict became worse, or another one that needs a person."""
    CAUSE = auto()
    """The verdict is the same, and there is a new cause."""
    REMINDER = auto()
    """Nothing changed for a while, and it still needs a person."""
    RECOVERY = auto()
    """All that was reported is over."""
    TEST = auto()
    """Sent by `watch --test`."""


class AlertCause(Value):
    """One cause, without names of people."""

    signal: str
    level: str
    reason: str
    next_step: str = ""
    is_new: bool = False
    """Whether it was not reported before."""


class Alert(Value):
    """One message. `id` stays the same when the message is sent again."""

    id: str
    kind: AlertKind
    profile: str
    environment: str = ""
    verdict: str
    before: str
    """The verdict that was reported last; empty: none was."""
    at: datetime
    """When the verdict was given."""
    since: datetime
    """Since when it is not healthy; for a recovery: until when it was not."""
    causes: tuple[AlertCause, ...] = ()

    @property
    def title(self) -> str:
        """The message in a line."""
        where = f"{self.profile} [{self.environment}]" if self.environment else self.profile
        match self.kind:
            case AlertKind.RECOVERY:
                return f"{where}: provisioning is healthy again"
            case AlertKind.REMINDER:
                return f"{where}: provisioning is still {self.verdict}"
            case AlertKind.TEST:
                return f"{where}: a test message of scim-tui watch"
        return f"{where}: provisioning is {self.verdict}"


def trial(profile: str, environment: str, at: datetime) -> Alert:
    """The message of `watch --test`."""
    return Alert(
        id=f"test-{at.timestamp():.0f}",
        kind=AlertKind.TEST,
        profile=profile,
        environment=environment,
        verdict="unknown",
        before="",
        at=at,
        since=at,
    )
