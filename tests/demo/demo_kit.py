"""A service, the simulated IdP before it, and somebody at its desk, without a network."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx

from scim_tui.demo.admin_console import AdminConsole
from scim_tui.demo.connection import AGENT, IdpConnection
from scim_tui.demo.idp import TOKEN, DemoIdp
from scim_tui.demo.people import found_company
from scim_tui.demo.simulated_idp import SimulatedIdp
from scim_tui.demo.token_file import Credentials, TokenFile
from scim_tui.idps.port import Idp
from scim_tui.model.clock import utc_now
from scim_tui.model.provisioning import NewToken
from scim_tui.scim.client import ScimClient
from scim_tui.scim.transport import ClientOptions
from scim_tui.service.app import build_app
from scim_tui.service.store import tokens
from scim_tui.service.store.store import Store


@dataclass
class Scene:
    """A service, the simulated IdP before it, and somebody at its desk."""

    store: Store
    first: NewToken
    endpoint: str
    folder: Path
    idp: SimulatedIdp
    line: IdpConnection
    desk: AdminConsole
    transport: httpx.ASGITransport

    async def new_token(self) -> NewToken:
        return await self.store.write(lambda c: tokens.create(c, self.store.now()))

    async def delete(self, token: NewToken) -> None:
        await self.store.write(lambda c: tokens.delete(c, token.token.id))

    def requests(self, token: NewToken) -> int:
        sql = "SELECT count(*) FROM events WHERE token_id = ?"
        found: int = self.store.reader().execute(sql, (token.token.id,)).fetchone()[0]
        return found


@contextlib.asynccontextmanager
async def set_up(tmp_path: Path, clock: Callable[[], datetime] = utc_now) -> AsyncIterator[Scene]:
    """The scene, with the first token in the hands of the IdP."""
    store = Store(tmp_path / "service.db", clock)
    first = await store.write(lambda c: tokens.enable_with_token(c, store.now()))
    tenant = tokens.current_tenant(store.reader())
    assert first is not None
    assert tenant is not None
    app = build_app(store, admin_open=True, limits=None, base_url=None)
    transport = httpx.ASGITransport(app=app)

    def dial(credentials: Credentials) -> ScimClient:
        return ScimClient(
            credentials.endpoint,
            credentials.secret,
            via=transport,
            options=ClientOptions(agent=AGENT),
            cursors=True,
        )

    async def no_pause(_: float) -> None:
        await asyncio.sleep(0.001)

    endpoint = f"http://127.0.0.1/{tenant.tenant_id}/scim/v2"
    file = TokenFile(tmp_path / TOKEN, lambda: endpoint)
    line = IdpConnection(
        Credentials(endpoint, first.secret), file, dial=dial, sleep=no_pause, clock=clock
    )
    company, hiring = found_company(1, 12, 4)
    idp = SimulatedIdp(company, hiring, line, seed=1, sleep=no_pause)
    desk = AdminConsole(tmp_path, line, idp.change_title, sleep=no_pause)
    yield Scene(store, first, endpoint, tmp_path, idp, line, desk, transport)
    await line.aclose()
    await app.state.ledger.aclose()
    store.close()


@contextlib.asynccontextmanager
async def attended(scene: Scene) -> AsyncIterator[Idp]:
    """Somebody is at the desk."""
    task = asyncio.create_task(scene.desk.run())
    try:
        yield DemoIdp(scene.folder, patience=10)
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
