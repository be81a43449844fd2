import asyncio
from datetime import UTC, datetime

import pytest

from scim_tui.scim.limits import RateLimiter, RequestPace, Retry, Wait, read_retry_after

NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)
        self.now += seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-3", None),
        ("²", None),
        ("0", 0.0),
        (" 7 ", 7.0),
        ("9999999999999", 60.0),
        ("61", 60.0),
        ("Mon, 23 Nov 2026 12:00:05 GMT", 5.0),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 0.0),
        ("Mon, 23 Nov 2026 13:00:00 GMT", 60.0),
        ("Mon, 23 Nov 2026 12:00:05 -0000", 5.0),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_never_over_a_minute(
    text: str | None, seconds: float | None
) -> None:
    assert read_retry_after(text, NOW) == seconds


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "POST", "PATCH"])
def test_after_429_everything_may_come_again(method: str) -> None:
    assert Retry().after_answer(method, 429, "3", 1) == 3.0


@pytest.mark.parametrize(
    ("method", "again"),
    [("GET", True), ("PUT", True), ("DELETE", True), ("POST", False), ("PATCH", False)],
)
def test_after_503_only_what_is_idempotent_comes_again(method: str, again: bool) -> None:
    assert (Retry().after_answer(method, 503, "3", 1) is not None) is again


@pytest.mark.parametrize("status", [400, 401, 404, 409, 500, 502, 504])
def test_other_answers_stand(status: int) -> None:
    assert Retry().after_answer("GET", status, "3", 1) is None


def test_tries_are_counted() -> None:
    retry = Retry(attempts=3)
    assert [retry.after_answer("GET", 429, "1", tries) for tries in (1, 2, 3)] == [1.0, 1.0, None]


def test_pauses_grow_and_are_jittered_within_their_half() -> None:
    least, most = Retry(jitter=lambda: 0.0), Retry(jitter=lambda: 1.0)
    assert [least.after_answer("GET", 429, None, tries) for tries in (1, 2, 3)] == [0.25, 0.5, 1.0]
    assert [most.after_answer("GET", 429, None, tries) for tries in (1, 2, 3)] == [0.5, 1.0, 2.0]
    assert Retry(attempts=99, jitter=lambda: 1.0).after_answer("GET", 429, None, 40) == 60.0


def test_a_failed_connection_is_tried_again_by_reads_only() -> None:
    retry = Retry(jitter=lambda: 1.0)
    assert retry.after_failure("GET", 1) == 0.5
    assert retry.after_failure("GET", 2) is None
    assert retry.after_failure("POST", 1) is None
    assert retry.after_failure("DELETE", 1) is None


async def test_a_pause_is_reported_before_it_begins() -> None:
    time, told = Time(), list[Wait]()
    wait = Wait(2.0, 1, 429, "GET /Users")

    def tell(pause: Wait) -> None:
        assert time.slept == []
        told.append(pause)

    await Retry(sleep=time.sleep, tell=tell).wait(wait)
    assert told == [wait]
    assert time.slept == [2.0]


async def test_the_rate_is_kept_after_the_burst() -> None:
    time = Time()
    limiter = RateLimiter(10, burst=5, clock=time, sleep=time.sleep)
    for _ in range(5):
        await limiter.acquire()
    assert time.slept == []
    for _ in range(20):
        await limiter.acquire()
    assert time.now - 100.0 == pytest.approx(2.0, abs=0.01)


async def test_an_idle_limiter_saves_up_no_more_than_its_burst() -> None:
    time = Time()
    limiter = RateLimiter(10, burst=2, clock=time, sleep=time.sleep)
    time.now += 3600
    for _ in range(3):
        await limiter.acquire()
    assert len(time.slept) == 1


async def test_waiters_go_in_their_order_and_a_cancelled_one_takes_nothing() -> None:
    time, went = Time(), list[int]()
    gate = asyncio.Event()

    async def sleep(seconds: float) -> None:
        await gate.wait()
        await time.sleep(seconds)

    limiter = RateLimiter(1, burst=1, clock=time, sleep=sleep)

    async def go(number: int) -> None:
        await limiter.acquire()
        went.append(number)

    await go(0)
    tasks = [asyncio.create_task(go(number)) for number in (1, 2, 3)]
    await asyncio.sleep(0)
    tasks[0].cancel()
    gate.set()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert went == [0, 2, 3]
    assert time.now - 100.0 == pytest.approx(2.0, abs=0.01)


async def test_reads_and_writes_have_their_own_pace() -> None:
    time = Time()
    pace = RequestPace(writes=RateLimiter(1, burst=1, clock=time, sleep=time.sleep))
    for _ in range(5):
        await pace.keep("GET")
    await pace.keep("PATCH")
    assert time.slept == []
    await pace.keep("DELETE")
    assert len(time.slept) == 1
