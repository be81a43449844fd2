"""Any SCIM 2.0 server, through SCIM alone, which has no administration of tokens."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import httpx
from pydantic import SecretStr

from scim_tui.model.activity import Probe
from scim_tui.model.capabilities import YES, Capabilities, no
from scim_tui.model.checkup import Finding
from scim_tui.model.clock import Clock, utc_now
from scim_tui.model.directory import GroupRow, Kind, MembershipPage, Page, Record, Summary, UserRow
from scim_tui.model.discovery import Discovery
from scim_tui.model.errors import (
    NotAllowed,
    NotFound,
    Refused,
    Unsupported,
)
from scim_tui.model.json_object import JsonObject
from scim_tui.model.provisioning import ProvisioningState, ProvisioningStatus
from scim_tui.model.unknown_values import UNKNOWN, Count
from scim_tui.providers.no_administration import NoAdministration
from scim_tui.providers.probes import Probes
from scim_tui.providers.scim.filtered import Filtered
from scim_tui.providers.scim.lookups import groups_holding, listed_in, looked_up
from scim_tui.providers.scim.memberships import MembershipListing
from scim_tui.scim.client import DiscoveryCache, ScimClient
from scim_tui.scim.endpoints import is_identity_center
from scim_tui.scim.filters import equals
from scim_tui.scim.gather_all import gather_all
from scim_tui.scim.names import canonical
from scim_tui.scim.put_fallback import replaced
from scim_tui.scim.transport import ClientOptions
from scim_tui.scim.wire import group_row, text, user_row

_NO_PATCH = frozenset({405, 501})
"""Statuses that mean that nothing was done and that PATCH is not supported."""
_NO_COUNT = "Identity Center does not tell how many there are: list them."
_NO_SWITCH = "SCIM cannot switch provisioning: use the console of the provider."
_NO_TOKENS = "SCIM knows nothing of access tokens: use the console of the provider."
_NO_USE = "SCIM does not tell when a token was used: look at the log of the provider."
_NO_EVENTS = "SCIM does not tell what the IdP did: look at the log of the IdP or the provider."
CAPABILITIES = Capabilities(
    status=YES,
    enable=no(_NO_SWITCH),
    disable=no(_NO_SWITCH),
    list_tokens=no(_NO_TOKENS),
    create_token=no(_NO_TOKENS),
    delete_token=no(_NO_TOKENS),
    last_used=no(_NO_USE),
    events=no(_NO_EVENTS),
    count=YES,
    members=YES,
    push=YES,
    suspend_token=no(_NO_TOKENS),
)


class ScimProvider(NoAdministration):
    """A directory of which only the SCIM endpoint and a token for it are known."""

    kind = "scim"
    no_switch, no_tokens, no_events = _NO_SWITCH, _NO_TOKENS, _NO_EVENTS

    def __init__(
        self,
        endpoint: str,
        token: SecretStr | None,
        *,
        http: httpx.AsyncClient | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        options: ClientOptions | None = None,
        cursors: bool | None = None,
        memory: DiscoveryCache | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self._client = ScimClient(
            endpoint,
            token,
            http=http,
            via=transport,
            options=options,
            cursors=cursors,
            memory=memory,
            clock=clock,
        )
        self._hides_totals = is_identity_center(urlsplit(self._client.endpoint).hostname or "")
        self.capabilities = (
            replace(CAPABILITIES, count=no(_NO_COUNT)) if self._hides_totals else CAPABILITIES
        )
        self._clock = clock
        self._probes = Probes(self._client, clock)
        self._users = Filtered(self._list_users, self._has_filters, strict=self._hides_totals)
        self._groups = Filtered(self._list_groups, self._has_filters, strict=self._hides_totals)
        self._patches = True
        """Whether the server has PATCH, as far as is known."""

    @property
    def title(self) -> str:
        """The host of the server."""
        return f"SCIM / {self._client.host}"

    @property
    def waits(self) -> int:
        """How often the server answered 429."""
        return self._client.waits

    @property
    def clock_skew(self) -> timedelta | None:
        """How far the server's clock is ahead of ours; None: its answers do not say."""
        return self._client.clock_skew

    async def status(self) -> ProvisioningStatus:
        """Enabled when an authorised request was answered; otherwise it is not known."""
        probe = await self.probe()
        return ProvisioningStatus(
            state=ProvisioningState.ENABLED if probe.ok else ProvisioningState.UNKNOWN,
            scim_endpoint=self._client.endpoint,
        )

    async def probe(self) -> Probe:
        """Ask for one user, once: many servers answer ServiceProviderConfig without a token."""
        return await self._probes.probe()

    async def probe_with(self, secret: SecretStr, nonce: str) -> Probe:
        """Send one request with this secret and the nonce in the User-Agent."""
        return await self._probes.probe_with(secret, nonce)

    def checkup(self) -> AsyncIterator[Finding]:
        """Token, tenant, permissions, rate limits."""
        return self._client.checkup()

    async def summary(self) -> Summary:
        """The totals, if the server counts more than what it sends."""
        users, groups = await gather_all([self._total(Kind.USERS), self._total(Kind.GROUPS)])
        return Summary(users=users, groups=groups)

    async def discovery(self, *, fresh: bool = False) -> Discovery:
        """The discovery, read now or earlier."""
        return await self._client.discovery(fresh=fresh)

    def users(self, filter: str = "", resume: str = "") -> AsyncIterator[Page[UserRow]]:
        """All users, by cursor or index; a filter that the server lacks is applied here."""
        return self._users.pages(filter, resume)

    def groups(self, filter: str = "", resume: str = "") -> AsyncIterator[Page[GroupRow]]:
        """All groups, by cursor or index."""
        return self._groups.pages(filter, resume)

    async def record(self, kind: Kind, resource_id: str) -> Record:
        """One resource, as the server returns it now. Raises `NotFound`."""
        found = await self._client.get(kind, resource_id)
        return Record(kind=kind, id=resource_id, attributes=found, fetched_at=self._clock())

    async def members(self, group_id: str) -> AsyncIterator[Page[UserRow]]:
        """The members that the group lists; if it lists none, users filtered by `groups.value`."""
        group = await self._client.get(Kind.GROUPS, group_id)
        found = listed_in(self._client, group, Kind.USERS)
        if not (found.listed or found.left_out) and await self._users.heeds("groups.value"):
            pages = self._client.users(equals("groups.value", group_id))
        else:
            pages = looked_up(found, self._user)
        async for page in pages:
            yield page

    async def groups_of(self, user_id: str) -> AsyncIterator[Page[GroupRow]]:
        """The groups that the user lists, else by the filter `members.value`, else from all."""
        user = await self._client.get(Kind.USERS, user_id)
        found = listed_in(self._client, user, Kind.GROUPS)
        known, listed = self._client.known, found.listed
        if not listed and known and known.has(Kind.GROUPS) is False:
            raise self._no_groups()
        if not listed and await self._groups.heeds("members.value"):
            pages = self._client.groups(equals("members.value", user_id))
        elif not listed and "groups" not in canonical(user):
            pages = groups_holding(self._client, user_id)
        else:
            pages = looked_up(found, self._group)
        try:
            async for page in pages:
                yield page
        except NotFound as error:
            # The user was had from this server: only the collection of groups is missing.
            raise self._no_groups() from error

    def all_memberships(self, resume: str = "") -> AsyncIterator[MembershipPage]:
        """All memberships, from listings where those have them."""
        by_group = partial(self._users.heeds, "groups.value")
        return MembershipListing(self._client, by_group).pages(resume)

    async def create_user(self, user: Mapping[str, Any]) -> Record:
        """CreateUser."""
        made = await self._client.create(Kind.USERS, user)
        return self._record(text(canonical(made).get("id")), made)

    async def patch_user(self, user_id: str, operations: Sequence[Mapping[str, Any]]) -> Record:
        """PatchUser; where the answer has no user, it is read afterwards."""
        changed = await self._patched(user_id, operations)
        return self._record(user_id, changed or await self._client.get(Kind.USERS, user_id))

    async def _patched(self, user_id: str, operations: Sequence[Mapping[str, Any]]) -> JsonObject:
        """The changed user. A server without PATCH is sent the whole user (PUT)."""
        known = self._client.known
        if self._patches and not (known and known.patch is False):
            try:
                return await self._client.patch(Kind.USERS, user_id, operations)
            except Refused as error:
                if error.status not in _NO_PATCH:
                    raise
                self._patches = False
        user = replaced(await self._client.get(Kind.USERS, user_id), operations)
        return await self._client.put(Kind.USERS, user_id, user)

    def _list_users(self, filter: str, resume: str) -> AsyncIterator[Page[UserRow]]:
        return self._client.users(filter, resume=resume)

    async def _list_groups(self, filter: str, resume: str) -> AsyncIterator[Page[GroupRow]]:
        try:
            async for page in self._client.groups(filter, resume=resume):
                yield page
        except NotFound as error:
            if filter or resume or not await self._has_users_only():
                raise
            raise self._no_groups() from error

    async def _has_users_only(self) -> bool:
        """Whether a 404 is about groups; a wrong path or tenant has no users either."""
        known = self._client.known
        if known and known.has(Kind.GROUPS) is False:
            return True
        try:
            await self._client.sample(Kind.USERS, 1, once=True)
        except (Refused, NotAllowed):
            return False
        return True

    def _no_groups(self) -> Unsupported:
        return Unsupported(f"{self._client.host} has no groups: its SCIM server knows users only.")

    def _has_filters(self) -> bool | None:
        known = self._client.known
        return known.filter if known else None

    def _record(self, user_id: str, found: JsonObject) -> Record:
        return Record(kind=Kind.USERS, id=user_id, attributes=found, fetched_at=self._clock())

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def _total(self, kind: Kind) -> Count:
        """The total, unless the server only counts what it sends, as Identity Center does."""
        if self._hides_totals:
            return UNKNOWN
        try:
            held, total = await self._client.sample(kind, 2)
        except NotFound:
            return UNKNOWN
        if total is None:
            return UNKNOWN
        if total != held or held < 2:
            return total
        held, total = await self._client.sample(kind, 1)
        return total if total is not None and total > held else UNKNOWN

    async def _user(self, user_id: str, display: str) -> UserRow:
        """A member as a user row; if it cannot be read, only with what the group says about it."""
        try:
            found = user_row(await self._client.get(Kind.USERS, user_id))
        except NotFound:
            found = None
        return found or UserRow(user_id, "", display, "", "", "", "", None, "", "")

    async def _group(self, group_id: str, display: str) -> GroupRow:
        """A group as a row; if it cannot be read, only with what the user says about it."""
        try:
            found = group_row(await self._client.get(Kind.GROUPS, group_id))
        except NotFound:
            found = None
        return found or GroupRow(group_id, display, "", "", "")
