"""mlflow-oidc-auth: its SCIM side, and the API by which an administrator handles its tokens.

Its log of requests is not used: it names no client, so our own requests would pass for those
of the IdP. The API says when a token was last used, and a rotation knows its own requests.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
from pydantic import SecretStr, TypeAdapter, ValidationError

from scim_tui.model.activity import Probe
from scim_tui.model.base import Value
from scim_tui.model.capabilities import YES, Capabilities, no
from scim_tui.model.checkup import Finding
from scim_tui.model.clock import Clock, utc_now
from scim_tui.model.directory import GroupRow, Kind, Page, Record, Summary, UserRow
from scim_tui.model.discovery import Discovery
from scim_tui.model.errors import NotFound, Unreadable
from scim_tui.model.provisioning import (
    TOKEN_DAYS,
    AccessToken,
    NewToken,
    ProvisioningState,
    ProvisioningStatus,
)
from scim_tui.model.unknown_values import NEVER
from scim_tui.providers.no_administration import NoAdministration
from scim_tui.providers.port import Discovering, Provider
from scim_tui.scim.transport import Basic, ClientOptions, Transport

_TOKENS = "/api/2.0/mlflow/scim/tokens"
_SCIM = "/scim/v2"
_ALWAYS_ON = "SCIM is always on in mlflow-oidc-auth: every valid token is accepted."
_NO_KEY = "The profile names no administrator: add admin_key_file, with USER:SECRET in it."
_NO_CALLER = "The log of mlflow-oidc-auth does not tell who asked, the IdP or ourselves."
_NO_SUSPENSION = "A token of mlflow-oidc-auth cannot be switched off for a while, only revoked."


class _ListedToken(Value):
    """A token as the API returns it; `token` is present once, when it was made."""

    id: int
    created_at: datetime
    last_used_at: datetime | None = None
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    token: SecretStr | None = None

    def access_token(self) -> AccessToken:
        return AccessToken(
            id=str(self.id),
            created_at=self.created_at,
            expires_at=self.expires_at or NEVER,
            last_used_at=self.last_used_at or NEVER,
        )


_LIST = TypeAdapter(list[_ListedToken])


class MlflowProvider(NoAdministration):
    """The users and groups over SCIM (`directory`), the tokens by the API of the same server."""

    kind = "mlflow-oidc-auth"
    no_switch, no_tokens, no_events = _ALWAYS_ON, _NO_SUSPENSION, _NO_CALLER

    def __init__(
        self,
        endpoint: str,
        key: SecretStr | None,
        directory: Provider,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        options: ClientOptions | None = None,
        clock: Clock = utc_now,
    ) -> None:
        root = endpoint.strip().rstrip("/").removesuffix(_SCIM)
        self._api = Transport(
            root, key, via=transport, options=options, media="application/json", scheme=Basic
        )
        self.directory, self._clock = directory, clock
        self.capabilities = _capabilities(directory.capabilities, has_key=key is not None)
        self._endpoint = root + _SCIM

    @property
    def title(self) -> str:
        """The product and its host."""
        return f"mlflow-oidc-auth / {urlsplit(self._endpoint).netloc}"

    @property
    def waits(self) -> int:
        """How often the server answered 429."""
        return self.directory.waits + self._api.waits

    @property
    def clock_skew(self) -> timedelta | None:
        """How far the server's clock is ahead of ours; None: its answers do not say."""
        return self._api.clock_skew

    async def status(self) -> ProvisioningStatus:
        """Always on."""
        return ProvisioningStatus(state=ProvisioningState.ENABLED, scim_endpoint=self._endpoint)

    async def tokens(self) -> list[AccessToken]:
        """The tokens that are not revoked, oldest first. Raises `Unsupported` without a key."""
        return [listed.access_token() for listed in await self._live_tokens()]

    async def create_token(self) -> NewToken:
        """Make a token for a year; any number may exist."""
        self.capabilities.create_token.require()
        now = self._clock()
        body = {
            "name": f"scim-tui {now:%Y-%m-%d %H:%M:%S} {uuid4().hex[:4]}",
            "expires_at": (now + timedelta(days=TOKEN_DAYS)).isoformat(),
        }
        answer = await self._api.send("POST", _TOKENS, body=body)
        try:
            made = _ListedToken.model_validate_json(answer.body)
        except ValidationError:
            raise _odd("POST") from None
        if made.token is None:
            raise _odd("POST")
        return NewToken(token=made.access_token(), secret=made.token)

    async def delete_token(self, token_id: str) -> None:
        """Revoke a token at once. Raises `NotFound`, also for one that was revoked before."""
        if token_id not in {str(listed.id) for listed in await self._live_tokens()}:
            raise NotFound(f"There is no access token {token_id!r}.", status=404)
        await self._api.send("DELETE", f"{_TOKENS}/{token_id}")

    async def _live_tokens(self) -> list[_ListedToken]:
        self.capabilities.list_tokens.require()
        answer = await self._api.send("GET", _TOKENS)
        try:
            found = _LIST.validate_json(answer.body)
        except ValidationError:
            raise _odd("GET") from None
        alive = (listed for listed in found if listed.revoked_at is None)
        return sorted(alive, key=lambda listed: listed.created_at)

    # What follows is SCIM, and the directory's.

    async def discovery(self, *, fresh: bool = False) -> Discovery:
        """The discovery of the SCIM side."""
        assert isinstance(self.directory, Discovering)  # it is made so
        return await self.directory.discovery(fresh=fresh)

    async def probe(self) -> Probe:
        """One request with the token of the profile."""
        return await self.directory.probe()

    async def probe_with(self, secret: SecretStr, nonce: str) -> Probe:
        """One request with this secret."""
        return await self.directory.probe_with(secret, nonce)

    def checkup(self) -> AsyncIterator[Finding]:
        """Token, tenant, permissions, rate limits."""
        return self.directory.checkup()

    async def summary(self) -> Summary:
        """The totals; administrators of the product count as users."""
        return await self.directory.summary()

    def users(self, filter: str = "", resume: str = "") -> AsyncIterator[Page[UserRow]]:
        """All users."""
        return self.directory.users(filter, resume)

    def groups(self, filter: str = "", resume: str = "") -> AsyncIterator[Page[GroupRow]]:
        """All groups."""
        return self.directory.groups(filter, resume)

    async def record(self, kind: Kind, resource_id: str) -> Record:
        """One resource. Raises `NotFound`."""
        return await self.directory.record(kind, resource_id)

    def members(self, group_id: str) -> AsyncIterator[Page[UserRow]]:
        """The members of a group."""
        return self.directory.members(group_id)

    def groups_of(self, user_id: str) -> AsyncIterator[Page[GroupRow]]:
        """The groups of a user, read from all groups."""
        return self.directory.groups_of(user_id)

    async def create_user(self, user: Mapping[str, Any]) -> Record:
        """CreateUser."""
        return await self.directory.create_user(user)

    async def patch_user(self, user_id: str, operations: Sequence[Mapping[str, Any]]) -> Record:
        """PatchUser."""
        return await self.directory.patch_user(user_id, operations)

    async def aclose(self) -> None:
        """Let go of the connections."""
        try:
            await self.directory.aclose()
        finally:
            await self._api.aclose()


def _capabilities(directory: Capabilities, *, has_key: bool) -> Capabilities:
    tokens = YES if has_key else no(_NO_KEY)
    return replace(
        directory,
        enable=no(_ALWAYS_ON),
        disable=no(_ALWAYS_ON),
        list_tokens=tokens,
        create_token=tokens,
        delete_token=tokens,
        last_used=tokens,
        events=no(_NO_CALLER),
        suspend_token=no(_NO_SUSPENSION),
    )


def _odd(method: str) -> Unreadable:
    return Unreadable(
        f"{method} {_TOKENS} was answered with something else than tokens.",
        "Is the endpoint that of mlflow-oidc-auth, with /scim/v2 at its end?",
    )
