"""The difference between the server's clock and ours, and by which clock dates are judged.

If this machine's clock is wrong, a token in use could look expired or unused. So dates of the
server are compared with the `Date` of its answers (RFC 9110 section 6.6.1).
"""

from datetime import datetime, timedelta

from scim_tui.model.ages import span

TOLERATED = timedelta(minutes=1)
"""A smaller difference is ignored; `Date` has whole seconds only."""


def matters(skew: timedelta | None) -> bool:
    """Whether the two clocks are further apart than can be ignored."""
    return skew is not None and abs(skew) > TOLERATED


def judged(now: datetime, skew: timedelta | None) -> datetime:
    """The time to compare the server's dates with: the server's, if our clock differs."""
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
