"""A line to a SCIM endpoint that outlives its token: it waits, and takes the next one."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from scim_tui.idps.token_file import Credentials
from scim_tui.model.errors import NotAllowed, Unreachable, UsageError
from scim_tui.scim.client import ScimClient
from scim_tui.scim.transport import Manners

AGENT = "Simulated-IdP/1.0 (scim-tui demo)"
PATIENCE = 3.0
"""Seconds between two tries while the endpoint refuses the token or does not answer."""

T = TypeVar("T")
Dial = Callable[[Credentials], ScimClient]
"""Opens a client."""
Sleep = Callable[[float], Awaitable[None]]


class Source(Protocol):
    """Where the next secret comes from; `TokenFile` is one."""

    def take(self) -> Credentials | None:
        """The next credentials, once; None while there are none."""
        ...


class Line:
    """Carries requests with the newest token. Nothing but what the server refuses is raised."""

    def __init__(
        self,
        credentials: Credentials,
        source: Source,
        *,
        dial: Dial | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._source, self._dial, self._sleep = source, dial or _client, sleep
        self._client = self._dial(credentials)
        self._old: list[ScimClient] = []
        self._one_tries = asyncio.Lock()

    async def carry(self, work: Callable[[ScimClient], Awaitable[T]]) -> T:
        """Do the work, again until the token is taken. Raises what is left of `model.errors`."""
        while True:
            self._renew()
            client = self._client
            try:
                return await work(client)
            except (NotAllowed, Unreachable):
                async with self._one_tries:
                    if client is self._client:
                        await self._sleep(PATIENCE)

    async def aclose(self) -> None:
        """Hang up."""
        for client in (*self._old, self._client):
            await client.aclose()

    def _renew(self) -> None:
        """An administrator who installs a secret means it, whatever the old one is worth."""
        fresh = self._source.take()
        if fresh is None:
            return
        try:
            client = self._dial(fresh)
        except UsageError:
            return  # What was pasted is no secret or no endpoint: an IdP keeps what it has.
        self._client, old = client, self._client
        self._old.append(old)


def _client(credentials: Credentials) -> ScimClient:
    return ScimClient(
        credentials.endpoint, credentials.secret, manners=Manners(agent=AGENT), cursors=True
    )
