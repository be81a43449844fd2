"""A look at a log that names keys and not tokens, and comes minutes late: CloudTrail."""

from datetime import datetime, timedelta

from scim_tui.model.activity import Event
from scim_tui.model.errors import NotAllowed, Unsupported
from scim_tui.model.rotation.key_ids import calibrate, named
from scim_tui.model.rotation.key_verdict import Keys
from scim_tui.model.rotation.rotation import Rotation
from scim_tui.providers.port import Provider

PAGE = 500
MOST_PAGES = 40
BEFORE = timedelta(hours=24)
"""Requests of this time before the rotation show the keys that were used."""


async def look_for_keys(
    provider: Provider, rotation: Rotation, now: datetime
) -> tuple[tuple[Event, ...] | None, Keys | None]:
    """All events since the rotation began, with the tokens their keys stand for; None: no log."""
    found = await events_since(provider, rotation.started_at - BEFORE)
    if found is None:
        return None, None
    keys = calibrate(rotation, found, now)
    events = (named(rotation, keys, event) for event in found if event.at >= rotation.started_at)
    return tuple(events), keys


async def events_since(provider: Provider, since: datetime) -> list[Event] | None:
    """The requests of SCIM since then, newest first; None where the log cannot be read."""
    if not provider.capabilities.events:
        return None
    found: list[Event] = []
    before: int | None = None
    try:
        for _ in range(MOST_PAGES):
            page = await provider.events(limit=PAGE, before=before, since=since)
            found += [event for event in page.events if not event.way]
            if len(page.events) < PAGE:
                break
            before = page.events[-1].id
    except (NotAllowed, Unsupported):
        return None
    return found
