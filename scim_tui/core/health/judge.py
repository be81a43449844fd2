"""The verdict on one directory, from what was observed of it."""

from collections.abc import Iterator

from scim_tui.core.health.aspects import Aspect
from scim_tui.core.health.observed import Observed
from scim_tui.core.health.rules import changes, connection, idp, refusals, tokens
from scim_tui.core.health.verdict import Judgement, Level, Reading, SignalName, fold
from scim_tui.model import checkup
from scim_tui.model.provisioning import ProvisioningState
from scim_tui.model.unknown_values import Absent


def judge(seen: Observed) -> Judgement:
    """The verdict with its readings; pure."""
    return fold(_readings(seen), seen.at)


def _readings(seen: Observed) -> Iterator[Reading]:
    yield from connection.readings(seen)
    if seen.snapshot.status.state is ProvisioningState.DISABLED:
        return
    if seen.snapshot.error is not None:
        # The rest of the snapshot is from before the attempt that failed.
        reason = "not observed: the server did not answer"
        yield Reading(name=SignalName.TOKEN_WORKS, level=Level.UNKNOWN, reason=reason)
        return
    yield from tokens.readings(seen)
    yield from idp.readings(seen)
    yield from refusals.readings(seen)
    yield from changes.readings(seen)
    yield from _product(seen)
    yield _audit(seen)


_LEVELS = {
    checkup.Verdict.BAD: Level.DEGRADED,
    checkup.Verdict.WARN: Level.DEGRADED,
    checkup.Verdict.UNKNOWN: Level.UNKNOWN,
    checkup.Verdict.NONE: Level.NOTE,
    checkup.Verdict.OK: Level.FINE,
}


def _product(seen: Observed) -> Iterator[Reading]:
    for each in seen.snapshot.product:
        yield Reading(
            name=SignalName.PRODUCT,
            level=_LEVELS[each.verdict],
            reason=f"{each.name}: {each.evidence}",
            observed_at=seen.at,
            next_step=each.fix,
            cause=each.name,
        )


def _audit(seen: Observed) -> Reading:
    name, chain = SignalName.AUDIT_TRAIL, seen.snapshot.audit
    trouble = seen.snapshot.audit_trouble
    if isinstance(chain, Absent) and not trouble:
        reason = seen.snapshot.problems.get(Aspect.AUDIT, "the audit trail was not read")
        return Reading(name=name, level=Level.UNKNOWN, reason=reason)
    broken = bool(trouble) or (not isinstance(chain, Absent) and not chain.ok)
    why = trouble or (f"the audit trail is broken: {chain.reason}" if broken else "")  # type: ignore[union-attr]
    return Reading(
        name=name,
        level=Level.DEGRADED if broken else Level.FINE,
        reason=why or "the audit trail is intact",
        observed_at=seen.at,
        next_step="Keep a copy of the file, then find out who changed it." if broken else "",
    )
