"""The port that every provider implements: the calls to the product that is administered."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol, runtime_checkable

from pydantic import SecretStr

from scim_tui.model.activity import EventGroups, EventPage, GroupBy, Probe, Traffic
from scim_tui.model.capabilities import Capabilities
from scim_tui.model.checkup import Finding
from scim_tui.model.directory import GroupRow, Kind, MembershipPage, Page, Record, Summary, UserRow
from scim_tui.model.discovery import Discovery
from scim_tui.model.origin import Stray
from scim_tui.model.provisioning import AccessToken, Enabled, NewToken, ProvisioningStatus
from scim_tui.model.sent_request import SentRequest
from scim_tui.model.token_acts import KeyUse, TokenAct


class Provider(Protocol):
    """A directory that takes provisioning, and its administration.

    Every call raises only `model.errors`. What `capabilities` denies raises `Unsupported` with
    the same reason. Values that the product does not tell are `Absent.UNKNOWN`.
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
        """Refuse a token until it is reinstated. Off already is success; `NotFound`."""
        ...

    async def reinstate_token(self, token_id: str) -> AccessToken:
        """Let a suspended token in again. On already is success; `NotFound`."""
        ...

    async def probe(self) -> Probe:
        """Look once whether the SCIM endpoint answers. Never raises `Unreachable`."""
        ...

    async def probe_with(self, secret: SecretStr, nonce: str) -> Probe:
        """Ask the SCIM endpoint once with this secret, under a User-Agent that carries the nonce.

        So that the log of the other side can tell it from the IdP's requests (`own_agent` in
        `scim.transport`). Never raises `Unreachable`; `UsageError` when the text is no
        secret, or when it is not known where the endpoint is.
        """
        ...

    def checkup(self) -> AsyncIterator[Finding]:
        """The checks of `doctor` on the server: token, tenant, permissions, rate limits.

        Only reads; what is refused is a finding. Nothing in a finding is secret.
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

        `resume` is the `next_cursor` of an earlier page; `Refused` when it is not taken any more.
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
        """Let go of connections."""
        ...


@runtime_checkable
class Discovering(Protocol):
    """A provider whose server has the discovery documents of SCIM."""

    async def discovery(self, *, fresh: bool = False) -> Discovery:
        """The discovery, as kept or read anew. Raises `Unreachable`."""
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
        """All memberships; `resume` is a `next_cursor`, `Refused` when it is not taken any more."""
        ...


@runtime_checkable
class SideChannel(Protocol):
    """A provider whose product has a second API that says more, such as the AWS API.

    A missing permission is a finding of its own; everything else works without this API.
    """

    async def notes(self) -> tuple[Finding, ...]:
        """Findings from the second API; a part that fails is a finding, and never raises."""
        ...

    async def token_acts(self) -> tuple[TokenAct, ...]:
        """Who made and deleted access tokens, oldest first. Raises `Unsupported`, `NotAllowed`."""
        ...

    async def key_uses(self) -> tuple[KeyUse, ...]:
        """Which other clients used which key lately. Raises `Unsupported`, `NotAllowed`."""
        ...

    async def strays(self, kind: Kind) -> list[Stray]:
        """Users or groups that the tenant did not make. Raises `Unsupported`, `NotAllowed`."""
        ...
