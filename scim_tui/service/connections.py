"""Deadlines for connections, so that slow or silent clients cannot use them all up.

uvicorn limits the size of headers and the time between two requests, but waits without end for a
header or a body that does not arrive. So a timer checks its connections a few times a second, which
adds nothing to the cost of a request.
"""

import asyncio
import resource
from collections.abc import Callable, Iterable
from enum import Enum, auto
from typing import Any, NamedTuple

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HANDSHAKE_SECONDS = 10.0
"""Seconds that a TLS handshake may take."""
_OPEN_FILES = 4096


class Deadlines(NamedTuple):
    """How long clients may take, and how many connections there may be."""

    headers: float = 10
    """Seconds until the headers of a request have arrived."""
    request: float = 60
    """Seconds from then until the client has received the answer."""
    connections: int = 1000
    """With more, the connections that were idle longest are closed."""


class _Phase(Enum):
    HEADERS = auto()
    """The rest of the headers is awaited."""
    REQUEST = auto()
    """The headers have arrived; the body or the answer is being sent."""
    IDLE = auto()
    """Between two requests."""


class _Seen(NamedTuple):
    phase: _Phase
    cycle: object
    """Identifies the request, so that the time of the next one is counted from zero."""
    since: float


class Waiting:
    """What each connection waits for, and since when."""

    def __init__(self, deadlines: Deadlines, clock: Callable[[], float]) -> None:
        self._deadlines = deadlines
        self._clock = clock
        self._seen: dict[H11Protocol, _Seen] = {}

    def close_overdue(self, connections: Iterable[Any]) -> None:
        """Close the connections that take too long, and those above the limit."""
        now = self._clock()
        before, self._seen = self._seen, {}
        for connection in list(connections):
            if not isinstance(connection, H11Protocol):
                continue
            seen = _seen(connection, now, before.get(connection))
            if now - seen.since > self._allowed(seen.phase):
                connection.transport.abort()
            else:
                self._seen[connection] = seen
        surplus = len(self._seen) - self._deadlines.connections
        if surplus > 0:
            self._make_room(surplus)

    def _allowed(self, phase: _Phase) -> float:
        # Between two requests uvicorn's own deadline holds; ours is for an answer that is not read.
        return self._deadlines.headers if phase is _Phase.HEADERS else self._deadlines.request

    def _make_room(self, surplus: int) -> None:
        """Close connections that never sent a request first, then those that were idle longest."""
        idle = [
            (seen.phase is _Phase.IDLE, seen.since, number, connection)
            for number, (connection, seen) in enumerate(self._seen.items())
            if seen.phase is not _Phase.REQUEST
        ]
        for *_, connection in sorted(idle, key=lambda each: each[:3])[:surplus]:
            connection.transport.abort()
            del self._seen[connection]


def _seen(connection: H11Protocol, now: float, before: _Seen | None) -> _Seen:
    phase = _phase(connection)
    if before is not None and before.phase is phase and before.cycle is connection.cycle:
        return before
    return _Seen(phase, connection.cycle, now)


def _phase(connection: H11Protocol) -> _Phase:
    if connection.conn.their_state is not h11.IDLE:
        return _Phase.REQUEST
    # uvicorn's timer runs from an answer until the first byte of the next request.
    return _Phase.IDLE if connection.timeout_keep_alive_task is not None else _Phase.HEADERS


class ServingLoop(asyncio.SelectorEventLoop):
    """An event loop whose servers close a connection after `HANDSHAKE_SECONDS` without TLS."""

    async def create_server(self, *args: Any, **options: Any) -> asyncio.Server:  # noqa: ANN401
        """As in asyncio, with a shorter limit for the TLS handshake."""
        if options.get("ssl") is not None:
            options.setdefault("ssl_handshake_timeout", HANDSHAKE_SECONDS)
        return await super().create_server(*args, **options)


def allow_many_connections() -> None:
    """Raise the limit of open files as far as this user may: each connection is one."""
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OPEN_FILES if most == resource.RLIM_INFINITY else min(_OPEN_FILES, most)
    if now not in (resource.RLIM_INFINITY, most) and now < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
