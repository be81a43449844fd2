"""An operator who does what the rotation asks for next."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from scim_tui.core.rotation.api import Rotations
from scim_tui.model.provisioning import DELETE_WORD
from scim_tui.model.rotation.proof import silence_needed
from scim_tui.model.rotation.rotation import KnownBy, Rotation, State, TestResult
from scim_tui.model.rotation.suspend import soak_left
from tests.core.rotation.rotation_kit import World


def next_act(world: World) -> Callable[[Rotations], Awaitable[Rotation]]:
    """What the advice says, done by somebody who means well."""

    async def act(session: Rotations) -> Rotation:
        standing = await session.status()
        rotation = standing.rotation
        if rotation is None or not rotation.open:
            return await session.start()
        await session.resume()
        return await go_on(world, session)

    return act


async def go_on(world: World, session: Rotations) -> Rotation:
    """The next step, whatever it is."""
    rotation = (await session.status()).rotation
    assert rotation is not None
    acts: dict[State, Callable[[], Awaitable[Rotation]]] = {
        State.PREFLIGHT: session.check,
        State.FREE_SLOT: lambda: _free(session, rotation),
        State.CREATE_INTENT: session.create,
        State.HOLDING: session.probe,
        State.PROBE_FAILED: session.probe,
        State.PROBED: lambda: session.deliver("file", world.install),
        State.DELIVERED: lambda: session.installed(KnownBy.API),
        State.SECRET_GONE: lambda: session.discard(DELETE_WORD),
        State.INSTALL_CLAIMED: lambda: session.idp_test(TestResult.PASSED, KnownBy.API),
        State.PROVEN: lambda: session.delete_old(DELETE_WORD),
        State.DELETE_CONFIRM: lambda: session.delete_old(DELETE_WORD),
        State.ATTENTION: lambda: session.settle("I looked at it"),
    }
    if world.pauses and rotation.state is State.PROVEN:
        return await session.suspend()
    if rotation.state is State.SUSPENDED and not soak_left(rotation, world.time()):
        return await session.delete_old(DELETE_WORD)
    if rotation.state in acts:
        return await acts[rotation.state]()
    world.time.now += silence_needed(rotation) + timedelta(seconds=1)
    world.push()
    return await session.look()


async def _free(session: Rotations, rotation: Rotation) -> Rotation:
    best, keep = (await session.slots())[0]
    return rotation if keep else await session.free_slot(best.id, DELETE_WORD)
