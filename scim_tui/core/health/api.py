"""The health of one connection: a snapshot, and what it means."""

import asyncio
from collections.abc import Collection
from pathlib import Path

from scim_tui.core.health.aspects import Aspect
from scim_tui.core.health.collect import ALL, Sources, collect
from scim_tui.core.health.judge import judge
from scim_tui.core.health.kept import keep, recall
from scim_tui.core.health.line import health_line
from scim_tui.core.health.observe import Observer
from scim_tui.core.health.severity import Piece, Signal
from scim_tui.core.health.signals import signals
from scim_tui.core.health.snapshot import Snapshot
from scim_tui.core.health.verdict import Judgement
from scim_tui.model.activity import Probe
from scim_tui.model.errors import NotAllowed, Refused, ScimTuiError, Unreachable
from scim_tui.model.provisioning import ProvisioningState, ProvisioningStatus
from scim_tui.model.thresholds import Thresholds
from scim_tui.model.unknown_values import UNKNOWN, Absent

PATIENCE = 2.5
"""Seconds that a snapshot waits for a log which answers slowly."""


class Health:
    """The health of one connection."""

    def __init__(self, sources: Sources, folder: Path, limits: Thresholds | None = None) -> None:
        self._sources, self._folder = sources, folder
        self._observer = Observer(sources, limits)

    async def observe(self) -> Snapshot:
        """As `take`, but a server that does not answer gives a snapshot with that error.

        Never raises `ScimTuiError`.
        """
        try:
            return await self.take()
        except ScimTuiError as error:
            nothing = ProvisioningStatus(state=ProvisioningState.UNKNOWN)
            return Snapshot(at=self._sources.clock(), status=nothing, error=error)

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

    async def take(self) -> Snapshot:
        """A snapshot of all aspects; a log that answers slowly is awaited for `PATIENCE` seconds.

        Raises what `collect` raises. For a provider that lists no tokens it also raises the error
        of the probe, as without the probe nothing is known.
        """
        can = self._sources.provider.capabilities
        # Only a log of late records answers that slowly; its answer is kept for the next time.
        found = await collect(self._sources, ALL, PATIENCE if can.key_ids else None)
        if not can.list_tokens:
            _require(found.probe)
        return found

    async def collect(self, wanted: Collection[Aspect]) -> Snapshot:
        """A snapshot of some aspects, without a time limit. Raises as `collect.collect` does."""
        return await collect(self._sources, wanted)

    def signals(self, snapshot: Snapshot) -> tuple[Signal, ...]:
        """The rows of the Status screen, in their fixed order."""
        return signals(snapshot, self._sources.provider.capabilities, self._sources.clock())

    def line(self, snapshot: Snapshot) -> tuple[Piece, ...]:
        """The pieces of the health line."""
        every = self._sources.provider.capabilities.every
        return health_line(snapshot, self._sources.clock(), every)

    def stale(self, snapshot: Snapshot) -> bool:
        """Whether a snapshot is too old to describe the present."""
        return snapshot.stale(self._sources.clock(), self._sources.provider.capabilities.every)


def _require(probe: Probe | Absent) -> None:
    if isinstance(probe, Absent) or probe.ok:
        return
    if probe.status is None:
        hint = probe.hint or "Check the endpoint of the profile and your network."
        raise Unreachable(probe.message, hint)
    if probe.status in {401, 403}:
        hint = "The token may be expired, deleted, or made for another endpoint."
        raise NotAllowed(probe.message, hint, status=probe.status)
    hint = probe.hint or "Check the endpoint of the profile."
    raise Refused(probe.message, hint, status=probe.status)
