"""Regular expressions of a mapping with a bound on the time that they take.

Python's matcher takes exponential time for some patterns, and a mapping runs on every person. A
pattern with too many ways to match is refused; any other is tried on texts up to a length only, so
that it ends soon whatever the text is.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from scim_tui.mapping.rules.pattern_cost import cost_of
from scim_tui.model.errors import UsageError

MAX_PATTERN = 500
MAX_TEXT = (1_000_000, 4_000, 256)
"""The longest text for a pattern, by how many open repetitions go through the text again."""
MAX_OPEN = len(MAX_TEXT) - 1
_STEPS = 256**3
"""Steps of the matcher in one text, at most; about a second."""
_SHORTEST = 64
"""A pattern must be fast enough for texts of this length."""
_NAMED = re.compile(r"\(\?<(?![=!])")
_FLAGS = re.compile(r"\(\?([aiLmsux]+)[-:)]")
_PLACE = re.compile(r"\$(?:\{(\w+)\}|(\d+))")
_SIMPLER = "Write a simpler pattern, or use replace() and split()."


class Pattern(NamedTuple):
    """A pattern that is quick for texts up to a length."""

    compiled: re.Pattern[str]
    most: int
    """Characters."""


def pattern(text: str) -> re.Pattern[str]:
    """The pattern, with groups named as .NET or as Python has them. Raises `UsageError`."""
    return _bounded(text).compiled


@lru_cache(maxsize=256)
def _bounded(text: str) -> Pattern:
    if len(text) > MAX_PATTERN:
        raise UsageError("The pattern is too long.", f"At most {MAX_PATTERN} characters.")
    try:
        compiled = re.compile(_NAMED.sub("(?P<", text))
        return Pattern(compiled, _longest(text))
    except (re.error, RecursionError, OverflowError) as error:
        raise UsageError(f"The pattern is not a regular expression: {error}.") from error


def _longest(text: str) -> int:
    """The longest text that the pattern is fast enough for. Raises `UsageError`."""
    letters = "".join(_FLAGS.findall(text))
    if "x" in letters:
        raise UsageError("A pattern with the flag x is not taken.", "Write it without blanks.")
    flags = (re.IGNORECASE if "i" in letters else 0) | (re.DOTALL if "s" in letters else 0)
    cost, width = cost_of(text, flags)
    if cost.nested:
        raise UsageError("A repetition inside a repetition may take for ever.", _SIMPLER)
    again = cost.ambiguous + cost.plain
    if again > MAX_OPEN:
        raise UsageError(f"More than {MAX_OPEN} open repetitions may take long.", _SIMPLER)
    steps = cost.ways * width if cost.ways > 1 else 1
    longest: int = min(MAX_TEXT[again], round((_STEPS / steps) ** (1 / (again + 1))))
    if longest < _SHORTEST:
        ways = f"{cost.ways:,} ways or more to match one text"
        raise UsageError(f"The pattern has {ways}, and may take for ever.", _SIMPLER)
    return longest


def substituted(text: str, wanted: str, new: str, group: str = "") -> str:
    """The text with every match, or one group of every match, replaced. Raises `ValueError`."""
    found = _compiled(text, wanted)
    if not group:
        return found.sub(
            _PLACE.sub(lambda place: rf"\g<{place[1] or place[2]}>", _literal(new)), text
        )
    parts, at = [], 0
    for match in found.finditer(text):
        start, end = _span(match, group)
        if start >= at:
            parts += [text[at:start], new]
            at = end
    return "".join((*parts, text[at:]))


def extracted(text: str, wanted: str, group: str = "0") -> str | None:
    """The first match, or one group of it. Raises `ValueError`."""
    match = _compiled(text, wanted).search(text)
    if match is None:
        return None
    start, end = _span(match, group)
    return text[start:end] if start >= 0 else None


def _literal(new: str) -> str:
    return new.replace("\\", "\\\\")


def _compiled(text: str, wanted: str) -> re.Pattern[str]:
    try:
        found = _bounded(wanted)
    except UsageError as error:
        raise ValueError(error.message) from error
    if len(text) > found.most:
        raise ValueError("the text is too long for a pattern")
    return found.compiled


def _span(match: re.Match[str], group: str) -> tuple[int, int]:
    try:
        return match.span(int(group) if group.isdigit() else group)
    except IndexError as error:
        raise ValueError(f"the pattern has no group {group}") from error
