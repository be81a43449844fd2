"""Which services of AWS are out of reach now: one that failed rests for seconds, no other does."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from scim_tui.model.errors import Refused, ScimTuiError, Throttled, Unreachable

FIRST_SECONDS, MOST_SECONDS = 2.0, 60.0
_BROKEN = 500


@dataclass(frozen=True, slots=True)
class _Rest:
    """A service that is not asked before an instant of the clock."""

    until: float
    seconds: float
    error: ScimTuiError


class Availability:
    """The services of one account, by name. A rest begins when a call fails without an answer.

    It doubles with each failure after it, and ends with the first answer. What AWS refuses is an
    answer.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._resting: dict[str, _Rest] = {}

    @contextmanager
    def asking(self, service: str) -> Iterator[None]:
        """A call to the service. Raises what ended the last one while the service rests."""
        rest = self._resting.get(service)
        if rest is not None and (left := rest.until - self._clock()) > 0:
            raise _again(rest.error, left)
        try:
            yield
        except ScimTuiError as error:
            if _silent(error):
                self._failed(service, error)
            else:
                self._resting.pop(service, None)
            raise
        else:
            self._resting.pop(service, None)

    def _failed(self, service: str, error: ScimTuiError) -> None:
        rest = self._resting.get(service)
        if rest is not None and rest.until > self._clock():
            return  # Another call failed at the same time, and that was counted.
        seconds = FIRST_SECONDS if rest is None else min(2 * rest.seconds, MOST_SECONDS)
        if isinstance(error, Throttled):
            seconds = max(seconds, min(error.retry_after, MOST_SECONDS))
        self._resting[service] = _Rest(self._clock() + seconds, seconds, error)


def _silent(error: ScimTuiError) -> bool:
    """Whether the service did not get to answer: out of reach, too busy, or broken."""
    if isinstance(error, Unreachable | Throttled):
        return True
    return isinstance(error, Refused) and error.status >= _BROKEN


def _again(error: ScimTuiError, left: float) -> ScimTuiError:
    """The error for a call that was not made; it says when the next one is."""
    when = f"It is asked again in {max(round(left), 1)} s."
    if isinstance(error, Throttled):
        return Throttled(error.message, when, retry_after=left, request_id=error.request_id)
    return Unreachable(error.message, when)
