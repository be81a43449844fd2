"""An address that keeps sending wrong tokens is slowed; nothing else is."""

import httpx
import pytest

from scim_tui.service.app import build_app
from scim_tui.service.scim.wrong_tokens import AT_ONCE, MOST_ADDRESSES, PER_SECOND, WrongTokens
from tests.service.scim.scim_kit import Service

WRONG = {"Authorization": "Bearer wrong"}
MANY = 1000


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_an_address_is_slowed_after_a_few_and_free_again_later() -> None:
    clock = Clock()
    slowed = WrongTokens(clock)
    assert [slowed.wait("192.0.2.1") for _ in range(AT_ONCE)] == [0] * AT_ONCE
    assert [slowed.wait("192.0.2.1") for _ in range(3)] == [1, 1, 1]
    assert slowed.wait("192.0.2.2") == 0
    clock.now += 1 / PER_SECOND
    assert [slowed.wait("192.0.2.1") for _ in range(2)] == [0, 1]
    clock.now += AT_ONCE / PER_SECOND
    assert slowed.wait("192.0.2.1") == 0


def test_the_addresses_of_one_ipv6_network_are_one() -> None:
    slowed = WrongTokens(Clock())
    waits = [slowed.wait(f"2001:db8::{number:x}") for number in range(AT_ONCE + 1)]
    assert (waits[-2], waits[-1]) == (0, 1)
    assert slowed.wait("2001:db8:0:1::1") == 0
    assert [slowed.wait("::ffff:192.0.2.1"), slowed.wait(""), slowed.wait("a\x00b")] == [0, 0, 0]


def test_the_memory_is_bounded_and_the_newest_stay() -> None:
    slowed = WrongTokens(Clock())
    for number in range(MOST_ADDRESSES * 2):
        slowed.wait(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
        assert len(slowed) <= MOST_ADDRESSES
        if number % 1000 == 0:
            slowed.wait("192.0.2.1")
    for _ in range(AT_ONCE):
        last = slowed.wait("192.0.2.1")
    assert last == 1


async def test_over_http(service: Service) -> None:
    for _ in range(MANY):
        answer = await service.call("GET", "/Users", headers=WRONG)
        if answer.status_code == 429:
            break
        assert answer.status_code == 401
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) >= 1
    assert answer.json()["detail"] == "Too many requests."
    assert (await service.call("GET", "/Users")).status_code == 200, "an accepted token"
    await service.flush()
    event = await service.event()
    assert event["status"] == 200
    rows = (
        service.store.reader().execute("SELECT status, violated, token_id FROM events").fetchall()
    )
    assert {tuple(row) for row in rows} == {
        (401, "token.unauthorized", None),
        (200, "", service.token_id),
    }


async def test_other_addresses_and_tokens_known_here_are_not_slowed(
    service: Service,
) -> None:
    app = build_app(service.store, admin_open=True)

    async def status(address: str, secret: str, tenant: str) -> int:
        transport = httpx.ASGITransport(app, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://service.test") as http:
            headers = {"Authorization": f"Bearer {secret}"}
            return (await http.get(f"/{tenant}/scim/v2/Users", headers=headers)).status_code

    for _ in range(MANY):
        if await status("192.0.2.1", "wrong", service.tenant_id) == 429:
            break
    else:
        pytest.fail("no wrong token was slowed")
    assert await status("192.0.2.2", "wrong", service.tenant_id) == 401
    assert await status("192.0.2.1", service.secret, service.tenant_id) == 200
    # The right token at a tenant that is not there: its owner is no stranger.
    assert {await status("192.0.2.1", service.secret, "another") for _ in range(AT_ONCE + 2)} == {
        401
    }
    await app.state.ledger.aclose()
