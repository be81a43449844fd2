"""People who were refused and not accepted since, found in events. Pure."""

from collections import defaultdict
from collections.abc import Iterable

from scim_tui.core.activity.reasons import fix, rule_of, taken_attribute, why
from scim_tui.core.activity.refused_person import RefusedPerson
from scim_tui.model.activity import Event
from scim_tui.model.own_agent import is_ours
from scim_tui.model.unknown_values import NEVER, UNKNOWN, Absent

_NOT_THE_PERSON = frozenset({401, 403, 429})
"""Refusals of the caller or of its pace, which say nothing about a person."""
_WHOLE = ("CreateUser", "PutUser", "DeleteUser")


def is_about_a_person(event: Event) -> bool:
    """Whether a request of the IdP's provisioning is about one user."""
    return event.operation.endswith("User") and not event.way and not is_ours(event.client)


def is_refusal_of_a_person(event: Event) -> bool:
    """Whether it is a person that was refused, as `Traffic.refused_users` counts them."""
    return event.refused and event.status not in _NOT_THE_PERSON and is_about_a_person(event)


def refused_people(events: Iterable[Event]) -> tuple[RefusedPerson, ...]:
    """Each person refused in the events and not accepted since, the newest refusal first.

    A person counts as accepted if a later CreateUser, PutUser or DeleteUser succeeded, or a later
    request of the operation that was refused. Refusals that name no person are left out.
    """
    about = sorted((each for each in events if is_about_a_person(each)), key=lambda e: (e.at, e.id))
    names = _names_by_id(about)
    groups: defaultdict[str, list[Event]] = defaultdict(list)
    for event in about:
        if key := _key(event, names):
            groups[key].append(event)
    found = [made for each in groups.values() if (made := _person(each)) is not None]
    return tuple(sorted(found, key=lambda each: (each.newest, each.event_id), reverse=True))


def _names_by_id(events: Iterable[Event]) -> dict[str, str]:
    return {
        each.resource_id: each.target
        for each in events
        if not isinstance(each.resource_id, Absent) and not isinstance(each.target, Absent)
    }


def _key(event: Event, names: dict[str, str]) -> str:
    """The userName without case, else the id; empty: the request names no one."""
    name = event.target
    if isinstance(name, Absent) and not isinstance(event.resource_id, Absent):
        name = names.get(event.resource_id, UNKNOWN)
    if not isinstance(name, Absent):
        return f"name {name.casefold()}"
    return "" if isinstance(event.resource_id, Absent) else f"id {event.resource_id}"


def _person(events: list[Event]) -> RefusedPerson | None:
    """The events are those about one person, oldest first."""
    open_ones: list[Event] = []
    for event in events:
        if is_refusal_of_a_person(event):
            open_ones.append(event)
        elif not event.refused:
            open_ones = [each for each in open_ones if not _settles(event, each)]
    if not open_ones:
        return None
    last = open_ones[-1]
    code = rule_of(last)
    return RefusedPerson(
        user_name=_last_known([each.target for each in events]),
        user_id=_last_known([each.resource_id for each in events]),
        operation=last.operation,
        status=last.status,
        rule=code,
        why=why(last),
        tries=sum(each.times for each in open_ones),
        first=open_ones[0].at,
        newest=last.at,
        holder=UNKNOWN if taken_attribute(code) else NEVER,
        fix=fix(last),
        request_id=last.request_id,
        event_id=last.id,
        holder_id=last.holder_id,
    )


def _settles(accepted: Event, refused: Event) -> bool:
    return accepted.operation in _WHOLE or accepted.operation == refused.operation


def _last_known(values: list[str | Absent]) -> str | Absent:
    return next((each for each in reversed(values) if not isinstance(each, Absent)), UNKNOWN)
