"""The interface that every provider implements: the calls to the administered product."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol, runtime_checkable

from pydantic import SecretStr

from scim_tui.model.access import Assignment, AwsAccount, PermissionSet, PrincipalKind
from scim_tui.model.activity import EventGroups, EventPage, GroupBy, Probe, Traffic
from scim_tui.model.capabilities import Capabilities
from scim_tui.model.checkup import Finding
from scim_tui.model.directory import GroupRow, Kind, MembershipPage, Page, Record, Summary, UserRow
from scim_tui.model.discovery import Discovery
from scim_tui.model.history import History
from scim_tui.model.origin import Stray
from scim_tui.model.provisioning import AccessToken, Enabled, NewToken, ProvisioningStatus
from scim_tui.model.sent_request import SentRequest
from scim_tui.model.token_acts import KeyUse, TokenAct


class Provider(Protocol):
    """A directory that is provisioned by SCIM, and its administration.

    Every call raises only `model.errors`. What `capabilities` says no to raises `Unsupported` with
    the same reason. Values that the product does not report are `Absent.UNKNOWN`.
    """

    @property
    def kind(self) -> str:
        """Name used in the config file: service, scim, ..."""
        ...

    @property
    def title(self) -> str:
        """Name for people, such as "embedded service / 127.0.0.1:8765"."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What can be done here; no network."""
        ...

    @property
    def waits(self) -> int:
        """How often the server answered 429 and we waited."""
        ...

    @property
    def clock_skew(self) -> timedelta | None:
        """How far the server's clock is ahead of ours; None: its answers do not say."""
        ...

    async def status(self) -> ProvisioningStatus:
        """Whether provisioning is on, and where its endpoint is."""
        ...

    async def enable(self) -> Enabled:
        """Switch provisioning on. Already on is success, without a new token."""
        ...

    async def disable(self) -> ProvisioningStatus:
        """Switch provisioning off. `Conflict` while a token exists; users and groups stay."""
        ...

    async def tokens(self) -> list[AccessToken]:
        """The access tokens, oldest first, without their secrets."""
        ...

    async def create_token(self) -> NewToken:
        """Make a token. `Conflict` when the most tokens allowed exist, or provisioning is off."""
        ...

    async def delete_token(self, token_id: str) -> None:
        """Delete a token at once. `NotFound` when there is none with that id."""
        ...

    async def suspend_token(self, token_id: str) -> AccessToken:
        """Refuse a token until it is reinstated; it may be suspended already. `NotFound`."""
        ...

    async def reinstate_token(self, token_id: str) -> AccessToken:
        """Accept a suspended token again; it may be on already. `NotFound`."""
        ...

    async def probe(self) -> Probe:
        """Send one request to the SCIM endpoint. Never raises `Unreachable`."""
        ...

    async def probe_with(self, secret: SecretStr, nonce: str) -> Probe:
        """Send one request to the SCIM endpoint with this secret and the nonce in the User-Agent.

        By the nonce it can be distinguished from the IdP's requests in the log (`own_agent` in
        `scim.transport`). Never raises `Unreachable`; raises `UsageError` when the text cannot be a
        secret, or the endpoint is not known.
        """
        ...

    def checkup(self) -> AsyncIterator[Finding]:
        """The checks of `doctor` on the server: token, tenant, permissions, rate limits.

        They only read; a refusal becomes a finding. No finding contains a secret.
        """
        ...

    async def summary(self) -> Summary:
        """How much the directory holds, as far as that costs few requests."""
        ...

    async def traffic(self, since: datetime) -> Traffic:
        """What the IdP did since then, counted."""
        ...

    async def events(
        self,
        *,
        limit: int = 200,
        before: int | None = None,
        after: int | None = None,
        since: datetime | None = None,
        refused: bool = False,
    ) -> EventPage:
        """Events newest first, older than id `before`, newer than id `after`."""
        ...

    async def sent_request(self, request_id: str) -> SentRequest:
        """What a refused request carried. `NotFound` when nothing is kept of it."""
        ...

    def users(self, filter: str = "", resume: str = "") -> AsyncIterator[Page[UserRow]]:
        """All users, page by page; `filter` is a SCIM filter (RFC 7644 3.4.2.2).

        `resume` is the `next_cursor` of an earlier page; `Refused` when it has expired.
        """
        ...

    def groups(self, filter: str = "", resume: str = "") -> AsyncIterator[Page[GroupRow]]:
        """All groups, page by page."""
        ...

    async def record(self, kind: Kind, resource_id: str) -> Record:
        """One resource, fresh from the server."""
        ...

    def members(self, group_id: str) -> AsyncIterator[Page[UserRow]]:
        """The members of a group, page by page."""
        ...

    def groups_of(self, user_id: str) -> AsyncIterator[Page[GroupRow]]:
        """The groups a user is in, page by page."""
        ...

    async def create_user(self, user: Mapping[str, Any]) -> Record:
        """Make a user of SCIM JSON, as CreateUser does. `Conflict`, `Refused`."""
        ...

    async def patch_user(self, user_id: str, operations: Sequence[Mapping[str, Any]]) -> Record:
        """Change a user by SCIM operations, as PatchUser does. `NotFound`, `Conflict`."""
        ...

    async def aclose(self) -> None:
        """Close the connections."""
        ...


@runtime_checkable
class Discovering(Protocol):
    """A provider whose server has the SCIM discovery documents."""

    async def discovery(self, *, fresh: bool = False) -> Discovery:
        """The discovery, from the cache or, with `fresh`, from the server. Raises `Unreachable`."""
        ...


@runtime_checkable
class KeepsHistory(Protocol):
    """A provider whose log goes back for weeks and is quick to read."""

    async def history(self, since: datetime) -> History:
        """What the log says since then, by minute, day and rule."""
        ...


@runtime_checkable
class SearchesEvents(Protocol):
    """A provider that searches its events itself; for the others `core.activity` does."""

    async def search_events(
        self, search: str, *, limit: int = 200, before: int | None = None
    ) -> EventPage:
        """The newest events that match (`model.event_search`), older than id `before`.

        A page may be short; its `older` says where to go on. Raises `UsageError`, `Refused`.
        """
        ...

    async def group_events(self, search: str, by: GroupBy, limit: int = 200) -> EventGroups:
        """What matches by person, the newest first, or by cause, the most frequent first."""
        ...


@runtime_checkable
class ListsMemberships(Protocol):
    """A provider that lists all memberships without a request for each group."""

    def all_memberships(self, resume: str = "") -> AsyncIterator[MembershipPage]:
        """All memberships; `resume` is a `next_cursor`, `Refused` when it has expired."""
        ...


@runtime_checkable
class SideChannel(Protocol):
    """A provider whose product has a second API with more data, such as the AWS API.

    A missing permission is a finding of its own; everything else works without this API.
    """

    async def notes(self) -> tuple[Finding, ...]:
        """Findings from the second API; a part that fails is a finding, and never raises."""
        ...

    async def token_acts(self) -> tuple[TokenAct, ...]:
        """Token creations and deletions, oldest first. Raises `Unsupported`, `NotAllowed`."""
        ...

    async def key_uses(self) -> tuple[KeyUse, ...]:
        """Which other clients recently used which key. Raises `Unsupported`, `NotAllowed`."""
        ...

    async def strays(self, kind: Kind) -> list[Stray]:
        """Users or groups that the tenant did not create. Raises `Unsupported`, `NotAllowed`."""
        ...


@runtime_checkable
class ListsAccess(Protocol):
    """A provider whose product gives users and groups permission sets in AWS accounts.

    Whether it can be used says `Capabilities.access`. All calls only read.
    """

    def permission_sets(self) -> AsyncIterator[list[str]]:
        """The ids of all permission sets, page by page."""
        ...

    async def permission_set(self, set_id: str) -> PermissionSet:
        """One permission set. `NotFound`."""
        ...

    def accounts_of(self, set_id: str) -> AsyncIterator[list[str]]:
        """The ids of the accounts that a set is provisioned to, page by page."""
        ...

    def assignments(self, set_id: str, account_id: str) -> AsyncIterator[list[Assignment]]:
        """Who has this set in this account, page by page."""
        ...

    def accounts(self) -> AsyncIterator[list[AwsAccount]]:
        """All accounts with their names, page by page; an API and a permission of its own."""
        ...

    async def principal_name(self, kind: PrincipalKind, principal_id: str) -> str | None:
        """The userName or displayName of a principal; None: it does not exist any more."""
        ...


class SignIns(NamedTuple):
    """Who signed in, as far back as a log was read."""

    newest: Mapping[str, datetime]
    """The newest sign-in by user id."""
    since: datetime
    """Everything since then was read; before it nothing is known."""


@runtime_checkable
class TracesSignIns(Protocol):
    """A provider whose product keeps a log of who used the access portal."""

    async def sign_ins(self) -> SignIns:
        """The newest use of the access portal by each person. Raises `NotAllowed`."""
        ...
