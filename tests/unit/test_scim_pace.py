"""The pace that Identity Center allows is kept, and its 429 is counted."""

import httpx
import pytest
from pydantic import SecretStr

from scim_tui.model.directory import Kind
from scim_tui.scim import client as module
from scim_tui.scim.client import ScimClient
from scim_tui.scim.limits import Pace, RateLimiter, Retry
from scim_tui.scim.transport import Manners
from tests.unit.test_scim_limits import Time

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
    pace = Pace(reads=RateLimiter(1, 1, clock=time, sleep=time.sleep))
    manners = Manners(pace=pace)
    via = httpx.MockTransport(lambda _: httpx.Response(200, json={}))
    await read(ScimClient(ENDPOINT, SecretStr("x"), via=via, manners=manners), 3)
    assert len(time.slept) == 2


async def test_a_429_is_waited_for_and_counted() -> None:
    time = Time()
    answers = iter(
        [httpx.Response(429, headers={"Retry-After": "7"}), httpx.Response(200, json={})]
    )
    client = ScimClient(
        "http://127.0.0.1/v2", SecretStr("x"), via=httpx.MockTransport(lambda _: next(answers)),
        manners=Manners(retry=Retry(sleep=time.sleep)), cursors=False,
    )  # fmt: skip
    await read(client, 1)
    assert (client.waits, time.slept) == (1, [7.0])
