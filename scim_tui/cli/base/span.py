"""A span of time as a person writes it, such as 90s, 15m, 1h or 7d."""

import argparse
import re

_UNITS = {"s": 1 / 3600, "m": 1 / 60, "h": 1.0, "d": 24.0, "w": 168.0}
_LONGEST = 100 * 365 * 24.0
"""Hours; before that there was no SCIM, and the calendar ends."""


def hours(text: str) -> float:
    """Hours in a span such as 90s, 15m, 1h, 7d."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([smhdw])", text)
    if not found:
        raise argparse.ArgumentTypeError(f"{text!r} is no span: write 90s, 15m, 1h or 7d")
    span = float(found[1]) * _UNITS[found[2]]
    if span > _LONGEST:
        raise argparse.ArgumentTypeError("a span is 100 years at most")
    return span
