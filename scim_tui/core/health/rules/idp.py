"""Whether the IdP sends requests, as often as it usually does."""

from collections.abc import Iterator
from datetime import datetime

from scim_tui.core.health.aspects import Aspect
from scim_tui.core.health.observed import Observed
from scim_tui.core.health.rhythm import gap_words
from scim_tui.core.health.signals import caller_words
from scim_tui.core.health.verdict import Level, Reading, SignalName
from scim_tui.model.activity import Traffic
from scim_tui.model.ages import exact_age
from scim_tui.model.plural import plural
from scim_tui.model.unknown_values import NEVER, Absent


def readings(seen: Observed) -> Iterator[Reading]:
    """All of this file."""
    traffic = seen.snapshot.traffic
    if isinstance(traffic, Absent):
        yield _unseen(seen)
        return
    yield _accepted(seen, traffic)
    yield _rhythm(seen, traffic)
    yield from _throttled(seen, traffic)
    yield from _sign_in_failures(seen, traffic)


def _unseen(seen: Observed) -> Reading:
    name = SignalName.ACCEPTED
    if not seen.can.events:
        return Reading(name=name, level=Level.NOT_OFFERED, reason=seen.can.events.reason)
    reason = seen.snapshot.problems.get(Aspect.TRAFFIC, "the requests of the IdP are not known")
    return Reading(name=name, level=Level.UNKNOWN, reason=reason)


def _accepted(seen: Observed, traffic: Traffic) -> Reading:
    name, at = SignalName.ACCEPTED, traffic.last_accepted_at
    if at is NEVER or traffic.last_request_at is NEVER:
        return Reading(
            name=name,
            level=Level.NOTE,
            reason="no request of an IdP was accepted so far",
            observed_at=seen.at,
            next_step="Install the endpoint and a token in the IdP, and assign people there.",
        )
    newest = at if isinstance(at, datetime) else traffic.last_request_at
    if isinstance(newest, Absent):
        reason = "when the IdP was last accepted is not known"
        return Reading(name=name, level=Level.UNKNOWN, reason=reason)
    writes = traffic.last_write_at
    wrote = f", last write {exact_age(writes, seen.now)}" if isinstance(writes, datetime) else ""
    return Reading(
        name=name,
        level=Level.FINE,
        reason=f"last accepted request {exact_age(newest, seen.now)}{wrote}",
        value=newest.isoformat(),
        observed_at=seen.at,
    )


def _rhythm(seen: Observed, traffic: Traffic) -> Reading:
    """Silence beside what is usual; without a learned rhythm nothing is said about silence."""
    name, rhythm, newest = SignalName.RHYTHM, seen.rhythm, traffic.last_request_at
    if isinstance(traffic.last_accepted_at, datetime):
        newest = traffic.last_accepted_at
    if rhythm is None or isinstance(newest, Absent):
        reason = "how often the IdP sends requests is not learned yet"
        return Reading(name=name, level=Level.NOT_OFFERED, reason=reason)
    ago = f"{rhythm.words}; last {exact_age(newest, seen.now)}"
    silent = rhythm.silent(newest, seen.now)
    return Reading(
        name=name,
        level=Level.FAILING if silent else Level.FINE,
        reason=f"the IdP is silent: {ago}" if silent else ago,
        value=newest.isoformat(),
        threshold=f"{gap_words(rhythm.patience)} of its usual hours",
        observed_at=seen.at,
        next_step="Look at the IdP's provisioning log: is the job paused, or does it report errors?"
        if silent
        else "",
    )


def _throttled(seen: Observed, traffic: Traffic) -> Iterator[Reading]:
    count, accepted = traffic.throttled, traffic.accepted
    if isinstance(count, Absent) or isinstance(accepted, Absent):
        return
    share = 100 * count / max(1, count + accepted)
    most = seen.limits.throttled_percent
    over = count > 0 and share >= most
    yield Reading(
        name=SignalName.THROTTLED,
        level=Level.DEGRADED if over else Level.NOTE if count else Level.FINE,
        reason=f"{plural(count, 'request')} in 24 h answered 429, {share:.0f} % of all",
        value=count,
        threshold=f"{most:g} %",
        observed_at=seen.at,
        next_step="Let the IdP send fewer requests at once, or spread its cycles." if over else "",
    )


def _sign_in_failures(seen: Observed, traffic: Traffic) -> Iterator[Reading]:
    count = traffic.sign_in_failures
    if isinstance(count, Absent):
        return
    reason = "no request in 24 h was answered 401 or 403"
    if count:
        reason = f"{plural(count, 'request')} in 24 h answered 401 or 403"
        reason += f", newest by {caller_words(traffic.strangers[0])}" if traffic.strangers else ""
    yield Reading(
        name=SignalName.SIGN_IN_FAILURES,
        level=Level.NOTE if count else Level.FINE,
        reason=reason,
        value=count,
        observed_at=seen.at,
        next_step="If that is your IdP, its token is wrong: install it again." if count else "",
    )
