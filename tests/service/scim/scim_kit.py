"""What the tests of the SCIM side share: a service in process and words to speak to it."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from scim_tui.service.app import build_app
from scim_tui.service.scim.throttle import Limits
from scim_tui.service.store import tokens
from scim_tui.service.store.store import Store

Json = dict[str, Any]
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = field(default_factory=lambda: datetime(2026, 3, 4, 5, 6, 7, 89000, UTC))

    def __call__(self) -> datetime:
        return self.now

    def advance(self, step: timedelta) -> None:
        self.now += step


@dataclass
class Service:
    """A service, its only tenant with one token, and a client that carries the token."""

    store: Store
    clock: Clock
    tenant_id: str
    token_id: str
    secret: str
    http: httpx.AsyncClient
    flush: Callable[[], Awaitable[None]]

    async def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        content: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """One request below the SCIM base, with the token."""
        if body is not None:
            content = json.dumps(body).encode()
        url = f"/{self.tenant_id}/scim/v2{path}"
        return await self.http.request(method, url, content=content, headers=headers)

    async def create_user(self, name: str = "ana@x.org", /, **more: object) -> Json:
        answer = await self.call("POST", "/Users", person(name, **more))
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def create_group(self, name: str = "Crew", /, **more: object) -> Json:
        answer = await self.call("POST", "/Groups", {"displayName": name, **more})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def patch(self, path: str, *operations: Json) -> httpx.Response:
        return await self.call(
            "PATCH", path, {"schemas": [PATCH_OP], "Operations": list(operations)}
        )

    async def listed(self, path: str) -> list[Json]:
        answer = await self.call("GET", path)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["Resources"])

    async def members(self, group_id: str) -> set[str]:
        """The ids of the members, as the one filter tells that can."""
        found = await self.listed(f'/Users?filter=groups.value eq "{group_id}"')
        return {user["id"] for user in found}

    async def event(self) -> Json:
        """The newest event, as it is stored."""
        await self.flush()
        cursor = self.store.reader().execute("SELECT * FROM events ORDER BY id DESC LIMIT 1")
        names = [column[0] for column in cursor.description]
        return dict(zip(names, cursor.fetchone(), strict=True))


def person(name: str = "ana@x.org", /, **more: object) -> Json:
    """The smallest user that is accepted, and more."""
    return {
        "userName": name,
        "displayName": "Ana B",
        "name": {"givenName": "Ana", "familyName": "B"},
        **more,
    }


def email(value: str, **more: object) -> Json:
    return {"value": value, "type": "work", "primary": True, **more}


@contextmanager
def opened(path: Path, clock: Clock) -> Iterator[Store]:
    store = Store(path, clock)
    try:
        yield store
    finally:
        store.close()


@asynccontextmanager
async def serving(store: Store, clock: Clock, limits: Limits | None) -> AsyncIterator[Service]:
    """A service over a store, with provisioning enabled and one token."""
    new = await store.write(lambda connection: tokens.enable_with_token(connection, store.now()))
    assert new is not None
    tenant = tokens.current_tenant(store.reader())
    assert tenant is not None
    secret = new.token.id, new.secret.get_secret_value()
    app = build_app(store, admin_open=True, limits=limits, base_url=None)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://service.test",
        headers={"Authorization": f"Bearer {secret[1]}", "User-Agent": "test-idp/1"},
    ) as http:
        yield Service(store, clock, tenant.tenant_id, *secret, http, app.state.ledger.flush)
