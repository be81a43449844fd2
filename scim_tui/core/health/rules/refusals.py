"""Whether people are refused: how many, beside a usual day, and by which reasons."""

from collections.abc import Iterator
from datetime import timedelta
from statistics import median

from scim_tui.core.health.observed import Observed
from scim_tui.core.health.signals import refused_words
from scim_tui.core.health.verdict import Level, Reading, SignalName
from scim_tui.model.activity import Traffic
from scim_tui.model.plural import plural
from scim_tui.model.unknown_values import Absent

DAY = timedelta(days=1)
LEAST_DAYS = 7
"""Days that must have been observed before one of them is called usual."""
ALL_REFUSED = 0.9
"""The share of refused writes from which nothing that is sent is applied."""
LEAST_REQUESTS = 5
_SHOW = "scim-tui activity --people"


def readings(seen: Observed) -> Iterator[Reading]:
    """All of this file."""
    traffic = seen.snapshot.traffic
    if isinstance(traffic, Absent) or isinstance(traffic.refused, Absent):
        return
    yield _refused(seen, traffic, traffic.refused)
    yield from _again(seen)
    yield from _new_kinds(seen, traffic)


def _refused(seen: Observed, traffic: Traffic, refused: int) -> Reading:
    name = SignalName.REFUSED
    if not refused:
        return Reading(
            name=name,
            level=Level.FINE,
            reason="no person was refused in 24 h",
            value=0,
            observed_at=seen.at,
        )
    people = traffic.refused_users if isinstance(traffic.refused_users, int) else None
    accepted = traffic.accepted if isinstance(traffic.accepted, int) else 0
    words = f"{refused_words(traffic)} refused in 24 h"
    if _nothing_is_applied(traffic, refused, accepted):
        return Reading(
            name=name,
            level=Level.FAILING,
            reason=f"{words}, and hardly any write was accepted",
            value=refused,
            threshold=f"{ALL_REFUSED:.0%} of writes",
            observed_at=seen.at,
            next_step=f"See what they have in common: {_SHOW}",
            cause="all",
        )
    usual = _usual(seen)
    most = None if usual is None else max(usual * seen.limits.refused_usual_factor, 0)
    floor = seen.limits.refused_floor
    count = people if people is not None else refused
    over = most is not None and count >= floor and count > most
    beside = "" if usual is None else f"; usually {usual:g} a day"
    return Reading(
        name=name,
        level=Level.DEGRADED if over else Level.NOTE,
        reason=words + beside,
        value=count,
        threshold="" if most is None else f"more than {max(most, floor - 1):g}",
        observed_at=seen.at,
        next_step=f"See who and why: {_SHOW}",
    )


def _nothing_is_applied(traffic: Traffic, refused: int, accepted: int) -> bool:
    """Whether all the writes of a day were refused; reads say nothing, so the newest write does."""
    wrote = traffic.last_write_at
    lately = not isinstance(wrote, Absent) and wrote >= traffic.since
    share = refused / max(1, refused + accepted)
    return refused >= LEAST_REQUESTS and (not lately or share >= ALL_REFUSED)


def _usual(seen: Observed) -> float | None:
    history = seen.history
    if isinstance(history, Absent):
        return None
    today = seen.now.date()
    days = [count for day, count in history.refused_people.items() if day < today]
    return median(days) if len(days) >= LEAST_DAYS else None


def _again(seen: Observed) -> Iterator[Reading]:
    count, least = seen.locked_out, seen.limits.refused_again
    if isinstance(count, Absent):
        return
    yield Reading(
        name=SignalName.REFUSED_AGAIN,
        level=Level.DEGRADED if count else Level.FINE,
        reason=f"{plural(count, 'person', 'people')} refused {least} times or more, never accepted"
        if count
        else "no person is refused again and again",
        value=count,
        threshold=f"{least} times",
        observed_at=seen.at,
        next_step="See who and why: scim-tui activity --people" if count else "",
    )


def _new_kinds(seen: Observed, traffic: Traffic) -> Iterator[Reading]:
    history = seen.history
    if isinstance(history, Absent) or seen.now - history.since < LEAST_DAYS * DAY:
        return
    for reason in traffic.reasons:
        first = history.reasons.get(reason.constraint)
        if reason.constraint and first is not None and first >= traffic.since:
            yield Reading(
                name=SignalName.NEW_REFUSAL,
                level=Level.DEGRADED,
                reason=f"{reason.constraint} refused {plural(reason.count, 'request')}, and never"
                f" before in {(seen.now - history.since).days} days",
                value=reason.count,
                threshold="a rule that refused nothing before",
                observed_at=seen.at,
                next_step="Was the attribute mapping of the IdP changed? " + _SHOW,
                cause=reason.constraint,
            )
