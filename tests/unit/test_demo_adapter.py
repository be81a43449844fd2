import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from scim_tui.idps.demo import TOKEN, DemoIdp
from scim_tui.idps.desk import Desk
from scim_tui.idps.line import AGENT, Line
from scim_tui.idps.people import found
from scim_tui.idps.port import Idp, Outcome, SyncState, Verdict, Verified
from scim_tui.idps.simulated import SimulatedIdp
from scim_tui.idps.token_file import Credentials, TokenFile
from scim_tui.model.absent import NEVER, UNKNOWN
from scim_tui.model.errors import OutcomeUnknown, Unreachable, UsageError
from scim_tui.model.provisioning import NewToken
from scim_tui.scim.client import ScimClient
from scim_tui.scim.transport import Manners
from scim_tui.service import tokens
from scim_tui.service.app import build_app
from scim_tui.service.store import Store

START = datetime.now(UTC) - timedelta(minutes=1)


@dataclass
class Scene:
    """A service, the simulated IdP before it, and somebody at its desk."""

    store: Store
    first: NewToken
    endpoint: str
    folder: Path
    idp: SimulatedIdp
    line: Line
    desk: Desk

    async def new_token(self) -> NewToken:
        return await self.store.write(lambda c: tokens.create(c, self.store.now()))

    async def delete(self, token: NewToken) -> None:
        await self.store.write(lambda c: tokens.delete(c, token.token.id))

    def requests(self, token: NewToken) -> int:
        sql = "SELECT count(*) FROM events WHERE token_id = ?"
        found: int = self.store.reader().execute(sql, (token.token.id,)).fetchone()[0]
        return found


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    store = Store(tmp_path / "service.db")
    first = await store.write(lambda c: tokens.enable_with_token(c, store.now()))
    tenant = tokens.current_tenant(store.reader())
    assert first is not None
    assert tenant is not None
    app = build_app(store, admin_open=True, limits=None, base_url=None)
    transport = httpx.ASGITransport(app=app)

    def dial(credentials: Credentials) -> ScimClient:
        return ScimClient(
            credentials.endpoint, credentials.secret, via=transport,
            manners=Manners(agent=AGENT), cursors=True,
        )  # fmt: skip

    async def no_pause(_: float) -> None:
        await asyncio.sleep(0.001)

    endpoint = f"http://127.0.0.1/{tenant.tenant_id}/scim/v2"
    file = TokenFile(tmp_path / TOKEN, lambda: endpoint)
    line = Line(Credentials(endpoint, first.secret), file, dial=dial, sleep=no_pause)
    company, hiring = found(1, 12, 4)
    idp = SimulatedIdp(company, hiring, line, seed=1, sleep=no_pause)
    desk = Desk(tmp_path, line, idp.change_title, sleep=no_pause)
    yield Scene(store, first, endpoint, tmp_path, idp, line, desk)
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


async def test_the_whole_loop(scene: Scene) -> None:
    async with attended(scene) as idp:
        assert (await idp.status()).state is SyncState.NEVER
        await scene.idp.push_everybody()
        new = await scene.new_token()
        assert (await idp.plan_install(scene.endpoint)).trouble == ""
        result = await idp.install(scene.endpoint, new.secret)
        assert result.verified is Verified.BY_REREAD
        tested = await idp.test()
        assert (tested.verdict, type(tested.at)) == (Verdict.OK, datetime)
        assert (await idp.trigger()).message == "Sent: change Users."
        status = await idp.status()
        assert status.state is SyncState.RUNNING
        assert isinstance(status.installed_at, datetime)
        assert isinstance(status.last_success, datetime)
        await scene.delete(scene.first)
        assert (await idp.test()).verdict is Verdict.OK
        late = await idp.events(status.installed_at)
        assert [(event.action, event.outcome) for event in late] == [("change Users", Outcome.OK)]
        assert len(await idp.events(START)) > 12
        secret = new.secret.get_secret_value()
        shown = repr((result, tested, status, late, vars(idp)))
        assert secret not in shown
        for path in scene.folder.iterdir():
            assert secret.encode() not in path.read_bytes(), path
        assert not list(scene.folder.glob("idp-*"))


async def test_a_dead_token_is_told_by_its_own_test(scene: Scene) -> None:
    async with attended(scene) as idp:
        await scene.idp.push_everybody()
        await scene.delete(scene.first)
        tested = await idp.test()
        assert tested.verdict is Verdict.REJECTED
        assert tested.message
        pushing = asyncio.create_task(scene.idp.act(scene.idp.change_title))
        async with asyncio.timeout(10):
            while (await idp.status()).state is not SyncState.FAILING:
                pass
        new = await scene.new_token()
        await idp.install(scene.endpoint, new.secret)
        await asyncio.wait_for(pushing, 10)
        assert (await idp.status()).state is SyncState.RUNNING
        outcomes = {event.outcome for event in await idp.events(START)}
        assert outcomes == {Outcome.OK, Outcome.UNAUTHORIZED}


async def test_a_trigger_that_cannot_be_sent_is_no_success(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scim_tui.idps.desk.ACT_SECONDS", 0.1)
    async with attended(scene) as idp:
        nobody = await idp.trigger()
        assert (nobody.message[:17], nobody.at) == ("Nothing was sent:", UNKNOWN)
        await scene.idp.push_everybody()
        await scene.delete(scene.first)
        refused = await idp.trigger()
        assert (refused.message[:26], refused.at) == ("The endpoint does not take", UNKNOWN)


async def test_what_it_cannot_use_is_told_and_the_old_one_stays(scene: Scene) -> None:
    async with attended(scene) as idp:
        with pytest.raises(UsageError, match="cannot use it"):
            await idp.install("ftp://nowhere", SecretStr("some-secret"))
        assert (await idp.test()).verdict is Verdict.OK
        assert (await idp.status()).installed_at is NEVER


async def test_with_nobody_at_the_desk_nothing_is_left_lying_about(scene: Scene) -> None:
    idp = DemoIdp(scene.folder, patience=0.2)
    with pytest.raises(Unreachable, match="does not take"):
        await idp.install(scene.endpoint, SecretStr("some-secret"))
    for call in (idp.test(), idp.trigger(), idp.status(), idp.events(START)):
        with pytest.raises(Unreachable, match="does not answer"):
            await call
    assert not list(scene.folder.glob("*idp-*"))
    gone = DemoIdp(scene.folder / "gone", patience=0.2)
    assert "has ended" in (await gone.plan_install(scene.endpoint)).trouble
    for attempt in (gone.install(scene.endpoint, SecretStr("x")), gone.test()):
        with pytest.raises(Unreachable):
            await attempt


async def test_an_idp_that_ends_right_after_taking_it_is_not_called_a_success(
    scene: Scene,
) -> None:
    idp = DemoIdp(scene.folder, patience=0.5)
    new = await scene.new_token()
    installing = asyncio.create_task(idp.install(scene.endpoint, new.secret))
    async with asyncio.timeout(10):
        while not (scene.folder / TOKEN).exists():  # noqa: ASYNC110
            await asyncio.sleep(0.001)
    scene.line.renew()
    with pytest.raises(OutcomeUnknown, match="took the secret and ended"):
        await installing


async def test_a_question_that_is_no_question_is_answered_with_nothing(scene: Scene) -> None:
    (scene.folder / "idp-asked-1.json").write_text("{")
    (scene.folder / "idp-asked-2.json").write_text('["what"]')
    await scene.desk.look()
    assert json.loads((scene.folder / "idp-answer-1.json").read_text()) == {}
    assert not list(scene.folder.glob("idp-asked-*"))
