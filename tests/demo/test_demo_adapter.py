import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from scim_tui.demo.idp import TOKEN, DemoIdp
from scim_tui.idps.port import EventOutcome, IdpVerdict, SyncState, Verified
from scim_tui.model.errors import OutcomeUnknown, Unreachable, UsageError
from scim_tui.model.unknown_values import NEVER, UNKNOWN
from tests.demo.demo_kit import Scene, attended, set_up
from tests.patience import DEADLINE

START = datetime.now(UTC) - timedelta(minutes=1)


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with set_up(tmp_path) as scene:
        yield scene


async def test_the_whole_loop(scene: Scene) -> None:
    async with attended(scene) as idp:
        assert (await idp.status()).state is SyncState.NEVER
        await scene.idp.push_all()
        new = await scene.new_token()
        assert (await idp.plan_install(scene.endpoint)).trouble == ""
        result = await idp.install(scene.endpoint, new.secret)
        assert result.verified is Verified.BY_REREAD
        tested = await idp.test()
        assert (tested.verdict, type(tested.at)) == (IdpVerdict.OK, datetime)
        assert (await idp.trigger()).message == "Sent: change Users."
        status = await idp.status()
        assert status.state is SyncState.RUNNING
        assert isinstance(status.installed_at, datetime)
        assert isinstance(status.last_success, datetime)
        await scene.delete(scene.first)
        assert (await idp.test()).verdict is IdpVerdict.OK
        late = await idp.events(status.installed_at)
        assert [(event.action, event.outcome) for event in late] == [
            ("change Users", EventOutcome.OK)
        ]
        assert len(await idp.events(START)) > 12
        secret = new.secret.get_secret_value()
        shown = repr((result, tested, status, late, vars(idp)))
        assert secret not in shown
        for path in scene.folder.iterdir():
            assert secret.encode() not in path.read_bytes(), path
        assert not list(scene.folder.glob("idp-*"))


async def test_the_idps_own_test_finds_a_refused_token(scene: Scene) -> None:
    async with attended(scene) as idp:
        await scene.idp.push_all()
        await scene.delete(scene.first)
        tested = await idp.test()
        assert tested.verdict is IdpVerdict.REJECTED
        assert tested.message
        pushing = asyncio.create_task(scene.idp.act(scene.idp.change_title))
        async with asyncio.timeout(DEADLINE):
            while (await idp.status()).state is not SyncState.FAILING:
                pass
        new = await scene.new_token()
        await idp.install(scene.endpoint, new.secret)
        async with asyncio.timeout(DEADLINE):
            await pushing
        assert (await idp.status()).state is SyncState.RUNNING
        outcomes = {event.outcome for event in await idp.events(START)}
        assert outcomes == {EventOutcome.OK, EventOutcome.UNAUTHORIZED}


async def test_a_trigger_that_cannot_be_sent_is_no_success(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scim_tui.demo.admin_console.ACT_SECONDS", 0.1)
    async with attended(scene) as idp:
        nobody = await idp.trigger()
        assert (nobody.message[:17], nobody.at) == ("Nothing was sent:", UNKNOWN)
        await scene.idp.push_all()
        await scene.delete(scene.first)
        refused = await idp.trigger()
        assert (refused.message[:26], refused.at) == ("The endpoint does not take", UNKNOWN)


async def test_what_it_cannot_use_is_reported_and_the_old_one_stays(scene: Scene) -> None:
    async with attended(scene) as idp:
        with pytest.raises(UsageError, match="cannot use it"):
            await idp.install("ftp://nowhere", SecretStr("some-secret"))
        assert (await idp.test()).verdict is IdpVerdict.OK
        assert (await idp.status()).installed_at is NEVER


async def test_without_a_console_no_file_is_left(scene: Scene) -> None:
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
    async with asyncio.timeout(DEADLINE):
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
