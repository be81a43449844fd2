"""When a SCIM request is tried again, given up, or cut short."""

import asyncio
import gzip

import httpx
import pytest

from scim_tui.model.directory import Kind
from scim_tui.model.errors import Throttled, Unreadable
from scim_tui.scim import transport
from scim_tui.scim.client import ScimClient
from scim_tui.scim.limits import Wait
from tests.scim.scim_kit import ENDPOINT, Naps, Server, client, ok


async def test_after_429_a_write_is_sent_again_as_the_server_says() -> None:
    naps = Naps()
    server = Server(ok({}, 429, **{"retry-after": "7"}), ok({}, 429), ok({"id": "u1"}, 201))
    assert await client(server, naps=naps).create(Kind.USERS, {}) == {"id": "u1"}
    assert naps.slept == [7.0, 1.0]
    assert naps.told[0] == Wait(7.0, 1, 429, "POST /Users")


async def test_tries_come_to_an_end() -> None:
    naps = Naps()
    server = Server(ok({"detail": "slow down"}, 429, **{"retry-after": "2"}))
    with pytest.raises(Throttled, match="GET /Users/u1 was refused: slow down") as raised:
        await client(server, naps=naps).get(Kind.USERS, "u1")
    assert len(server.asked) == 4
    assert len(naps.slept) == 3
    assert raised.value.retry_after == 2.0


async def test_a_broken_connection_is_tried_again_once_for_reads() -> None:
    server = Server(httpx.RemoteProtocolError("gone"), ok({"id": "u1"}))
    assert await client(server).get(Kind.USERS, "u1") == {"id": "u1"}
    assert len(server.asked) == 2


async def test_one_look_is_one_request() -> None:
    server = Server(ok({}, 503))
    with pytest.raises(Exception, match="503"):
        await client(server).sample(Kind.USERS, 1, once=True)
    assert len(server.asked) == 1


@pytest.mark.parametrize("packed", [False, True])
async def test_an_endless_answer_is_not_read_to_its_end(
    packed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "MOST_BYTES", 1 << 20)
    body = b" " * (3 << 20)
    headers = {"content-encoding": "gzip"} if packed else {}
    answer = httpx.Response(200, headers=headers, content=gzip.compress(body) if packed else body)
    with pytest.raises(Unreadable, match="more than 1 MB"):
        await client(Server(answer)).get(Kind.USERS, "u1")


async def test_an_answer_that_trickles_for_ever_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(transport, "DEADLINE", 0.01)

    async def hang(request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    http = httpx.AsyncClient(transport=httpx.MockTransport(hang))
    found = ScimClient(ENDPOINT, None, http=http)
    with pytest.raises(Exception, match="no answer came in time"):
        await found.get(Kind.USERS, "u1")


async def test_a_cancelled_request_lets_go_and_the_next_one_works() -> None:
    arrived = asyncio.Event()

    async def serve(request: httpx.Request) -> httpx.Response:
        if not arrived.is_set():
            arrived.set()
            await asyncio.Event().wait()
        return ok({"id": "u1"})

    found = ScimClient(ENDPOINT, None, http=httpx.AsyncClient(transport=httpx.MockTransport(serve)))
    task = asyncio.create_task(found.get(Kind.USERS, "u1"))
    await arrived.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await found.get(Kind.USERS, "u1") == {"id": "u1"}
