"""One look at everything the Status screen tells, taken at once and then never changed."""

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from scim_tui.core.base.audit import Verdict
from scim_tui.core.health.line import health_line
from scim_tui.core.health.severity import Piece, Signal, worst
from scim_tui.core.health.signals import signals
from scim_tui.core.rotation.api import Standing
from scim_tui.model.activity import Event, Probe, Traffic
from scim_tui.model.ages import is_stale
from scim_tui.model.checkup import Finding
from scim_tui.model.directory import Summary
from scim_tui.model.errors import NotAllowed, Refused, ScimTuiError, Unreachable, Unsupported
from scim_tui.model.provisioning import AccessToken, ProvisioningStatus, State
from scim_tui.model.rotation.token_notes import NotedToken
from scim_tui.model.unknown_values import UNKNOWN, Absent
from scim_tui.providers.port import Beside, Provider

if TYPE_CHECKING:
    from scim_tui.core.workspace import Workspace

__all__ = ["Health", "Piece", "Signal", "Snapshot", "health_line", "signals", "take", "worst"]

T = TypeVar("T")
DAY = timedelta(hours=24)
PATIENCE = 2.5
"""Seconds that a look waits for a log which is asked slowly."""
PENDING = "It is still being asked."


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What was found at one time. A part that could not be had is UNKNOWN, with its reason."""

    at: datetime
    """When it was looked; ages of what others did are counted up to here."""
    status: ProvisioningStatus
    tokens: tuple[AccessToken, ...] | Absent = UNKNOWN
    noted: tuple[NotedToken, ...] = ()
    """What is told of the tokens where the provider does not list them."""
    summary: Summary | Absent = UNKNOWN
    traffic: Traffic | Absent = UNKNOWN
    probe: Probe | Absent = UNKNOWN
    refusals: tuple[Event, ...] | Absent = UNKNOWN
    """The newest refused requests, newest first."""
    audit: Verdict | Absent = UNKNOWN
    rotation: Standing | Absent = UNKNOWN
    """Where the rotation of the profile stands."""
    beside: tuple[Finding, ...] = ()
    """What the product tells by another API than its provisioning."""
    skew: timedelta | None = None
    """How far the server's clock is ahead of ours; None: its answers do not say."""
    audit_trouble: str = ""
    """Why the newest act could not be written down; empty when it was."""
    problems: Mapping[str, str] = field(default_factory=dict)
    """Why a part is unknown, by its field name; a sentence."""
    error: ScimTuiError | None = None
    """Why the look after this one failed, when this one is shown although it is old."""

    def failed(self, error: ScimTuiError, seen_at: datetime | None = None) -> "Snapshot":
        """This look, kept because the next one failed; `seen_at` is when it was last found true."""
        return replace(self, error=error, at=seen_at or self.at)

    def stale(self, now: datetime, every: float = 0.0) -> bool:
        """Whether it is too old to speak for now, or the look after it failed."""
        return self.error is not None or is_stale(self.at, now, every)

    @property
    def known_tokens(self) -> tuple[AccessToken, ...] | Absent:
        """The tokens: as the provider lists them, else as they were told."""
        if isinstance(self.tokens, Absent) and self.noted:
            return tuple(each.token for each in self.noted)
        return self.tokens

    @property
    def pending(self) -> bool:
        """Whether a part was not awaited, and will be there at the next look."""
        return PENDING in self.problems.values()

    def source_of(self, token_id: str) -> str:
        """Where a token that was only told of is known from; empty: from the provider."""
        return next((each.source for each in self.noted if each.id == token_id), "")

    def how_known(self, token_id: str) -> str:
        """The same in a word or two."""
        return next((each.how for each in self.noted if each.id == token_id), "")

    def same_as(self, other: "Snapshot") -> bool:
        """Whether both say the same, whenever they were taken."""
        return _content(self) == _content(other)


def _content(snapshot: Snapshot) -> tuple[object, ...]:
    """What a snapshot says, without the times and durations of the looking itself."""
    traffic, probe = snapshot.traffic, snapshot.probe
    if isinstance(traffic, Traffic):
        traffic = traffic.model_copy(update={"since": snapshot.at.min})
    if isinstance(probe, Probe):
        probe = probe.model_copy(update={"at": snapshot.at.min, "duration_ms": None})
    error = snapshot.error and (type(snapshot.error), snapshot.error.message)
    return (
        snapshot.status,
        snapshot.tokens,
        snapshot.noted,
        snapshot.summary,
        traffic,
        probe,
        snapshot.refusals,
        snapshot.audit,
        snapshot.audit_trouble,
        _told(snapshot.rotation),
        snapshot.beside,
        dict(snapshot.problems),
        error,
    )


def _told(standing: Standing | Absent) -> object:
    """What is told of a rotation, without the time of the newest look."""
    if isinstance(standing, Absent) or standing.rotation is None:
        return standing
    found = standing.rotation
    seen = found.seen.model_copy(update={"looked_at": found.started_at})
    return replace(standing, rotation=found.with_(seen=seen))


async def take(workspace: "Workspace") -> Snapshot:
    """Ask for everything at once.

    Raises what `status` raises, unless that is `Unsupported`, and what stops the probe where that
    is all there is; every other part that fails is UNKNOWN with its reason in `problems`.
    """
    provider, now = workspace.provider, workspace.clock()
    problems: dict[str, str] = {}
    # A log of late records is slow, too: what it tells is awaited only so long, and goes on.
    patience = PATIENCE if provider.capabilities.key_ids else None
    try:
        async with asyncio.TaskGroup() as group:
            start = group.create_task
            status = start(_status(workspace, problems))
            tokens = start(_part("tokens", workspace.tokens.list(), problems))
            noted = start(_part("noted", workspace.ledger.list(), problems, patience))
            summary = start(_part("summary", provider.summary(), problems))
            traffic = start(_part("traffic", provider.traffic(now - DAY), problems, patience))
            probe = start(_part("probe", provider.probe(), problems))
            refusals = start(_part("refusals", workspace.activity.refusals(), problems, patience))
            rotation = start(_part("rotation", workspace.rotations.status(), problems))
            beside = start(_part("beside", _beside(provider), problems, patience))
            audit = start(_part("audit", workspace.audit.verify(), problems))
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None
    if not provider.capabilities.list_tokens:
        _require(probe.result())
    return Snapshot(
        at=workspace.clock(),
        status=status.result(),
        tokens=tokens.result(),
        noted=told if not isinstance(told := noted.result(), Absent) else (),
        summary=summary.result(),
        traffic=traffic.result(),
        probe=_for_the_idp(probe.result(), status.result()),
        refusals=refusals.result(),
        audit=audit.result(),
        rotation=rotation.result(),
        beside=more if not isinstance(more := beside.result(), Absent) else (),
        skew=provider.clock_skew,
        audit_trouble=workspace.audit.trouble,
        problems=problems,
    )


async def _beside(provider: Provider) -> tuple[Finding, ...]:
    return await provider.notes() if isinstance(provider, Beside) else ()


def _for_the_idp(probe: Probe | Absent, status: ProvisioningStatus) -> Probe | Absent:
    return probe if isinstance(probe, Absent) else probe.for_the_idp(status.listening)


def _require(probe: Probe | Absent) -> None:
    """Raise what stopped the probe of a provider that can tell nothing without it."""
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


async def _status(workspace: "Workspace", problems: dict[str, str]) -> ProvisioningStatus:
    try:
        return await workspace.provisioning.status()
    except Unsupported as error:
        problems["status"] = error.message
        return ProvisioningStatus(state=State.UNKNOWN)


async def _part(
    name: str, call: Awaitable[T], problems: dict[str, str], patience: float | None = None
) -> T | Absent:
    try:
        return await asyncio.wait_for(call, patience)
    except TimeoutError:
        problems[name] = PENDING
        return UNKNOWN
    except ScimTuiError as error:
        problems[name] = error.message
        return UNKNOWN


class Health:
    """The condition of one connection."""

    def __init__(self, workspace: "Workspace") -> None:
        self._workspace = workspace

    async def take(self) -> Snapshot:
        """As the function `take`."""
        return await take(self._workspace)

    def signals(self, snapshot: Snapshot) -> tuple[Signal, ...]:
        """The rows of the Status screen, in their fixed order."""
        space = self._workspace
        return signals(snapshot, space.provider.capabilities, space.clock())

    def line(self, snapshot: Snapshot) -> tuple[Piece, ...]:
        """The pieces of the health line."""
        space = self._workspace
        return health_line(snapshot, space.clock(), space.provider.capabilities.every)

    def stale(self, snapshot: Snapshot) -> bool:
        """Whether a look is too old to speak for now."""
        space = self._workspace
        return snapshot.stale(space.clock(), space.provider.capabilities.every)
