"""The SCIM endpoint of Identity Center: cursors always, members by filter, no totals."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import httpx
from pydantic import SecretStr

from scim_tui.model.activity import Probe
from scim_tui.model.checkup import Finding
from scim_tui.model.directory import GroupRow, Kind, Page, Record, UserRow
from scim_tui.model.json_object import JsonObject
from scim_tui.providers.identity_center.shared import Shared
from scim_tui.providers.probes import Probes
from scim_tui.scim.client import ScimClient
from scim_tui.scim.filters import equals
from scim_tui.scim.transport import ClientOptions
from scim_tui.scim.wire import text


class ScimSide:
    """Everything that goes over SCIM, with the token of the profile."""

    def __init__(
        self,
        endpoint: str,
        token: SecretStr | None,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        options: ClientOptions | None = None,
        clock: Callable[[], datetime],
    ) -> None:
        self._client = ScimClient(endpoint, token, via=transport, options=options, cursors=True)
        self.endpoint, self.host = self._client.endpoint, self._client.host
        self._clock = clock
        self._probes = Probes(self._client, clock)
        self._probing = Shared(self._probes.probe)

    @property
    def waits(self) -> int:
        """How often the server answered 429."""
        return self._client.waits

    @property
    def clock_skew(self) -> timedelta | None:
        """How far the server's clock is ahead of ours; None: its answers do not say."""
        return self._client.clock_skew

    @property
    def tenant_id(self) -> str:
        """The tenant, which is the first part of the path."""
        return httpx.URL(self.endpoint).path.strip("/").partition("/")[0]

    async def probe(self) -> Probe:
        """Request one user, once; calls meanwhile share the answer."""
        return await self._probing.get()

    async def probe_with(self, secret: SecretStr, nonce: str) -> Probe:
        """Send one request with this secret and the nonce in the User-Agent."""
        return await self._probes.probe_with(secret, nonce)

    def checkup(self) -> AsyncIterator[Finding]:
        """Token, tenant, permissions, rate limits."""
        return self._client.checkup()

    def users(self, filter: str = "", resume: str = "") -> AsyncIterator[Page[UserRow]]:
        """All users, by cursor."""
        return self._client.users(filter, resume=resume)

    def groups(self, filter: str = "", resume: str = "") -> AsyncIterator[Page[GroupRow]]:
        """All groups, by cursor."""
        return self._client.groups(filter, resume=resume)

    async def get(self, kind: Kind, resource_id: str) -> JsonObject:
        """One resource. Raises `NotFound`."""
        return await self._client.get(kind, resource_id)

    async def members(self, group_id: str) -> AsyncIterator[Page[UserRow]]:
        """The members of a group, which only this filter finds. Raises `NotFound`."""
        await self._client.get(Kind.GROUPS, group_id)
        async for page in self._client.users(equals("groups.value", group_id)):
            yield page

    async def groups_of(self, user_id: str) -> AsyncIterator[Page[GroupRow]]:
        """The groups of a user. Raises `NotFound`."""
        async for page in self._client.groups(equals("members.value", user_id)):
            yield page

    async def create_user(self, user: Mapping[str, Any]) -> Record:
        """CreateUser."""
        made = await self._client.create(Kind.USERS, user)
        return self._record(text(made.get("id")), made)

    async def patch_user(self, user_id: str, operations: Sequence[Mapping[str, Any]]) -> Record:
        """PatchUser, which answers with the user."""
        changed = await self._client.patch(Kind.USERS, user_id, operations)
        return self._record(user_id, changed or await self._client.get(Kind.USERS, user_id))

    async def aclose(self) -> None:
        """Close the connections."""
        self._probing.stop()
        await self._client.aclose()

    def _record(self, user_id: str, found: JsonObject) -> Record:
        return Record(kind=Kind.USERS, id=user_id, attributes=found, fetched_at=self._clock())
