"""The known name nearest to one that was misspelled."""

import difflib
from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str:
    """The nearest of the known names, whatever its case; empty: none is near."""
    lowered = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word.lower(), lowered, n=1)
    return lowered[near[0]] if near else ""


def suggestion(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """A hint: the nearest name as a question, or else the other words."""
    near = nearest(word, known)
    return f"Did you mean {near}?" if near else otherwise
