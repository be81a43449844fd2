"""Our own provisioning service through its admin API, in this process or over TCP."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any, TypeVar
from urllib.parse import urlencode

import httpx
from pydantic import SecretStr, TypeAdapter, ValidationError

from scim_tui.model.access import Assignment, AwsAccount, PermissionSet, PrincipalKind
from scim_tui.model.activity import EventGroups, EventPage, GroupBy, Probe, Traffic
from scim_tui.model.capabilities import YES, Capabilities
from scim_tui.model.checkup import Finding
from scim_tui.model.clock import Clock, utc_now
from scim_tui.model.directory import GroupRow, Kind, Page, Record, RowT, Summary, UserRow
from scim_tui.model.errors import (
    NotAllowed,
    NotFound,
    OutcomeUnknown,
    Refused,
    ScimTuiError,
    Throttled,
    Unreachable,
    Unreadable,
    UsageError,
)
from scim_tui.model.history import History
from scim_tui.model.provisioning import (
    MAX_TOKENS,
    AccessToken,
    Enabled,
    NewToken,
    ProvisioningStatus,
)
from scim_tui.model.sent_request import SentRequest
from scim_tui.model.unknown_values import UNKNOWN, Absent
from scim_tui.providers.service_access import ServiceAccess
from scim_tui.providers.service_checkup import ADMIN, service_checkup
from scim_tui.scim.client import PATCH_OP
from scim_tui.scim.endpoints import one_of
from scim_tui.scim.failures import HttpAnswer, failure, read_error, refusal
from scim_tui.scim.transport import ClientOptions, Transport, own_agent
from scim_tui.scim.wire import group_row, read_object, text, user_row

PAGE = 500
"""Page size of the operator's listings."""
CAPABILITIES = Capabilities(
    status=YES,
    enable=YES,
    disable=YES,
    list_tokens=YES,
    create_token=YES,
    delete_token=YES,
    last_used=YES,
    events=YES,
    sent_requests=YES,
    count=YES,
    members=YES,
    max_tokens=MAX_TOKENS,
    push=YES,
    suspend_token=YES,
    limits={"read": 40.0, "write": 25.0},
)
_NO_TENANT = "/probe/scim/v2/ServiceProviderConfig"
"""The path of a tenant that does not exist: the service answers 401 and records no event."""

T = TypeVar("T")


class ServiceProvider:
    """The service behind one admin endpoint, such as http://127.0.0.1:8765/admin/v1."""

    kind = "service"

    def __init__(
        self,
        admin_endpoint: str,
        admin_key: SecretStr | None = None,
        *,
        http: httpx.AsyncClient | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        options: ClientOptions | None = None,
        clock: Clock = utc_now,
        access: bool = False,
        embedded: bool = False,
    ) -> None:
        """`access`: whether the service keeps accounts and permission sets, as that of a demo."""
        root = admin_endpoint.strip().rstrip("/").removesuffix(ADMIN)
        self._root = Transport(
            root,
            admin_key,
            http=http,
            via=transport,
            options=options,
            media="application/json",
            refusal=_refusal,
        )
        self.title = "embedded service"
        if transport is None:
            what = self.title if embedded else "provisioning service"
            self.title = f"{what} / {self._root.host}"
        self._clock = clock
        self.capabilities = replace(CAPABILITIES, access=YES) if access else CAPABILITIES
        self._access = ServiceAccess(self._root)

    @property
    def waits(self) -> int:
        """How often the server answered 429."""
        return self._root.waits

    @property
    def clock_skew(self) -> timedelta | None:
        """How far the server's clock is ahead of ours; None: its answers do not say."""
        return self._root.clock_skew

    async def status(self) -> ProvisioningStatus:
        """Whether provisioning is on, and where its endpoint is."""
        return await self._value(ProvisioningStatus, "GET", "/provisioning")

    async def enable(self) -> Enabled:
        """Switch provisioning on; when it was off, a first token is made, too."""
        return await self._value(Enabled, "POST", "/provisioning/enable")

    async def disable(self) -> ProvisioningStatus:
        """Switch provisioning off. Raises `Conflict` while a token exists."""
        return await self._value(ProvisioningStatus, "POST", "/provisioning/disable")

    async def tokens(self) -> list[AccessToken]:
        """The access tokens, oldest first."""
        found = await self._value(dict[str, list[AccessToken]], "GET", "/tokens")
        return found.get("tokens", [])

    async def create_token(self) -> NewToken:
        """Make a token. Raises `Conflict` at two, and when provisioning is off."""
        return await self._value(NewToken, "POST", "/tokens")

    async def delete_token(self, token_id: str) -> None:
        """Delete a token at once. Raises `NotFound`."""
        await self._root.send("DELETE", ADMIN + one_of("tokens", token_id))

    async def suspend_token(self, token_id: str) -> AccessToken:
        """Refuse a token until it is reinstated. Raises `NotFound`."""
        return await self._value(AccessToken, "POST", one_of("tokens", token_id) + "/suspend")

    async def reinstate_token(self, token_id: str) -> AccessToken:
        """Let a suspended token in again. Raises `NotFound`."""
        return await self._value(AccessToken, "POST", one_of("tokens", token_id) + "/reinstate")

    async def probe(self) -> Probe:
        """Check the health of the service, and that its SCIM side refuses an unknown token."""
        started = perf_counter()
        status: int | None = None
        message = ""
        try:
            await self._root.send("GET", ADMIN + "/health", once=True)
            status, message = await self._turns_away()
        except (Refused, NotAllowed) as error:
            status, message = error.status, error.message
        except ScimTuiError as error:
            return Probe(at=self._clock(), ok=False, message=error.message)
        took = round((perf_counter() - started) * 1000, 1)
        return Probe(
            at=self._clock(), ok=not message, status=status, message=message, duration_ms=took
        )

    async def probe_with(self, secret: SecretStr, nonce: str) -> Probe:
        """Ask the SCIM side of the service with this secret whether it is let in."""
        started, code, message = perf_counter(), 200, ""
        try:
            path = f"/{await self._tenant()}/scim/v2/ServiceProviderConfig"
            await self._root.with_secret(secret, own_agent(nonce)).send("GET", path, once=True)
        except (Refused, NotAllowed) as error:
            code, message = error.status, error.message
        except (Unreachable, OutcomeUnknown) as error:
            return Probe(at=self._clock(), ok=False, message=error.message)
        took = round((perf_counter() - started) * 1000, 1)
        return Probe(
            at=self._clock(), ok=not message, status=code, message=message, duration_ms=took
        )

    async def _tenant(self) -> str:
        status = await self.status()
        if isinstance(status.tenant_id, Absent):
            raise UsageError("Provisioning is off, so no secret can be tried.", "Enable it first.")
        return status.tenant_id

    async def _turns_away(self) -> tuple[int, str]:
        """The status for a request without a valid token, and what is wrong with it."""
        try:
            answer = await self._root.send("GET", _NO_TENANT, once=True, anonymous=True)
        except (NotAllowed, Throttled) as error:  # 429: an address that strangers use as well
            return error.status, "" if error.request_id else "Something else answers for SCIM."
        return answer.status, "The SCIM endpoint lets strangers in."

    async def checkup(self) -> AsyncIterator[Finding]:
        """Admin key, tenant, permissions, rate limits."""
        try:
            status: ProvisioningStatus | ScimTuiError = await self.status()
        except ScimTuiError as error:
            status = error
        async for finding in service_checkup(self._root, status):
            yield finding

    async def summary(self) -> Summary:
        """How much the directory holds."""
        return await self._value(Summary, "GET", "/directory")

    async def traffic(self, since: datetime) -> Traffic:
        """What the IdP did since then, counted."""
        return await self._value(Traffic, "GET", "/traffic", {"since": _iso(since)})

    async def history(self, since: datetime) -> History:
        """When the IdP sent requests since then, and who and what was refused."""
        return await self._value(History, "GET", "/history", {"since": _iso(since)})

    async def events(
        self,
        *,
        limit: int = 200,
        before: int | None = None,
        after: int | None = None,
        since: datetime | None = None,
        refused: bool = False,
    ) -> EventPage:
        """Events newest first."""
        query = {"limit": str(limit), "before": before, "after": after, "refused": "true"}
        if not refused:
            del query["refused"]
        if since is not None:
            query["since"] = _iso(since)
        given = {name: str(value) for name, value in query.items() if value is not None}
        return await self._value(EventPage, "GET", "/events", given)

    async def search_events(
        self, search: str, *, limit: int = 200, before: int | None = None
    ) -> EventPage:
        """The events that match, newest first."""
        query = {"search": search, "limit": str(limit)}
        if before is not None:
            query["before"] = str(before)
        return await self._value(EventPage, "GET", "/events/search", query)

    async def group_events(self, search: str, by: GroupBy, limit: int = 200) -> EventGroups:
        """What matches, by person or by cause."""
        query = {"search": search, "by": by.value, "limit": str(limit)}
        return await self._value(EventGroups, "GET", "/events/groups", query)

    async def sent_request(self, request_id: str) -> SentRequest:
        """What a refused request carried, where serve was started with --keep-requests."""
        return await self._value(SentRequest, "GET", one_of("requests", request_id))

    def users(self, filter: str = "", resume: str = "") -> AsyncIterator[Page[UserRow]]:
        """All users, in the order of their making."""
        return self._listing("/users", "users", user_row, filter, resume)

    def groups(self, filter: str = "", resume: str = "") -> AsyncIterator[Page[GroupRow]]:
        """All groups, in the order of their making."""
        return self._listing("/groups", "groups", group_row, filter, resume)

    async def record(self, kind: Kind, resource_id: str) -> Record:
        """One resource. Raises `NotFound`."""
        path = ADMIN + one_of(kind.value.lower(), resource_id)
        answer = await self._root.send("GET", path)
        found = read_object(answer.body, f"GET {path}")
        return Record(kind=kind, id=resource_id, attributes=found, fetched_at=self._clock())

    def members(self, group_id: str) -> AsyncIterator[Page[UserRow]]:
        """The members of a group. Raises `NotFound`."""
        return self._listing(one_of("groups", group_id) + "/members", "users", user_row)

    def groups_of(self, user_id: str) -> AsyncIterator[Page[GroupRow]]:
        """The groups a user is in. Raises `NotFound`."""
        return self._listing(one_of("users", user_id) + "/groups", "groups", group_row)

    async def create_user(self, user: Mapping[str, Any]) -> Record:
        """Create a user as the operator, under the same rules as for an IdP."""
        return await self._write("POST", "/users", user)

    async def patch_user(self, user_id: str, operations: Sequence[Mapping[str, Any]]) -> Record:
        """Change a user as the operator, under the same rules as for an IdP."""
        body = {"schemas": [PATCH_OP], "Operations": list(operations)}
        return await self._write("PATCH", one_of("users", user_id), body)

    async def _write(self, method: str, path: str, body: Mapping[str, Any]) -> Record:
        answer = await self._root.send(method, ADMIN + path, body=body)
        found = read_object(answer.body, f"{method} {ADMIN}{path}")
        user_id = text(found.get("id"))
        return Record(kind=Kind.USERS, id=user_id, attributes=found, fetched_at=self._clock())

    def permission_sets(self) -> AsyncIterator[list[str]]:
        """The ids of all permission sets."""
        return self._access.permission_sets()

    async def permission_set(self, set_id: str) -> PermissionSet:
        """One permission set. Raises `NotFound`."""
        return await self._access.permission_set(set_id)

    def accounts_of(self, set_id: str) -> AsyncIterator[list[str]]:
        """The accounts that a set is assigned in."""
        return self._access.accounts_of(set_id)

    def assignments(self, set_id: str, account_id: str) -> AsyncIterator[list[Assignment]]:
        """Who has this set in this account."""
        return self._access.assignments(set_id, account_id)

    def accounts(self) -> AsyncIterator[list[AwsAccount]]:
        """All accounts with their names."""
        return self._access.accounts()

    async def principal_name(self, kind: PrincipalKind, principal_id: str) -> str | None:
        """The userName or displayName of a principal; None: there is none with this id."""
        try:
            found = await self.record(kind.listed_as, principal_id)
        except NotFound:
            return None
        user = kind is PrincipalKind.USER
        return text(found.attributes.get("userName" if user else "displayName"))

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self._root.aclose()

    async def _value(
        self, kind: type[T], method: str, path: str, query: dict[str, str] | None = None
    ) -> T:
        answer = await self._root.send(
            method, ADMIN + path, urlencode(query or {}, errors="replace")
        )
        try:
            return TypeAdapter(kind).validate_json(answer.body)
        except ValidationError:
            raise _odd(f"{method} {ADMIN}{path}") from None

    async def _listing(
        self,
        path: str,
        name: str,
        row: Callable[[object], RowT | None],
        filter: str = "",
        resume: str = "",
    ) -> AsyncIterator[Page[RowT]]:
        cursor, seen = resume, {"", resume}
        while True:
            query = {"count": str(PAGE)} | ({"filter": filter} if filter.strip() else {})
            query |= {"cursor": cursor} if cursor else {}
            answer = await self._root.send("GET", ADMIN + path, urlencode(query, errors="replace"))
            found = read_object(answer.body, f"GET {ADMIN}{path}")
            items = found.get(name)
            if not isinstance(items, list):
                raise _odd(f"GET {ADMIN}{path}")
            rows = [made for item in items if (made := row(item)) is not None]
            cursor = text(found.get("next_cursor"))
            yield Page(rows, cursor or None, UNKNOWN, len(items) - len(rows))
            if not cursor:
                return
            if cursor in seen:
                raise _odd(f"GET {ADMIN}{path}")
            seen.add(cursor)


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _odd(asked: str) -> Unreadable:
    return Unreadable(
        f"{asked} was not answered as this version of the service answers.",
        "Is it the admin endpoint, and does scim-tui serve have the same version?",
    )


def _refusal(answer: HttpAnswer, asked: str) -> ScimTuiError:
    """The service's own sentence and hint, where it is the service that answers."""
    said = read_error(answer)
    if answer.status < 400 or not said.hint:
        return refusal(answer, asked)
    return failure(answer, said.detail, said.hint, said.request_id)
