"""A SCIM 2.0 client (RFC 7644) for listings of any size and for single resources."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

import httpx
from pydantic import SecretStr

from scim_tui.model.checkup import Finding
from scim_tui.model.clock import Clock, utc_now
from scim_tui.model.directory import GroupRow, Kind, Page, RowT, UserRow
from scim_tui.model.discovery import Discovery
from scim_tui.model.errors import NotAllowed, NotFound, Refused, Unreadable
from scim_tui.model.json_object import JsonObject
from scim_tui.scim.checkup import Server, checkup
from scim_tui.scim.discovery import check_endpoints, discover
from scim_tui.scim.endpoints import is_identity_center, one_of
from scim_tui.scim.error_words import is_error
from scim_tui.scim.failures import HttpAnswer, refused_in
from scim_tui.scim.limits import RateLimiter, RequestPace
from scim_tui.scim.names import canonical
from scim_tui.scim.paging import BY_INDEX, FIRST, PagedListing, PageStart, read_place
from scim_tui.scim.references import read_address
from scim_tui.scim.transport import ClientOptions, Transport
from scim_tui.scim.wire import (
    Received,
    read_groups,
    read_object,
    read_users,
    text,
)

PAGE = 100
"""Resources asked for in a page; Identity Center gives no more."""
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
_READS, _WRITES = 40, 25
"""Requests a second that Identity Center allows."""
_LARGE = 256 * 1024
"""Bytes from which a page is read in a thread, so that the event loop is not blocked."""
_BUSY = (429, 502, 503, 504)
"""Statuses that do not show whether a path exists."""
DISCOVERY_AGE = timedelta(days=1)
"""Time after which the discovery is read again."""


class DiscoveryCache(Protocol):
    """Where the discovery of a server is kept from one run to the next."""

    def recall(self) -> Discovery | None:
        """What was kept; None: nothing."""
        ...

    def keep(self, found: Discovery) -> None:
        """Keep this."""
        ...


class ScimClient:
    """One SCIM endpoint and the token for it. Raises only `model.errors`.

    `cursors` says whether listings start with a cursor. With None the host decides (Identity Center
    supports cursors without announcing them), then the ServiceProviderConfig, then a trial.
    """

    def __init__(
        self,
        endpoint: str,
        token: SecretStr | None,
        *,
        http: httpx.AsyncClient | None = None,
        via: httpx.AsyncBaseTransport | None = None,
        options: ClientOptions | None = None,
        cursors: bool | None = None,
        memory: DiscoveryCache | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self._transport = Transport(endpoint, token, http=http, via=via, options=options)
        self.endpoint = self._transport.endpoint
        self.host = self._transport.host
        self._cursors, self._clock, self._memory = cursors, clock, memory
        self._known: Discovery | None = None
        self._largest, self._counts_all = PAGE, False
        """The page that the server takes, and whether its totals count more than a page."""
        self._asking = asyncio.Lock()
        if is_identity_center(urlsplit(self.endpoint).hostname or ""):
            self._cursors = True if cursors is None else cursors
            if self._transport.pace == RequestPace():
                self._transport.pace = _published_pace()
        self._discovers = self._cursors is None
        """Whether discovery comes before the first other request."""

    def users(
        self, filter: str = "", *, resume: str = "", count: int = PAGE
    ) -> AsyncIterator[Page[UserRow]]:
        """All users that match, page by page; `resume` is the `next_cursor` of an earlier page."""
        return self.listing(Kind.USERS, read_users, filter, resume, count)

    def groups(
        self, filter: str = "", *, resume: str = "", count: int = PAGE
    ) -> AsyncIterator[Page[GroupRow]]:
        """All groups that match, page by page."""
        return self.listing(Kind.GROUPS, read_groups, filter, resume, count)

    async def sample(self, kind: Kind, count: int, *, once: bool = False) -> tuple[int, int | None]:
        """How many resources one page of this size holds, and its totalResults."""
        answer = await self._sampled(kind, count, once=once)
        read: Callable[..., Received[UserRow] | Received[GroupRow]] = (
            read_users if kind is Kind.USERS else read_groups
        )
        received = read(answer.body, f"GET /{kind}")
        return received.items, received.total

    async def _sampled(self, kind: Kind, count: int, *, once: bool) -> HttpAnswer:
        """One page; if the usual path has no collection, the discovery is asked for another one."""
        known = self.known
        usual = known.endpoint(kind) if known else f"/{kind}"
        try:
            return await self._transport.send("GET", usual, _from_start(count), once=once)
        except NotFound:
            if known or not self._discovers or (path := await self._path(kind)) == usual:
                raise
        return await self._transport.send("GET", path, _from_start(count), once=once)

    async def get(self, kind: Kind, resource_id: str) -> JsonObject:
        """One resource. Raises `NotFound`."""
        return await self._object("GET", await self._one(kind, resource_id))

    async def create(self, kind: Kind, resource: Mapping[str, Any]) -> JsonObject:
        """Make a resource, and return it as the server made it. Raises `Conflict`."""
        return await self._object("POST", await self._path(kind), resource)

    async def put(self, kind: Kind, resource_id: str, resource: Mapping[str, Any]) -> JsonObject:
        """Replace a resource, and return it as it is then. Raises `NotFound`, `Conflict`."""
        return await self._object("PUT", await self._one(kind, resource_id), resource)

    async def patch(
        self, kind: Kind, resource_id: str, operations: Sequence[Mapping[str, Any]]
    ) -> JsonObject:
        """Change a resource; the resource afterwards, or an empty object after 204."""
        body = {"schemas": [PATCH_OP], "Operations": list(operations)}
        return await self._object("PATCH", await self._one(kind, resource_id), body)

    async def delete(self, kind: Kind, resource_id: str) -> None:
        """Delete a resource. Raises `NotFound`."""
        await self._transport.send("DELETE", await self._one(kind, resource_id))

    @property
    def known(self) -> Discovery | None:
        """The discovery that is in memory or was kept, if it is not too old."""
        if self._known is None and self._memory is not None:
            self._known = self._memory.recall()
        if self._known and self._clock() - self._known.read_at >= DISCOVERY_AGE:
            self._known = None
        return self._known

    async def discovery(self, *, fresh: bool = False) -> Discovery:
        """The discovery: read once, then kept. Raises `Unreachable`."""
        async with self._asking:
            found = None if fresh else self.known
            if found is None:
                answered = await discover(self._document, self._clock(), self.endpoint)
                found = await check_endpoints(answered, self._why_not)
                self._known = found
                if self._memory is not None and "ServiceProviderConfig" not in found.untold:
                    self._memory.keep(found)
            return found

    async def try_secret(self, secret: SecretStr, agent: str) -> None:
        """Send one request with another secret and User-Agent. Raises `model.errors`.

        Where ServiceProviderConfig is served without a token (RFC 7644 section 4 allows it), one
        user is requested as well: only that needs the secret.
        """
        other = self._transport.with_secret(secret, agent)
        await other.send("GET", "/ServiceProviderConfig", once=True)
        try:
            await other.send("GET", "/ServiceProviderConfig", once=True, anonymous=True)
        except (Refused, NotAllowed):
            return
        users = self.known.endpoint(Kind.USERS) if self.known else "/Users"
        await other.send("GET", users, "count=1", once=True)

    @property
    def waits(self) -> int:
        """How often the server answered 429."""
        return self._transport.waits

    @property
    def clock_skew(self) -> timedelta | None:
        """How far the server's clock is ahead of ours; None: its answers do not say."""
        return self._transport.clock_skew

    async def checkup(self) -> AsyncIterator[Finding]:
        """Check what the token may do and what the server supports; only reads."""
        users, groups = await self._path(Kind.USERS), await self._path(Kind.GROUPS)
        async for finding in checkup(Server(self._transport, users, groups)):
            yield finding

    async def aclose(self) -> None:
        """Close the connections."""
        await self._transport.aclose()

    async def _document(self, path: str) -> JsonObject:
        return await self._object("GET", path)

    async def _why_not(self, path: str) -> str:
        """The answer of a path that has no collection; empty: it has one, or may have one."""
        try:
            answer = await self._transport.send("GET", path, _from_start(1), once=True)
            read_groups(answer.body, f"GET {path}")
        except Unreadable as error:
            return error.message
        except Refused as error:
            return "" if error.status in _BUSY else str(error.status)
        except NotAllowed as error:
            return str(error.status)
        return ""

    async def _path(self, kind: Kind) -> str:
        """Where the collection is."""
        known = await self.discovery() if self._discovers else self._known
        return known.endpoint(kind) if known else f"/{kind}"

    async def _one(self, kind: Kind, resource_id: str) -> str:
        """Where one resource is. Raises `NotFound` for an id that no resource can have."""
        return one_of((await self._path(kind)).lstrip("/"), resource_id)

    async def _object(self, method: str, path: str, body: object = None) -> JsonObject:
        answer = await self._transport.send(method, path, body=body)
        found = read_object(answer.body, f"{method} {path}") if answer.body.strip() else {}
        if is_error(found):
            raise refused_in(answer, found, f"{method} {path}")
        if method == "POST" and not text(canonical(found).get("id")):
            collection, made = read_address(answer.headers.get("location", ""))
            if collection.lower() == path.rpartition("/")[2].lower():
                return {**found, "id": made}
        return found

    async def listing(
        self,
        kind: Kind,
        read: Callable[[bytes, str], Received[RowT]],
        filter: str = "",
        resume: str = "",
        count: int = PAGE,
    ) -> AsyncIterator[Page[RowT]]:
        """A collection, page by page, each read by `read`, off the loop where it is large."""
        path = await self._path(kind)
        asked = f"GET {path}"
        wanted = f"&filter={quote(filter, safe='', errors='replace')}" if filter else ""

        async def fetch(place: PageStart, count: int) -> Received[RowT]:
            query = f"{place.query()}&count={count}{wanted}"
            answer = await self._transport.send("GET", path, query)
            if len(answer.body) > _LARGE:
                return await asyncio.to_thread(read, answer.body, asked)
            return read(answer.body, asked)

        pages = PagedListing(
            fetch,
            read_place(resume) if resume else await self._first(),
            asked,
            self._at_most(count),
            filtered=bool(filter),
            counts_all=self._counts_all,
        )
        async for page in pages.read():
            if pages.by_index and not resume:
                self._cursors = False
            self._counts_all = self._counts_all or pages.counts_all
            if pages.count < count:
                self._largest = min(self._largest, pages.count)
            yield page

    def _at_most(self, count: int) -> int:
        """The page size that the server accepts, by its discovery or its refusals."""
        known = self.known if self._discovers else None
        page = (known and known.largest_page) or count
        return min(count, page, (known and known.most_results) or count, self._largest)

    async def _first(self) -> PageStart:
        """Where a listing starts with this server."""
        if self._cursors is None:
            self._cursors = (await self.discovery()).cursor is not False
        return FIRST if self._cursors else BY_INDEX


def _from_start(count: int) -> str:
    """The parameters of one page from the start; some servers answer nothing to a count alone."""
    return f"{BY_INDEX.query()}&count={count}"


def _published_pace() -> RequestPace:
    """The published rates of Identity Center, without bursts, which it could refuse."""
    return RequestPace(RateLimiter(_READS, burst=1), RateLimiter(_WRITES, burst=1))
