"""The published rates of the service, kept with token buckets.

25 writes and 40 reads a second for each operation. Member changes have a rate of their own, which
AWS does not publish (AWS user guide, limits; SCIM developer guide, limitations).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Requests a second for each operation; None: no limit."""

    writes: float | None = 25
    reads: float | None = 40
    memberships: float | None = 100
    """Member changes a second, over all operations. AWS publishes no number."""


class Bucket:
    """Holds at most one second's worth of tokens, or `most`, and fills steadily."""

    __slots__ = ("_filled_at", "_level", "_most", "rate")

    def __init__(self, rate: float, now: float, most: float | None = None) -> None:
        self.rate = rate
        self._most = rate if most is None else most
        self._level = self._most
        self._filled_at = now

    def take(self, amount: float, now: float) -> bool:
        """Take all of `amount`, or nothing and answer no."""
        self._level = min(self._most, self._level + (now - self._filled_at) * self.rate)
        self._filled_at = now
        if amount > self._level:
            return False
        self._level -= amount
        return True

    def seconds_until(self, amount: float) -> float:
        """How long it takes, from the last `take`, until this amount is there."""
        return max(0.0, (amount - self._level) / self.rate)


class Throttle:
    """Decides whether one more request is within the limits."""

    def __init__(self, limits: Limits | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits or Limits(None, None, None)
        self._clock = clock
        self._buckets: dict[str, Bucket] = {}

    def allows(self, operation: str, *, writes: bool) -> bool:
        """Count one call of an operation."""
        rate = self._limits.writes if writes else self._limits.reads
        return rate is None or self._take(operation, rate, 1)

    def allows_members(self, changes: int) -> bool:
        """Count the member changes of one request, all of them or none."""
        rate = self._limits.memberships
        return rate is None or self._take("memberships", rate, changes)

    def _take(self, name: str, rate: float, amount: int) -> bool:
        now = self._clock()
        bucket = self._buckets.get(name)
        if bucket is None:
            bucket = self._buckets[name] = Bucket(rate, now)
        return bucket.take(amount, now)
