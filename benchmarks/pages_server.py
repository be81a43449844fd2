"""A server of ready-made pages on loopback: `python -m benchmarks.pages_server USERS`.

It parses next to nothing and has every answer at hand, so that what is timed is the client.
Prints the port when it listens.
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import orjson

from benchmarks.client import PAGE, Replay


class Pages(asyncio.Protocol):
    """Answers a request with the page that its cursor or its startIndex names."""

    def __init__(self, by_cursor: list[bytes], by_index: list[bytes]) -> None:
        self._by_cursor, self._by_index = by_cursor, by_index
        self._asked = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """One request after the other; none has a body."""
        self._asked += data
        while b"\r\n\r\n" in self._asked and self._transport is not None:
            head, _, self._asked = self._asked.partition(b"\r\n\r\n")
            self._transport.write(self._answer(head.split(b" ", 2)[1].decode()))

    def _answer(self, target: str) -> bytes:
        asked = parse_qs(urlsplit(target).query, keep_blank_values=True)
        if "startIndex" in asked:
            return self._by_index[(int(asked["startIndex"][0]) - 1) // PAGE]
        return self._by_cursor[int(asked["cursor"][0] or 0)]


@contextmanager
def serving(number: int) -> Iterator[str]:
    """The endpoint of such a server, in a process of its own, with so many users."""
    command = [sys.executable, "-m", "benchmarks.pages_server", str(number)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(child.stdout.readline())}/t/scim/v2"
        finally:
            child.kill()


def _http(body: bytes) -> bytes:
    head = f"Content-Type: application/scim+json\r\nContent-Length: {len(body)}"
    return f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode() + body


def _by_index(body: bytes, at: int, total: int) -> bytes:
    """The same page as a server tells it that pages by index."""
    page = {name: value for name, value in orjson.loads(body).items() if name != "nextCursor"}
    schemas = ["urn:ietf:params:scim:api:messages:2.0:ListResponse"]
    return orjson.dumps({"schemas": schemas, "totalResults": total, "startIndex": at + 1, **page})


async def main(number: int) -> None:
    """Serve until killed."""
    replay = Replay(number)
    bodies = [replay.page(at // PAGE) for at in range(0, number, PAGE)]
    by_cursor = [_http(body) for body in bodies]
    by_index = [_http(_by_index(body, at * PAGE, number)) for at, body in enumerate(bodies)]
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Pages(by_cursor, by_index), "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
