"""Deadlines for callers: a slow or silent connection never keeps the service from the others.

uvicorn bounds the size of headers and the wait between two requests, and knows no deadline for a
header or a body that does not come. So its connections are looked at a few times a second; a
request itself costs nothing more.
"""

import asyncio
import resource
from collections.abc import Callable, Iterable
from enum import Enum, auto
from typing import Any, NamedTuple

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HANDSHAKE_SECONDS = 10.0
"""How long TLS may take to begin."""
_OPEN_FILES = 4096


class Deadlines(NamedTuple):
    """How long callers may take, and how many there may be."""

    headers: float = 10
    """Seconds until the headers of a request are there."""
    request: float = 60
    """Seconds from then until its answer is taken."""
    connections: int = 1000
    """With more, the connections that were idle longest are closed."""


class _Phase(Enum):
    HEADERS = auto()
    """The rest of the headers is awaited."""
    REQUEST = auto()
    """The headers are there, the body or the answer is under way."""
    IDLE = auto()
    """Between two requests."""


class _Seen(NamedTuple):
    phase: _Phase
    cycle: object
    """The request, so that the next one is another wait."""
    since: float


class Waiting:
    """What each connection waits for, and since when."""

    def __init__(self, deadlines: Deadlines, clock: Callable[[], float]) -> None:
        self._deadlines = deadlines
        self._clock = clock
        self._seen: dict[H11Protocol, _Seen] = {}

    def close_overdue(self, connections: Iterable[Any]) -> None:
        """Look at all connections, and close those that take too long or are too many."""
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
        """Close first what never sent a request, then what is idle longest."""
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
    """An event loop whose servers do not wait long for TLS to begin."""

    async def create_server(self, *args: Any, **options: Any) -> asyncio.Server:  # noqa: ANN401
        """As asyncio does, with a shorter deadline."""
        if options.get("ssl") is not None:
            options.setdefault("ssl_handshake_timeout", HANDSHAKE_SECONDS)
        return await super().create_server(*args, **options)


def allow_many_connections() -> None:
    """Raise the number of open files where this user may: each connection is one."""
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OPEN_FILES if most == resource.RLIM_INFINITY else min(_OPEN_FILES, most)
    if now not in (resource.RLIM_INFINITY, most) and now < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
