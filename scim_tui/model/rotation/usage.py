"""The use of both tokens in words. What is not recorded is never shown as zero."""

from datetime import datetime

from scim_tui.model.plural import plural
from scim_tui.model.rotation.rotation import Rotation
from scim_tui.model.unknown_values import UNKNOWN, Moment

BLIND = "not recorded by this source"


def sees_requests(rotation: Rotation) -> bool:
    """Whether there is a log of requests, so that one that was refused would be in it."""
    return rotation.seen.cursor is not None


def sees_use(rotation: Rotation) -> bool:
    """Whether a use of the tokens would be seen, in a log or in their list."""
    return sees_requests(rotation) or rotation.seen.watched or rotation.seen.new_in_use


def use_of_old(rotation: Rotation) -> Moment:
    """When the old token was used last, as far as that can be seen."""
    return _or_unknown(rotation, rotation.seen.newest_old_at)


def write_with_new(rotation: Rotation) -> Moment:
    """When the IdP wrote last with the new token, as far as that can be seen."""
    return _or_unknown(rotation, rotation.seen.newest_write_at)


def by_idp(rotation: Rotation) -> str:
    """What the IdP did with the new token."""
    if not sees_use(rotation):
        return BLIND
    seen = rotation.seen
    return f"{plural(seen.new_requests, 'request')}, {plural(seen.new_writes, 'write')}"


def uses_of_old(rotation: Rotation) -> str:
    """How often the old token was used since the rotation began."""
    return plural(rotation.seen.old_requests, "request") if sees_use(rotation) else BLIND


def by_us(rotation: Rotation) -> int:
    """Our own requests with the new token, whether the log or this program recorded them."""
    return max(rotation.seen.own_requests, len(rotation.probes))


def _or_unknown(rotation: Rotation, at: Moment) -> Moment:
    return at if isinstance(at, datetime) or sees_use(rotation) else UNKNOWN
