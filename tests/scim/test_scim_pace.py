"""The pace that Identity Center allows is kept, and its 429 is counted."""

import httpx
import pytest
from pydantic import SecretStr

from scim_tui.model.directory import Kind
from scim_tui.scim import client as module
from scim_tui.scim.client import ScimClient
from scim_tui.scim.limits import RateLimiter, RequestPace, Retry
from scim_tui.scim.transport import ClientOptions
from tests.scim.test_scim_limits import Time

ENDPOINT = "https://scim.us-east-1.amazonaws.com/t/scim/v2/"


async def read(client: ScimClient, times: int) -> None:
    for _ in range(times):
        await client.get(Kind.USERS, "u1")
    await client.aclose()


async def test_forty_reads_a_second_are_kept_with_identity_center(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    time, asked = Time(), list[float]()

    def limiter(rate: float, burst: float) -> RateLimiter:
        return RateLimiter(rate, burst, clock=time, sleep=time.sleep)

    def answer(_: httpx.Request) -> httpx.Response:
        asked.append(time.now)
        return httpx.Response(200, json={})

    monkeypatch.setattr(module, "RateLimiter", limiter)
    await read(ScimClient(ENDPOINT, SecretStr("x"), via=httpx.MockTransport(answer)), 121)
    for at in range(len(asked) - 40):
        assert asked[at + 40] - asked[at] >= 1.0


async def test_a_pace_that_was_given_is_left_as_it_is() -> None:
    time = Time()
    pace = RequestPace(reads=RateLimiter(1, 1, clock=time, sleep=time.sleep))
    options = ClientOptions(pace=pace)
    via = httpx.MockTransport(lambda _: httpx.Response(200, json={}))
    await read(ScimClient(ENDPOINT, SecretStr("x"), via=via, options=options), 3)
    assert len(time.slept) == 2


async def test_a_429_is_waited_for_and_counted() -> None:
    time = Time()
    answers = iter(
        [httpx.Response(429, headers={"Retry-After": "7"}), httpx.Response(200, json={})]
    )
    client = ScimClient(
        "http://127.0.0.1/v2",
        SecretStr("x"),
        via=httpx.MockTransport(lambda _: next(answers)),
        options=ClientOptions(retry=Retry(sleep=time.sleep, clock=time)),
        cursors=False,
    )
    await read(client, 1)
    assert (client.waits, time.slept) == (1, [7.0])


class Limited:
    """A server that refuses the request after so many in one second."""

    def __init__(self, time: Time, allowed: int) -> None:
        self.time, self.allowed, self.answered = time, allowed, list[float]()
        self.refused: list[float] = []

    def __call__(self, _: httpx.Request) -> httpx.Response:
        self.time.now += 0.001
        lately = [at for at in (*self.answered, *self.refused) if self.time.now - at < 1.0]
        if len(lately) >= self.allowed:
            self.refused.append(self.time.now)
            return httpx.Response(429, headers={"Retry-After": "1"})
        self.answered.append(self.time.now)
        return httpx.Response(200, json={})


@pytest.mark.parametrize("given", [True, False])
async def test_what_was_refused_is_not_gone_at_again(given: bool) -> None:
    time = Time()
    server = Limited(time, 20)
    pace = RequestPace(RateLimiter(40, 1, clock=time, sleep=time.sleep)) if given else RequestPace()
    client = ScimClient(
        "http://127.0.0.1/v2",
        SecretStr("x"),
        via=httpx.MockTransport(server),
        cursors=False,
        options=ClientOptions(retry=Retry(sleep=time.sleep, clock=time, attempts=9), pace=pace),
    )
    await read(client, 1_000)
    assert 1 <= client.waits == len(server.refused) <= 50
    # In the second half it goes at a pace that is about what is allowed, and not much slower.
    half = server.answered[500:]
    assert len(half) / (half[-1] - half[0]) >= 8


async def test_a_pace_comes_back_little_by_little() -> None:
    time = Time()
    limiter = RateLimiter(40, 1, clock=time, sleep=time.sleep)
    for _ in range(3):
        limiter.refused()
    assert limiter.now == 20
    time.now += 2
    limiter.refused()
    assert 10 < limiter.now < 10.5
    time.now += 30
    await limiter.acquire()
    assert 20 <= limiter.now <= 21
    time.now += 300
    await limiter.acquire()
    assert limiter.now == 40
