"""IAM Identity Center: SCIM with its token, and the AWS APIs as far as the account may use them.

AWS has no public API for access tokens, so a person makes and deletes them, guided by the program.
Every call to AWS needs its own permission; without it, only its feature is missing.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import httpx
from pydantic import SecretStr

from scim_tui.model.access import Assignment, AwsAccount, PermissionSet, PrincipalKind
from scim_tui.model.activity import EventPage, Probe, Traffic
from scim_tui.model.capabilities import YES, Capabilities, Capability, Support, no
from scim_tui.model.checkup import Finding
from scim_tui.model.clock import Clock, utc_now
from scim_tui.model.directory import GroupRow, Kind, Page, Record, RowT, Summary, UserRow
from scim_tui.model.errors import ScimTuiError
from scim_tui.model.origin import Stray
from scim_tui.model.own_agent import is_ours
from scim_tui.model.provisioning import (
    MAX_TOKENS,
    ProvisioningState,
    ProvisioningStatus,
)
from scim_tui.model.sent_request import SentRequest
from scim_tui.model.token_acts import KeyUse, TokenAct
from scim_tui.model.unknown_values import UNKNOWN
from scim_tui.providers.identity_center.access import AccessApi
from scim_tui.providers.identity_center.account import Account
from scim_tui.providers.identity_center.activity import DAY, TrailActivity
from scim_tui.providers.identity_center.inspection import Inspection
from scim_tui.providers.identity_center.permissions import Permissions
from scim_tui.providers.identity_center.places import console
from scim_tui.providers.identity_center.scim_side import ScimSide
from scim_tui.providers.identity_center.sign_ins import read_sign_ins
from scim_tui.providers.identity_center.store import IdentityStore
from scim_tui.providers.no_administration import NoAdministration
from scim_tui.providers.port import SignIns
from scim_tui.scim.transport import ClientOptions

_NO_SWITCH = "AWS has no public API to switch provisioning: use its console."
_BY_HAND = (
    "AWS has no public API for access tokens: a person makes and deletes them in its console."
)
_NO_USE = "AWS does not tell when a token was used; CloudTrail tells by key."
_NO_COUNT = "Identity Center does not tell how many there are: list them."
RECONCILING = (
    "https://docs.aws.amazon.com/singlesignon/latest/userguide/reconcile-auto-provisioning.html"
)
_GUIDED = Capability(Support.GUIDED, _BY_HAND)
CAPABILITIES = Capabilities(
    status=YES,
    enable=no(_NO_SWITCH),
    disable=no(_NO_SWITCH),
    list_tokens=_GUIDED,
    create_token=_GUIDED,
    delete_token=_GUIDED,
    last_used=no(_NO_USE),
    events=YES,
    sent_requests=YES,
    count=no(_NO_COUNT),
    members=YES,
    max_tokens=MAX_TOKENS,
    push=YES,
    access=YES,
    key_ids=True,
    reconciling=RECONCILING,
    every=20.0,
    limits={"read": 40.0, "write": 25.0},
)


class IdentityCenterProvider(NoAdministration):
    """One instance of Identity Center. Implements `port.SideChannel` and `ListsAccess`, too."""

    kind = "identity-center"
    no_switch, no_tokens = _NO_SWITCH, _BY_HAND

    def __init__(
        self,
        endpoint: str,
        token: SecretStr | None,
        account: Account,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        options: ClientOptions | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self._scim = ScimSide(endpoint, token, transport=transport, options=options, clock=clock)
        self._account, self._clock = account, clock
        self._may = Permissions(clock)
        self._store = IdentityStore(account, self._scim.tenant_id)
        self._trail = TrailActivity(
            account, self._scim.tenant_id, lambda: self._store.known_id, clock
        )
        self._access = AccessApi(account, self._store, self._may)
        self._inspection = Inspection(account, self._store, self._trail, self._may, clock)

    @property
    def title(self) -> str:
        """The product and its Region."""
        return f"AWS IAM Identity Center / {self._account.ref.region}"

    @property
    def capabilities(self) -> Capabilities:
        """The capabilities, without those that AWS has refused so far."""
        return replace(
            CAPABILITIES,
            events=self._may.capability("activity"),
            access=self._may.capability("access"),
            console=console(self._account.ref.region),
        )

    @property
    def waits(self) -> int:
        """How often the SCIM endpoint answered 429."""
        return self._scim.waits

    @property
    def clock_skew(self) -> timedelta | None:
        """How far the server's clock is ahead of ours; None: its answers do not say."""
        return self._scim.clock_skew

    async def status(self) -> ProvisioningStatus:
        """Enabled when an authorised request was answered; otherwise it is not known."""
        probe = await self._scim.probe()
        return ProvisioningStatus(
            state=ProvisioningState.ENABLED if probe.ok else ProvisioningState.UNKNOWN,
            scim_endpoint=self._scim.endpoint,
            tenant_id=self._scim.tenant_id,
        )

    async def checkup(self) -> AsyncIterator[Finding]:
        """Token, tenant, permissions and rate limits of SCIM; then the findings from AWS."""
        async for finding in self._scim.checkup():
            yield finding
        for finding in await self.notes():
            yield finding

    async def probe(self) -> Probe:
        """Ask for one user, once."""
        return await self._scim.probe()

    async def probe_with(self, secret: SecretStr, nonce: str) -> Probe:
        """Send one request with this secret and the nonce in the User-Agent."""
        return await self._scim.probe_with(secret, nonce)

    async def summary(self) -> Summary:
        """The counts of the last whole listing by the AWS API; before that they are not known."""
        sizes = self._store.sizes
        return Summary(users=sizes.get(Kind.USERS, UNKNOWN), groups=sizes.get(Kind.GROUPS, UNKNOWN))

    async def traffic(self, since: datetime) -> Traffic:
        """The requests of the IdP since then, as far back as CloudTrail was read."""
        with self._may.needs("activity"):
            return await self._trail.traffic(since)

    async def events(
        self,
        *,
        limit: int = 200,
        before: int | None = None,
        after: int | None = None,
        since: datetime | None = None,
        refused: bool = False,
    ) -> EventPage:
        """Records of CloudTrail, newest first."""
        with self._may.needs("activity"):
            return await self._trail.events(
                limit=limit, before=before, after=after, since=since, refused=refused
            )

    async def sent_request(self, request_id: str) -> SentRequest:
        """What CloudTrail shows of it, among the records that were read. Raises `NotFound`."""
        with self._may.needs("activity"):
            return await self._trail.sent_request(request_id)

    async def users(self, filter: str = "", resume: str = "") -> AsyncIterator[Page[UserRow]]:
        """All users, by cursor."""
        async for page in self._scim.users(filter, resume):
            self._store.remember(page.rows)
            yield page

    def groups(self, filter: str = "", resume: str = "") -> AsyncIterator[Page[GroupRow]]:
        """All groups, by cursor."""
        return self._scim.groups(filter, resume)

    async def record(self, kind: Kind, resource_id: str) -> Record:
        """One resource as SCIM returns it, with who made it from the AWS API."""
        found = await self._scim.get(kind, resource_id)
        beside: Mapping[str, Any] = {}
        try:
            with self._may.needs("origin"):
                beside = await self._store.beside(kind, resource_id)
        except ScimTuiError as error:
            beside = {"not known": error.message}
        return Record(
            kind=kind, id=resource_id, attributes=found, fetched_at=self._clock(), beside=beside
        )

    def members(self, group_id: str) -> AsyncIterator[Page[UserRow]]:
        """The members, from the API of the store; if that fails, by a SCIM filter."""
        return self._either(self._store.members(group_id), self._scim.members(group_id))

    def groups_of(self, user_id: str) -> AsyncIterator[Page[GroupRow]]:
        """The groups of a user, as `members`."""
        return self._either(self._store.groups_of(user_id), self._scim.groups_of(user_id))

    async def _either(
        self, first: AsyncIterator[Page[RowT]], second: AsyncIterator[Page[RowT]]
    ) -> AsyncIterator[Page[RowT]]:
        """The pages of the first, or of the second if the first fails before its first page."""
        started = False
        try:
            with self._may.needs("members"):
                async for page in first:
                    started = True
                    yield page
        except ScimTuiError:
            if started:
                raise
        else:
            return
        async for page in second:
            yield page

    async def create_user(self, user: Mapping[str, Any]) -> Record:
        """CreateUser, by SCIM."""
        return await self._scim.create_user(user)

    async def patch_user(self, user_id: str, operations: Sequence[Mapping[str, Any]]) -> Record:
        """PatchUser, by SCIM."""
        return await self._scim.patch_user(user_id, operations)

    async def notes(self) -> tuple[Finding, ...]:
        """Findings from the AWS APIs."""
        return await self._inspection.notes()

    async def token_acts(self) -> tuple[TokenAct, ...]:
        """Who made and deleted access tokens in the last 90 days."""
        with self._may.needs("activity"):
            return await self._trail.token_acts()

    async def key_uses(self) -> tuple[KeyUse, ...]:
        """Which other clients used which key, in the last day and further in what was read."""
        with self._may.needs("activity"):
            await self._trail.traffic(self._clock() - DAY)
        uses = self._trail.used_keys()
        return tuple(each for each in uses if not is_ours(each.agent))

    async def strays(self, kind: Kind) -> list[Stray]:
        """Users or groups that this tenant did not create."""
        with self._may.needs("origin"):
            return await self._store.strays(kind)

    def permission_sets(self) -> AsyncIterator[list[str]]:
        """The ARNs of all permission sets."""
        return self._access.permission_sets()

    async def permission_set(self, set_id: str) -> PermissionSet:
        """One permission set."""
        return await self._access.permission_set(set_id)

    def accounts_of(self, set_id: str) -> AsyncIterator[list[str]]:
        """The accounts that a set is provisioned to."""
        return self._access.accounts_of(set_id)

    def assignments(self, set_id: str, account_id: str) -> AsyncIterator[list[Assignment]]:
        """Who has this set in this account."""
        return self._access.assignments(set_id, account_id)

    def accounts(self) -> AsyncIterator[list[AwsAccount]]:
        """The accounts of the organization, with their names."""
        return self._access.accounts()

    async def principal_name(self, kind: PrincipalKind, principal_id: str) -> str | None:
        """The name of a principal in the identity store; None: it is gone."""
        return await self._access.principal_name(kind, principal_id)

    async def sign_ins(self) -> SignIns:
        """Who used the access portal in the last 90 days, as far as CloudTrail was read."""
        with self._may.needs("activity"):
            return await read_sign_ins(self._account, self._clock)

    async def aclose(self) -> None:
        """Close the connections to SCIM and to AWS."""
        self._inspection.stop()
        self._trail.stop()
        try:
            await self._scim.aclose()
        finally:
            await self._account.aclose()
