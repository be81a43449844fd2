"""Collects a snapshot from the parts of one open connection, all at once."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from scim_tui.core.activity.api import Activity
from scim_tui.core.base.audit import AuditTrail
from scim_tui.core.health.aspects import PENDING, Aspect
from scim_tui.core.health.snapshot import Snapshot
from scim_tui.core.rotation.api import Rotations
from scim_tui.core.tokens.api import Tokens
from scim_tui.core.tokens.ledger import TokenLedger
from scim_tui.core.tokens.provisioning import Provisioning
from scim_tui.model.activity import Probe, Traffic
from scim_tui.model.checkup import Finding
from scim_tui.model.clock import Clock
from scim_tui.model.errors import ScimTuiError, Unsupported
from scim_tui.model.provisioning import ProvisioningState, ProvisioningStatus
from scim_tui.model.unknown_values import UNKNOWN, Absent
from scim_tui.providers.port import Provider, SideChannel

T = TypeVar("T")
DAY = timedelta(hours=24)
ALL = frozenset(Aspect)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What a snapshot is collected from."""

    provider: Provider
    clock: Clock
    provisioning: Provisioning
    tokens: Tokens
    ledger: TokenLedger
    activity: Activity
    rotations: Rotations
    audit: AuditTrail


async def collect(
    sources: Sources, wanted: Collection[Aspect] = ALL, patience: float | None = None
) -> Snapshot:
    """Request the wanted aspects concurrently, and the status in any case.

    Raises the error of the status request, unless that is `Unsupported`. Any other aspect that
    fails, or a log that takes longer than `patience` seconds, is UNKNOWN, with the reason in
    `problems`.
    """
    provider, asking = sources.provider, _Asking(wanted)
    try:
        async with asyncio.TaskGroup() as group:
            start = group.create_task
            status = start(_status(sources, asking.problems))
            tokens = start(asking.ask(Aspect.TOKENS, sources.tokens.list))
            noted = start(asking.ask(Aspect.NOTED, sources.ledger.list, patience))
            summary = start(asking.ask(Aspect.SUMMARY, provider.summary))
            traffic = start(asking.ask(Aspect.TRAFFIC, lambda: _traffic(sources), patience))
            probe = start(asking.ask(Aspect.PROBE, provider.probe))
            refusals = start(asking.ask(Aspect.REFUSALS, sources.activity.refusals, patience))
            rotation = start(asking.ask(Aspect.ROTATION, sources.rotations.status))
            product = start(asking.ask(Aspect.PRODUCT, lambda: _notes(provider), patience))
            audit = start(asking.ask(Aspect.AUDIT, sources.audit.verify))
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return Snapshot(
        at=sources.clock(),
        status=status.result(),
        tokens=tokens.result(),
        noted=_or_none(noted.result()),
        summary=summary.result(),
        traffic=traffic.result(),
        probe=_for_the_idp(probe.result(), status.result()),
        refusals=refusals.result(),
        audit=audit.result(),
        rotation=rotation.result(),
        product=_or_none(product.result()),
        skew=provider.clock_skew,
        audit_trouble=sources.audit.trouble,
        problems=asking.problems,
    )


class _Asking:
    """Requests aspects, and records why one of them is unknown."""

    def __init__(self, wanted: Collection[Aspect]) -> None:
        self._wanted = wanted
        self.problems: dict[Aspect, str] = {}

    async def ask(
        self, aspect: Aspect, call: Callable[[], Awaitable[T]], patience: float | None = None
    ) -> T | Absent:
        """The answer; UNKNOWN if the aspect is not wanted, fails or takes too long."""
        if aspect not in self._wanted:
            return UNKNOWN
        try:
            async with asyncio.timeout(patience):
                return await call()
        except TimeoutError:
            self.problems[aspect] = PENDING
        except ScimTuiError as error:
            self.problems[aspect] = error.message
        return UNKNOWN


async def _status(sources: Sources, problems: dict[Aspect, str]) -> ProvisioningStatus:
    try:
        return await sources.provisioning.status()
    except Unsupported as error:
        problems[Aspect.STATUS] = error.message
        return ProvisioningStatus(state=ProvisioningState.UNKNOWN)


async def _traffic(sources: Sources) -> Traffic:
    return await sources.provider.traffic(sources.clock() - DAY)


async def _notes(provider: Provider) -> tuple[Finding, ...]:
    return await provider.notes() if isinstance(provider, SideChannel) else ()


def _for_the_idp(probe: Probe | Absent, status: ProvisioningStatus) -> Probe | Absent:
    return probe if isinstance(probe, Absent) else probe.for_the_idp(status.listening)


def _or_none(found: tuple[T, ...] | Absent) -> tuple[T, ...]:
    return () if isinstance(found, Absent) else found
