"""A whole rotation with an IdP that takes the secret, tests it and speaks when it is asked to."""

from pathlib import Path

from pydantic import SecretStr

from scim_tui.core.base.audit import AuditTrail
from scim_tui.core.base.mutation import Guard
from scim_tui.core.rotation.api import Rotations
from scim_tui.core.rotation.journal import Holder, Journal
from scim_tui.idps.port import EventOutcome, IdpVerdict, SyncState
from scim_tui.model.provisioning import DELETE_WORD
from scim_tui.model.rotation.proof import silence_needed
from scim_tui.model.rotation.rotation import KnownBy, State, TestResult
from scim_tui.providers.service import ServiceProvider
from tests.core.rotation.rotation_kit import SHORT, Time
from tests.demo.demo_kit import Scene, attended, set_up


def session_on(scene: Scene, time: Time) -> tuple[Rotations, ServiceProvider]:
    provider = ServiceProvider("http://127.0.0.1", transport=scene.transport, clock=time)
    me = Holder(by="ana@host", host="host", pid=1, boot="b", started="1", key="k", since=time())
    trail = AuditTrail(
        scene.folder / "audit.jsonl", actor="ana@host", profile="demo", via="cli", clock=time
    )
    journal = Journal(scene.folder / "rotations", me, lambda holder: True)
    return Rotations(provider, Guard(trail, False), journal, time, policy=SHORT), provider


async def test_from_the_first_check_to_the_receipt(tmp_path: Path) -> None:
    time = Time()
    async with set_up(tmp_path, time) as scene, attended(scene) as idp:
        await scene.idp.push_all()
        time.pass_(days=300)
        await idp.trigger()
        time.pass_(seconds=5)
        session, provider = session_on(scene, time)
        assert (await session.start(scene.first.token.id)).state is State.CREATE_INTENT
        assert (await session.create()).state is State.HOLDING
        assert (await session.probe()).state is State.PROBED
        assert session.secret is not None
        secret = session.secret.get_secret_value()

        async def hand_over(value: SecretStr) -> str:
            return (await idp.install(scene.endpoint, value)).words

        await session.deliver(idp.title, hand_over)
        assert (await session.installed(KnownBy.API)).state is State.INSTALL_CLAIMED
        tested = await idp.test()
        assert tested.verdict is IdpVerdict.OK
        await session.idp_test(TestResult.PASSED, KnownBy.API, tested.message)
        time.pass_(seconds=1)
        await idp.trigger()
        watching = await session.look()
        assert watching.state is State.WATCHING
        time.now += silence_needed(watching)
        time.pass_(seconds=1)
        await idp.trigger()
        assert (await session.look()).state is State.PROVEN
        assert (await session.delete_old(DELETE_WORD)).state is State.DELETED
        await session.look()
        time.pass_(seconds=11)
        await idp.trigger()
        assert (await session.look()).state is State.DONE

        assert (await idp.status()).state is SyncState.RUNNING
        log = await idp.events(scene.store.clock().replace(year=2000))
        assert {event.outcome for event in log} == {EventOutcome.OK}
        (left,) = await provider.tokens()
        assert left.id != scene.first.token.id
        for path in (scene.folder / "rotations").iterdir():
            assert secret not in path.read_text()
        await session.leave()
        await provider.aclose()
