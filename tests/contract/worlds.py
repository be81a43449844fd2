"""The same small directory behind every provider."""

import asyncio
import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from pydantic import SecretStr

from scim_tui.model.activity import Event
from scim_tui.model.directory import Kind
from scim_tui.model.errors import Conflict, Unreachable
from scim_tui.model.provisioning import AccessToken
from scim_tui.providers.port import Provider
from scim_tui.providers.scim.provider import ScimProvider
from scim_tui.providers.service import ServiceProvider
from scim_tui.scim.client import ScimClient
from scim_tui.scim.transport import ClientOptions
from scim_tui.service.app import build_app
from scim_tui.service.store.store import Store
from tests.fakes.memory import MemoryProvider
from tests.patience import DEADLINE

PEOPLE = 130
"""More than one page of any of the servers."""
CREW = ("user000@example.com", "user001@example.com", "user002@example.com")
AWS_RULES = frozenset({"format signs"})
"""What Identity Center, and so our own service, refuses in a name."""
Json = dict[str, Any]
T = TypeVar("T")


@dataclass
class World:
    """A provider over the sample directory, and what is known about it from outside."""

    provider: Provider
    people: dict[str, str]
    """Ids by userName."""
    groups: dict[str, str]
    """Ids by displayName."""
    dead: Provider
    """The same provider with nobody at the other end."""
    stranger: Provider | None = None
    """The same provider with a wrong secret."""
    forget: Callable[[str], Awaitable[None]] | None = None
    """Deletes a user from a directory that other tests share."""
    lacks: frozenset[str] = frozenset()
    """What this server does not keep: groups, or names (userName apart from the address, parts)."""

    def needs(self, ability: str) -> None:
        """Skip what asks for something that the server does not have."""
        if ability in self.lacks:
            pytest.skip(f"the server has no {ability}")


def person(number: int) -> Json:
    name = f"user{number:03}@example.com"
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": name,
        "externalId": f"e{number:03}",
        "displayName": f"Zoë №{number}",
        "name": {"givenName": "Zoë", "familyName": f"№{number}"},
        "emails": [{"value": name, "type": "work", "primary": True}],
        "active": number % 10 != 9,
    }


def group(name: str, members: list[str]) -> Json:
    found: Json = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": name,
    }
    return found | ({"members": [{"value": each} for each in members]} if members else {})


async def fill(
    idp: ScimClient, lacks: frozenset[str] = frozenset()
) -> tuple[dict[str, str], dict[str, str]]:
    """Push the sample directory as an IdP does, with one request that is refused."""
    people: dict[str, str] = {}
    for number in range(PEOPLE):
        made = await idp.create(Kind.USERS, person(number))
        people[made["userName"]] = made["id"]
    made_groups: dict[str, str] = {}
    for name, members in (("Crew", CREW), ("Nobody", ())) if "groups" not in lacks else ():
        made = await idp.create(Kind.GROUPS, group(name, [people[each] for each in members]))
        made_groups[name] = made["id"]
    twin = person(PEOPLE) | {"userName": person(0)["userName"]}
    try:
        await idp.create(Kind.USERS, person(0) if "names" in lacks else twin)
    except Conflict:
        return people, made_groups
    raise AssertionError("a second user of the same name was accepted")


def unreachable(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("nobody is there")


NOWHERE = httpx.MockTransport(unreachable)


@asynccontextmanager
async def memory_world() -> AsyncIterator[World]:
    start = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    people = {person(n)["userName"]: f"u{n}" for n in range(PEOPLE)}
    users = [person(n) | {"id": f"u{n}"} for n in range(PEOPLE)]
    groups = [group(name, []) | {"id": f"g-{name}"} for name in ("Crew", "Nobody")]
    events = [
        Event(id=n + 1, at=start + timedelta(seconds=n), operation="CreateUser", status=201)
        for n in range(PEOPLE)
    ]
    events.append(
        Event(
            id=PEOPLE + 1,
            at=start + timedelta(seconds=PEOPLE),
            operation="CreateUser",
            status=409,
            constraint="userName.unique",
            message="Duplicate UserName",
        )
    )
    provider = MemoryProvider(
        users=users,
        groups=groups,
        memberships=[("g-Crew", people[name]) for name in CREW],
        tokens=[AccessToken(id="first", created_at=start)],
        events=events,
        clock=lambda: start + timedelta(hours=1),
    )
    dead = MemoryProvider()
    dead.down = Unreachable("Nobody is there.")
    yield World(provider, people, {"Crew": "g-Crew", "Nobody": "g-Nobody"}, dead, lacks=AWS_RULES)


@dataclass
class Peer:
    """A filled server that nobody here wrote."""

    endpoint: str
    people: dict[str, str]
    groups: dict[str, str]
    token: str = "secret"
    lacks: frozenset[str] = frozenset()


@dataclass
class Seed(Peer):
    """A data folder of the embedded service, filled once and copied for each test."""

    database: Path = Path()
    secret: SecretStr | None = None


ADMIN = "http://127.0.0.1/admin/v1"


async def make_seed(folder: Path) -> Seed:
    store = Store(folder / "service.db")
    app = build_app(store, admin_open=True)
    asgi = httpx.ASGITransport(app=app)
    enabled = await ServiceProvider(ADMIN, transport=asgi).enable()
    assert enabled.first_token is not None
    secret = enabled.first_token.secret
    endpoint = f"http://127.0.0.1/{enabled.status.tenant_id}/scim/v2/"
    idp = ScimClient(endpoint, secret, via=asgi, options=ClientOptions(agent="test-idp/1"))
    people, groups = await fill(idp)
    await app.state.ledger.aclose()
    store.close()
    return Seed(endpoint, people, groups, database=folder / "service.db", secret=secret)


@asynccontextmanager
async def service_world(seed: Seed, tmp_path: Path, *, scim_only: bool) -> AsyncIterator[World]:
    """The embedded service in this process, over its admin API or as any SCIM server."""
    store = Store(Path(shutil.copy(seed.database, tmp_path / "service.db")))
    app, shut = build_app(store, admin_open=True), build_app(store, admin_open=False)
    asgi, closed = httpx.ASGITransport(app=app), httpx.ASGITransport(app=shut)
    wrong = SecretStr("wrong")
    provider: Provider = ServiceProvider(ADMIN, transport=asgi)
    stranger: Provider = ServiceProvider(ADMIN, wrong, transport=closed)
    dead: Provider = ServiceProvider(ADMIN, transport=NOWHERE)
    if scim_only:
        provider = ScimProvider(seed.endpoint, seed.secret, transport=asgi)
        stranger = ScimProvider(seed.endpoint, wrong, transport=asgi)
        dead = ScimProvider(seed.endpoint, None, transport=NOWHERE)
    yield World(provider, seed.people, seed.groups, dead, stranger, lacks=AWS_RULES)
    for each in (provider, stranger, dead):
        await each.aclose()
    await app.state.ledger.aclose()
    await shut.state.ledger.aclose()
    store.close()


@contextmanager
def running_scim2_server(folder: Path, *, cursors: bool) -> Iterator[Peer]:
    """scim2-server in a process of its own, filled once."""
    from scim2_server.utils import load_default_service_provider_config

    config = load_default_service_provider_config().model_dump()
    config["pagination"] = {"cursor": cursors, "index": True, "maxPageSize": 100}
    (folder / "config.json").write_text(json.dumps(config))
    port = free_port()
    start = "from scim2_server.testserver.cli import main; main()"
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            start,
            "--port",
            str(port),
            "--bearer-token",
            "secret",
            "--service-provider-config",
            str(folder / "config.json"),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        await_port(port, process)
        endpoint = f"http://127.0.0.1:{port}/v2"
        yield filled(endpoint)
    finally:
        process.terminate()
        process.wait(10)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def apart(work: Coroutine[Any, Any, T]) -> T:
    """The result of work in a loop of its own, also while another one runs here."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, work).result()


def filled(endpoint: str, token: str = "secret", lacks: frozenset[str] = frozenset()) -> Peer:
    """A running server with the sample directory in it."""

    async def push() -> tuple[dict[str, str], dict[str, str]]:
        idp = ScimClient(endpoint, SecretStr(token))
        try:
            return await fill(idp, lacks)
        finally:
            await idp.aclose()

    return Peer(endpoint, *apart(push()), token, lacks)


def await_port(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + DEADLINE
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the server did not start")


@asynccontextmanager
async def peer_world(peer: Peer) -> AsyncIterator[World]:
    provider = ScimProvider(peer.endpoint, SecretStr(peer.token))
    stranger = ScimProvider(peer.endpoint, SecretStr("wrong"))
    dead = ScimProvider(peer.endpoint, None, transport=NOWHERE)
    idp = ScimClient(peer.endpoint, SecretStr(peer.token))
    yield World(
        provider,
        peer.people,
        peer.groups,
        dead,
        stranger,
        lambda user_id: idp.delete(Kind.USERS, user_id),
        peer.lacks,
    )
    for each in (provider, stranger, dead, idp):
        await each.aclose()
