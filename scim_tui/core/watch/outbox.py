"""Messages that still have to reach a sink, and when the next attempt is due. Pure.

An attempt is written down before it is made. Where the program was killed during one, it is not
known whether the message arrived. It is not sent again, since a message must not come twice; the
reminder repeats what still holds.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from scim_tui.model.alert import Alert
from scim_tui.model.base import Value

FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=15)
GIVE_UP = timedelta(hours=24)
"""A message this old is dropped."""
MOST = 200
"""How many messages wait at most; the oldest go first."""


class Pending(Value):
    """One message for one sink."""

    sink: str
    alert: Alert
    due: datetime
    tries: int = 0
    trying: bool = False
    """Whether an attempt began and its end was not written down."""


def added(box: Iterable[Pending], alert: Alert, sinks: Iterable[str]) -> tuple[Pending, ...]:
    """The box with a message for each sink."""
    return (*box, *(Pending(sink=sink, alert=alert, due=alert.at) for sink in sinks))[-MOST:]


def after_start(box: Iterable[Pending]) -> tuple[Pending, ...]:
    """Without messages whose attempt was cut off."""
    return tuple(each for each in box if not each.trying)


def due(box: Iterable[Pending], now: datetime) -> Iterator[Pending]:
    """The messages to send now, for each sink the oldest only, so that they arrive in order."""
    seen: set[str] = set()
    for each in box:
        if each.sink not in seen and each.due <= now and not each.trying:
            yield each
        seen.add(each.sink)


def began(box: Iterable[Pending], sent: Pending) -> tuple[Pending, ...]:
    """The box while an attempt is made."""
    return _changed(box, sent, trying=True)


def ended(box: Iterable[Pending], sent: Pending, now: datetime, *, ok: bool) -> tuple[Pending, ...]:
    """The box after an attempt: without the message, or with a later attempt."""
    if ok or now - sent.alert.at >= GIVE_UP:
        return tuple(each for each in box if not _same(each, sent))
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(sent.tries, 10))
    return _changed(box, sent, trying=False, tries=sent.tries + 1, due=now + wait)


def _changed(box: Iterable[Pending], sent: Pending, **update: object) -> tuple[Pending, ...]:
    return tuple(each.model_copy(update=update) if _same(each, sent) else each for each in box)


def _same(one: Pending, other: Pending) -> bool:
    return (one.sink, one.alert.id) == (other.sink, other.alert.id)
