"""How soon a token expires, in bands that screens, checks and metrics share."""

from datetime import datetime, timedelta
from enum import StrEnum

from scim_tui.model.unknown_values import NEVER, UNKNOWN, Absent, Count, Moment


class Band(StrEnum):
    """A range of days left. The value is the mark that is drawn, readable without colour."""

    FINE = "[ok]"
    PLAN = "[90]"
    BOOK = "[60]"
    ACT = "[30]"
    URGENT = "[ 7]"
    EXPIRED = "[EXP]"
    UNKNOWN = "[ ?]"
    ENDLESS = "[no-exp]"


WORD = {
    Band.FINE: "fine",
    Band.PLAN: "plan it",
    Band.BOOK: "book it",
    Band.ACT: "act",
    Band.URGENT: "urgent",
    Band.EXPIRED: "stopped",
    Band.UNKNOWN: "not known",
    Band.ENDLESS: "no end",
}

_UPPER = ((7, Band.URGENT), (30, Band.ACT), (60, Band.BOOK), (90, Band.PLAN))

REMINDERS = ((15, 1.0), (30, 7 / 3), (60, 3.5), (90, 7.0))
"""Identity Center reminds before expiry: (days left at most, days between two reminders).

Weekly from 90 days, twice a week from 60, three times a week from 30, daily from 15
(AWS user guide, automatic provisioning considerations)."""


def days_left(expires_at: Moment, now: datetime) -> Count:
    """Days until the token expires, for people: rounded up; negative after the expiry."""
    if isinstance(expires_at, Absent):
        return expires_at
    days = timedelta(days=1)
    return (expires_at - now) // days if expires_at <= now else -((now - expires_at) // days)


def whole_days_left(expires_at: Moment, now: datetime) -> Count:
    """Days until the token expires, for thresholds: only whole days count."""
    return expires_at if isinstance(expires_at, Absent) else (expires_at - now) // timedelta(days=1)


def band(expires_at: Moment, now: datetime) -> Band:
    """The band an expiry date falls in."""
    if expires_at is NEVER:
        return Band.ENDLESS
    if expires_at is UNKNOWN or isinstance(expires_at, Absent):
        return Band.UNKNOWN
    if expires_at <= now:
        return Band.EXPIRED
    left = (expires_at - now) // timedelta(days=1)
    return next((mark for most, mark in _UPPER if left <= most), Band.FINE)


def reminder_interval(left: int) -> float | None:
    """Days between two reminders of Identity Center when `left` days remain; None: no reminder."""
    if left < 0:
        return None
    return next((interval for most, interval in REMINDERS if left <= most), None)
