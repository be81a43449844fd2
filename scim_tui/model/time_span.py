"""A span of time as a person writes it, such as 90s, 15m, 1h or 7d. `--help` imports this."""

import re

UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
SPAN = re.compile(r"(\d+(?:\.\d+)?)([smhdw])", re.ASCII)
_LONGEST = 1e6 * 86_400


def read_span(text: str) -> float | None:
    """Seconds; None when the text is no span, or one of more than a million days."""
    found = SPAN.fullmatch(text)
    if not found:
        return None
    seconds = float(found[1]) * UNITS[found[2]]  # of very many digits: infinite
    return seconds if seconds < _LONGEST else None
