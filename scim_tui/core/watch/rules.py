"""When the watch reports something, as the config sets it."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchRules:
    """The rules of one watch."""

    every: timedelta = timedelta(seconds=60)
    """Between two looks at one directory."""
    remind: timedelta | None = timedelta(hours=24)
    """After which time trouble that was reported is reported again; None: never."""
    unknown_after: timedelta = timedelta(minutes=10)
    """How long no verdict could be given before that is reported: a short outage of our own network
    is no news."""
    quiet: tuple[time, time] | None = None
    """From when to when nothing is sent, in the time zone of this machine; what still holds at its
    end is sent then."""
    most_an_hour: int = 12
    """How many messages are sent in an hour at most; what still holds later is sent then."""

    def is_quiet(self, local: datetime) -> bool:
        """Whether nothing is sent at this local time."""
        if self.quiet is None:
            return False
        start, end = self.quiet
        now = local.time()
        if start <= end:
            return start <= now < end
        return now >= start or now < end
