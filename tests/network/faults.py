"""A small SCIM server, and in front of it a network that can be made to fail in every usual way."""

import asyncio
import json
import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

PEOPLE = 250
SECRET = "hush-of-the-network"
_RESET = struct.pack("ii", 1, 0)


class Fault(StrEnum):
    """What goes wrong with a request."""

    NONE = "none"
    RESET = "reset"
    """The connection is reset as soon as the request is there."""
    HANG_UP = "hang up"
    """It is closed in order, without an answer."""
    HALF_OPEN = "half-open"
    """It stays open, and no answer ever comes."""
    CUT = "cut"
    """The answer ends in the middle of its body."""
    DRIP = "drip"
    """The answer comes byte by byte, each long after the last one."""
    GARBAGE = "garbage"
    """What comes is not HTTP."""
    PORTAL = "portal"
    """A page of a hotel answers in place of the server."""
    ELSEWHERE = "elsewhere"
    """A redirect to another host."""


_SAID = {
    Fault.HANG_UP: b"",
    Fault.GARBAGE: b"\x16\x03\xff SSH-2.0-dropbear\r\n\r\n",
    Fault.PORTAL: b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 31\r\n\r\n"
    b"<html><body>Room?</body></html>",
    Fault.ELSEWHERE: b"HTTP/1.1 302 Found\r\nLocation: http://10.1.1.1/\r\n"
    b"Content-Length: 0\r\n\r\n",
}


class _Directory(BaseHTTPRequestHandler):
    """Users by index; one connection a request."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if self.headers.get("Authorization") != f"Bearer {SECRET}":
            self._answer(401, {"detail": "who are you"})
        elif parts.path == "/v2/Users":
            self._answer(200, _page(parse_qs(parts.query)))
        elif parts.path == "/v2/Groups":
            self._answer(200, {"totalResults": 0, "Resources": []})
        elif parts.path == "/v2/ServiceProviderConfig":
            self._answer(200, {"pagination": {"cursor": False}, "patch": {"supported": True}})
        else:
            self._answer(404, {"detail": "nothing here"})

    do_HEAD = do_GET

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(201, {"id": "u9999"})

    def _answer(self, status: int, found: object) -> None:
        body = json.dumps(found).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


def _page(query: dict[str, list[str]]) -> dict[str, object]:
    first = int(query.get("startIndex", ["1"])[0])
    count = int(query.get("count", ["100"])[0])
    numbers = range(first, min(first + count, PEOPLE + 1))
    people = [{"id": f"u{n:03}", "userName": f"user{n:03}@example.com"} for n in numbers]
    return {"totalResults": PEOPLE, "startIndex": first, "Resources": people}


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that does not like our certificate, or left: that is what is tested."""


class _QuietIPv6(_Quiet):
    address_family = socket.AF_INET6


@contextmanager
def directory(context: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> Iterator[int]:
    """The server on loopback, over TLS if there is a context; gives its port."""
    kind = _QuietIPv6 if ":" in host else _Quiet
    with kind((host, 0), _Directory) as server:
        if context is not None:
            server.socket = context.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


class Network:
    """The way to a server. Set `fault` from any thread; it hits each request from then on."""

    def __init__(self, upstream: int) -> None:
        self._upstream = upstream
        self.fault = Fault.NONE
        self.spared = 0
        """Requests that still pass before the fault hits."""
        self.every = 1
        """Only every so many requests are hit."""
        self.only = b""
        """Only a request with this in it is hit."""
        self.late = 0.0
        """Seconds after which each answer comes."""
        self.requests = 0
        self.port = 0

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}/v2"

    def _hit(self, request: bytes) -> Fault:
        self.requests += 1
        if self.only not in request:
            return Fault.NONE
        if self.spared:
            self.spared -= 1
            return Fault.NONE
        return self.fault if self.requests % self.every == 0 else Fault.NONE

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await reader.readuntil(b"\r\n\r\n")
            await self._answer(request, reader, writer, self._hit(request))
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(
        self,
        request: bytes,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        fault: Fault,
    ) -> None:
        if fault is Fault.RESET:
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            writer.transport.abort()
        elif fault is Fault.HALF_OPEN:
            await self._over.wait()
        elif fault in _SAID:
            writer.write(_SAID[fault])
        else:
            await self._forward(request, reader, writer, fault)

    async def _forward(
        self,
        request: bytes,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        fault: Fault,
    ) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._upstream)
        back.write(request + await _body(request, reader))
        answer = await there.read(-1)
        back.close()
        if self.late:
            await asyncio.sleep(self.late)
        if fault is Fault.DRIP:
            for at in range(len(answer)):
                writer.write(answer[at : at + 1])
                await asyncio.sleep(0.03)
        writer.write(answer[: len(answer) // 2] if fault is Fault.CUT else answer)
        await writer.drain()

    async def run(self, ready: threading.Event) -> None:
        """Be there until `close`."""
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        async with await asyncio.start_server(self._serve, "127.0.0.1", 0) as server:
            self.port = server.sockets[0].getsockname()[1]
            ready.set()
            await self._over.wait()
        await _nobody_left()

    def close(self) -> None:
        """End `run`, from another thread."""
        self._loop.call_soon_threadsafe(self._over.set)


async def _nobody_left() -> None:
    """End whoever is still served, also on a connection that was just being taken."""
    for _ in range(5):
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0)


async def _body(request: bytes, reader: asyncio.StreamReader) -> bytes:
    lines = request.decode("latin-1").lower().split("\r\n")
    sizes = [line.split(":")[1] for line in lines if line.startswith("content-length:")]
    return await reader.readexactly(int(sizes[0])) if sizes else b""


@contextmanager
def network() -> Iterator[Network]:
    """A server, and the way to it, in threads of their own; also for what has its own loop."""
    with directory() as upstream:
        found, ready = Network(upstream), threading.Event()
        thread = threading.Thread(target=lambda: asyncio.run(found.run(ready)), daemon=True)
        thread.start()
        assert ready.wait(10)
        try:
            yield found
        finally:
            found.close()
            thread.join()
