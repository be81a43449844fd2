"""Whether provisioning is on, and whether its endpoint answers."""

from collections.abc import Iterator

from scim_tui.core.health.aspects import Aspect
from scim_tui.core.health.observed import Observed
from scim_tui.core.health.verdict import Level, Reading, SignalName
from scim_tui.model.clock_skew import TOLERATED, matters, skew_words
from scim_tui.model.errors import NotAllowed
from scim_tui.model.provisioning import ProvisioningState
from scim_tui.model.unknown_values import Absent

_TLS_WORDS = ("certificate", "TLS", "SSL")


def enabled(seen: Observed) -> Reading:
    """Whether provisioning is switched on."""
    name, state = SignalName.ENABLED, seen.snapshot.status.state
    at = seen.at
    if state is ProvisioningState.ENABLED:
        return Reading(
            name=name, level=Level.FINE, reason="provisioning is on", value=state, observed_at=at
        )
    if state is ProvisioningState.DISABLED:
        return Reading(
            name=name,
            level=Level.OFF,
            reason="provisioning is switched off",
            value=state,
            observed_at=at,
            next_step="Switch it on again on the Status screen (E), or set expect = "
            '"off" in the profile if it is meant to be off.',
        )
    if not seen.can.status:
        return Reading(name=name, level=Level.NOT_OFFERED, reason=seen.can.status.reason)
    reason = seen.snapshot.problems.get(Aspect.STATUS, "whether provisioning is on is not known")
    return Reading(name=name, level=Level.UNKNOWN, reason=reason)


def reachable(seen: Observed) -> Reading:
    """Whether the SCIM endpoint answers us.

    No answer at all may be our own network, so nothing is said about the IdP then. A certificate
    that cannot be trusted, and an answer of 5xx, meet the IdP as well.
    """
    name, error, probe = SignalName.REACHABLE, seen.snapshot.error, seen.snapshot.probe
    if error is not None:
        level = Level.FAILING if _is_tls(error.message) else Level.UNKNOWN
        next_step = error.hint or "Check the endpoint of the profile and your network."
        if isinstance(error, NotAllowed):
            next_step = error.hint or "Check the permissions and the secret of the profile."
        cause = "tls" if level is Level.FAILING else ""
        return Reading(
            name=name,
            level=level,
            reason=error.message.rstrip("."),
            next_step=next_step,
            cause=cause,
        )
    if isinstance(probe, Absent):
        reason = seen.snapshot.problems.get(Aspect.PROBE, "the endpoint was not asked")
        return Reading(name=name, level=Level.UNKNOWN, reason=reason)
    took = "" if probe.duration_ms is None else f" in {probe.duration_ms:.0f} ms"
    if probe.ok or probe.status in {401, 403}:
        return Reading(
            name=name,
            level=Level.FINE,
            reason=f"the endpoint answers {probe.status or ''}".rstrip() + took,
            value=probe.duration_ms,
            observed_at=probe.at,
        )
    broken = probe.status is not None or _is_tls(probe.message) or not _asked_elsewhere(seen)
    return Reading(
        name=name,
        level=Level.FAILING if broken else Level.UNKNOWN,
        reason=probe.message.rstrip(".") or f"the endpoint answers {probe.status}",
        value=probe.status,
        observed_at=probe.at,
        next_step=probe.hint or "Check that the server runs and that its address is right.",
        cause="tls" if _is_tls(probe.message) else str(probe.status or ""),
    )


def _is_tls(message: str) -> bool:
    return any(word in message for word in _TLS_WORDS)


def _asked_elsewhere(seen: Observed) -> bool:
    """Whether nothing of this product answered, so that our own network may be at fault."""
    return seen.snapshot.status.state is ProvisioningState.UNKNOWN


def clock(seen: Observed) -> Reading:
    """Whether our clock agrees with the server's."""
    name, skew = SignalName.CLOCK, seen.snapshot.skew
    threshold = f"more than {TOLERATED.total_seconds():.0f} s"
    if skew is None:
        reason = "the server's answers do not give its time"
        return Reading(name=name, level=Level.NOT_OFFERED, reason=reason)
    off = matters(skew)
    return Reading(
        name=name,
        level=Level.DEGRADED if off else Level.FINE,
        reason=skew_words(skew).rstrip(".") if off else "the clocks agree",
        value=round(skew.total_seconds()),
        threshold=threshold,
        observed_at=seen.at,
        next_step="Set the clock of this machine (NTP)." if off else "",
    )


def readings(seen: Observed) -> Iterator[Reading]:
    """All of this file."""
    yield reachable(seen)
    yield enabled(seen)
    yield clock(seen)
