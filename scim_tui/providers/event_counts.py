"""Events counted, for a provider that keeps them itself."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from scim_tui.model.activity import Caller, Event, Reason, Traffic
from scim_tui.model.history import History
from scim_tui.model.own_agent import is_ours
from scim_tui.model.unknown_values import NEVER, UNKNOWN, Absent, Moment, Words

_HOUR = timedelta(hours=1)
_MOST_REASONS = 10
_MOST_STRANGERS = 10
_UNAUTHORIZED = frozenset({401, 403})


def count_events(events: Sequence[Event], since: datetime, now: datetime) -> Traffic:
    """The events, oldest first, since `since`, counted as `Traffic` explains its fields."""
    sent = [event for event in events if _by_the_idp(event)]
    found = [event for event in sent if event.at >= since]
    refused = [event for event in found if _is_refused(event)]
    turned_away = [e for e in events if e.status in _UNAUTHORIZED and e.at >= since]
    last = sent[-1] if sent else None
    writes = [event for event in sent if event.writes and not event.refused]
    return Traffic(
        since=since,
        accepted=sum(1 for event in found if not event.refused),
        refused=len(refused),
        refused_users=len(_objects(refused, "User")),
        refused_groups=len(_objects(refused, "Group")),
        refused_unnamed=sum(1 for event in refused if not (_objects([event], "User", "Group"))),
        unauthorized=sum(1 for event in found if event.status in _UNAUTHORIZED),
        sign_in_failures=len(turned_away),
        strangers=_strangers([event for event in turned_away if event.token_known is not True]),
        own=sum(1 for event in events if event.at >= since and is_ours(event.client)),
        throttled=sum(1 for event in found if event.status == 429),
        last_request_at=last.at if last else NEVER,
        last_write_at=writes[-1].at if writes else NEVER,
        last_client=last.client if last else UNKNOWN,
        last_accepted_at=_newest(event for event in sent if not event.refused),
        last_unauthorized_at=_newest(event for event in sent if event.status in _UNAUTHORIZED),
        reasons=_reasons(refused),
        hours=_hours(found, since, now),
    )


def history_of(events: Sequence[Event], since: datetime) -> History:
    """The events, oldest first, since `since`, as `History` explains its fields."""
    found = [event for event in events if event.at >= since and _by_the_idp(event)]
    refused = [event for event in found if _is_refused(event)]
    minutes = {e.at.replace(second=0, microsecond=0) for e in found if not e.refused}
    people: dict[date, set[str]] = {each.at.date(): set() for each in found}
    reasons: dict[str, datetime] = {}
    for event in refused:
        people[event.at.date()] |= _objects([event], "User")
        if event.constraint:
            reasons.setdefault(event.constraint, event.at)
    return History(
        since=max(since, events[0].at) if events else since,
        requests=tuple(sorted(minutes)),
        refused_people={day: len(names) for day, names in people.items()},
        reasons=reasons,
    )


def _by_the_idp(event: Event) -> bool:
    """Whether the IdP sent it: not this program; if refused, with a token that is or was known."""
    let_in = event.status not in _UNAUTHORIZED
    return not is_ours(event.client) and (let_in or event.token_known is True)


def _newest(events: Iterable[Event]) -> Moment:
    return max((event.at for event in events), default=NEVER)


def _is_refused(event: Event) -> bool:
    return event.refused and event.status not in {*_UNAUTHORIZED, 429}


def _objects(events: Iterable[Event], *kinds: str) -> set[str]:
    """The names, else the ids, of the objects of these kinds."""
    about = (event for event in events if event.operation.endswith(kinds))
    names = (e.resource_id if isinstance(e.target, Absent) else e.target for e in about)
    return {name.casefold() for name in names if not isinstance(name, Absent)}


def _strangers(events: Iterable[Event]) -> tuple[Caller, ...]:
    """Who sent them, the newest first."""
    found: dict[tuple[Words, Words], Caller] = {}
    for event in events:
        who = (event.client, event.address)
        count = found[who].count + 1 if who in found else 1
        found[who] = Caller(client=who[0], address=who[1], count=count, last_at=event.at)
    newest = sorted(found.values(), key=lambda caller: caller.last_at, reverse=True)
    return tuple(newest[:_MOST_STRANGERS])


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
