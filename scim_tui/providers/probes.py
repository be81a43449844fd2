"""Checks whether a SCIM endpoint accepts the token of the profile, or another secret."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from time import perf_counter

from pydantic import SecretStr

from scim_tui.model.activity import Probe
from scim_tui.model.directory import Kind
from scim_tui.model.errors import (
    NotAllowed,
    OutcomeUnknown,
    Refused,
    ScimTuiError,
    Unreachable,
)
from scim_tui.scim.client import ScimClient
from scim_tui.scim.transport import own_agent

_Errors = tuple[type[ScimTuiError], ...]


class Probes:
    """Sends probes to the endpoint of one client."""

    def __init__(self, client: ScimClient, clock: Callable[[], datetime]) -> None:
        self._client, self._clock = client, clock

    async def probe(self) -> Probe:
        """Ask for one user, once."""
        return await self._look(self._client.sample(Kind.USERS, 1, once=True), (ScimTuiError,))

    async def probe_with(self, secret: SecretStr, nonce: str) -> Probe:
        """Ask with this secret, under a name that carries the nonce. Raises `Unreadable`."""
        asking = self._client.try_secret(secret, own_agent(nonce))
        return await self._look(asking, (Unreachable, OutcomeUnknown))

    async def _look(self, asking: Awaitable[object], unanswered: _Errors) -> Probe:
        """The result of a request; `unanswered` are the errors that mean that no status came."""
        started = perf_counter()
        try:
            await asking
        except (Refused, NotAllowed) as error:
            return self._found(started, error.status, error)
        except unanswered as error:
            return self._found(started, None, error)
        return self._found(started, 200)

    def _found(
        self, started: float, status: int | None, error: ScimTuiError | None = None
    ) -> Probe:
        return Probe(
            at=self._clock(),
            ok=error is None,
            status=status,
            duration_ms=None if status is None else round((perf_counter() - started) * 1000, 1),
            message=error.message if error else "",
            hint=error.hint if error else "",
        )
