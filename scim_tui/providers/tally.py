"""Events counted, for a provider that keeps them itself."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from scim_tui.model.absent import NEVER, UNKNOWN, Moment
from scim_tui.model.activity import Event, Reason, Traffic

_HOUR = timedelta(hours=1)
_MOST_REASONS = 10


def tally(events: Sequence[Event], since: datetime, now: datetime) -> Traffic:
    """The events, oldest first, since `since`, counted as `Traffic` explains its fields."""
    found = [event for event in events if event.at >= since]
    refused = [event for event in found if _is_refused(event)]
    last = events[-1] if events else None
    writes = [event for event in events if event.writes and not event.refused]
    return Traffic(
        since=since,
        accepted=sum(1 for event in found if not event.refused),
        refused=len(refused),
        unauthorized=sum(1 for event in found if event.status in {401, 403}),
        throttled=sum(1 for event in found if event.status == 429),
        last_request_at=last.at if last else NEVER,
        last_write_at=writes[-1].at if writes else NEVER,
        last_client=last.client if last else UNKNOWN,
        last_accepted_at=_newest(event for event in events if not event.refused),
        last_unauthorized_at=_newest(event for event in events if event.status in {401, 403}),
        reasons=_reasons(refused),
        hours=_hours(found, since, now),
    )


def _newest(events: Iterable[Event]) -> Moment:
    return max((event.at for event in events), default=NEVER)


def _is_refused(event: Event) -> bool:
    return event.refused and event.status not in {401, 403, 429}


def _reasons(refused: Sequence[Event]) -> tuple[Reason, ...]:
    counted = Counter((event.constraint, event.message) for event in refused)
    return tuple(
        Reason(constraint=constraint, message=message, count=number)
        for (constraint, message), number in counted.most_common(_MOST_REASONS)
    )


def _hours(found: Sequence[Event], since: datetime, now: datetime) -> tuple[tuple[int, int], ...]:
    length = max(-((since - now) // _HOUR), 0)
    accepted, refused = [0] * length, [0] * length
    for event in found:
        back = (now - event.at) // _HOUR
        if 0 <= back < length:
            accepted[-1 - back] += not event.refused
            refused[-1 - back] += _is_refused(event)
    return tuple(zip(accepted, refused, strict=True))
