"""A directory in this process that obeys every rule of the port, for tests and screenshots.

It fails, waits and tells the time as it is told to.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from datetime import datetime, timedelta

from pydantic import SecretStr

from scim_tui.model.activity import Event, EventPage, Probe, Traffic
from scim_tui.model.capabilities import YES, Capabilities
from scim_tui.model.checkup import Finding, Verdict
from scim_tui.model.directory import GroupRow, Kind, Page, Record, RowT, Summary, UserRow
from scim_tui.model.errors import Conflict, NotFound, ScimTuiError
from scim_tui.model.history import History
from scim_tui.model.json_object import JsonObject
from scim_tui.model.provisioning import (
    MAX_TOKENS,
    AccessToken,
    Enabled,
    ProvisioningState,
    ProvisioningStatus,
)
from scim_tui.model.sent_request import SentRequest
from scim_tui.model.unknown_values import NEVER
from scim_tui.providers.event_counts import count_events, history_of
from scim_tui.scim.filters import matches
from scim_tui.scim.wire import group_row, user_row
from tests.fakes.memory_pushes import MemoryPushes
from tests.fakes.memory_tokens import MemoryTokens
from tests.fakes.sample import START, Sample, make_sample

ENDPOINT = "https://scim.example.com/tenant-1/scim/v2"
TENANT = "tenant-1"
ALL_YES = Capabilities(
    status=YES,
    enable=YES,
    disable=YES,
    list_tokens=YES,
    create_token=YES,
    delete_token=YES,
    last_used=YES,
    events=YES,
    count=YES,
    members=YES,
    max_tokens=MAX_TOKENS,
    push=YES,
    suspend_token=YES,
    sent_requests=YES,
)


class MemoryProvider(MemoryTokens, MemoryPushes):
    """A provider whose whole state is in its attributes, free to be changed by a test."""

    kind = "memory"

    def __init__(
        self,
        *,
        users: Iterable[JsonObject] = (),
        groups: Iterable[JsonObject] = (),
        memberships: Iterable[tuple[str, str]] = (),
        tokens: Iterable[AccessToken] = (),
        events: Iterable[Event] = (),
        enabled: bool = True,
        clock: Callable[[], datetime] = lambda: START,
        capabilities: Capabilities = ALL_YES,
        title: str = "memory",
        page_size: int = 100,
    ) -> None:
        super().__init__(tokens, events, clock)
        self.title = title
        self.capabilities = capabilities
        self.resources: dict[Kind, dict[str, JsonObject]] = {
            Kind.USERS: {user["id"]: user for user in users},
            Kind.GROUPS: {group["id"]: group for group in groups},
        }
        self.memberships = list(memberships)
        """(group id, user id), in the order they were made."""
        self.enabled_at = clock() if enabled else None
        self.page_size = page_size
        self.delay: asyncio.Event | None = None
        """When set, every call waits for it."""
        self.down: ScimTuiError | None = None
        """When set, every call fails with it; the probe tells it."""
        self.calls: list[str] = []
        """Names of the operations asked for, oldest first."""
        self.closed = False
        self.sent: dict[str, SentRequest] = {}
        """What refused requests carried, by request id."""
        self.clock_skew: timedelta | None = timedelta()
        """How far its clock is ahead of ours; None: it sends no date."""
        self.waits = 0
        """How often patience was asked for (429)."""
        self._failures: list[tuple[str, ScimTuiError]] = []

    @classmethod
    def sample(
        cls,
        *,
        users: int = 40,
        groups: int = 6,
        seed: int = 1,
        clock: Callable[[], datetime] = lambda: START,
    ) -> "MemoryProvider":
        """A directory with plausible people, two tokens and a day of requests; same seed, same."""
        made: Sample = make_sample(users, groups, seed, clock())
        return cls(
            users=made.users,
            groups=made.groups,
            memberships=made.memberships,
            tokens=made.tokens,
            events=made.events,
            clock=clock,
        )

    def fail_next(self, error: ScimTuiError, operation: str = "") -> None:
        """Let the next call, or the next call of this operation, fail with this error."""
        self._failures.append((operation, error))

    async def status(self) -> ProvisioningStatus:
        """Whether provisioning is on."""
        await self._enter("status")
        return self._status()

    async def enable(self) -> Enabled:
        """Switch on and make a first token if there is none."""
        await self._enter("enable")
        if self.enabled_at is not None:
            return Enabled(status=self._status())
        self.enabled_at = self.clock()
        return Enabled(status=self._status(), first_token=self._new_token())

    async def disable(self) -> ProvisioningStatus:
        """Switch off. Raises `Conflict` while a token exists."""
        await self._enter("disable")
        if self.access_tokens:
            raise Conflict(
                f"Provisioning cannot be disabled while {len(self.access_tokens)} tokens exist.",
                "Delete the access tokens first.",
                status=409,
            )
        self.enabled_at = None
        return self._status()

    async def probe(self) -> Probe:
        """Whether the endpoint answers; `down` and `fail_next` are told, not raised."""
        try:
            await self._enter("probe")
        except ScimTuiError as error:
            status = getattr(error, "status", None)
            return Probe(at=self.clock(), ok=False, status=status, message=error.message)
        return Probe(at=self.clock(), ok=True, status=200, duration_ms=12.0)

    async def probe_with(self, secret: SecretStr, nonce: str) -> Probe:
        """Whether this secret is let in; it leaves an event, and moves the token's last use."""
        try:
            await self._enter("probe_with")
        except ScimTuiError as error:
            return Probe(at=self.clock(), ok=False, message=error.message)
        client = f"scim-tui/memory (rotation; nonce {nonce})"
        status = self.push(secret, "ServiceProviderConfig", client=client)
        message = "" if status == 200 else "The token is not accepted."
        return Probe(at=self.clock(), ok=not message, status=status, message=message)

    async def checkup(self) -> AsyncIterator[Finding]:
        """One finding that says it all."""
        await self._enter("checkup")
        yield Finding("Token", Verdict.NONE, "none is needed in this process")

    async def summary(self) -> Summary:
        """How much there is."""
        await self._enter("summary")
        people = self.resources[Kind.USERS].values()
        return Summary(
            users=len(people),
            active_users=sum(1 for user in people if user.get("active") is True),
            groups=len(self.resources[Kind.GROUPS]),
            memberships=len(self.memberships),
            last_write_at=count_events(self.log, START, self.clock()).last_write_at,
        )

    async def traffic(self, since: datetime) -> Traffic:
        """The events since then, counted."""
        await self._enter("traffic")
        return count_events(self.log, since, self.clock())

    async def history(self, since: datetime) -> History:
        """What the events say of the weeks since then."""
        await self._enter("history")
        return history_of(self.log, since)

    async def events(
        self,
        *,
        limit: int = 200,
        before: int | None = None,
        after: int | None = None,
        since: datetime | None = None,
        refused: bool = False,
    ) -> EventPage:
        """The events that fit, newest first."""
        await self._enter("events")
        found = [
            event
            for event in reversed(self.log)
            if (before is None or event.id < before)
            and (after is None or event.id > after)
            and (since is None or event.at >= since)
            and (event.refused or not refused)
        ]
        return EventPage(events=tuple(found[:limit]), total=len(found))

    async def sent_request(self, request_id: str) -> SentRequest:
        """What a test put into `sent`. Raises `NotFound`."""
        await self._enter("sent_request")
        if request_id not in self.sent:
            raise NotFound("Nothing is kept of it.", status=404)
        return self.sent[request_id]

    async def users(self, filter: str = "", resume: str = "") -> AsyncIterator[Page[UserRow]]:
        """All users that match, in pages of `page_size`."""
        found = self._matching(Kind.USERS, filter)
        async for page in self._pages("users", found, user_row, resume):
            yield page

    async def groups(self, filter: str = "", resume: str = "") -> AsyncIterator[Page[GroupRow]]:
        """All groups that match, in pages of `page_size`."""
        found = self._matching(Kind.GROUPS, filter)
        async for page in self._pages("groups", found, group_row, resume):
            yield page

    async def record(self, kind: Kind, resource_id: str) -> Record:
        """One resource. Raises `NotFound`."""
        await self._enter("record")
        found = self._require(kind, resource_id)
        return Record(kind=kind, id=resource_id, attributes=found, fetched_at=self.clock())

    async def members(self, group_id: str) -> AsyncIterator[Page[UserRow]]:
        """The members of a group. Raises `NotFound`."""
        self._require(Kind.GROUPS, group_id)
        people = self.resources[Kind.USERS]
        found = [people[user] for group, user in self.memberships if group == group_id]
        async for page in self._pages("members", found, user_row):
            yield page

    async def groups_of(self, user_id: str) -> AsyncIterator[Page[GroupRow]]:
        """The groups of a user. Raises `NotFound`."""
        self._require(Kind.USERS, user_id)
        groups = self.resources[Kind.GROUPS]
        found = [groups[group] for group, user in self.memberships if user == user_id]
        async for page in self._pages("groups_of", found, group_row):
            yield page

    async def aclose(self) -> None:
        """Note that it was closed."""
        self.closed = True

    async def _enter(self, operation: str) -> None:
        """Note the call, wait if told to, fail if told to."""
        self.calls.append(operation)
        if self.delay is not None:
            await self.delay.wait()
        for place, (wanted, error) in enumerate(self._failures):
            if wanted in {"", operation}:
                del self._failures[place]
                raise error
        if self.down is not None:
            raise self.down

    async def _pages(
        self,
        operation: str,
        found: Sequence[JsonObject],
        row: Callable[[object], RowT | None],
        resume: str = "",
    ) -> AsyncIterator[Page[RowT]]:
        for first in range(int(resume or 0), max(len(found), 1), self.page_size):
            await self._enter(operation)
            items = found[first : first + self.page_size]
            last = first + self.page_size >= len(found)
            rows = [made for item in items if (made := row(item)) is not None]
            yield Page(rows, None if last else str(first + self.page_size), len(found))

    def _matching(self, kind: Kind, filter: str) -> list[JsonObject]:
        found = list(self.resources[kind].values())
        return [item for item in found if matches(item, filter)] if filter.strip() else found

    def _require(self, kind: Kind, resource_id: str) -> JsonObject:
        try:
            return self.resources[kind][resource_id]
        except KeyError:
            raise NotFound(f"{kind} has no {resource_id!r}.", status=404) from None

    def _status(self) -> ProvisioningStatus:
        if self.enabled_at is None:
            return ProvisioningStatus(
                state=ProvisioningState.DISABLED,
                scim_endpoint=NEVER,
                tenant_id=NEVER,
                enabled_at=NEVER,
            )
        return ProvisioningStatus(
            state=ProvisioningState.ENABLED,
            scim_endpoint=ENDPOINT,
            tenant_id=TENANT,
            enabled_at=self.enabled_at,
            listening=True,
        )
