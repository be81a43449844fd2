"""How far the other side's clock is from ours, and by which clock its dates are judged.

This machine's clock is no witness: set wrong, it would call a token expired, or an old token
silent, that is in use. The `Date` of the server's answers (RFC 9110 6.6.1) is what its own dates
are judged by.
"""

from datetime import datetime, timedelta

from scim_tui.model.ages import span

TOLERATED = timedelta(minutes=1)
"""Clocks that are this close are the same clock; `Date` itself has whole seconds."""


def matters(skew: timedelta | None) -> bool:
    """Whether the two clocks are further apart than can be ignored."""
    return skew is not None and abs(skew) > TOLERATED


def judged(now: datetime, skew: timedelta | None) -> datetime:
    """The instant by which the other side's dates are judged: its own, where ours is off."""
    return now + skew if skew is not None and matters(skew) else now


def jumped(before: timedelta | None, after: timedelta | None) -> bool:
    """Whether one of the two clocks was set between two answers."""
    return before is not None and after is not None and abs(after - before) > TOLERATED


def skew_words(skew: timedelta | None) -> str:
    """How far the clocks are apart, as a sentence; empty while they agree."""
    if skew is None or not matters(skew):
        return ""
    way = "behind" if skew > timedelta() else "ahead of"
    return f"This machine's clock is {span(abs(skew))} {way} the server's; the server's is used."
