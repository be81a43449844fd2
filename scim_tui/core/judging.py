"""Gives the verdict on one open connection, and keeps it for a prompt and for comparison.

Apart from `Workspace.health`: the screens show signals, and start without what a verdict needs.
"""

import asyncio

from scim_tui.core.health.judge import judge
from scim_tui.core.health.kept import keep, recall
from scim_tui.core.health.observe import Observer
from scim_tui.core.health.snapshot import Snapshot
from scim_tui.core.health.verdict import Judgement
from scim_tui.core.workspace import Workspace
from scim_tui.model.errors import ScimTuiError
from scim_tui.model.provisioning import ProvisioningState, ProvisioningStatus
from scim_tui.model.unknown_values import UNKNOWN


class Judging:
    """The verdicts on one connection; a rhythm that was learned is kept from one to the next."""

    def __init__(self, space: Workspace) -> None:
        self._space = space
        self._folder = space.profile.data_dir
        self._observer = Observer(space.health.sources, space.profile.thresholds)

    async def observe(self) -> Snapshot:
        """A snapshot; one with the error where the server does not answer.

        Never raises `ScimTuiError`.
        """
        try:
            return await self._space.health.take()
        except ScimTuiError as error:
            nothing = ProvisioningStatus(state=ProvisioningState.UNKNOWN)
            return Snapshot(at=self._space.clock(), status=nothing, error=error)

    async def verdict(self) -> Judgement:
        """The verdict of now; what it needs later is kept in the data folder of the profile."""
        return await self.judge(await self.observe())

    async def judge(self, snapshot: Snapshot) -> Judgement:
        """The verdict of a snapshot that was just taken; it is kept in the data folder."""
        before = await asyncio.to_thread(recall, self._folder)
        found = judge(await self._observer.observe(snapshot, before))
        counts = before.counts if before else ()
        summary = UNKNOWN if snapshot.error else snapshot.summary
        await asyncio.to_thread(keep, self._folder, found, summary, counts)
        return found
