"""Thresholds in the notation of the monitoring plugins: ranges of values that are fine."""

import re
from dataclasses import dataclass
from math import inf

from scim_tui.model.errors import UsageError

_RANGE = re.compile(r"(@?)(?:(~|-?\d+(?:\.\d+)?)?:)?(-?\d+(?:\.\d+)?)?")


@dataclass(frozen=True, slots=True)
class Range:
    """A range with its text; a value outside of it alerts, or one inside after an @."""

    text: str
    start: float
    end: float
    inside: bool = False

    def alerts(self, value: float) -> bool:
        """Whether this value raises an alert."""
        return (self.start <= value <= self.end) is self.inside


def parse_range(text: str) -> Range:
    """Read `30:`, `7:`, `1:5`, `@1:5`, `~:5`, `:5`; a plain `30` means `30:`.

    The form is that of the Monitoring Plugins Development Guidelines, section "Threshold and
    ranges", but for the plain number, which there is an upper end. Raises `UsageError`.
    """
    found = _RANGE.fullmatch(text)
    if not found or not any(sign.isdigit() for sign in text):
        raise UsageError(f"{text!r} is no range.", "Write 30: for fewer than 30, or 1:5, or @1:5.")
    inside, first, last = found.groups()
    start, end = _ends(first, last, plain=":" not in text)
    if start > end:
        raise UsageError(f"The range {text!r} ends before it starts.", "Write 1:5, not 5:1.")
    sign, colon = "@" if inside else "", ":" if ":" not in text else ""
    shown = f"{sign}{text.removeprefix('@')}{colon}"
    return Range(shown, start, end, bool(inside))


def _ends(first: str | None, last: str | None, *, plain: bool) -> tuple[float, float]:
    if plain:
        return float(last or 0), inf
    start = -inf if first == "~" else float(first or 0)
    return start, float(last) if last else inf
