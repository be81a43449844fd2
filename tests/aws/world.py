"""A profile of Identity Center: our own service as its SCIM side, the stand-in as its AWS side."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr

from scim_tui.config.aws import AwsRef
from scim_tui.model.directory import Kind
from scim_tui.model.unknown_values import UNKNOWN
from scim_tui.providers.identity_center.account import Account
from scim_tui.providers.identity_center.provider import IdentityCenterProvider
from scim_tui.providers.service import ServiceProvider
from scim_tui.scim.client import ScimClient
from scim_tui.scim.limits import RateLimiter
from scim_tui.scim.transport import ClientOptions
from scim_tui.service.app import build_app
from scim_tui.service.store.store import Store
from tests.aws.standin import REGION, StandIn, record

ADMIN = "http://127.0.0.1/admin/v1"
IDP = "Okta SCIM Client 1.0.0"
ERRORS = {
    400: "ValidationException",
    401: "UnauthorizedException",
    404: "ResourceNotFoundException",
    409: "ConflictException",
}
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@dataclass
class World:
    """Both sides, and the provider between."""

    provider: IdentityCenterProvider
    service: ServiceProvider
    aws: StandIn
    account: Account
    asgi: httpx.ASGITransport
    endpoint: str
    secret: SecretStr
    clock: list[datetime]
    first: SecretStr
    """What the IdP had at the beginning."""
    waits: list[float] = field(default_factory=list)
    ticks: list[float] = field(default_factory=lambda: [0.0])
    """The monotonic clock, by which a service that failed rests."""

    @property
    def issuer(self) -> str:
        """The issuer of whom this tenant made."""
        return f"https://scim.aws.com/{self.endpoint.split('/')[3]}"

    def idp(self) -> ScimClient:
        """What pushes."""
        return ScimClient(
            self.endpoint,
            self.secret,
            via=self.asgi,
            options=ClientOptions(agent=IDP),
            cursors=True,
        )

    async def push(self, name: str) -> str:
        """A user by SCIM, who is in the identity store as well."""
        idp = self.idp()
        made = await idp.create(Kind.USERS, person(name))
        await idp.aclose()
        self.aws.user(name, id=made["id"], issuer=self.issuer)
        return str(made["id"])

    async def push_group(self, name: str, members: list[str]) -> str:
        """A group by SCIM, which is in the identity store as well."""
        idp = self.idp()
        found = {
            "displayName": name,
            "members": [{"value": each} for each in members],
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        }
        made = await idp.create(Kind.GROUPS, found)
        await idp.aclose()
        return self.aws.group(name, members, id=made["id"], issuer=self.issuer)

    def pass_(self, **length: float) -> None:
        """Time goes by."""
        self.clock[0] += timedelta(**length)

    @property
    def now(self) -> datetime:
        """What everybody's clock shows."""
        return self.clock[0]

    async def log(self, *, one_key: bool = False) -> None:
        """CloudTrail hears of what the service was asked; `one_key`: whatever the token."""
        page = await self.service.events(limit=1000)
        records = [
            record(
                each.operation,
                each.at,
                agent=str(each.client),
                event_id=f"e-{each.id}",
                key="" if each.token_id is UNKNOWN else "KEY" if one_key else f"K{each.token_id}",
                error=ERRORS.get(each.status, ""),
                message=each.message,
                tenant=self.endpoint.split("/")[3],
            )
            for each in page.events
        ]
        self.aws.records = lambda: records


def person(name: str) -> dict[str, Any]:
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": name,
        "externalId": f"e-{name}",
        "displayName": name,
        "name": {"givenName": "A", "familyName": "B"},
        "emails": [{"value": name, "type": "work", "primary": True}],
        "active": True,
    }


@asynccontextmanager
async def world(aws: StandIn, folder: Path, **ref: Any) -> AsyncIterator[World]:  # noqa: ANN401
    now = [NOW]
    store = Store(folder / "service.db", lambda: now[0])
    app = build_app(store, admin_open=True)
    asgi = httpx.ASGITransport(app=app)
    service = ServiceProvider(ADMIN, transport=asgi)
    enabled = await service.enable()
    assert enabled.first_token is not None
    endpoint = f"http://127.0.0.1/{enabled.status.tenant_id}/scim/v2/"
    secret = enabled.first_token.secret

    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    def limiter(rate: float) -> RateLimiter:
        return RateLimiter(rate, clock=lambda: sum(waits), sleep=sleep)

    ticks = [0.0]
    account = Account(
        AwsRef(region=REGION, **ref),
        timeout=5,
        limiter=limiter,
        session=aws.session(),
        monotonic=lambda: ticks[0],
    )
    provider = IdentityCenterProvider(
        endpoint, secret, account, transport=asgi, clock=lambda: now[0]
    )
    found = World(
        provider, service, aws, account, asgi, endpoint, secret, now, secret, waits, ticks
    )
    try:
        yield found
    finally:
        for each in (provider, service):
            await each.aclose()
        await app.state.ledger.aclose()
        store.close()
