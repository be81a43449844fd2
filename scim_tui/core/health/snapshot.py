"""Everything that the Status screen shows, as it was at one time."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from scim_tui.core.base.audit import ChainVerdict
from scim_tui.core.health.aspects import PENDING, Aspect
from scim_tui.core.rotation.api import Standing
from scim_tui.model.activity import Event, Probe, Traffic
from scim_tui.model.ages import is_stale
from scim_tui.model.checkup import Finding
from scim_tui.model.directory import Summary
from scim_tui.model.errors import ScimTuiError
from scim_tui.model.provisioning import AccessToken, ProvisioningStatus
from scim_tui.model.rotation.token_notes import NotedToken
from scim_tui.model.unknown_values import UNKNOWN, Absent


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The state at one time, immutable. A missing aspect is UNKNOWN, its reason in `problems`."""

    at: datetime
    """When it was taken; ages in it are counted up to this time."""
    status: ProvisioningStatus
    tokens: tuple[AccessToken, ...] | Absent = UNKNOWN
    noted: tuple[NotedToken, ...] = ()
    """The tokens of the ledger, where the provider does not list its tokens."""
    summary: Summary | Absent = UNKNOWN
    traffic: Traffic | Absent = UNKNOWN
    probe: Probe | Absent = UNKNOWN
    refusals: tuple[Event, ...] | Absent = UNKNOWN
    """The newest refused requests, newest first."""
    audit: ChainVerdict | Absent = UNKNOWN
    rotation: Standing | Absent = UNKNOWN
    """Where the rotation of the profile stands."""
    product: tuple[Finding, ...] = ()
    """Findings of the product's own API, beside provisioning."""
    skew: timedelta | None = None
    """How far the server's clock is ahead of ours; None: its answers do not say."""
    audit_trouble: str = ""
    """Why the newest change could not be written to the audit trail; empty when it was."""
    problems: Mapping[Aspect, str] = field(default_factory=dict)
    """Why an aspect is unknown; a sentence."""
    error: ScimTuiError | None = None
    """Why the next attempt failed; set when this old snapshot is shown in its place."""

    def failed(self, error: ScimTuiError, seen_at: datetime | None = None) -> "Snapshot":
        """A copy for when the next attempt failed; `seen_at` is when it was last confirmed."""
        return replace(self, error=error, at=seen_at or self.at)

    def stale(self, now: datetime, every: float = 0.0) -> bool:
        """Whether it is too old to describe the present, or the attempt after it failed."""
        return self.error is not None or is_stale(self.at, now, every)

    @property
    def known_tokens(self) -> tuple[AccessToken, ...] | Absent:
        """The tokens as the provider lists them, else those of the ledger."""
        if isinstance(self.tokens, Absent) and self.noted:
            return tuple(each.token for each in self.noted)
        return self.tokens

    @property
    def pending(self) -> bool:
        """Whether the answer for an aspect is still to come; the next snapshot has it."""
        return PENDING in self.problems.values()

    def source_of(self, token_id: str) -> str:
        """Where the ledger has a token from; empty: the provider lists it."""
        return next((each.source for each in self.noted if each.id == token_id), "")

    def how_known(self, token_id: str) -> str:
        """As `source_of`, in a word or two."""
        return next((each.how for each in self.noted if each.id == token_id), "")

    def same_as(self, other: "Snapshot") -> bool:
        """Whether both have the same content, apart from the times of the requests."""
        return _content(self) == _content(other)


def _content(snapshot: Snapshot) -> tuple[object, ...]:
    """The content of a snapshot, without the times and durations of the requests for it."""
    traffic, probe, error = snapshot.traffic, snapshot.probe, snapshot.error
    if isinstance(traffic, Traffic):
        traffic = traffic.model_copy(update={"since": datetime.min})
    if isinstance(probe, Probe):
        probe = probe.model_copy(update={"at": datetime.min, "duration_ms": None})
    timeless = replace(
        snapshot,
        at=datetime.min,
        traffic=traffic,
        probe=probe,
        rotation=_standing(snapshot.rotation),
        skew=None,
        problems=dict(snapshot.problems),
        error=None,
    )
    return timeless, error and (type(error), error.message)


def _standing(standing: Standing | Absent) -> Standing | Absent:
    """The state of the rotation, without the time of the newest request for its evidence."""
    if isinstance(standing, Absent) or standing.rotation is None:
        return standing
    found = standing.rotation
    seen = found.seen.model_copy(update={"looked_at": found.started_at})
    return replace(standing, rotation=found.with_(seen=seen))
