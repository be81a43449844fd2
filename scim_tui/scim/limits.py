"""Retries and rate limits: when a request is repeated, after what time, and at what rate.

After a 429 nothing was done, so every method may be repeated; after a 503 or a broken connection
only idempotent ones are (RFC 9110 sections 9.2.2 and 10.2.3).
"""

import asyncio
import math
import re
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from secrets import SystemRandom

from scim_tui.model.clock import utc_now

Sleep = Callable[[float], Awaitable[None]]

MOST_SECONDS = 60.0
"""The longest wait before another try, even if the server asks for more."""
_FIRST_PAUSE = 0.5
_ONE_REFUSAL = 1.0
"""Seconds within which several refusals count as one."""
_LEAST = 1 / 64
"""The lowest rate of a limiter, as a part of its full rate."""
_RECOVERY = 120.0
"""Seconds in which the rate would recover from zero."""
_LATELY = 10
"""How many of the newest requests the measured rate is computed from."""
_IDEMPOTENT = frozenset({"GET", "PUT", "DELETE"})


@dataclass(frozen=True, slots=True)
class Wait:
    """A pause before a request is sent again, for a progress line."""

    seconds: float
    tries: int
    """How often it was sent already."""
    status: int | None
    """What the server answered; None: the connection failed."""
    asked: str
    """Such as GET /Users."""


def _ignore(_: Wait) -> None:
    """Ignore the pause."""


@dataclass(frozen=True, slots=True)
class Retry:
    """How often a request is sent again."""

    attempts: int = 4
    """Tries in all when the server answers 429 or 503."""
    connect_attempts: int = 2
    """Tries in all when there is no connection; an outage must be reported soon."""
    sleep: Sleep = asyncio.sleep
    jitter: Callable[[], float] = SystemRandom().random
    """From 0 to 1."""
    now: Callable[[], datetime] = utc_now
    clock: Callable[[], float] = time.monotonic
    tell: Callable[[Wait], None] = _ignore
    """Called before each pause."""

    def after_answer(
        self, method: str, status: int, retry_after: str | None, tries: int
    ) -> float | None:
        """Seconds to wait after this answer before a retry; None: no retry."""
        again = status == 429 or (status == 503 and method in _IDEMPOTENT)
        if not again or tries >= self.attempts:
            return None
        asked = read_retry_after(retry_after, self.now())
        return self._pause(tries) if asked is None else asked

    def after_failure(self, method: str, tries: int) -> float | None:
        """Seconds to wait after a failed connection before a retry; None: no retry."""
        if method != "GET" or tries >= self.connect_attempts:
            return None
        return self._pause(tries)

    async def wait(self, wait: Wait) -> None:
        """Report the pause, then wait."""
        self.tell(wait)
        await self.sleep(wait.seconds)

    def _pause(self, tries: int) -> float:
        full = min(_FIRST_PAUSE * 2.0 ** (tries - 1), MOST_SECONDS)
        return full * (0.5 + self.jitter() / 2)


def read_retry_after(text: str | None, now: datetime) -> float | None:
    """The seconds that a Retry-After asks for, 60 at most; None when it says nothing usable."""
    if text is None:
        return None
    words = text.strip()
    if words.isascii() and words.isdigit():
        return min(float(words[:9]), MOST_SECONDS)
    try:
        at = parsedate_to_datetime(words)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max((at - now).total_seconds(), 0.0), MOST_SECONDS)


class RateLimiter:
    """A bucket of tokens: `rate` requests a second, `burst` at once. Waiters go in their order.

    A refusal (429) halves the rate, which then recovers slowly. A cancelled waiter takes no token.
    """

    def __init__(
        self,
        rate: float,
        burst: float | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.rate, self._burst = rate, max(rate if burst is None else burst, 1.0)
        self.now = rate
        """Requests a second at present."""
        self._clock, self._sleep = clock, sleep
        self._tokens, self._at = self._burst, clock()
        self._refused_at = -math.inf
        self._turn = asyncio.Lock()

    async def acquire(self) -> None:
        """Wait until one more request is within the rate."""
        async with self._turn:
            while (missing := 1.0 - self._refill()) > 0:
                # A hair more than needed: sleep may end a clock tick early.
                await self._sleep(missing / self.now + 1e-4)
            self._tokens -= 1.0

    def refused(self) -> None:
        """Halve the rate; refusals within a second, of requests sent together, count once."""
        self._refill()
        if self._at - self._refused_at >= _ONE_REFUSAL:
            self.now = max(self.now / 2, self.rate * _LEAST)
            self._refused_at = self._at
        self._tokens = min(self._tokens, 0.0)

    def _refill(self) -> float:
        now = self._clock()
        took = now - self._at
        self._tokens = min(self._burst, self._tokens + took * self.now)
        self.now = min(self.rate, self.now + took * self.rate / _RECOVERY)
        self._at = now
        return self._tokens


class Tempo:
    """Measures the rate of the newest requests."""

    def __init__(self) -> None:
        self._sent: deque[float] = deque(maxlen=_LATELY)

    def note(self, at: float) -> None:
        """Record one more request."""
        self._sent.append(at)

    def rate(self) -> float | None:
        """Requests a second; None: too few were sent for them to be the reason of a refusal."""
        took = self._sent[-1] - self._sent[0] if len(self._sent) == _LATELY else 0.0
        return (_LATELY - 1) / took if took > 0 else None


@dataclass(frozen=True, slots=True)
class RequestPace:
    """Limiters for reads and for writes; None: no limit."""

    reads: RateLimiter | None = field(default=None)
    writes: RateLimiter | None = field(default=None)

    def limiter(self, method: str) -> RateLimiter | None:
        """What limits requests with this method."""
        return self.reads if method == "GET" else self.writes

    def refused(self, method: str, tempo: Tempo, retry: Retry) -> "RequestPace":
        """The pace after a 429: lower than the rate that was refused."""
        limiter = self.limiter(method)
        if limiter is not None:
            limiter.refused()
            return self
        rate = tempo.rate()
        if rate is None:
            return self
        made = RateLimiter(rate, burst=1, clock=retry.clock, sleep=retry.sleep)
        made.refused()
        return replace(self, reads=made) if method == "GET" else replace(self, writes=made)

    @property
    def words(self) -> str:
        """The limits as a sentence."""
        kept = [
            f"{round(each.now, 1):g} {what}"
            for each, what in ((self.reads, "reads"), (self.writes, "writes"))
            if each
        ]
        if not kept:
            return "we keep no pace, and wait when it says 429"
        return f"we keep {' and '.join(kept)} a second"

    async def keep(self, method: str) -> None:
        """Wait until a request with this method may go."""
        limiter = self.limiter(method)
        if limiter is not None:
            await limiter.acquire()


def limits_in(headers: Mapping[str, str]) -> dict[str, str]:
    """The rate limit headers of an answer, by their names in lower case.

    RateLimit-Limit and its like (an IETF draft), the older X-RateLimit- and X-Rate-Limit-, and
    Retry-After.
    """
    return {
        name.lower(): value[:_MOST_TOLD]
        for name, value in headers.items()
        if _LIMIT.fullmatch(name.lower())
    }


_LIMIT = re.compile(r"retry-after|(x-)?rate-?limit(-[a-z]+)*")
_MOST_TOLD = 40
