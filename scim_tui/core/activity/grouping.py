"""Events by person or by cause, for a provider that does not group them itself. Pure."""

from collections import defaultdict
from collections.abc import Iterable

from scim_tui.core.activity.reasons import rule_of
from scim_tui.model.activity import Event, EventGroup, GroupBy
from scim_tui.model.unknown_values import UNKNOWN, Absent


def group(events: Iterable[Event], by: GroupBy) -> list[EventGroup]:
    """By person, the newest first; or the refusals by cause, the most frequent first."""
    groups: defaultdict[str, list[Event]] = defaultdict(list)
    for event in events:
        key = _person(event) if by is GroupBy.PERSON else _cause(event)
        if key:
            groups[key].append(event)
    found = [_made(each, by) for each in groups.values()]
    if by is GroupBy.PERSON:
        return sorted(found, key=lambda each: each.newest_id, reverse=True)
    return sorted(found, key=lambda each: (each.requests, each.newest_id), reverse=True)


def _made(events: list[Event], by: GroupBy) -> EventGroup:
    newest = max(events, key=lambda each: each.id)
    person = by is GroupBy.PERSON
    people = {_person(each) for each in events} - {""}
    return EventGroup(
        key=_name(newest) if person else rule_of(newest) or UNKNOWN,
        message="" if person else newest.message,
        requests=sum(each.times for each in events),
        refused=sum(each.times for each in events if each.refused),
        people=UNKNOWN if person else len(people),
        first=min(each.at for each in events),
        newest=max(each.at for each in events),
        newest_id=newest.id,
    )


def _name(event: Event) -> str | Absent:
    return event.resource_id if isinstance(event.target, Absent) else event.target


def _person(event: Event) -> str:
    """The name without case, else the id; empty: it is about no one person."""
    name = _name(event)
    about = event.operation.endswith("User") and not isinstance(name, Absent)
    return str(name).casefold() if about else ""


def _cause(event: Event) -> str:
    return (event.constraint or event.message or str(event.status)) if event.refused else ""
