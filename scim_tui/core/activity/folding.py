"""Requests folded for a list: look-ups before a create go into it, equal look-ups become one."""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from scim_tui.model.activity import Event
from scim_tui.model.unknown_values import Absent

TOGETHER = timedelta(seconds=10)
"""A look-up longer before a create is a request of its own."""
_LOOKUPS = ("List", "Get")


class FoldedEvent(NamedTuple):
    """One row of a list."""

    event: Event
    """The newest of its requests."""
    lookups: tuple[Event, ...] = ()
    """The look-ups that belong to it, the newest first."""

    @property
    def oldest(self) -> Event:
        """The request with which it begins."""
        return self.lookups[-1] if self.lookups else self.event

    @property
    def all_events(self) -> tuple[Event, ...]:
        """All of its requests, the newest first."""
        return (self.event, *self.lookups)


def fold(events: Iterable[Event]) -> list[FoldedEvent]:
    """The events, newest first, folded; the order stays that of the newest of each row."""
    found: list[FoldedEvent] = []
    for event in events:
        if found and _belongs(event, found[-1]):
            last = found[-1]
            found[-1] = FoldedEvent(last.event, (*last.lookups, event))
        else:
            found.append(FoldedEvent(event))
    return found


def may_grow(row: FoldedEvent) -> bool:
    """Whether an older event could belong to this row."""
    return row.event.operation.startswith("Create") or _is_lookup(row.event)


def _is_lookup(event: Event) -> bool:
    return event.operation.startswith(_LOOKUPS) and not event.refused


def _belongs(event: Event, row: FoldedEvent) -> bool:
    newest = row.event
    if not _is_lookup(event) or row.oldest.at - event.at > TOGETHER:
        return False
    if (event.token_id, event.client) != (newest.token_id, newest.client):
        return False
    if newest.operation.startswith("Create"):
        noun = newest.operation.removeprefix("Create")
        same_name = isinstance(event.target, Absent) or _name(event) == _name(newest)
        return event.operation in (f"List{noun}s", f"Get{noun}") and same_name
    same_kind = event.operation == newest.operation and event.status == newest.status
    return same_kind and _is_lookup(newest) and _name(event) == _name(newest)


def _name(event: Event) -> str | Absent:
    return event.target if isinstance(event.target, Absent) else event.target.casefold()
