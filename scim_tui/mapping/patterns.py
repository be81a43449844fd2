"""Regular expressions of a mapping, as far as they are quick for every text.

Python's matcher takes exponential time for some patterns, and a mapping runs on every person: a
pattern in which one repetition holds another, or with more than two open ones, is refused.
"""

import re
from functools import lru_cache

from scim_tui.model.errors import UsageError

MAX_PATTERN = 500
MAX_TEXT = (1_000_000, 4_000, 256)
"""Characters that a pattern is tried on, by its open repetitions: each takes them once more."""
MAX_OPEN = len(MAX_TEXT) - 1
_NAMED = re.compile(r"\(\?<(?![=!])")
_ATOM = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{\d*,?\d*\}|.", re.DOTALL)
_CLOSED = re.compile(r"\{\d+\}|\{\d*,\d{1,3}\}")
_PLACE = re.compile(r"\$(?:\{(\w+)\}|(\d+))")


@lru_cache(maxsize=256)
def pattern(text: str) -> re.Pattern[str]:
    """The pattern, with groups named as .NET or as Python has them. Raises `UsageError`."""
    if len(text) > MAX_PATTERN:
        raise UsageError("The pattern is too long.", f"At most {MAX_PATTERN} characters.")
    if _open(text) > MAX_OPEN:
        raise UsageError(f"More than {MAX_OPEN} open repetitions may take long.", _SIMPLER)
    try:
        return re.compile(_NAMED.sub("(?P<", text))
    except (re.error, RecursionError, OverflowError) as error:
        raise UsageError(f"The pattern is not a regular expression: {error}.") from error


@lru_cache(maxsize=256)
def _open(text: str) -> int:
    """How many repetitions without an end there are; one inside another is refused."""
    holds = [False]
    """Whether there is a repetition in each of the groups that are open here."""
    closed, opened = False, 0
    for atom in _ATOM.findall(text):
        if atom == "(":
            holds.append(False)
        elif atom == ")" and len(holds) > 1:
            closed = holds.pop()
            holds[-1] = holds[-1] or closed
            continue
        elif atom in ("*", "+") or (atom[0] == "{" and len(atom) > 1):
            if closed:
                raise UsageError("A repetition inside a repetition may take for ever.", _SIMPLER)
            holds[-1] = True
            opened += not _CLOSED.fullmatch(atom)
        elif atom == "|" and len(holds) > 1:
            holds[-1] = True
        closed = False
    return opened


_SIMPLER = "Write a simpler pattern, or use replace() and split()."


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
        found = pattern(wanted)
    except UsageError as error:
        raise ValueError(error.message) from error
    if len(text) > MAX_TEXT[_open(wanted)]:
        raise ValueError("the text is too long for a pattern")
    return found


def _span(match: re.Match[str], group: str) -> tuple[int, int]:
    try:
        return match.span(int(group) if group.isdigit() else group)
    except IndexError as error:
        raise ValueError(f"the pattern has no group {group}") from error
