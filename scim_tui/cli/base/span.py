"""A span of time as a person writes it, such as 90s, 15m, 1h or 7d."""

import argparse

from scim_tui.model.time_span import SPAN, UNITS

_LONGEST = 100 * 365 * 24.0
"""Hours; before that there was no SCIM, and the calendar ends."""


def hours(text: str) -> float:
    """Hours in a span such as 90s, 15m, 1h, 7d."""
    if not SPAN.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no span: write 90s, 15m, 1h or 7d")
    span = float(text[:-1]) * UNITS[text[-1]] / 3600
    if span > _LONGEST:
        raise argparse.ArgumentTypeError("a span is 100 years at most")
    return span
