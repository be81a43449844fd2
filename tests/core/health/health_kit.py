"""A snapshot of a day without problems, and its rows and health line."""

from dataclasses import replace
from datetime import timedelta

from scim_tui.core.base.audit import ChainVerdict
from scim_tui.core.health.line import health_line
from scim_tui.core.health.severity import Signal, SignalId
from scim_tui.core.health.signals import signals
from scim_tui.core.health.snapshot import Snapshot
from scim_tui.core.rotation.api import Standing
from scim_tui.model.activity import Probe, Traffic
from scim_tui.model.directory import Summary
from scim_tui.model.provisioning import AccessToken, ProvisioningState, ProvisioningStatus
from scim_tui.model.unknown_values import UNKNOWN, Moment
from tests.fakes.memory import ALL_YES
from tests.fakes.sample import START

NAMES = (
    "Token expiry",
    "Token slots",
    "Endpoint probe",
    "IdP traffic 24h",
    "Sign-in failures",
    "Refused objects",
    "Throttled 24h",
    "Rotation",
    "Audit trail",
)


def token(days: float | None = 100, name: str = "tok-6f1c") -> AccessToken:
    ends: Moment = UNKNOWN if days is None else START + timedelta(days=days)
    return AccessToken(id=name, expires_at=ends, last_used_at=START - timedelta(minutes=6))


def snapshot(**parts: object) -> Snapshot:
    """A day on which all is well, but for `parts`."""
    traffic = Traffic(
        since=START - timedelta(days=1),
        accepted=141,
        refused=0,
        unauthorized=0,
        sign_in_failures=0,
        throttled=0,
        last_request_at=START - timedelta(minutes=6),
    )
    well = Snapshot(
        at=START,
        status=ProvisioningStatus(state=ProvisioningState.ENABLED),
        tokens=(token(),),
        summary=Summary(users=1204, groups=88),
        traffic=traffic,
        probe=Probe(at=START, ok=True, status=200, duration_ms=212.4),
        refusals=(),
        audit=ChainVerdict(True, 3),
        rotation=Standing(None, None, False),
    )
    return replace(well, **parts)  # type: ignore[arg-type]


def row(watched: SignalId, seen: Snapshot) -> Signal:
    rows = signals(seen, ALL_YES, START)
    assert tuple(each.label for each in rows) == NAMES
    return next(each for each in rows if each.id is watched)


def line(seen: Snapshot, *, wide: bool = False) -> str:
    return " | ".join(each.long if wide else each.short for each in health_line(seen, START))


def refused_traffic(accepted_at: Moment) -> Traffic:
    return Traffic(
        since=START - timedelta(days=1),
        accepted=3,
        refused=0,
        unauthorized=7,
        throttled=0,
        last_request_at=START,
        last_accepted_at=accepted_at,
        last_unauthorized_at=START,
    )
