"""Finds out by our own request whether the keys in a log distinguish access tokens.

CloudTrail records a key (`userIdentity.accessKeyId`) instead of the token, and AWS does not say
what that key is. The record of our own probe with the new token, found by its nonce, has the new
key; earlier records have other keys. Only if these differ does a key identify a token. Then the
records are read again with the token of each; otherwise they name no token, and no level above E2
can be reached.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from scim_tui.model.activity import Event
from scim_tui.model.rotation.callers import is_own
from scim_tui.model.rotation.key_verdict import Keys, KeyVerdict
from scim_tui.model.rotation.rotation import Rotation, State
from scim_tui.model.unknown_values import UNKNOWN, Absent

LATEST = timedelta(minutes=30)
"""After this time a missing record is no longer expected."""
_SKEW = timedelta(minutes=1)


def calibrate(rotation: Rotation, events: Iterable[Event], now: datetime) -> Keys:
    """What the events, in any order, say of the keys."""
    # An IdP of which every push is refused shows its key as well.
    known = [e for e in events if e.authenticated and not isinstance(e.token_id, Absent)]
    known.sort(key=lambda event: event.at)
    ours = [event for event in known if _is_probe(rotation, event)]
    if not ours:
        return Keys(verdict=_awaited(rotation, now))
    probe = ours[-1]
    before = dict.fromkeys(
        str(event.token_id)
        for event in known
        if event.at < ours[0].at and rotation.nonce not in str(event.client)
    )
    new = str(probe.token_id)
    sight = (
        KeyVerdict.SAME
        if new in before
        else KeyVerdict.DISTINCT
        if before
        else KeyVerdict.NOTHING_BEFORE
    )
    return Keys(verdict=sight, new=new, before=tuple(before), probed_at=probe.at)


def named(rotation: Rotation, keys: Keys, event: Event) -> Event:
    """The event with the token that its key stands for, or with none."""
    token: str | Absent = UNKNOWN
    if keys.verdict is KeyVerdict.DISTINCT and rotation.new is not None:
        if event.token_id == keys.new:
            token = rotation.new.id
        elif event.token_id in keys.before:
            token = rotation.old.id
    return event.model_copy(update={"token_id": token})


def keys_of(rotation: Rotation) -> dict[str, str]:
    """The key of each token, by the id of the token, as far as this rotation found it out."""
    keys = rotation.seen.keys
    if keys is None or keys.verdict is not KeyVerdict.DISTINCT or rotation.new is None:
        return {}
    old = {rotation.old.id: keys.before[0]} if len(keys.before) == 1 else {}
    return {**old, rotation.new.id: keys.new}


def _is_probe(rotation: Rotation, event: Event) -> bool:
    """Whether it is our request with the token that is the new one now."""
    held = rotation.since(State.HOLDING)
    late = not isinstance(held, datetime) or event.at >= held - _SKEW
    return late and is_own(rotation, event.client) and rotation.nonce in str(event.client)


def _awaited(rotation: Rotation, now: datetime) -> KeyVerdict:
    probed = [probe.at for probe in rotation.probes if probe.ok]
    late = bool(probed) and now - probed[-1] > LATEST
    return KeyVerdict.NO_RECORD if late else KeyVerdict.WAITING
