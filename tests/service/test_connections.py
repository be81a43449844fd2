"""Callers that are slow or silent: each has a deadline, and none keeps the others out."""

import asyncio
import os
import resource
import signal
import socket
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from scim_tui.service.connections import Deadlines, Waiting
from scim_tui.service.runner import _Server
from tests.patience import DEADLINE
from tests.service.serve_kit import served

PATIENCE = 60
HALF = b"GET / HTTP/1.1\r\nHost: x\r\n"
WHOLE = HALF + b"\r\n"
BODY = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"
Reader = asyncio.StreamReader
Writer = asyncio.StreamWriter


async def echo(request: Request) -> Response:
    return Response(await request.body() or b"hello")


class Serving:
    """A server in this loop, whose clock is set by the test."""

    def __init__(self, port: int) -> None:
        self.now = 0.0
        self.port = port
        self.waiting = Waiting(Deadlines(10, 60, 5), lambda: self.now)
        self._open: list[Writer] = []

    async def connect(self, data: bytes) -> tuple[Reader, Writer]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self._open.append(writer)
        writer.write(data)
        return reader, writer

    async def seen(self, *phases: str) -> None:
        """Wait until the server has found its connections in these phases."""
        await until(lambda: self.phases() == sorted(phases))

    def phases(self) -> list[str]:
        return sorted(each.phase.name for each in self.waiting._seen.values())

    def close(self) -> None:
        for writer in self._open:
            writer.close()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not true():  # noqa: ASYNC110 - the server looks at its connections by itself
            await asyncio.sleep(0.01)


async def ended(reader: Reader) -> bytes:
    """What came until the connection was closed by the server."""
    async with asyncio.timeout(PATIENCE):
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""


@pytest.fixture
async def serving() -> AsyncIterator[Serving]:
    app = Starlette(routes=[Route("/", echo, methods=["GET", "POST"])])
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(app, http="h11", ws="none", lifespan="off", log_config=None)
        ready = asyncio.Event()
        server = _Server(config, ready.set)
        with closing(Serving(listening.getsockname()[1])) as serving:
            server._waiting = serving.waiting
            task = asyncio.create_task(server._serve([listening]))
            async with asyncio.timeout(PATIENCE):
                await ready.wait()
            yield serving
        server.should_exit = True
        await task


@pytest.mark.parametrize("sent", [b"", b"G", HALF])
async def test_headers_have_a_deadline(serving: Serving, sent: bytes) -> None:
    reader, writer = await serving.connect(sent)
    await serving.seen("HEADERS")
    serving.now = 9
    writer.write(b"X-Dripping: 1\r\n" if sent == HALF else b"")
    answering, _ = await serving.connect(WHOLE)
    assert await answering.readuntil(b"hello")
    serving.now = 11
    assert await ended(reader) == b""
    await serving.seen("IDLE")


async def test_headers_of_a_second_request_have_a_deadline_too(serving: Serving) -> None:
    reader, writer = await serving.connect(WHOLE)
    assert await reader.readuntil(b"hello")
    await serving.seen("IDLE")
    serving.now = 50
    writer.write(HALF)
    await serving.seen("HEADERS")
    serving.now = 59
    writer.write(b"\r\n")
    assert await reader.readuntil(b"hello")
    await serving.seen("IDLE")
    writer.write(HALF)
    await serving.seen("HEADERS")
    serving.now = 70
    assert await ended(reader) == b""


async def test_a_body_has_a_deadline(serving: Serving) -> None:
    reader, writer = await serving.connect(BODY + b"1234")
    await serving.seen("REQUEST")
    serving.now = 59
    writer.write(b"5")
    whole, _ = await serving.connect(BODY + b"123456789")
    assert await whole.readuntil(b"123456789")
    serving.now = 61
    assert await ended(reader) == b""


async def test_with_too_many_those_that_wait_longest_are_closed(serving: Serving) -> None:
    """Those that never asked for anything first, and never a request under way."""
    answered, _ = await serving.connect(WHOLE)
    assert await answered.readuntil(b"hello")
    asking, asks = await serving.connect(BODY)
    await serving.seen("IDLE", "REQUEST")
    silent = []
    for number in range(3):
        serving.now = number + 1.0
        silent.append((await serving.connect(HALF))[0])
        await serving.seen("IDLE", "REQUEST", *["HEADERS"] * (number + 1))
    serving.now = 5
    another, _ = await serving.connect(WHOLE)
    assert await another.readuntil(b"hello")
    assert await ended(silent[0]) == b""
    await serving.seen("IDLE", "IDLE", "REQUEST", "HEADERS", "HEADERS")
    asks.write(b"123456789")
    assert await asking.readuntil(b"123456789")


def test_a_working_client_is_served_beside_a_thousand_half_sent_headers(tmp_path: Path) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and most < 3000:
        pytest.skip("this user may not open enough files")
    now, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    with ExitStack() as stack:
        service = stack.enter_context(served(tmp_path, "--enable"))
        resource.setrlimit(resource.RLIMIT_NOFILE, (3000, most))
        stack.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (now, most))
        place = ("127.0.0.1", urlsplit(service.ready["admin_endpoint"]).port or 0)
        for _ in range(1_000):
            half = stack.enter_context(socket.create_connection(place, DEADLINE))
            half.sendall(HALF)
        health = f"{service.ready['admin_endpoint']}/health"
        with httpx.Client(timeout=DEADLINE) as client:
            assert [client.get(health).status_code for _ in range(20)] == [200] * 20
        assert httpx.get(health, timeout=DEADLINE).status_code == 200


STUCK = """
import signal, sys
from pathlib import Path
from scim_tui.service import runner
from scim_tui.service.store import tokens
# The tests may have been started with these ignored, as nohup does.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
def stuck(*_):
    print("stuck", flush=True)
    while True:
        pass
tokens.authenticate = stuck
settings = runner.Settings(data=Path(sys.argv[1]), port=0)
runner.serve(settings, lambda ready: print(ready.admin_endpoint, flush=True))
"""


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_even_when_its_loop_is_stuck(tmp_path: Path, stop: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(STUCK), str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=dict(os.environ),
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stderr is not None
            url = urlsplit(process.stdout.readline().decode().strip())
            with socket.create_connection(("127.0.0.1", url.port or 0)) as caller:
                caller.sendall(
                    b"GET /t/scim/v2/Users HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\n\r\n"
                )
                assert process.stdout.readline() == b"stuck\n"
                process.send_signal(stop)
                assert process.wait(PATIENCE) == 1
            assert b"did not end in time" in process.stderr.read()
        finally:
            process.kill()
