"""A SCIM 2.0 client (RFC 7644) for listings of any size and for single resources."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
from pydantic import SecretStr

from scim_tui.model.checkup import Finding
from scim_tui.model.directory import GroupRow, Kind, Page, RowT, UserRow
from scim_tui.model.errors import NotAllowed, Refused
from scim_tui.scim.checkup import checkup
from scim_tui.scim.endpoints import is_identity_center, one_of
from scim_tui.scim.limits import Pace, RateLimiter
from scim_tui.scim.names import canonical
from scim_tui.scim.paging import BY_INDEX, FIRST, Pages, Place, read_place
from scim_tui.scim.transport import Manners, Transport
from scim_tui.scim.wire import (
    JsonObject,
    Received,
    read_groups,
    read_object,
    read_users,
    switch,
    values,
)

PAGE = 100
"""Resources asked for in a page; Identity Center gives no more."""
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
_READS, _WRITES = 40, 25
"""Requests a second that Identity Center allows."""
_LARGE = 256 * 1024
"""Bytes from which a page is read in a thread, so that nobody waits for it."""


class ScimClient:
    """One SCIM endpoint and the token for it. Raises only `model.errors`.

    `cursors` says whether to start listings with a cursor; None finds out: the dialect of the
    host, then the ServiceProviderConfig, then a try, since Identity Center does not announce it.
    """

    def __init__(
        self,
        endpoint: str,
        token: SecretStr | None,
        *,
        http: httpx.AsyncClient | None = None,
        via: httpx.AsyncBaseTransport | None = None,
        manners: Manners | None = None,
        cursors: bool | None = None,
    ) -> None:
        self._transport = Transport(endpoint, token, http=http, via=via, manners=manners)
        self.endpoint = self._transport.endpoint
        self.host = self._transport.host
        self._cursors = cursors
        if is_identity_center(urlsplit(self.endpoint).hostname or ""):
            self._cursors = True if cursors is None else cursors
            if self._transport.pace == Pace():
                self._transport.pace = _published_pace()

    def users(
        self, filter: str = "", *, resume: str = "", count: int = PAGE
    ) -> AsyncIterator[Page[UserRow]]:
        """All users that match, page by page; `resume` is the `next_cursor` of an earlier page."""
        return self._listing(Kind.USERS, read_users, filter, resume, count)

    def groups(
        self, filter: str = "", *, resume: str = "", count: int = PAGE
    ) -> AsyncIterator[Page[GroupRow]]:
        """All groups that match, page by page."""
        return self._listing(Kind.GROUPS, read_groups, filter, resume, count)

    async def sample(self, kind: Kind, count: int, *, once: bool = False) -> tuple[int, int | None]:
        """How many resources a single page of this size holds, and the total it tells."""
        answer = await self._transport.send("GET", f"/{kind}", f"count={count}", once=once)
        read: Callable[..., Received[UserRow] | Received[GroupRow]] = (
            read_users if kind is Kind.USERS else read_groups
        )
        received = read(answer.body, f"GET /{kind}")
        return received.items, received.total

    async def get(self, kind: Kind, resource_id: str) -> JsonObject:
        """One resource. Raises `NotFound`."""
        return await self._object("GET", one_of(kind, resource_id))

    async def create(self, kind: Kind, resource: Mapping[str, Any]) -> JsonObject:
        """Make a resource, and return it as the server made it. Raises `Conflict`."""
        return await self._object("POST", f"/{kind}", resource)

    async def put(self, kind: Kind, resource_id: str, resource: Mapping[str, Any]) -> JsonObject:
        """Replace a resource, and return it as it is then. Raises `NotFound`, `Conflict`."""
        return await self._object("PUT", one_of(kind, resource_id), resource)

    async def patch(
        self, kind: Kind, resource_id: str, operations: Sequence[Mapping[str, Any]]
    ) -> JsonObject:
        """Change a resource; what it is then, or an empty object if the server does not tell."""
        body = {"schemas": [PATCH_OP], "Operations": list(operations)}
        return await self._object("PATCH", one_of(kind, resource_id), body)

    async def delete(self, kind: Kind, resource_id: str) -> None:
        """Delete a resource. Raises `NotFound`."""
        await self._transport.send("DELETE", one_of(kind, resource_id))

    async def service_provider_config(self) -> JsonObject:
        """What the server says it can do."""
        return await self._object("GET", "/ServiceProviderConfig")

    async def try_secret(self, secret: SecretStr, agent: str) -> None:
        """Ask once with another secret, under another name. Raises what `model.errors` has for it.

        Where the configuration is told to strangers too (RFC 7644 section 4 allows it), one user
        is asked for as well: only that needs the secret.
        """
        other = self._transport.lent(secret, agent)
        await other.send("GET", "/ServiceProviderConfig", once=True)
        try:
            await other.send("GET", "/ServiceProviderConfig", once=True, anonymous=True)
        except (Refused, NotAllowed):
            return
        await other.send("GET", "/Users", "count=1", once=True)

    async def schemas(self) -> list[JsonObject]:
        """The schemas the server knows."""
        return _resources(await self._object("GET", "/Schemas"))

    async def resource_types(self) -> list[JsonObject]:
        """The resource types the server has."""
        return _resources(await self._object("GET", "/ResourceTypes"))

    @property
    def waits(self) -> int:
        """How often the server asked for patience (429)."""
        return self._transport.waits

    def checkup(self) -> AsyncIterator[Finding]:
        """What the server lets the token do, and says of itself; only reads."""
        return checkup(self._transport)

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self._transport.aclose()

    async def _object(self, method: str, path: str, body: object = None) -> JsonObject:
        answer = await self._transport.send(method, path, body=body)
        return read_object(answer.body, f"{method} {path}") if answer.body.strip() else {}

    async def _listing(
        self,
        kind: Kind,
        read: Callable[[bytes, str], Received[RowT]],
        filter: str,
        resume: str,
        count: int,
    ) -> AsyncIterator[Page[RowT]]:
        asked = f"GET /{kind}"
        wanted = quote(filter, safe="", errors="replace")
        more = f"&count={count}" + (f"&filter={wanted}" if wanted else "")

        async def fetch(place: Place) -> Received[RowT]:
            answer = await self._transport.send("GET", f"/{kind}", place.query() + more)
            if len(answer.body) > _LARGE:
                return await asyncio.to_thread(read, answer.body, asked)
            return read(answer.body, asked)

        pages = Pages(fetch, read_place(resume) if resume else await self._first(), asked, count)
        async for page in pages.read():
            if pages.by_index and not resume:
                self._cursors = False
            yield page

    async def _first(self) -> Place:
        """Where a listing starts with this server."""
        if self._cursors is None:
            self._cursors = await self._may_have_cursors()
        return FIRST if self._cursors else BY_INDEX

    async def _may_have_cursors(self) -> bool:
        """Whether the server has cursors, or does not say."""
        try:
            config = await self.service_provider_config()
        except (Refused, NotAllowed):
            return True
        offered = values(config, "pagination")
        return not offered or switch(offered[0].get("cursor")) is True


def _published_pace() -> Pace:
    """What Identity Center publishes, evenly: no burst that it could refuse."""
    return Pace(RateLimiter(_READS, burst=1), RateLimiter(_WRITES, burst=1))


def _resources(page: Mapping[str, Any]) -> list[JsonObject]:
    found = canonical(page).get("Resources")
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
