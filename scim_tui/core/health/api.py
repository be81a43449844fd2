"""The health of one connection: a snapshot, and what it means."""

from collections.abc import Collection

from scim_tui.core.health.aspects import Aspect
from scim_tui.core.health.collect import ALL, Sources, collect
from scim_tui.core.health.line import health_line
from scim_tui.core.health.severity import Piece, Signal
from scim_tui.core.health.signals import signals
from scim_tui.core.health.snapshot import Snapshot
from scim_tui.model.activity import Probe
from scim_tui.model.errors import NotAllowed, Refused, Unreachable
from scim_tui.model.unknown_values import Absent

PATIENCE = 2.5
"""Seconds that a snapshot waits for a log which answers slowly."""


class Health:
    """The health of one connection."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources

    async def take(self) -> Snapshot:
        """A snapshot of all aspects; a log that answers slowly is awaited for `PATIENCE` seconds.

        Raises what `collect` raises. For a provider that lists no tokens it also raises the error
        of the probe, as without the probe nothing is known.
        """
        can = self.sources.provider.capabilities
        # Only a log of late records answers that slowly; its answer is kept for the next time.
        found = await collect(self.sources, ALL, PATIENCE if can.key_ids else None)
        if not can.list_tokens:
            _require(found.probe)
        return found

    async def collect(self, wanted: Collection[Aspect]) -> Snapshot:
        """A snapshot of some aspects, without a time limit. Raises as `collect.collect` does."""
        return await collect(self.sources, wanted)

    def signals(self, snapshot: Snapshot) -> tuple[Signal, ...]:
        """The rows of the Status screen, in their fixed order."""
        return signals(snapshot, self.sources.provider.capabilities, self.sources.clock())

    def line(self, snapshot: Snapshot) -> tuple[Piece, ...]:
        """The pieces of the health line."""
        every = self.sources.provider.capabilities.every
        return health_line(snapshot, self.sources.clock(), every)

    def stale(self, snapshot: Snapshot) -> bool:
        """Whether a snapshot is too old to describe the present."""
        return snapshot.stale(self.sources.clock(), self.sources.provider.capabilities.every)


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
