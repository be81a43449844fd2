"""A whole rotation against the embedded service in this process, with its real log and tokens."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from scim_tui.core.base.audit import AuditTrail
from scim_tui.core.base.mutation import Guard
from scim_tui.core.rotation.api import Rotations
from scim_tui.core.rotation.journal import Journal
from scim_tui.model.directory import Kind
from scim_tui.model.provisioning import DELETE_WORD
from scim_tui.model.rotation.proof import level
from scim_tui.model.rotation.rotation import KnownBy, Level, State, TestResult
from scim_tui.providers.service import ServiceProvider
from scim_tui.scim.client import ScimClient
from scim_tui.scim.transport import ClientOptions
from scim_tui.service.app import build_app
from scim_tui.service.store.store import Store
from tests.contract.worlds import person
from tests.core.rotation.rotation_kit import IDP, SHORT, Time

ROOT = "http://127.0.0.1"


class Lab:
    """The service, its provider, and an IdP that has a secret."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.time = folder, Time()
        self.store = Store(folder / "service.sqlite3", self.time)
        self.app = build_app(self.store, admin_open=True)
        self.asgi = httpx.ASGITransport(app=self.app)
        self.provider = ServiceProvider(ROOT, transport=self.asgi, clock=self.time)

    async def begin(self) -> None:
        enabled = await self.provider.enable()
        assert enabled.first_token is not None
        self.endpoint = f"{ROOT}/{enabled.status.tenant_id}/scim/v2"
        await self.install(enabled.first_token.secret)
        self.user = str((await self.idp.create(Kind.USERS, person(1)))["id"])

    async def install(self, secret: SecretStr) -> str:
        self.idp = ScimClient(
            self.endpoint, secret, via=self.asgi, options=ClientOptions(agent=IDP)
        )
        return "installed"

    async def push(self) -> None:
        change = [{"op": "replace", "path": "title", "value": f"{self.time():%S}"}]
        await self.idp.patch(Kind.USERS, self.user, change)

    def session(self) -> Rotations:
        trail = AuditTrail(
            self.folder / "audit.jsonl", actor="ana", profile="lab", via="cli", clock=self.time
        )
        journal = Journal.of(self.folder, "ana", self.time)
        return Rotations(self.provider, Guard(trail, False), journal, self.time, policy=SHORT)


@pytest.fixture
async def lab(tmp_path: Path) -> AsyncIterator[Lab]:
    made = Lab(tmp_path)
    await made.begin()
    yield made
    await made.app.state.ledger.aclose()
    made.store.close()


async def test_every_level_of_proof_is_seen_in_the_log_of_the_service(lab: Lab) -> None:
    session = lab.session()
    await session.start()
    await session.create()
    assert level(await session.probe()) is Level.E1
    await session.deliver("desk", lab.install)
    await session.installed(KnownBy.API)
    await session.idp_test(TestResult.SKIPPED, KnownBy.WORD)
    found = await session.look()
    assert (level(found), found.seen.own_requests, found.seen.nonce_found) == (Level.E1, 1, True)
    await lab.idp.get(Kind.USERS, lab.user)
    assert level(await session.look()) is Level.E3
    await lab.push()
    assert level(await session.look()) is Level.E4
    lab.time.now += timedelta(minutes=1)
    await lab.push()
    found = await session.look()
    assert (found.state, level(found), found.seen.new_client) == (State.PROVEN, Level.E5, IDP)
    assert (await session.delete_old(DELETE_WORD)).state is State.DELETED
    await lab.push()
    await session.look()
    lab.time.now += timedelta(minutes=1)
    assert (await session.look()).state is State.DONE
    assert [token.id for token in await lab.provider.tokens()] == [found.label]


async def test_many_requests_between_two_looks_are_all_read(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scim_tui.core.rotation.evidence.PAGE", 3)
    session = lab.session()
    await session.start()
    for _ in range(7):
        await lab.push()
    assert (await session.look()).seen.old_requests == 7


async def test_a_refused_secret_is_a_probe_that_failed(lab: Lab) -> None:
    probe = await lab.provider.probe_with(SecretStr("a-secret-that-nobody-made"), "n")
    assert (probe.ok, probe.status) == (False, 401)
