"""The access tokens of the directory in memory, and the requests that come with them."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import count

from pydantic import SecretStr

from scim_tui.model.activity import Event
from scim_tui.model.errors import Conflict, NotFound
from scim_tui.model.own_agent import is_ours
from scim_tui.model.provisioning import MAX_TOKENS, TOKEN_DAYS, AccessToken, NewToken
from scim_tui.model.unknown_values import NEVER, UNKNOWN, Absent


class MemoryTokens:
    """Tokens, what is logged of them, and the secrets they were made with."""

    enabled_at: datetime | None

    def __init__(
        self, tokens: Iterable[AccessToken], events: Iterable[Event], clock: Callable[[], datetime]
    ) -> None:
        self.access_tokens = list(tokens)
        self.log = list(events)
        """What the IdP did, oldest first."""
        self.clock = clock
        """Replace it to move the time."""
        self._secrets: dict[str, str] = {}
        """Token ids by secret."""
        self._numbers = count(1)

    async def _enter(self, operation: str) -> None:
        raise NotImplementedError

    async def tokens(self) -> list[AccessToken]:
        """The access tokens, oldest first."""
        await self._enter("tokens")
        return list(self.access_tokens)

    async def create_token(self) -> NewToken:
        """Make a token. Raises `Conflict` at two, and when provisioning is off."""
        await self._enter("create_token")
        if self.enabled_at is None:
            raise Conflict("Provisioning is off.", "Enable provisioning first.", status=409)
        if len(self.access_tokens) >= MAX_TOKENS:
            raise Conflict("Two tokens exist, the most allowed.", "Delete one first.", status=409)
        return self._new_token()

    async def delete_token(self, token_id: str) -> None:
        """Delete a token. Raises `NotFound`."""
        await self._enter("delete_token")
        kept = [token for token in self.access_tokens if token.id != token_id]
        if len(kept) == len(self.access_tokens):
            raise NotFound(f"There is no access token {token_id!r}.", status=404)
        self.access_tokens = kept

    async def suspend_token(self, token_id: str) -> AccessToken:
        """Refuse a token from now on. Raises `NotFound`."""
        await self._enter("suspend_token")
        return self._switch(token_id, suspended=True)

    async def reinstate_token(self, token_id: str) -> AccessToken:
        """Let a token in again. Raises `NotFound`."""
        await self._enter("reinstate_token")
        return self._switch(token_id, suspended=False)

    def token_of(self, secret: SecretStr) -> str | None:
        """The id of the token that was made with this secret, if one was."""
        return self._secrets.get(secret.get_secret_value())

    def push(self, secret: SecretStr, operation: str = "PatchUser", *, client: str) -> int:
        """A request of an IdP with this secret: the status it gets, kept as an event."""
        return self.use(self.token_of(secret), operation, client=client)

    def use(self, token_id: str | None, operation: str = "PatchUser", *, client: str) -> int:
        """A request with this token: the status it gets, kept as an event."""
        place = next((n for n, t in enumerate(self.access_tokens) if t.id == token_id), None)
        if place is not None and self.access_tokens[place].suspended is True:
            place = None
        status = 401 if place is None else 200
        self.log.append(
            Event(
                id=self.log[-1].id + 1 if self.log else 1,
                at=self.clock(),
                operation=operation,
                status=status,
                token_id=token_id or UNKNOWN,
                token_known=token_id is not None,
                client=client,
            )
        )
        if place is not None:
            token = self.access_tokens[place]
            used = 1 if isinstance(token.requests, Absent) else token.requests + 1
            by_idp = {"last_used_at": self.clock(), "last_client": client}
            by_us = {"own_used_at": self.clock()}
            self.access_tokens[place] = token.model_copy(
                update={"requests": used, **(by_us if is_ours(client) else by_idp)}
            )
        return status

    def _switch(self, token_id: str, *, suspended: bool) -> AccessToken:
        for place, token in enumerate(self.access_tokens):
            if token.id == token_id:
                found = token.model_copy(update={"suspended": suspended})
                self.access_tokens[place] = found
                return found
        raise NotFound(f"There is no access token {token_id!r}.", status=404)

    def _new_token(self) -> NewToken:
        number, now = next(self._numbers), self.clock()
        token = AccessToken(
            id=f"token-{number:04}",
            created_at=now,
            expires_at=now + timedelta(days=TOKEN_DAYS),
            last_used_at=NEVER,
            requests=0,
            last_client=NEVER,
            own_used_at=NEVER,
            suspended=False,
        )
        self.access_tokens.append(token)
        secret = f"memory-secret-{number:04}-" + "x" * 40
        self._secrets[secret] = token.id
        return NewToken(token=token, secret=SecretStr(secret))
