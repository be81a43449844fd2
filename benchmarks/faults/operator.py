"""An operator who does what the rotation asks for next, and an IdP's desk for the secret."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from pydantic import SecretStr

from scim_tui.core.rotation.api import Rotations
from scim_tui.model.provisioning import DELETE_WORD
from scim_tui.model.rotation.rotation import KnownBy, Rotation, State, TestResult
from scim_tui.model.rotation.suspend import soak_left

Install = Callable[[SecretStr], Awaitable[str]]
Wait = Callable[[Rotation], Awaitable[None]]


class Operator:
    """Works on one rotation until it is over."""

    def __init__(
        self,
        rotations: Rotations,
        install: Install,
        wait: Wait,
        pauses_by: Callable[[], datetime] | None = None,
    ) -> None:
        self._rotations, self._install, self._wait = rotations, install, wait
        self._pauses_by = pauses_by
        """The clock by which the old token is switched off for a cycle first; None: it is not."""

    async def work(self, steps: int, finished: Callable[[], bool]) -> Rotation | None:
        """Start or resume, and go on until it is over or patience is."""
        rotation = await self._begin(finished)
        for _ in range(steps):
            if rotation is None or not rotation.open:
                return rotation
            rotation = await self._next(rotation)
        return rotation

    async def _begin(self, finished: Callable[[], bool]) -> Rotation | None:
        standing = await self._rotations.status()
        if standing.rotation is not None and standing.rotation.open:
            return await self._rotations.resume()
        if standing.rotation is not None and finished():
            return standing.rotation
        return await self._rotations.start()

    async def _next(self, rotation: Rotation) -> Rotation:
        use = self._rotations
        acts: dict[State, Callable[[], Awaitable[Rotation]]] = {
            State.PREFLIGHT: use.check,
            State.FREE_SLOT: self._free,
            State.CREATE_INTENT: use.create,
            State.HOLDING: use.probe,
            State.PROBE_FAILED: use.probe,
            State.PROBED: lambda: use.deliver("the simulated IdP", self._install),
            State.SECRET_GONE: lambda: use.discard(DELETE_WORD),
            State.DELIVERED: self._delivered,
            State.INSTALL_CLAIMED: lambda: use.idp_test(TestResult.SKIPPED, KnownBy.WORD),
            State.PROVEN: lambda: use.delete_old(DELETE_WORD),
            State.DELETE_CONFIRM: lambda: use.delete_old(DELETE_WORD),
            State.ATTENTION: lambda: use.settle("looked at it"),
        }
        if self._pauses_by is not None and rotation.state is State.PROVEN:
            return await use.suspend()
        soaked = self._pauses_by is not None and not soak_left(rotation, self._pauses_by())
        if rotation.state is State.SUSPENDED and soaked:
            return await use.delete_old(DELETE_WORD)
        if rotation.state in acts:
            return await acts[rotation.state]()
        await self._wait(rotation)
        return await use.look()

    async def _free(self) -> Rotation:
        best, _ = (await self._rotations.slots())[0]
        return await self._rotations.free_slot(best.id, DELETE_WORD)

    async def _delivered(self) -> Rotation:
        """Known to have arrived: say so. Else wait for the IdP, and only then say that it did not.

        This is what a person would do who cannot see into the IdP.
        """
        rotation = (await self._rotations.status()).rotation
        if rotation is None or rotation.new is None:
            raise AssertionError
        if rotation.receipts and rotation.receipts[-1].ok:
            return await self._rotations.installed(KnownBy.API)
        await self._wait(rotation)
        found = await self._rotations.look()
        if found.state is not State.DELIVERED:
            return found
        return await self._rotations.not_arrived(rotation.new.id)
