"""The one client of all servers: a blocking socket, kept alive, one request after the other.

It parses next to nothing, so that what is timed is the server.
"""

import socket
from types import TracebackType
from typing import NamedTuple, Self

_END = b"\r\n\r\n"
_LAST_CHUNK = b"0\r\n\r\n"


class Reply(NamedTuple):
    """An answer."""

    status: int
    body: bytes


class Wire:
    """A connection to a server on loopback."""

    def __init__(self, port: int, token: str = "") -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._head = f"Host: 127.0.0.1:{port}\r\nUser-Agent: benchmark\r\n"
        if token:
            self._head += f"Authorization: Bearer {token}\r\n"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close()

    def get(self, path: str) -> Reply:
        """GET; anything but 200 is a fault of the benchmark."""
        return self._ask(f"GET {path} HTTP/1.1\r\n{self._head}\r\n".encode(), 200)

    def post(self, path: str, body: bytes) -> Reply:
        """POST; anything but 201 is a fault of the benchmark."""
        head = (
            f"POST {path} HTTP/1.1\r\n{self._head}Content-Type: application/scim+json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return self._ask(head.encode() + body, 201)

    def _ask(self, request: bytes, wanted: int) -> Reply:
        self._socket.sendall(request)
        data = b""
        while _END not in data:
            data += self._more()
        head, _, body = data.partition(_END)
        reply = Reply(int(head[9:12]), self._body(_length(head), body))
        if reply.status != wanted:
            asked = request.partition(b"\r\n")[0].decode()
            raise RuntimeError(f"{asked}: {reply.status} {reply.body[:300]!r}")
        return reply

    def _body(self, length: int | None, start: bytes) -> bytes:
        parts, got = [start], len(start)
        if length is None:
            while not parts[-1].endswith(_LAST_CHUNK):
                parts.append(parts.pop() + self._more())
            return _joined(parts[0])
        while got < length:
            parts.append(self._more())
            got += len(parts[-1])
        return b"".join(parts)

    def _more(self) -> bytes:
        data = self._socket.recv(1 << 18)
        if not data:
            raise RuntimeError("The server closed the connection.")
        return data


def _length(head: bytes) -> int | None:
    """The Content-Length; None: the body comes in chunks."""
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return None


def _joined(chunks: bytes) -> bytes:
    """The body that these chunks make (RFC 9112 7.1)."""
    parts: list[bytes] = []
    at = 0
    while True:
        end = chunks.index(b"\r\n", at)
        size = int(chunks[at:end], 16)
        if not size:
            return b"".join(parts)
        parts.append(chunks[end + 2 : end + 2 + size])
        at = end + size + 4
