"""A count with its noun."""

from scim_tui.model.unknown_values import Absent, Count


def plural(count: Count, noun: str, several: str = "") -> str:
    """The count with its noun: "1 user", "1,204 users", "2 people", "unknown users"."""
    number = count.value if isinstance(count, Absent) else f"{count:,}"
    return f"{number} {noun}" if count == 1 else f"{number} {several or f'{noun}s'}"
