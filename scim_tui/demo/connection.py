"""A SCIM connection that continues when its token is refused: it waits for the next token."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from scim_tui.demo.token_file import Credentials
from scim_tui.idps.port import EventOutcome, IdpEvent, IdpTestResult, IdpVerdict
from scim_tui.model.clock import Clock, utc_now
from scim_tui.model.directory import Kind
from scim_tui.model.errors import NotAllowed, ScimTuiError, Unreachable, UsageError
from scim_tui.model.unknown_values import NEVER, Moment
from scim_tui.scim.client import ScimClient
from scim_tui.scim.transport import ClientOptions

AGENT = "Simulated-IdP/1.0 (scim-tui demo)"
PATIENCE = 3.0
"""Seconds between two tries while the endpoint refuses the token or does not answer."""
LOG = 500
"""How many events the log keeps."""

T = TypeVar("T")
Dial = Callable[[Credentials], ScimClient]
"""Opens a client."""
Sleep = Callable[[float], Awaitable[None]]


class CredentialSource(Protocol):
    """A source of new secrets, such as `TokenFile`."""

    def take(self) -> Credentials | None:
        """The next credentials, once; None while there are none."""
        ...


class IdpConnection:
    """Sends requests with the newest token, until it is accepted; only refusals are raised."""

    def __init__(
        self,
        credentials: Credentials,
        source: CredentialSource,
        *,
        dial: Dial | None = None,
        sleep: Sleep = asyncio.sleep,
        clock: Clock = utc_now,
    ) -> None:
        self._source, self._dial, self._sleep = source, dial or _client, sleep
        self._clock = clock
        self._client = self._dial(credentials)
        self._old: list[ScimClient] = []
        self._one_tries = asyncio.Lock()
        self.log: deque[IdpEvent] = deque(maxlen=LOG)
        """Its requests and how they ended, oldest first."""
        self.carried = 0
        """How many events there were, including those no longer in the log."""
        self.installed_at: Moment = NEVER
        """When it received the newest secret."""
        self.refused_to_take = ""
        """Why the newest credentials are not used; empty: they are."""

    async def carry(self, work: Callable[[ScimClient], Awaitable[T]], what: str = "") -> T:
        """Do the work, and repeat it until the token is accepted. Raises other `model.errors`."""
        while True:
            self.renew()
            client = self._client
            try:
                result = await work(client)
            except (NotAllowed, Unreachable) as error:
                self._note(what, error)
                async with self._one_tries:
                    if client is self._client:
                        await self._sleep(PATIENCE)
            except ScimTuiError as error:
                self._note(what, error)
                raise
            else:
                self._note(what, None)
                return result

    async def test(self) -> IdpTestResult:
        """One request to the endpoint with the newest token."""
        self.renew()
        verdict, words = IdpVerdict.OK, "The endpoint took the token."
        try:
            await self._client.sample(Kind.USERS, 1, once=True)
        except ScimTuiError as error:
            verdict, words = _verdict(error), error.message
        return IdpTestResult(verdict, words, self._clock())

    def renew(self) -> None:
        """Switch to a newly installed secret, even if the old one still works."""
        fresh = self._source.take()
        if fresh is None:
            return
        try:
            client = self._dial(fresh)
        except UsageError as error:
            # The file holds no valid secret or endpoint: keep the old ones, as an IdP does.
            self.refused_to_take = error.message
            return
        self._client, old = client, self._client
        self._old.append(old)
        self.installed_at, self.refused_to_take = self._clock(), ""

    async def aclose(self) -> None:
        """Close all clients."""
        for client in (*self._old, self._client):
            await client.aclose()

    def _note(self, what: str, error: ScimTuiError | None) -> None:
        words = error.message if error else ""
        self.carried += 1
        self.log.append(IdpEvent(self._clock(), what, _outcome(error), words))


def _outcome(error: ScimTuiError | None) -> EventOutcome:
    match error:
        case None:
            return EventOutcome.OK
        case NotAllowed():
            return EventOutcome.UNAUTHORIZED
        case Unreachable():
            return EventOutcome.UNREACHABLE
    return EventOutcome.REFUSED


def _verdict(error: ScimTuiError) -> IdpVerdict:
    match error:
        case NotAllowed():
            return IdpVerdict.REJECTED
        case Unreachable():
            return IdpVerdict.UNREACHABLE
    return IdpVerdict.INCONCLUSIVE


def _client(credentials: Credentials) -> ScimClient:
    return ScimClient(
        credentials.endpoint, credentials.secret, options=ClientOptions(agent=AGENT), cursors=True
    )
